//! Patterns: text with wildcards and variables, as resources, actions and condition values are.
//!
//! `*` stands for any run of characters and `?` for one. Matching takes time linear to the text
//! whatever the pattern is: there is no backtracking and no recursion (see [`glob`]).
//!
//! Variables are filled in when a pattern is matched, not before. What is filled in is plain
//! text: a `*` in a user's name is no wildcard. Two patterns are held against each other as sets of
//! texts (see [`Scope`]).
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

mod glob;
mod part;
mod scope;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use compact_str::CompactString;

pub use glob::Glob;
use glob::{Step, Stretch};
pub use part::Part;
pub use scope::Scope;

/// What kind of text a pattern is for, which says what its signs mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PatternKind {
    /// Letter by letter: `*` and `?` are plain.
    Exact,
    /// As [`Exact`](Self::Exact), upper and lower case being the same.
    ExactIgnoreCase,
    /// With wildcards.
    Like,
    /// A resource: in the first five segments of an ARN a wildcard crosses `:` only as the last
    /// character of its segment.
    Resource,
    /// An ARN for `ArnLike`: six components, each matched by itself. A lone `*` matches all.
    Arn,
}

/// The value of a variable at the time of matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable<'a> {
    /// It has this one value.
    Value(&'a str),
    /// The key is not in the request.
    Missing,
    /// The key has several values, so that it cannot stand for one.
    Several,
    /// Nobody has said.
    Unknown,
}

/// Whether a pattern matches a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// It does.
    Yes,
    /// It does not, whatever the variables are.
    No,
    /// It depends on a variable whose value is not known.
    Unknown,
}

impl From<bool> for Matched {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// A pattern, made ready for matching.
#[derive(Debug, Clone)]
pub struct Pattern {
    kind: PatternKind,
    body: Body,
    /// What it describes, where that hangs on nothing: found when it is first asked for.
    scope: OnceLock<Arc<Scope>>,
}

/// What was found out about them tells none apart.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.body == other.body
    }
}

impl Eq for Pattern {}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    Fixed(Shape),
    /// With variables: it gets its shape with their values.
    Varying(Box<[Part]>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Never,
    Whole(Glob),
    /// The six components of an ARN, each by itself.
    Components(Box<[Glob; 6]>),
}

impl Pattern {
    /// Reads a pattern. Without `has_variables`, `${…}` is plain text, as it is in policies
    /// before version 2012-10-17.
    pub fn new(text: &str, kind: PatternKind, has_variables: bool) -> Self {
        let body = if has_variables && text.contains("${") {
            let parts = part::parts(text);
            if parts.iter().any(Part::is_variable) {
                Body::Varying(parts.into())
            } else {
                let stretches = parts.iter().filter_map(|part| match part {
                    Part::Text(text) => Some(Stretch::Plain(Cow::Borrowed(text.as_str()))),
                    Part::Wild(text) => Some(Stretch::Wild(text)),
                    Part::Variable { .. } => None,
                });
                Body::Fixed(shape(kind, stretches))
            }
        } else {
            Body::Fixed(fixed(kind, text))
        };
        Self {
            kind,
            body,
            scope: OnceLock::new(),
        }
    }

