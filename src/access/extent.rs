//! On which resources a conditional answer holds, taken apart from what else it requires.
//!
//! Where every conjunct of a requirement is about resources alone or about other things alone, the
//! two can be told separately: the resources as two lists of patterns, and the rest. Where they
//! hang together ("on these, or with MFA on those"), the requirement is left whole.

use std::collections::HashSet;

use compact_str::CompactString;

use super::truth::Requirement;
use crate::policy::{Matched, Scope};

/// The most combinations of patterns that are looked at.
const TERMS: usize = 20_000;
/// The most that are held against each other, each against each.
const PAIRS: usize = 512;

/// Resources, as patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// What one of these matches,
    pub allow: Vec<CompactString>,
    /// but none of these.
    pub except: Vec<CompactString>,
}

/// A requirement, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// The resources; none where the requirement is not about them.
    pub extent: Option<Extent>,
    /// Whether the extent holds by itself. Otherwise it only lists the patterns that `requires`
    /// speaks of: those that must match and those that must not.
    pub is_separate: bool,
    /// What else must be met.
    pub requires: Option<Requirement>,
}

impl Requirement {
    /// Takes the resources out of what is required of a question about a pattern, `asked`.
    pub fn apart(&self, asked: &str) -> Apart {
        let conjuncts = match self {
            Self::All(list) => &list[..],
            other => std::slice::from_ref(other),
        };
        let about = |it: &&Self| (it.is_about(true), it.is_about(false));
        let resources: Vec<_> = conjuncts.iter().filter(|it| about(it).0).collect();
        let others: Vec<_> = conjuncts.iter().filter(|it| !about(it).0).collect();
        if resources.is_empty() {
            return Apart {
                extent: None,
                is_separate: true,
                requires: Some(self.clone()),
            };
        }
        let is_mixed = resources.iter().any(|it| about(it).1);
        let extent = if is_mixed {
            None
        } else {
            separate(&resources, asked)
        };
        match extent {
            Some(extent) => Apart {
                extent: Some(extent),
                is_separate: true,
                requires: joined(&others),
            },
            None => Apart {
                extent: Some(self.patterns(asked)),
                is_separate: false,
                requires: Some(self.clone()),
            },
        }
    }

    /// Whether it is about resources, or about other things.
    fn is_about(&self, resources: bool) -> bool {
        match self {
            Self::All(list) | Self::Any(list) => list.iter().any(|it| it.is_about(resources)),
            single => single.as_scope().is_some() == resources,
        }
    }

    /// Every pattern that stands in it.
    fn patterns(&self, asked: &str) -> Extent {
        let (mut allow, mut except) = (Vec::new(), Vec::new());
        let mut rest = vec![self];
        while let Some(part) = rest.pop() {
            match part {
                Self::All(list) | Self::Any(list) => rest.extend(list.iter().rev()),
                single => match single.as_scope() {
                    Some((scope, true)) => allow.push(scope),
                    Some((scope, false)) => except.push(scope),
                    None => {}
                },
            }
        }
        Extent::new(&allow, &except, asked)
    }
}

impl Extent {
    fn new(allow: &[&Scope], except: &[&Scope], asked: &str) -> Self {
        let texts = |scopes: &[&Scope]| {
            let mut seen = HashSet::new();
            let texts = scopes.iter().map(|scope| scope.text());
            let texts = texts.filter(|text| seen.insert(*text));
            texts.map(CompactString::from).collect()
        };
        Self {
            allow: match allow {
                [] => vec![asked.into()],
                scopes => texts(scopes),
            },
            except: texts(except),
        }
    }
}

/// All of these again.
fn joined(parts: &[&Requirement]) -> Option<Requirement> {
    match parts {
        [] => None,
        [one] => Some((*one).clone()),
        several => {
            let several = several.iter().map(|it| (*it).clone());
            Some(Requirement::All(several.collect()))
        }
    }
}

/// One way to meet what is required of the resource: all of `wanted` match, none of `refused`.
#[derive(Debug, Clone, Default)]
struct Term<'a> {
    wanted: Vec<&'a Scope>,
    refused: Vec<&'a Scope>,
}

