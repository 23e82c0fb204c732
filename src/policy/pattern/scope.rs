//! Patterns of resources as sets of texts, and how two of them relate.
//!
//! An answer is sure: "all" and "none" are said only where they hold of every text. Ordinary
//! patterns, plain runs with `*` between them, take time linear to their length. The others are
//! gone through step by step (see [`walk`]), which is given up where it takes too long; then, too,
//! the answer is "some".

mod walk;

use std::iter;
use std::sync::Arc;

use compact_str::CompactString;

use super::glob::{Glob, Step, Stretch};
use super::{Body, Matched, Part, Pattern, PatternKind, Shape, Variable, fixed};

/// What stands for each `*` of a scope when a pattern of plain runs is held against it. A pattern
/// without this sign can only match it with a `*` of its own. Unicode promises that it is no
/// character.
const PROBE: char = '\u{ffff}';

/// The texts that a pattern of resources describes, its variables filled in.
///
/// Two scopes are equal where they are written alike.
#[derive(Debug, Clone)]
pub struct Scope {
    text: CompactString,
    shape: Shape,
    /// The text with [`PROBE`] for each `*`, where it is plain runs.
    probe: Option<CompactString>,
    /// A variable is not known: it describes no more than these texts, and perhaps fewer.
    is_open: bool,
}

impl Scope {
    /// The scope of a text in which `*` and `?` are wildcards, as in a resource of a policy, and
    /// `${…}` is nothing special.
    pub fn new(text: &str) -> Self {
        Self::of(text.into(), fixed(PatternKind::Resource, text), false)
    }

    fn of(text: CompactString, shape: Shape, is_open: bool) -> Self {
        let probe = match &shape {
            Shape::Whole(glob) if glob.as_runs().is_some() => Some(probe(&glob.steps())),
            _ => None,
        };
        Self {
            text,
            shape,
            probe,
            is_open,
        }
    }

    /// How it is written. Signs that stand for themselves are written so that they do in a
    /// policy, too, such as `${*}`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a text is one of those that it describes.
    pub fn contains(&self, text: &str) -> Matched {
        match self.shape.matches(text) {
            true if self.is_open => Matched::Unknown,
            other => other.into(),
        }
    }

    /// Whether it describes all texts of another (yes), none of them (no), or some.
    pub fn covers(&self, other: &Self) -> Matched {
        covers(&self.shape, self.is_open, other)
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Pattern {
    /// Whether it matches all texts of a scope (yes), none of them (no), or some or nobody knows.
    /// For patterns of resources.
    pub fn matches_scope<'v>(
        &self,
        scope: &Scope,
        value: impl Fn(&str) -> Variable<'v>,
    ) -> Matched {
        match &self.body {
            Body::Fixed(shape) => covers(shape, false, scope),
            Body::Varying(parts) if begins_otherwise(parts, scope) => Matched::No,
            Body::Varying(parts) => match self.put_together(parts, &value) {
                Some((shape, is_open)) => covers(&shape, is_open, scope),
                None => Matched::No,
            },
        }
    }

    /// The texts that it describes.
    pub fn scope<'v>(&self, value: impl Fn(&str) -> Variable<'v>) -> Arc<Scope> {
        match &self.body {
            Body::Fixed(_) => self
                .scope
                .get_or_init(|| Arc::new(self.described(value)))
                .clone(),
            Body::Varying(_) => Arc::new(self.described(value)),
        }
    }

    fn described<'v>(&self, value: impl Fn(&str) -> Variable<'v>) -> Scope {
        let (shape, is_open) = match &self.body {
            Body::Fixed(shape) => (shape.clone(), false),
            Body::Varying(parts) => self
                .put_together(parts, &value)
                .unwrap_or((Shape::Never, false)),
        };
        let text = match &self.body {
            // What stands for an unknown value are its parts, not the shape.
            Body::Varying(parts) if is_open => of_parts(parts, &value),
            _ => written(&shape.steps()),
        };
        Scope::of(text, shape, is_open)
    }
}

impl Shape {
    /// Its signs; those of a component stop at colons, as its text ends there.
    fn steps(&self) -> Vec<Step> {
        match self {
            Self::Never => Vec::new(),
            Self::Whole(glob) => glob.steps(),
            Self::Components(globs) => {
                let mut steps = Vec::new();
                for (at, glob) in globs.iter().enumerate() {
                    if at > 0 {
                        steps.push(Step::Char(':'));
                    }
                    let is_last = at + 1 == globs.len();
                    let of_glob = glob.steps().into_iter();
                    steps.extend(of_glob.map(|step| if is_last { step } else { step.stopping() }));
                }
                steps
            }
        }
    }

