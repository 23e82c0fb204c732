//! Matching of wildcards, in linear time.
//!
//! Most patterns are plain runs of text with `*` between them: the first run must begin the text,
//! the last must end it, and each of the others is looked for after the one before, at the first
//! place where it stands (a later place can never help). The search for one run is linear.
//!
//! A pattern with `?` beside `*`, or with a wildcard that stops at colons, runs as a set of
//! states instead, a bit each: one step of the set for each byte of the text, 64 states at a time.

use std::borrow::Cow;

use compact_str::CompactString;

use super::Matched;

/// A piece of a pattern on the way to its steps.
#[derive(Debug, Clone)]
pub(super) enum Stretch<'a> {
    /// Plain text.
    Plain(Cow<'a, str>),
    /// Text in which `*` and `?` are wildcards.
    Wild(&'a str),
    /// Something that is not known: any run of characters.
    Anything,
}

/// One sign of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// This character.
    Char(char),
    /// Any one character.
    One {
        /// Whether it may be a colon.
        colons: bool,
    },
    /// Any run of characters.
    Many {
        /// Whether colons may be in it.
        colons: bool,
    },
}

impl Step {
    /// The same, colons allowed.
    pub(super) fn crossing(self) -> Self {
        match self {
            Self::Char(_) => self,
            Self::One { .. } => Self::One { colons: true },
            Self::Many { .. } => Self::Many { colons: true },
        }
    }

    /// The same, stopping at colons.
    pub(super) fn stopping(self) -> Self {
        match self {
            Self::Char(_) => self,
            Self::One { .. } => Self::One { colons: false },
            Self::Many { .. } => Self::Many { colons: false },
        }
    }

    /// Whether this sign may be, or be among, what it stands for.
    pub(super) fn takes(self, sign: char) -> bool {
        match self {
            Self::Char(own) => own == sign,
            Self::One { colons } | Self::Many { colons } => colons || sign != ':',
        }
    }
}

/// The signs of a pattern with wildcards. Neighbouring `*` are one.
pub(super) fn steps<'a>(stretches: impl Iterator<Item = Stretch<'a>>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let many = Step::Many { colons: true };
    for stretch in stretches {
        match stretch {
            Stretch::Plain(text) => steps.extend(text.chars().map(Step::Char)),
            Stretch::Anything => steps.push(many),
            Stretch::Wild(text) => steps.extend(text.chars().map(|sign| match sign {
                '*' => many,
                '?' => Step::One { colons: true },
                other => Step::Char(other),
            })),
        }
    }
    steps.dedup_by(|one, other| *one == many && *other == many);
    steps
}

/// A text with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// Nothing but this.
    Exact(CompactString),
    /// Runs of text with `*` between them.
    Runs {
        first: CompactString,
        middle: Box<[CompactString]>,
        last: CompactString,
    },
    /// Everything else.
    States(Box<[Step]>),
}

impl Glob {
    /// A pattern in which `*` and `?` are wildcards and nothing else is special.
    pub fn new(pattern: &str) -> Self {
        Self::of_runs(pattern)
            .unwrap_or_else(|| Self::of(&steps(std::iter::once(Stretch::Wild(pattern)))))
    }

    /// The same for a pattern without `?`, which needs no steps.
    pub(super) fn of_runs(pattern: &str) -> Option<Self> {
        if pattern.contains('?') {
            return None;
        }
        let mut runs = pattern.split('*');
        let first = runs.next().unwrap_or_default();
        let Some(last) = runs.next_back() else {
            return Some(Self::text(first));
        };
        // Between neighbouring stars there is nothing to look for.
        let middle = runs.filter(|run| !run.is_empty());
        Some(Self(Form::Runs {
            first: first.into(),
            middle: middle.map(CompactString::from).collect(),
            last: last.into(),
        }))
    }

    /// A text in which nothing is special.
    pub(super) fn text(text: &str) -> Self {
        Self(Form::Exact(text.into()))
    }