    /// The keys that it has as variables.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let parts = match &self.body {
            Body::Fixed(_) => &[][..],
            Body::Varying(parts) => parts,
        };
        parts.iter().filter_map(|part| match part {
            Part::Variable { key, .. } => Some(key.as_str()),
            Part::Text(_) | Part::Wild(_) => None,
        })
    }

    /// Its text with the variables that have a value filled in: for showing. Nothing where it has
    /// no variables.
    pub fn filled_in<'v>(&self, value: impl Fn(&str) -> Variable<'v>) -> CompactString {
        match &self.body {
            Body::Fixed(_) => CompactString::default(),
            Body::Varying(parts) => part::filled_in(parts, value),
        }
    }

    /// Whether it matches `text`, with variables as `value` says.
    ///
    /// A variable without a value matches nothing; a default stands in for a missing one.
    pub fn matches<'v>(&self, text: &str, value: impl Fn(&str) -> Variable<'v>) -> Matched {
        let text = match self.kind {
            PatternKind::ExactIgnoreCase => Cow::Owned(text.to_lowercase()),
            _ => Cow::Borrowed(text),
        };
        let parts = match &self.body {
            Body::Fixed(shape) => return shape.matches(&text).into(),
            Body::Varying(parts) => parts,
        };
        if let Some(matched) = self.at_a_glance(parts, &text, &value) {
            return matched;
        }
        let Some((shape, is_open)) = self.put_together(parts, &value) else {
            return Matched::No;
        };
        match shape.matches(&text) {
            true if is_open => Matched::Unknown,
            other => other.into(),
        }
    }

    /// The shape with the variables filled in, and whether one of them is not known, so that what
    /// matches only may match. None where it matches nothing, for want of a value.
    fn put_together<'v>(
        &self,
        parts: &[Part],
        value: &impl Fn(&str) -> Variable<'v>,
    ) -> Option<(Shape, bool)> {
        let mut is_open = false;
        let mut stretches = Vec::with_capacity(parts.len());
        for part in parts {
            stretches.push(match part {
                Part::Text(text) => Stretch::Plain(Cow::Borrowed(text.as_str())),
                Part::Wild(text) => Stretch::Wild(text),
                Part::Variable { key, default } => match (value(key), default) {
                    (Variable::Value(value), _) => Stretch::Plain(Cow::Borrowed(value)),
                    (Variable::Missing, Some(default)) => {
                        Stretch::Plain(Cow::Borrowed(default.as_str()))
                    }
                    (Variable::Missing | Variable::Several, _) => return None,
                    (Variable::Unknown, _) => {
                        is_open = true;
                        Stretch::Anything
                    }
                },
            });
        }
        let has_segments = matches!(self.kind, PatternKind::Arn | PatternKind::Resource);
        let kind = if is_open && has_segments {
            // The value may bring colons: which segment is which is not known yet.
            PatternKind::Like
        } else {
            self.kind
        };
        Some((shape(kind, stretches.into_iter()), is_open))
    }

    /// The answer where it shows without putting the pattern together: its beginning is another,
    /// or it has no wildcard but a `*` at its end, which matches whatever is left.
    fn at_a_glance<'v>(
        &self,
        parts: &[Part],
        text: &str,
        value: &impl Fn(&str) -> Variable<'v>,
    ) -> Option<Matched> {
        let has_wildcards = match self.kind {
            PatternKind::Exact => false,
            PatternKind::Like | PatternKind::Resource => true,
            PatternKind::ExactIgnoreCase | PatternKind::Arn => return None,
        };
        let mut rest = text;
        for (at, part) in parts.iter().enumerate() {
            let (plain, wild) = match part {
                Part::Text(text) => (text.as_str(), ""),
                Part::Wild(text) if has_wildcards => {
                    text.split_at(text.find(['*', '?']).unwrap_or(text.len()))
                }
                Part::Wild(text) => (text.as_str(), ""),
                Part::Variable { key, default } => match (value(key), default) {
                    (Variable::Value(value), _) => (value, ""),
                    (Variable::Missing, Some(default)) => (default.as_str(), ""),
                    (Variable::Missing | Variable::Several, _) => return Some(Matched::No),
                    (Variable::Unknown, _) => return None,
                },
            };
            // What stands before all wildcards must begin the text.
            match rest.strip_prefix(plain) {
                Some(after) => rest = after,
                None => return Some(Matched::No),
            }
            match wild {
                "" => {}
                "*" if at + 1 == parts.len() => return Some(Matched::Yes),
                _ => return None,
            }
        }
        Some(rest.is_empty().into())
    }

    /// Whether it matches every text that begins with `prefix` (yes), none (no), or some.
    /// For values of which only the beginning is known.
    pub fn matches_prefix(&self, prefix: &str) -> Matched {
        let Body::Fixed(Shape::Whole(glob)) = &self.body else {
            return Matched::Unknown;
        };
        match self.kind {
            PatternKind::ExactIgnoreCase => glob.matches_prefix(&prefix.to_lowercase()),
            _ => glob.matches_prefix(prefix),
        }
    }
}

