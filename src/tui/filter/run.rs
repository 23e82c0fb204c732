//! A filter applied to the things of one kind.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use nucleo_matcher::pattern::Pattern;
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{Glob, KindWord, Term, Test};
use crate::iam::{Account, Arn, Field, InlinePolicy, Kind, Tag};
use crate::policy::PolicyText;
use crate::tui::time::days;

/// By the address of a text: whether it holds what is looked for.
type Judged = HashMap<*const PolicyText, bool, foldhash::fast::RandomState>;

/// One application of a filter, with what it computes only once.
pub(super) struct Run<'a> {
    account: &'a Account,
    kind: Kind,
    now: Timestamp,
    matcher: Matcher,
    buffer: Vec<char>,
    texts: Judged,
}

impl<'a> Run<'a> {
    pub(super) fn new(account: &'a Account, kind: Kind, now: Timestamp) -> Self {
        Self {
            account,
            kind,
            now,
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            texts: Judged::default(),
        }
    }

    /// `None` where it cannot be judged, `Some(None)` where it fails, else the score.
    pub(super) fn judge(&mut self, terms: &[Term], at: usize) -> Option<Option<u32>> {
        let mut score = 0;
        for term in terms {
            if let Test::Name(pattern) = &term.test {
                let found = self.fuzzy(pattern, at);
                if found.is_some() == term.inverted {
                    return Some(None);
                }
                score += found.unwrap_or(0);
            } else if self.test(&term.test, at)? == term.inverted {
                return Some(None);
            }
        }
        Some(Some(score))
    }

    fn fuzzy(&mut self, pattern: &Pattern, at: usize) -> Option<u32> {
        let name = name(self.account, self.kind, at);
        pattern.score(Utf32Str::new(name, &mut self.buffer), &mut self.matcher)
    }

    fn test(&mut self, test: &Test, at: usize) -> Option<bool> {
        match test {
            Test::Name(_) => Some(true),
            Test::Tag { key, value } => tags(self.account, self.kind, at).map(|tags| {
                tags.iter().any(|tag| {
                    key.matches(&tag.key) && value.as_ref().is_none_or(|v| v.matches(&tag.value))
                })
            }),
            Test::Path(glob) => Some(glob.matches(path(self.account, self.kind, at))),
            Test::Policy(glob) => self.has_policy(glob, at),
            Test::Unused(limit) => self.unused(*limit, at),
            Test::Kind(word) => self.is_kind(*word, at),
            Test::Text(needle) => Some(self.has_text(needle, at)),
        }
    }

    fn has_policy(&self, glob: &Glob, at: usize) -> Option<bool> {
        let by_arn = |arn: &str| glob.matches(Arn::parse(arn).map_or(arn, |a| a.name()));
        let (attached, inline, boundary) = match self.kind {
            Kind::User => {
                let u = &self.account.users()[at];
                (
                    &u.attached,
                    &u.inline,
                    u.boundary.known().cloned().flatten(),
                )
            }
            Kind::Group => {
                let g = &self.account.groups()[at];
                (&g.attached, &g.inline, None)
            }
            Kind::Role => {
                let r = &self.account.roles()[at];
                (
                    &r.attached,
                    &r.inline,
                    r.boundary.known().cloned().flatten(),
                )
            }
            Kind::Policy => return Some(glob.matches(&self.account.policies()[at].name)),
        };
        Some(
            attached.known()?.iter().any(|arn| by_arn(arn))
                || inline.known()?.iter().any(|p| glob.matches(&p.name))
                || boundary.is_some_and(|arn| by_arn(&arn)),
        )
    }

