//! The texts of `Resource` elements, cut so that most are told apart at a glance.
//!
//! Before its first wildcard or variable a text must be how the resource begins, after the last
//! one how it ends. Of both the last letters are kept as a number beside the length: what differs
//! there is no match, and nearly everything does.

use crate::policy::{Matched, Pattern, PatternKind, Variable};

/// What a text is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A lone `*`.
    Everything,
    /// Without wildcards and variables.
    Exact,
    /// With one `*`, at its end.
    Beginning,
    /// Anything else.
    Pattern,
}

/// One text of a `Resource` or `NotResource` element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    begins: u32,
    ends: u32,
    begins_len: u16,
    ends_len: u16,
    form: Form,
}

impl Written {
    /// Cuts a text.
    pub(super) fn new(text: &str) -> Self {
        let special = |byte: &u8| matches!(byte, b'*' | b'?' | b'$' | b'}');
        let bytes = text.as_bytes();
        let first = bytes.iter().position(special);
        let (form, begins, ends) = match first {
            None => (Form::Exact, bytes, &[][..]),
            Some(0) if text == "*" => (Form::Everything, &[][..], &[][..]),
            Some(at) if &text[at..] == "*" => (Form::Beginning, &bytes[..at], &[][..]),
            Some(at) => {
                let last = bytes.iter().rposition(special).unwrap_or(at);
                (Form::Pattern, &bytes[..at], &bytes[last + 1..])
            }
        };
        // Longer than any ARN; what is cut off is looked at in the whole comparison.
        let most = usize::from(u16::MAX);
        let begins = &begins[..begins.len().min(most)];
        let ends = &ends[ends.len().saturating_sub(most)..];
        Self {
            begins: mark(begins),
            ends: mark_of_end(ends),
            begins_len: begins.len() as u16,
            ends_len: ends.len() as u16,
            form,
        }
    }

    /// Whether it is a lone `*`.
    pub(super) fn is_everything(self) -> bool {
        self.form == Form::Everything
    }

    /// Whether it may match, at a glance.
    pub(super) fn may_match(self, sought: &Sought<'_>) -> bool {
        let begins = usize::from(self.begins_len);
        let ends = usize::from(self.ends_len);
        begins + ends <= sought.text.len()
            && sought.begins[begins] == self.begins
            && sought.ends[ends] == self.ends
    }

    /// Whether it matches, no variable being known; `text` must be what it was made of.
    pub(super) fn matches(self, text: &str, has_variables: bool, sought: &Sought<'_>) -> Matched {
        match self.form {
            Form::Everything => Matched::Yes,
            Form::Exact => (text == sought.text).into(),
            Form::Beginning => {
                let beginning = &text[..text.len() - 1];
                sought.text.starts_with(beginning).into()
            }
            Form::Pattern => {
                let pattern = Pattern::new(text, PatternKind::Resource, has_variables);
                pattern.matches(sought.text, |_| Variable::Unknown)
            }
        }
    }
}

/// A resource that is asked about, with the marks of all its beginnings and ends.
#[derive(Debug)]
pub(super) struct Sought<'q> {
    pub(super) text: &'q str,
    begins: Vec<u32>,
    ends: Vec<u32>,
}

impl<'q> Sought<'q> {
    pub(super) fn new(text: &'q str) -> Self {
        let bytes = text.as_bytes();
        let lengths = 0..=bytes.len();
        Self {
            text,
            begins: lengths.clone().map(|len| mark(&bytes[..len])).collect(),
            ends: lengths
                .map(|len| mark_of_end(&bytes[bytes.len() - len..]))
                .collect(),
        }
    }
}

/// How many letters go into a mark.
const LETTERS: usize = 16;

/// A number for the last letters of a beginning.
fn mark(bytes: &[u8]) -> u32 {
    mixed(&bytes[bytes.len().saturating_sub(LETTERS)..])
}

/// A number for the first letters of an end.
fn mark_of_end(bytes: &[u8]) -> u32 {
    mixed(&bytes[..bytes.len().min(LETTERS)])
}

fn mixed(bytes: &[u8]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    let (low, high) = bytes.split_at(bytes.len().min(8));
    let mixed = (word(low).wrapping_mul(ODD) ^ word(high))
        .wrapping_add(bytes.len() as u64)
        .wrapping_mul(ODD);
    (mixed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_never_misses_a_match() {
        let resources = [
            "*",
            "arn:aws:s3:::b",
            "arn:aws:s3:::b/k",
            "arn:aws:s3:::bucket-with-a-long-name/and/a/long/key",
            "arn:aws:sqs:eu-west-1:111122223333:jobs",
            "",
        ];
        let texts = [
            "*",
            "arn:aws:s3:::*",
            "arn:aws:s3:::b",
            "arn:aws:s3:::b/*",
            "arn:*:s3:::b*",
            "arn:aws:sqs:*:111122223333:jobs",
            "arn:aws:sqs:*:*:jo?s",
            "arn:aws:s3:::${aws:username}/k",
            "arn:aws:s3:::b${*}",
            "*/and/a/long/key",
            "arn:aws:s3:::bucket-with-a-long-name/*/a/long/key",
            "",
        ];
        let mut seen = [0; 3];
        for resource in resources {
            let sought = Sought::new(resource);
            for text in texts {
                let pattern = Pattern::new(text, PatternKind::Resource, true);
                let expected = pattern.matches(resource, |_| Variable::Unknown);
                let written = Written::new(text);
                let found = match written.may_match(&sought) {
                    false => Matched::No,
                    true => written.matches(text, true, &sought),
                };
                assert_eq!(found, expected, "{text} on {resource}");
                seen[found as usize] += 1;
            }
        }
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    }
}
