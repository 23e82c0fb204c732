//! Decimal numbers, compared exactly.

use std::cmp::Ordering;

/// A decimal number of any length. Comparing never rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    is_negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: Box<[u8]>,
    /// The power of ten of the first digit.
    magnitude: i64,
}

impl Decimal {
    /// Reads a number such as `-12.50` or `1e3`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let bytes = || whole.bytes().chain(fraction.bytes());
        if bytes().next().is_none() || !bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let leading = bytes().take_while(|byte| *byte == b'0').count();
        let mut digits: Vec<u8> = bytes().skip(leading).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Some(Self {
                is_negative: false,
                digits: Box::default(),
                magnitude: 0,
            });
        }
        let length = |len: usize| i64::try_from(len).unwrap_or(i64::MAX / 4);
        Some(Self {
            is_negative,
            digits: digits.into(),
            magnitude: length(whole.len()) - length(leading) + i64::from(exponent),
        })
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_size = || {
            let sizes = self.magnitude.cmp(&other.magnitude);
            // Without zeros at the end, a longer number with the same beginning is larger.
            sizes.then_with(|| self.digits.cmp(&other.digits))
        };
        let signs = self.sign().cmp(&other.sign());
        signs.then_with(|| match self.sign() {
            0 => Ordering::Equal,
            1 => by_size(),
            _ => by_size().reverse(),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_their_order() {
        let order = [
            "-1e3",
            "-10.5",
            "-10.25",
            "-0.001",
            "0",
            "0.0009",
            "0.5",
            "1",
            "1.0000000000000000001",
            "2",
            "10",
            "9007199254740993",
            "9007199254740994",
            "1e30",
        ];
        for (at, low) in order.iter().enumerate() {
            for (other, high) in order.iter().enumerate() {
                let (one, two) = (Decimal::parse(low).unwrap(), Decimal::parse(high).unwrap());
                assert_eq!(one.cmp(&two), at.cmp(&other), "{low} {high}");
            }
        }
    }

    #[test]
    fn one_number_has_many_spellings() {
        let of = |text| Decimal::parse(text).unwrap();
        for text in [
            "10", "+10", "010.00", "1e1", "0.1E2", "100e-1", " 10 ", "10.",
        ] {
            assert_eq!(of(text), of("10"), "{text}");
        }
        assert_eq!(of("-0"), of("0.00"));
        assert_eq!(of(".5"), of("0.5"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "-",
            ".",
            "1.2.3",
            "0x10",
            "1e",
            "1e99999999999",
            "ten",
            "1,5",
            "--1",
            "e3",
            "٣",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
