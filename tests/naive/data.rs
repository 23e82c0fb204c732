//! The typed values of conditions: numbers, dates, addresses, booleans and binary data. Each
//! reader answers none for a text that is no such value.

use std::cmp::Ordering;
use std::net::IpAddr;

/// A decimal number, exact: a value of `0.DIGITS × 10^exponent`, zero having no digits.
#[derive(Debug)]
pub struct Number {
    negative: bool,
    exponent: i64,
    digits: String,
}

impl Number {
    /// Reads an optional sign, digits, an optional fraction and an optional exponent.
    /// [reference_policies_elements_condition_operators, Numeric]
    pub fn read(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, exponent(power)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (digits(whole)?, digits(fraction)?),
            None => (digits(mantissa)?, ""),
        };
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let leading = (all.len() - significant.len()) as i64;
        let kept = significant.trim_end_matches('0').to_owned();
        Some(Self {
            negative: negative && !kept.is_empty(),
            exponent: if kept.is_empty() {
                0
            } else {
                whole.len() as i64 - leading + power
            },
            digits: kept,
        })
    }

    /// Compares by sign, then by exponent, then digit by digit.
    pub fn compare(&self, other: &Self) -> Ordering {
        let magnitude = |left: &Self, right: &Self| {
            let nonzero = |number: &Self| !number.digits.is_empty();
            nonzero(left).cmp(&nonzero(right)).then(
                left.exponent
                    .cmp(&right.exponent)
                    .then(left.digits.cmp(&right.digits)),
            )
        };
        match (self.negative, other.negative) {
            (false, false) => magnitude(self, other),
            (true, true) => magnitude(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

/// A text of ASCII digits, at least one.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit())).then_some(text)
}

/// The power of ten after the `e` of a number.
fn exponent(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let power: i32 = digits(unsigned)?.parse().ok()?;
    Some(i64::from(if text.starts_with('-') {
        -power
    } else {
        power
    }))
}

/// The instant of a date, in nanoseconds since 1970: ISO 8601 from the year alone to fractions of a
/// second with an offset, or epoch seconds: a number that has not the four digits of a year.
/// [reference_policies_elements_condition_operators, Date]
pub fn instant(text: &str) -> Option<i128> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    if unsigned.len() != 4 && digits(whole).is_some() {
        // What lies beyond all dates is beyond all of them alike.
        let seconds: i128 = whole.parse().unwrap_or(i128::MAX).min(1_000_000_000_000);
        let nanoseconds = seconds * 1_000_000_000 + nanoseconds(fraction)?;
        return Some(if negative { -nanoseconds } else { nanoseconds });
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let fields: Vec<&str> = date.split('-').collect();
    let (year, month, day) = match (fields.as_slice(), time) {
        ([year], None) => (*year, "01", "01"),
        ([year, month], None) => (*year, *month, "01"),
        ([year, month, day], _) => (*year, *month, *day),
        _ => return None,
    };
    let year = field(year, 4, 0, 9999)?;
    let month = field(month, 2, 1, 12)?;
    let day = field(day, 2, 1, days_in(year, month))?;
    let midnight = days_before(year, month, day) * 86_400 * 1_000_000_000;
    Some(midnight + time.map_or(Some(0), time_of_day)?)
}

/// The nanoseconds since UTC's midnight of `hh:mm[:ss[.fff]]` with `Z`, `±hh:mm` or nothing.
fn time_of_day(text: &str) -> Option<i128> {
    let (clock, offset) = if let Some(clock) = text.strip_suffix('Z') {
        (clock, 0)
    } else if let Some(at) = text.find(['+', '-']) {
        let (hours, minutes) = text[at + 1..].split_once(':')?;
        let minutes = field(hours, 2, 0, 23)? * 60 + field(minutes, 2, 0, 59)?;
        (
            &text[..at],
            if text[at..].starts_with('-') {
                -minutes
            } else {
                minutes
            },
        )
    } else {
        (text, 0)
    };
    let fields: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match fields.as_slice() {
        [hour, minute] => (*hour, *minute, "00"),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let minutes = field(hour, 2, 0, 23)? * 60 + field(minute, 2, 0, 59)? - offset;
    let seconds = minutes * 60 + field(second, 2, 0, 59)?;
    Some(seconds * 1_000_000_000 + nanoseconds(fraction)?)
}

/// A number of a fixed width and within limits.
fn field(text: &str, width: usize, least: i128, most: i128) -> Option<i128> {
    let number = digits(text)
        .filter(|text| text.len() == width)?
        .parse()
        .ok()?;
    (least..=most).contains(&number).then_some(number)
}

/// The nanoseconds of a second's fraction; digits beyond the ninth do not count.
fn nanoseconds(fraction: &str) -> Option<i128> {
    let nine: String = digits(fraction)?
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    nine.parse().ok()
}

/// Whether a year has a 29th of February.
fn leap(year: i128) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

/// How many days a month has.
fn days_in(year: i128, month: i128) -> i128 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to a date; negative before.
fn days_before(year: i128, month: i128, day: i128) -> i128 {
    // Leap years among the years from 0 on and before the given one; year 0 is one.
    let leaps = |year: i128| (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let years = (year - 1970) * 365 + leaps(year) - leaps(1970);
    years + (1..month).map(|month| days_in(year, month)).sum::<i128>() + day - 1
}

/// Whether an address lies in a range; a bare address is a range of one. Addresses of one family
/// never lie in ranges of the other.
/// [reference_policies_elements_condition_operators, IpAddress]
pub fn in_range(range: &str, address: &str) -> bool {
    let (network, prefix) = match range.split_once('/') {
        Some((network, prefix)) => (network, digits(prefix).and_then(|text| text.parse().ok())),
        None if range.contains(':') => (range, Some(128)),
        None => (range, Some(32)),
    };
    let (Some(network), Some(prefix), Some(address)) = (bits(network), prefix, bits(address))
    else {
        return false;
    };
    network.len() == address.len()
        && prefix <= network.len()
        && network[..prefix] == address[..prefix]
}

/// The bits of an address, 32 or 128 of them, each `0` or `1`.
fn bits(address: &str) -> Option<Vec<char>> {
    let text = match address.parse().ok()? {
        IpAddr::V4(address) => format!("{:032b}", address.to_bits()),
        IpAddr::V6(address) => format!("{:0128b}", address.to_bits()),
    };
    Some(text.chars().collect())
}

/// A truth value, whatever its case.
/// [reference_policies_elements_condition_operators, Boolean]
pub fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The bytes of a base64 text with its padding.
/// [reference_policies_elements_condition_operators, Binary]
pub fn binary(text: &str) -> Option<Vec<u8>> {
    let unpadded = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - unpadded.len() > 2 {
        return None;
    }
    let mut bits = String::new();
    for letter in unpadded.chars() {
        bits += &format!("{:06b}", sextet(letter)?);
    }
    let whole = bits.len() / 8;
    (0..whole)
        .map(|byte| u8::from_str_radix(&bits[byte * 8..byte * 8 + 8], 2).ok())
        .collect()
}

/// The six bits that a base64 letter stands for.
fn sextet(letter: char) -> Option<usize> {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".find(letter)
}