    /// A text without wildcards, in lower case where `fold` says so.
    pub(super) fn exact<'a>(stretches: impl Iterator<Item = Stretch<'a>>, fold: bool) -> Self {
        let mut steps = Vec::new();
        let mut is_open = false;
        for stretch in stretches {
            let text = match stretch {
                Stretch::Plain(text) => text,
                Stretch::Wild(text) => Cow::Borrowed(text),
                Stretch::Anything => {
                    is_open = true;
                    steps.push(Step::Many { colons: true });
                    continue;
                }
            };
            let text = if fold {
                Cow::Owned(text.to_lowercase())
            } else {
                text
            };
            steps.extend(text.chars().map(Step::Char));
        }
        if is_open {
            return Self::of(&steps);
        }
        Self(Form::Exact(text_of(&steps)))
    }

    pub(super) fn of(steps: &[Step]) -> Self {
        let is_plain = |step: &Step| matches!(step, Step::Char(_) | Step::Many { colons: true });
        if !steps.iter().all(is_plain) {
            return Self(Form::States(steps.into()));
        }
        let mut runs = steps.split(|step| !matches!(step, Step::Char(_)));
        let first = runs.next().map(text_of).unwrap_or_default();
        let mut middle: Vec<_> = runs.map(text_of).collect();
        let Some(last) = middle.pop() else {
            return Self(Form::Exact(first));
        };
        let middle = middle.into();
        Self(Form::Runs {
            first,
            middle,
            last,
        })
    }

    /// The one text that it matches, where it has no wildcard.
    pub(super) fn as_exact(&self) -> Option<&str> {
        match &self.0 {
            Form::Exact(text) => Some(text),
            Form::Runs { .. } | Form::States(_) => None,
        }
    }

    /// What stands before the first and after the last of its wildcards, where they are nothing
    /// but `*` that cross colons.
    pub(super) fn as_runs(&self) -> Option<(&str, &str)> {
        match &self.0 {
            Form::Runs { first, last, .. } => Some((first, last)),
            Form::Exact(_) | Form::States(_) => None,
        }
    }

    /// Whether a character is written in it.
    pub(super) fn holds(&self, sign: char) -> bool {
        match &self.0 {
            Form::Exact(text) => text.contains(sign),
            Form::Runs {
                first,
                middle,
                last,
            } => [first, last]
                .into_iter()
                .chain(middle)
                .any(|run| run.contains(sign)),
            Form::States(steps) => steps.contains(&Step::Char(sign)),
        }
    }

    /// Its signs.
    pub(super) fn steps(&self) -> Vec<Step> {
        let chars = |text: &str| text.chars().map(Step::Char).collect::<Vec<_>>();
        match &self.0 {
            Form::Exact(text) => chars(text),
            Form::Runs {
                first,
                middle,
                last,
            } => {
                let mut steps = chars(first);
                for run in middle.iter().chain([last]) {
                    steps.push(Step::Many { colons: true });
                    steps.extend(run.chars().map(Step::Char));
                }
                steps
            }
            Form::States(steps) => steps.to_vec(),
        }
    }

    /// Whether it matches the whole of `text`.
    pub fn matches(&self, text: &str) -> bool {
        match &self.0 {
            Form::Exact(exact) => exact == text,
            Form::Runs {
                first,
                middle,
                last,
            } => {
                let Some(mut rest) = text.strip_prefix(first.as_str()) else {
                    return false;
                };
                let Some(inner) = rest.strip_suffix(last.as_str()) else {
                    return false;
                };
                rest = inner;
                middle.iter().all(|run| match rest.find(run.as_str()) {
                    Some(at) => {
                        rest = &rest[at + run.len()..];
                        true
                    }
                    None => false,
                })
            }
            Form::States(steps) => states(steps, text.as_bytes()),
        }
    }

    /// Whether it matches every text with this beginning, none, or some.
    pub(super) fn matches_prefix(&self, prefix: &str) -> Matched {
        match &self.0 {
            Form::Exact(exact) if exact.starts_with(prefix) => Matched::Unknown,
            Form::Exact(_) => Matched::No,
            Form::Runs {
                first,
                middle,
                last,
            } => {
                let is_open = middle.is_empty() && last.is_empty();
                if is_open && prefix.starts_with(first.as_str()) {
                    Matched::Yes
                } else if first.starts_with(prefix) || prefix.starts_with(first.as_str()) {
                    Matched::Unknown
                } else {
                    Matched::No
                }
            }
            Form::States(_) => Matched::Unknown,
        }
    }
}

