//! Points in time, in every form that AWS takes.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

/// Reads a time: ISO 8601 from the year alone to fractions of a second, with `Z`, an offset or
/// none (which is UTC); its basic form, `20260131T120000Z`; or seconds since 1970. A number of four
/// digits is a year.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() != 4
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return epoch(text);
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let is_basic = !date.contains('-');
    let date = match (time, is_basic) {
        (None, _) => day(date)?,
        // A time goes with a whole date.
        (Some(_), true) => pieces(date, &[4, 2, 2], None)?,
        (Some(_), false) => pieces(date, &[4, 2, 2], Some('-'))?,
    };
    let date = Date::new(
        i16::try_from(date[0]).ok()?,
        small(date[1])?,
        small(date[2])?,
    )
    .ok()?;
    let (time, offset) = match time {
        Some(time) => clock(time, is_basic)?,
        None => (Time::midnight(), SignedDuration::ZERO),
    };
    let utc = date.to_datetime(time).checked_sub(offset).ok()?;
    jiff::tz::Offset::UTC.to_timestamp(utc).ok()
}

/// Seconds since 1970. What lies beyond all dates is after (or before) each of them.
fn epoch(text: &str) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_negative = seconds.starts_with('-');
    let digits = seconds.strip_prefix('-').unwrap_or(seconds);
    if digits.is_empty() {
        return None;
    }
    let nanos = nanos(fraction)?;
    let nanos = if is_negative { -nanos } else { nanos };
    let end = if is_negative {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    let seconds = seconds.parse().ok();
    let found = seconds.and_then(|seconds| Timestamp::new(seconds, nanos).ok());
    Some(found.unwrap_or(end))
}

/// The first nine digits of a fraction as nanoseconds.
fn nanos(fraction: &str) -> Option<i32> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(digits.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

/// Year, month and day of a date, of which the later ones may be missing.
fn day(text: &str) -> Option<[u32; 3]> {
    match text.len() {
        4 => pieces(text, &[4], None).map(|found| [found[0], 1, 1]),
        7 => pieces(text, &[4, 2], Some('-')).map(|found| [found[0], found[1], 1]),
        _ => pieces(text, &[4, 2, 2], Some('-')),
    }
}

/// A time of day with its offset. In the basic form nothing stands between the pieces.
fn clock(text: &str, is_basic: bool) -> Option<(Time, SignedDuration)> {
    let (text, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (&text[..at], offset(&text[at..])?),
        None => (text, SignedDuration::ZERO),
    };
    let (text, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let between = (!is_basic).then_some(':');
    let found = match text.len() {
        4 | 5 => pieces(text, &[2, 2], between)?,
        _ => pieces(text, &[2, 2, 2], between)?,
    };
    let nanos = nanos(fraction)?;
    let time = Time::new(small(found[0])?, small(found[1])?, small(found[2])?, nanos).ok()?;
    Some((time, offset))
}

fn offset(text: &str) -> Option<SignedDuration> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(SignedDuration::ZERO),
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let found = match rest.len() {
        2 => pieces(rest, &[2], None)?,
        4 => pieces(rest, &[2, 2], None)?,
        _ => pieces(rest, &[2, 2], Some(':'))?,
    };
    if found[0] > 18 || found[1] > 59 {
        return None;
    }
    Some(SignedDuration::from_secs(
        sign * i64::from(found[0] * 3_600 + found[1] * 60),
    ))
}

/// Numbers of just so many digits, with a sign between them or nothing. Missing ones are zero.
fn pieces(text: &str, lengths: &[usize], between: Option<char>) -> Option<[u32; 3]> {
    let mut found = [0; 3];
    let mut rest = text;
    for (at, len) in lengths.iter().enumerate() {
        if at > 0
            && let Some(between) = between
        {
            rest = rest.strip_prefix(between)?;
        }
        let (piece, after) = rest.split_at_checked(*len)?;
        if !piece.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        found[at] = piece.parse().ok()?;
        rest = after;
    }
    rest.is_empty().then_some(found)
}

fn small(number: u32) -> Option<i8> {
    i8::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_has_many_spellings() {
        for text in [
            "2026-01-31T12:00:00Z",
            "2026-01-31T12:00Z",
            "2026-01-31T12:00:00",
            "2026-01-31t12:00:00.000z",
            "2026-01-31T14:30:00+02:30",
            "2026-01-31T07:00:00-0500",
            "2026-02-01T06:00:00+18:00",
            "20260131T120000Z",
            "1769860800",
            "1769860800.0",
        ] {
            let expected = Timestamp::from_second(1_769_860_800).ok();
            assert_eq!(instant(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_left_out_is_the_beginning() {
        let first = instant("2026-01-01T00:00:00Z");
        assert!(first.is_some());
        for text in ["2026", "2026-01", "2026-01-01"] {
            assert_eq!(instant(text), first, "{text}");
        }
    }

    #[test]
    fn fractions_count() {
        assert!(instant("2026-01-01T00:00:00.25Z") > instant("2026-01-01T00:00:00.2Z"));
        assert!(instant("12345.5") > instant("12345"));
        assert!(instant("-12345.5") < instant("-12345"));
        assert_eq!(instant("0"), Some(Timestamp::UNIX_EPOCH));
        assert_eq!(instant("99999999999999999999"), Some(Timestamp::MAX));
        assert_eq!(instant("-9007199254740993"), Some(Timestamp::MIN));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-30",
            "2026-01-01T25:00:00Z",
            "2026-01-01T",
            "2026-01-01T00:00:00+25:00",
            "2026-01-01T00:00:00+19:00",
            "2026-01-01T00:00:00+05:60",
            "2026T00:00:00Z",
            "2026T000000Z",
            "2026-01T00:00:00Z",
            "20260101T00:00:00Z",
            "2026-1-1",
            "-",
            ".",
            "1.2.3",
            "2026-01-01T00:00:00Zx",
            "é",
            "20é6-01-01",
            "2026-01-01Té",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
