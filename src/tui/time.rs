//! Times and ages in few characters.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How long before `now` something was: `5 m`, `3 h`, `91 d`, `6 y`. What lies ahead (clocks
/// differ) counts as now.
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second()).max(0);
    let (n, unit) = match seconds {
        0..60 => return "now".into(),
        60..3_600 => (seconds / 60, "m"),
        3_600..86_400 => (seconds / 3_600, "h"),
        86_400..63_072_000 => (seconds / 86_400, "d"),
        _ => (seconds / 31_557_600, "y"),
    };
    format!("{n} {unit}")
}

/// The same as a phrase: `5 m ago`, `now`.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let age = age(at, now);
    if age == "now" {
        age
    } else {
        format!("{age} ago")
    }
}

/// How many whole days before `now` something was; 0 for what lies ahead.
pub fn days(at: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(at.as_second()).max(0) / 86_400
}

/// The date alone, in UTC as IAM gives it: `2026-09-30`.
pub fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Date and time in UTC: `2026-09-30 08:00 UTC`.
pub fn date_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// When an account was loaded: the time in the user's zone, with the date unless it is today's.
pub fn clock(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let form = if at.date() == now.date() {
        "%H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    at.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_short() {
        let now = at("2026-09-30T08:00:00Z");
        for (then, text) in [
            ("2026-09-30T07:59:30Z", "now"),
            ("2026-09-30T09:00:00Z", "now"),
            ("2026-09-30T07:55:00Z", "5 m"),
            ("2026-09-29T09:00:00Z", "23 h"),
            ("2026-07-01T08:00:00Z", "91 d"),
            ("2025-09-30T08:00:00Z", "365 d"),
            ("2020-09-30T08:00:00Z", "5 y"),
        ] {
            assert_eq!(age(at(then), now), text, "{then}");
        }
    }

    #[test]
    fn the_clock_names_the_day_only_when_it_is_another() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let now = at("2026-09-30T08:00:00Z");
        assert_eq!(clock(at("2026-09-30T07:05:00Z"), now, &zone), "09:05");
        assert_eq!(
            clock(at("2026-09-28T07:05:00Z"), now, &zone),
            "2026-09-28 09:05"
        );
    }
}