    fn as_glob(&self) -> Option<&Glob> {
        match self {
            Self::Whole(glob) => Some(glob),
            Self::Never | Self::Components(_) => None,
        }
    }
}

/// Whether a pattern with this shape covers a scope.
fn covers(shape: &Shape, is_open: bool, scope: &Scope) -> Matched {
    let covered = match at_a_glance(shape, scope) {
        Some(matched) => matched,
        None => walk::covers(&shape.steps(), &scope.shape.steps()),
    };
    match covered {
        Matched::Yes if is_open => Matched::Unknown,
        other => other,
    }
}

/// The answer where neither has other wildcards than `*`, or one has none.
fn at_a_glance(shape: &Shape, scope: &Scope) -> Option<Matched> {
    if matches!(shape, Shape::Never) || matches!(scope.shape, Shape::Never) {
        return Some(Matched::No);
    }
    let of_scope = scope.shape.as_glob();
    if let Some(text) = of_scope.and_then(Glob::as_exact) {
        return Some(shape.matches(text).into());
    }
    let glob = shape.as_glob()?;
    if let Some(text) = glob.as_exact() {
        // A scope with a wildcard has more than one text.
        return Some(match scope.shape.matches(text) {
            true => Matched::Unknown,
            false => Matched::No,
        });
    }
    let (first, last) = glob.as_runs()?;
    let (scope_first, scope_last) = of_scope?.as_runs()?;
    let is_apart = !(first.starts_with(scope_first) || scope_first.starts_with(first))
        || !(last.ends_with(scope_last) || scope_last.ends_with(last));
    if is_apart {
        return Some(Matched::No);
    }
    // Beginnings and ends go together, and a `*` of either takes all that the other has between.
    match glob.matches(scope.probe.as_ref()?) {
        true if glob.holds(PROBE) => None,
        true => Some(Matched::Yes),
        false => Some(Matched::Unknown),
    }
}

/// Whether the beginning of a pattern with variables, as far as it is fixed, is another than that
/// of a scope: most are told apart by it.
fn begins_otherwise(parts: &[Part], scope: &Scope) -> bool {
    let Some(Part::Wild(text)) = parts.first() else {
        return false;
    };
    let first = &text[..text.find(['*', '?']).unwrap_or(text.len())];
    let glob = scope.shape.as_glob();
    let other = glob.and_then(|glob| glob.as_exact().or(glob.as_runs().map(|(first, _)| first)));
    other.is_some_and(|other| !(first.starts_with(other) || other.starts_with(first)))
}

fn probe(steps: &[Step]) -> CompactString {
    let signs = steps.iter().map(|step| match step {
        Step::Char(sign) => *sign,
        Step::One { .. } | Step::Many { .. } => PROBE,
    });
    signs.collect()
}

/// Writes steps so that they read back as what they are.
fn written(steps: &[Step]) -> CompactString {
    let mut text = CompactString::default();
    let after = steps.iter().skip(1).map(Some).chain(iter::once(None));
    for (step, next) in steps.iter().zip(after) {
        match step {
            Step::Many { .. } => text.push('*'),
            Step::One { .. } => text.push('?'),
            Step::Char('*') => text.push_str("${*}"),
            Step::Char('?') => text.push_str("${?}"),
            Step::Char('$') if next == Some(&Step::Char('{')) => text.push_str("${$}"),
            Step::Char(sign) => text.push(*sign),
        }
    }
    text
}

/// Writes a pattern some of whose variables are not known; these stay as they are.
fn of_parts<'v>(parts: &[Part], value: impl Fn(&str) -> Variable<'v>) -> CompactString {
    let mut text = CompactString::default();
    let plain = |plain: &str| written(&plain.chars().map(Step::Char).collect::<Vec<_>>());
    for part in parts {
        match part {
            // It may stand before a brace of the next part.
            Part::Text(sign) if sign == "$" => text.push_str("${$}"),
            Part::Text(sign) => text.push_str(&plain(sign)),
            Part::Wild(wild) => {
                let stretch = Stretch::Wild(wild);
                text.push_str(&written(&super::glob::steps(iter::once(stretch))));
            }
            Part::Variable { key, default } => match (value(key), default) {
                (Variable::Value(value), _) => text.push_str(&plain(value)),
                (Variable::Missing, Some(default)) => text.push_str(&plain(default)),
                _ => text.push_str(&super::part::filled_in(std::slice::from_ref(part), &value)),
            },
        }
    }
    text
}

#[cfg(test)]
mod tests;