/// The resources that requirements about nothing else describe; none where two lists of patterns
/// cannot say it.
fn separate(parts: &[&Requirement], asked: &str) -> Option<Extent> {
    let mut except = Vec::new();
    let mut terms = vec![Term::default()];
    for part in parts {
        match part {
            Requirement::Not(unmet) => except.extend(unmet.as_scope()),
            part => terms = product(&terms, &ways(part)?)?,
        }
    }
    let terms: Vec<_> = terms.into_iter().filter_map(Term::reduced).collect();
    if terms.is_empty() || terms.iter().any(|term| term.wanted.len() > 1) {
        return None;
    }
    if terms.iter().any(|term| !term.refused.is_empty()) {
        // What one way refuses must not be allowed by another.
        let is_shared = |scope: &Scope| terms.iter().all(|term| term.refuses(scope));
        let refused = || terms.iter().flat_map(|term| &term.refused);
        if terms.len() > PAIRS || !refused().all(|scope| is_shared(scope)) {
            return None;
        }
        except.extend(refused());
    }
    let is_everywhere = terms.iter().any(|term| term.wanted.is_empty());
    let allow: Vec<&Scope> = match is_everywhere {
        true => Vec::new(),
        false => terms.iter().flat_map(|term| term.wanted.clone()).collect(),
    };
    let allow = widest(allow);
    if !allow.is_empty() && allow.len() <= PAIRS {
        except.retain(|scope| allow.iter().any(|it| it.covers(scope) != Matched::No));
    }
    Some(Extent::new(&allow, &widest(except), asked))
}

/// The ways to meet a requirement.
fn ways(requirement: &Requirement) -> Option<Vec<Term<'_>>> {
    match requirement {
        Requirement::Any(list) => {
            let each: Option<Vec<_>> = list.iter().map(ways).collect();
            Some(each?.into_iter().flatten().collect())
        }
        Requirement::All(list) => list.iter().try_fold(vec![Term::default()], |terms, it| {
            product(&terms, &ways(it)?)
        }),
        single => {
            let (scope, must) = single.as_scope()?;
            let mut term = Term::default();
            match must {
                true => term.wanted.push(scope),
                false => term.refused.push(scope),
            }
            Some(vec![term])
        }
    }
}

fn product<'a>(some: &[Term<'a>], others: &[Term<'a>]) -> Option<Vec<Term<'a>>> {
    if some.len().saturating_mul(others.len()) > TERMS {
        return None;
    }
    let both = |one: &Term<'a>, other: &Term<'a>| Term {
        wanted: [&one.wanted[..], &other.wanted].concat(),
        refused: [&one.refused[..], &other.refused].concat(),
    };
    let pairs = some
        .iter()
        .flat_map(|one| others.iter().map(move |other| (one, other)));
    Some(pairs.map(|(one, other)| both(one, other)).collect())
}

impl Term<'_> {
    /// Without what follows from the rest; none where no resource is left.
    fn reduced(self) -> Option<Self> {
        let Self { wanted, refused } = self;
        let covers = |one: &Scope, other: &Scope| one.covers(other);
        let apart = |(at, one): (usize, &&Scope)| {
            wanted[..at]
                .iter()
                .any(|other| covers(one, other) == Matched::No)
        };
        if wanted.iter().enumerate().any(apart) {
            return None;
        }
        let wanted = narrowest(wanted);
        let is_refused = |one: &&Scope| refused.iter().any(|it| covers(it, one) == Matched::Yes);
        if wanted.iter().any(is_refused) {
            return None;
        }
        let bears = |it: &&Scope| wanted.iter().all(|one| covers(it, one) != Matched::No);
        let refused = refused.into_iter().filter(bears).collect();
        Some(Self { wanted, refused })
    }

    /// Whether it allows nothing of what a scope describes.
    fn refuses(&self, scope: &Scope) -> bool {
        let is_elsewhere = |it: &&Scope| it.covers(scope) == Matched::No;
        let is_refused = |it: &&Scope| it.covers(scope) == Matched::Yes;
        self.wanted.iter().any(is_elsewhere) || self.refused.iter().any(is_refused)
    }
}

/// Without those that another one covers.
fn widest(scopes: Vec<&Scope>) -> Vec<&Scope> {
    distinct(scopes, |other, scope| other.covers(scope) == Matched::Yes)
}

/// Without those that cover another one.
fn narrowest(scopes: Vec<&Scope>) -> Vec<&Scope> {
    distinct(scopes, |other, scope| scope.covers(other) == Matched::Yes)
}

fn distinct(
    mut scopes: Vec<&Scope>,
    is_needless_beside: impl Fn(&Scope, &Scope) -> bool,
) -> Vec<&Scope> {
    let mut at = 0;
    while at < scopes.len() && scopes.len() <= PAIRS {
        let others = scopes.iter().enumerate().filter(|(index, _)| *index != at);
        let mut others = others.map(|(_, other)| *other);
        if others.any(|other| is_needless_beside(other, scopes[at])) {
            scopes.remove(at);
        } else {
            at += 1;
        }
    }
    scopes
}