impl Shape {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Whole(glob) => glob.matches(text),
            Self::Components(globs) => {
                let mut components = text.splitn(6, ':');
                globs.iter().all(|glob| match components.next() {
                    Some(component) => glob.matches(component),
                    None => false,
                })
            }
        }
    }
}

/// The shape of a text without variables. Most are seen at a glance.
fn fixed(kind: PatternKind, text: &str) -> Shape {
    let wild = text.find(['*', '?']);
    match kind {
        PatternKind::Exact => return Shape::Whole(Glob::text(text)),
        PatternKind::ExactIgnoreCase => return Shape::Whole(Glob::text(&text.to_lowercase())),
        PatternKind::Like => return Shape::Whole(Glob::new(text)),
        PatternKind::Resource => match wild {
            None => return Shape::Whole(Glob::text(text)),
            // The wildcards are in the sixth segment, or the pattern is one star.
            Some(at) if text == "*" || text[..at].matches(':').nth(4).is_some() => {
                return Shape::Whole(Glob::new(text));
            }
            Some(_) => {}
        },
        PatternKind::Arn => {}
    }
    shape(kind, std::iter::once(Stretch::Wild(text)))
}

/// Puts stretches together.
fn shape<'a>(kind: PatternKind, stretches: impl Iterator<Item = Stretch<'a>>) -> Shape {
    match kind {
        PatternKind::Exact => Shape::Whole(Glob::exact(stretches, false)),
        PatternKind::ExactIgnoreCase => Shape::Whole(Glob::exact(stretches, true)),
        PatternKind::Like => Shape::Whole(Glob::of(&glob::steps(stretches))),
        PatternKind::Resource => resource(glob::steps(stretches)),
        PatternKind::Arn => {
            let steps = glob::steps(stretches);
            if steps == [Step::Many { colons: true }] {
                return Shape::Whole(Glob::of(&steps));
            }
            components(&steps).unwrap_or(Shape::Never)
        }
    }
}

/// The rule for wildcards in resources: those in the first five segments cross no colon, but that
/// a `*` at the end of its segment does.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
fn resource(mut steps: Vec<Step>) -> Shape {
    let (mut colons, mut is_bound, mut is_crossing) = (0, false, false);
    for at in 0..steps.len() {
        let is_last = matches!(steps.get(at + 1), None | Some(Step::Char(':')));
        match &mut steps[at] {
            Step::Char(':') => colons += 1,
            Step::Many { .. } if colons < 5 && is_last => is_crossing = true,
            Step::Many { colons: crosses } | Step::One { colons: crosses } if colons < 5 => {
                *crosses = false;
                is_bound = true;
            }
            _ => {}
        }
    }
    if is_bound
        && !is_crossing
        && let Some(shape) = components(&steps)
    {
        return shape;
    }
    Shape::Whole(Glob::of(&steps))
}

/// Cuts steps at the first five colons; none where there are fewer.
fn components(steps: &[Step]) -> Option<Shape> {
    let mut rest = steps;
    let mut globs = Vec::with_capacity(6);
    for _ in 0..5 {
        let at = rest.iter().position(|step| *step == Step::Char(':'))?;
        globs.push(free(&rest[..at]));
        rest = &rest[at + 1..];
    }
    globs.push(free(rest));
    let globs = <[Glob; 6]>::try_from(globs).ok()?;
    Some(Shape::Components(Box::new(globs)))
}

/// A component has no colon to stop at, and the last one stops at none.
fn free(steps: &[Step]) -> Glob {
    let steps: Vec<Step> = steps.iter().map(|step| step.crossing()).collect();
    Glob::of(&steps)
}

/// The text of a pattern with the variables that have a value filled in: for showing.
pub fn filled_in<'v>(text: &str, value: impl Fn(&str) -> Variable<'v>) -> CompactString {
    if text.contains("${") {
        part::filled_in(&part::parts(text), value)
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests;
