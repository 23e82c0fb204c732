//! A filter applied to the things of one kind.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use nucleo_matcher::pattern::Atom;
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
    /// For each `text:` that was asked for.
    texts: Vec<TextRun>,
}

/// The search for one text.
struct TextRun {
    needle: String,
    judged: Judged,
    /// For everything of the kind, what the managed policies attached to it say. Each policy is
    /// looked at once, and leads to those who have it: the other way round every one of them
    /// would look up each of its policies.
    attached: Vec<Found>,
}

/// Whether a text was found: in any document, in none, or in none of those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    No,
    Unknown,
    Yes,
}

impl TextRun {
    fn new(account: &Account, kind: Kind, needle: &str) -> Self {
        let mut run = Self {
            needle: needle.to_owned(),
            judged: Judged::default(),
            attached: vec![Found::No; account.count(kind)],
        };
        for (arn, attachments) in account.all_attachments() {
            let holders = match kind {
                Kind::User => attachments.users.as_slice(),
                Kind::Group => &attachments.groups,
                Kind::Role => &attachments.roles,
                Kind::Policy => &[],
            };
            if holders.is_empty() {
                continue;
            }
            let text = account.policy(arn).and_then(|policy| policy.document());
            let found = text.map_or(Found::Unknown, |text| run.look(text));
            for &at in holders {
                let so_far = &mut run.attached[at as usize];
                *so_far = found.max(*so_far);
            }
        }
        run
    }

    fn look(&mut self, text: &Arc<PolicyText>) -> Found {
        let needle = &self.needle;
        let judged = self.judged.entry(Arc::as_ptr(text));
        if *judged.or_insert_with(|| crate::policy::mentions(text.as_str(), needle)) {
            Found::Yes
        } else {
            Found::No
        }
    }

    /// Looks into documents until one has the text.
    fn look_into<'d, T: 'd>(
        &mut self,
        items: &'d Field<Vec<T>>,
        document: impl Fn(&'d T) -> &'d Field<Arc<PolicyText>>,
    ) -> Found {
        let Field::Known(items) = items else {
            return Found::Unknown;
        };
        let mut all = Found::No;
        for item in items {
            let known = document(item).known();
            all = all.max(known.map_or(Found::Unknown, |text| self.look(text)));
            if all == Found::Yes {
                break;
            }
        }
        all
    }

    /// What an identity's own policies and those attached to it say.
    fn of_identity(
        &mut self,
        at: usize,
        attached: &Field<Vec<Arc<str>>>,
        inline: &Field<Vec<InlinePolicy>>,
    ) -> Found {
        let through = match attached {
            Field::Known(_) => self.attached[at],
            _ => Found::Unknown,
        };
        if through == Found::Yes {
            return through;
        }
        through.max(self.look_into(inline, |policy| &policy.document))
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(account: &'a Account, kind: Kind, now: Timestamp) -> Self {
        Self {
            account,
            kind,
            now,
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// `None` where it cannot be judged, `Some(None)` where it fails, else the score.
    pub(super) fn judge(&mut self, terms: &[Term], at: usize) -> Option<Option<u32>> {
        let mut score = 0;
        for term in terms {
            if let Test::Name(letters) = &term.test {
                let found = self.fuzzy(letters, at);
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

    fn fuzzy(&mut self, letters: &Atom, at: usize) -> Option<u32> {
        let name = name(self.account, self.kind, at);
        let name = Utf32Str::new(name, &mut self.buffer);
        letters.score(name, &mut self.matcher).map(u32::from)
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
            Test::Text(needle) => self.has_text(needle, at),
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

    fn has_text(&mut self, needle: &str, at: usize) -> Option<bool> {
        let (account, kind) = (self.account, self.kind);
        let known = self.texts.iter().position(|run| run.needle == needle);
        let index = known.unwrap_or_else(|| {
            self.texts.push(TextRun::new(account, kind, needle));
            self.texts.len() - 1
        });
        let run = &mut self.texts[index];
        let found = match kind {
            Kind::User => {
                let user = &account.users()[at];
                run.of_identity(at, &user.attached, &user.inline)
            }
            Kind::Group => {
                let group = &account.groups()[at];
                run.of_identity(at, &group.attached, &group.inline)
            }
            Kind::Role => {
                let role = &account.roles()[at];
                let trust = role.trust.known();
                match trust.map_or(Found::Unknown, |text| run.look(text)) {
                    Found::Yes => Found::Yes,
                    trust => trust.max(run.of_identity(at, &role.attached, &role.inline)),
                }
            }
            Kind::Policy => run.look_into(&account.policies()[at].versions, |v| &v.document),
        };
        match found {
            Found::Yes => Some(true),
            Found::No => Some(false),
            Found::Unknown => None,
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