    /// Users and roles by their last use (or, never used, by their age); groups without members
    /// and policies that nobody has count as unused however long.
    fn unused(&self, limit: i64, at: usize) -> Option<bool> {
        let old = |last: Option<Timestamp>, created: Option<Timestamp>| {
            Some(days(last.or(created)?, self.now) >= limit)
        };
        match self.kind {
            Kind::User => {
                let user = &self.account.users()[at];
                old(user.details.last_used().known().copied()?, user.created)
            }
            Kind::Role => {
                let role = &self.account.roles()[at];
                old(role.last_used.known()?.as_ref().map(|u| u.at), role.created)
            }
            Kind::Group => Some(
                self.account
                    .members(&self.account.groups()[at].name)
                    .is_empty(),
            ),
            Kind::Policy => {
                let policy = &self.account.policies()[at];
                let found = self.account.attachments(&policy.arn);
                Some(found.is_none_or(|a| a.attached() + a.bounded() == 0))
            }
        }
    }

    fn is_kind(&self, word: KindWord, at: usize) -> Option<bool> {
        if self.kind == Kind::Policy {
            let aws = self.account.policies()[at].is_aws_managed();
            return Some(aws == (word == KindWord::Aws));
        }
        let role = self.account.roles().get(at)?;
        Some(match word {
            KindWord::Aws | KindWord::ServiceLinked => role.is_service_linked(),
            KindWord::Customer => !role.is_service_linked(),
            KindWord::Service => role.trust.known()?.as_str().contains("\"Service\""),
        })
    }

    fn has_text(&mut self, needle: &str, at: usize) -> bool {
        let account = self.account;
        let found = |texts: &mut Judged, text: &Field<Arc<PolicyText>>| {
            text.known().is_some_and(|text| {
                *texts
                    .entry(Arc::as_ptr(text))
                    .or_insert_with(|| crate::policy::mentions(text.as_str(), needle))
            })
        };
        let inline = |texts: &mut Judged, inline: &Field<Vec<InlinePolicy>>| {
            let mut all = inline.known().into_iter().flatten();
            all.any(|p| found(texts, &p.document))
        };
        let attached = |texts: &mut Judged, attached: &Field<Vec<Arc<str>>>| {
            let arns = attached.known().into_iter().flatten();
            let mut in_force = arns.filter_map(|arn| account.policy(arn)?.default());
            in_force.any(|version| found(texts, &version.document))
        };
        let texts = &mut self.texts;
        match self.kind {
            Kind::User => {
                let user = &account.users()[at];
                inline(texts, &user.inline) || attached(texts, &user.attached)
            }
            Kind::Group => {
                let group = &account.groups()[at];
                inline(texts, &group.inline) || attached(texts, &group.attached)
            }
            Kind::Role => {
                let role = &account.roles()[at];
                inline(texts, &role.inline)
                    || found(texts, &role.trust)
                    || attached(texts, &role.attached)
            }
            Kind::Policy => {
                let mut versions = account.policies()[at]
                    .versions
                    .known()
                    .into_iter()
                    .flatten();
                versions.any(|v| found(texts, &v.document))
            }
        }
    }
}

/// The name of what stands at a position.
pub fn name(account: &Account, kind: Kind, at: usize) -> &str {
    match kind {
        Kind::User => &account.users()[at].name,
        Kind::Group => &account.groups()[at].name,
        Kind::Role => &account.roles()[at].name,
        Kind::Policy => &account.policies()[at].name,
    }
}

/// The path of what stands at a position.
fn path(account: &Account, kind: Kind, at: usize) -> &str {
    match kind {
        Kind::User => &account.users()[at].path,
        Kind::Group => &account.groups()[at].path,
        Kind::Role => &account.roles()[at].path,
        Kind::Policy => &account.policies()[at].path,
    }
}

fn tags(account: &Account, kind: Kind, at: usize) -> Option<&[Tag]> {
    match kind {
        Kind::User => account.users()[at].tags.known(),
        Kind::Group => None,
        Kind::Role => account.roles()[at].tags.known(),
        Kind::Policy => account.policies()[at].tags.known(),
    }
    .map(Vec::as_slice)
}
