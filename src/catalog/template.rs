//! Texts with parts to fill in, such as `arn:${Partition}:s3:::${BucketName}`, and patterns.
//!
//! All of it keeps to the product of both lengths, however hostile the texts.

/// A part of a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    /// `${Name}`: one letter or more.
    Some,
    /// The same, of something that never holds a separator.
    Word,
    /// `*`: any letters, or none.
    Any,
}

fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    // Partition, region and account of an ARN are words.
    let mut colons = if template.starts_with("arn:") {
        5
    } else {
        0_usize
    };
    while let Some(at) = rest.find(['$', '*']) {
        let (before, from) = rest.split_at(at);
        colons = colons.saturating_sub(before.matches(':').count());
        let (part, end) = match from.find('}') {
            _ if from.starts_with('*') => (Part::Any, 1),
            // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
            Some(end) if from.starts_with("${BucketName}") => (Part::Word, end + 1),
            Some(end) if from.starts_with("${") && colons > 0 => (Part::Word, end + 1),
            Some(end) if from.starts_with("${") => (Part::Some, end + 1),
            _ => (Part::Text("$"), 1),
        };
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(part);
        rest = &from[end..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'/' | b':')
}

/// How well a text fits a template; the better, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// No part that was filled in holds a separator.
    pub(super) narrow: bool,
    /// How many letters are the template's own.
    pub(super) own: usize,
}

/// How `text` fits a template, if it does; the case counts.
pub(super) fn fit(template: &str, text: &str) -> Option<Fit> {
    let parts = parts(template);
    let own = parts.iter().map(|part| match part {
        Part::Text(text) => text.len(),
        Part::Some | Part::Word | Part::Any => 0,
    });
    let own = own.sum();
    let narrow = fill(&parts, text, true);
    (narrow || fill(&parts, text, false)).then_some(Fit { narrow, own })
}

/// Whether `text` fits a template, in any case.
pub(super) fn fits(template: &str, text: &str) -> bool {
    let (template, text) = (template.to_ascii_lowercase(), text.to_ascii_lowercase());
    fill(&parts(&template), &text, false)
}

/// Whether the parts can be filled in to make the text; `narrow` without separators.
fn fill(parts: &[Part<'_>], text: &str, narrow: bool) -> bool {
    let bytes = text.as_bytes();
    // Where the parts so far can end.
    let mut ends = vec![false; bytes.len() + 1];
    ends[0] = true;
    for part in parts {
        let mut next = vec![false; bytes.len() + 1];
        match part {
            Part::Text(own) => {
                for at in (0..bytes.len()).filter(|at| ends[*at]) {
                    if bytes[at..].starts_with(own.as_bytes()) {
                        next[at + own.len()] = true;
                    }
                }
            }
            Part::Some | Part::Word => {
                let narrow = narrow || *part == Part::Word;
                let mut open = false;
                for (at, byte) in bytes.iter().enumerate() {
                    open |= ends[at];
                    open &= !(narrow && is_separator(*byte));
                    next[at + 1] = open;
                }
            }
            Part::Any => {
                let mut open = false;
                for (end, next) in ends.iter().zip(&mut next) {
                    open |= end;
                    *next = open;
                }
            }
        }
        ends = next;
    }
    ends[bytes.len()]
}

/// A letter of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    Is(u8),
    /// Any one; no separator if it is of a word.
    One {
        word: bool,
    },
    /// Any number of any, or none.
    Many {
        word: bool,
    },
}

impl Letter {
    fn is_many(self) -> bool {
        matches!(self, Self::Many { .. })
    }

    fn is_word(self) -> bool {
        matches!(self, Self::One { word: true } | Self::Many { word: true })
    }

    /// Whether both can stand for the same letter.
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Is(one), Self::Is(other)) => one == other,
            (Self::Is(byte), any) | (any, Self::Is(byte)) => !(any.is_word() && is_separator(byte)),
            _ => true,
        }
    }
}

/// Whether some text fits the template of an ARN and matches the text of a `Resource` element, in
/// which variables stand for anything.
pub(super) fn overlap(template: &str, pattern: &str) -> bool {
    let template = letters(template, |word| {
        [Letter::One { word }, Letter::Many { word }]
    });
    let pattern = letters(pattern, |_| [Letter::Many { word: false }; 2]);
    // Which beginnings of the template have a text in common with the pattern so far.
    let mut common = vec![false; template.len() + 1];
    common[0] = true;
    for (at, own) in template.iter().enumerate() {
        common[at + 1] = common[at] && own.is_many();
    }
    for letter in pattern {
        let mut next = vec![false; template.len() + 1];
        next[0] = common[0] && letter.is_many();
        for (at, own) in template.iter().enumerate() {
            let meets = own.meets(letter);
            next[at + 1] = common[at] && meets
                || common[at + 1] && (letter.is_many() || own.is_many() && meets)
                || next[at] && (letter.is_many() || own.is_many());
        }
        common = next;
    }
    common[template.len()]
}

fn letters(text: &str, variable: impl Fn(bool) -> [Letter; 2]) -> Vec<Letter> {
    let mut letters = Vec::new();
    for part in parts(text) {
        match part {
            Part::Text(text) => letters.extend(text.bytes().map(|byte| match byte {
                b'?' => Letter::One { word: false },
                byte => Letter::Is(byte),
            })),
            Part::Some => letters.extend(variable(false)),
            Part::Word => letters.extend(variable(true)),
            Part::Any => letters.push(Letter::Many { word: false }),
        }
    }
    letters
}

/// Whether a name matches a pattern with `*` and `?`, in any case.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    // The last star, and where in the name what follows it was tried last.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(letter) if *letter == b'?' || letter.eq_ignore_ascii_case(&name[n]) => {
                (p, n) = (p + 1, n + 1);
            }
            _ => match &mut star {
                Some((at, tried)) => {
                    *tried += 1;
                    (p, n) = (*at + 1, *tried);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|letter| *letter == b'*')
}