fn text_of(steps: &[Step]) -> CompactString {
    let signs = steps.iter().filter_map(|step| match step {
        Step::Char(sign) => Some(*sign),
        _ => None,
    });
    signs.collect()
}

/// What one byte does to the set of states.
#[derive(Clone, Default)]
struct Moves {
    /// From which states it leads to the next.
    on: Vec<u64>,
    /// In which states it leaves.
    stay: Vec<u64>,
}

/// Runs the pattern as a set of states. State `n` means that the first `n` bytes' worth of signs
/// have been used.
fn states(steps: &[Step], text: &[u8]) -> bool {
    // A sign for each byte of a character, so that the text can be gone through by bytes.
    let mut signs: Vec<Result<u8, Step>> = Vec::with_capacity(steps.len());
    for step in steps {
        match step {
            Step::Char(sign) => {
                let mut bytes = [0; 4];
                signs.extend(sign.encode_utf8(&mut bytes).bytes().map(Ok));
            }
            wildcard => signs.push(Err(*wildcard)),
        }
    }
    let words = signs.len() / 64 + 1;
    let blank = || vec![0u64; words];
    let set = |bits: &mut [u64], at: usize| bits[at / 64] |= 1 << (at % 64);
    let mut many = blank();
    for (at, sign) in signs.iter().enumerate() {
        if let Err(Step::Many { .. }) = sign {
            set(&mut many, at);
        }
    }
    let moves = |byte: u8| {
        let (mut on, mut stay) = (blank(), blank());
        // A character that takes several bytes is one for `?`: it goes on with the first of them
        // and waits for the others.
        let is_inside = byte & 0xC0 == 0x80;
        for (at, sign) in signs.iter().enumerate() {
            match *sign {
                Ok(other) if other == byte => set(&mut on, at),
                Err(Step::One { colons }) if !is_inside && (colons || byte != b':') => {
                    set(&mut on, at);
                }
                Err(Step::Many { colons }) if colons || byte != b':' => set(&mut stay, at),
                _ => {}
            }
            if is_inside && matches!(sign, Err(Step::One { .. })) {
                set(&mut stay, at + 1);
            }
        }
        Moves { on, stay }
    };
    let mut table: Vec<Option<Moves>> = vec![None; 256];
    let mut now = blank();
    now[0] = 1;
    skip(&mut now, &many);
    for byte in text {
        let moves = table[usize::from(*byte)].get_or_insert_with(|| moves(*byte));
        let mut carry = 0;
        let mut alive = 0;
        for (word, state) in now.iter_mut().enumerate() {
            let going = *state & moves.on[word];
            *state = (*state & moves.stay[word]) | (going << 1) | carry;
            carry = going >> 63;
            alive |= *state;
        }
        if alive == 0 {
            return false;
        }
        skip(&mut now, &many);
    }
    now[signs.len() / 64] >> (signs.len() % 64) & 1 == 1
}

/// Adds the states that are reached because `*` may stand for nothing.
fn skip(now: &mut [u64], many: &[u64]) {
    let mut carry = 0;
    for (state, many) in now.iter_mut().zip(many) {
        *state |= carry;
        // Once is enough: no two `*` are neighbours.
        *state |= (*state & many) << 1;
        carry = (*state & many) >> 63;
    }
}
