//! Numbers and names as people write them.

use crate::iam::Kind;

/// A number with its thousands set apart: `15,000`.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of entities: `1 policy`, `3 policies`.
pub(super) fn numbered(n: usize, kind: Kind) -> String {
    let word = if n == 1 { kind.as_str() } else { kind.plural() };
    format!("{} {word}", grouped(n))
}

/// A number of things: `1 part`, `3 parts`.
pub(super) fn counted(n: usize, thing: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {thing}{s}", grouped(n))
}

/// What a list is called: `Users`.
pub(super) fn title(kind: Kind) -> String {
    let mut name = kind.plural().to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (15_000, "15,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(n), text);
        }
    }
}
