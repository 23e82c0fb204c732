//! The columns of the lists: what each shows of an entity, and how it sorts.
//!
//! Separate from the drawing, so that a column is one row of a table here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::theme::Theme;
use super::time::{age, date};
use crate::iam::{Account, Field, InlinePolicy, Kind};
use crate::policy::{Document, PolicyText, trust_summary};

/// What cells are made from.
pub struct Context<'a> {
    /// The account.
    pub account: &'a Account,
    /// The time from which ages count.
    pub now: Timestamp,
    /// The symbols.
    pub theme: &'a Theme,
    /// The trust policies in a few words each.
    pub trust: &'a TrustCache,
}

/// How a cell sorts: texts regardless of case, numbers, and the unknown last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// By number.
    Number(i64),
    /// By text.
    Text(String),
    /// After all others.
    Unknown,
}

/// A column.
pub struct Column {
    /// The head.
    pub title: &'static str,
    /// The width below which it is left out.
    pub min: u16,
    /// The width that suits it.
    pub ideal: u16,
    /// Which columns go first when there is no room: 0 never goes.
    pub rank: u8,
    /// Whether numbers stand at its right edge.
    pub right: bool,
    /// The text for what stands at a position.
    pub cell: fn(&Context<'_>, usize) -> String,
    /// The key for it.
    pub key: fn(&Context<'_>, usize) -> SortKey,
}

/// The columns for a kind.
pub fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::User => USERS,
        Kind::Group => GROUPS,
        Kind::Role => ROLES,
        Kind::Policy => POLICIES,
    }
}

/// A short description for each distinct trust policy, made when first asked for.
#[derive(Debug, Default)]
pub struct TrustCache(RefCell<HashMap<*const PolicyText, Summary>>);

/// A text, and it in a few words. The text is kept so that its address cannot come to mean
/// another.
type Summary = (Arc<PolicyText>, Arc<str>);

impl TrustCache {
    /// Who a trust policy trusts, in a few words.
    pub fn summary(&self, text: &Arc<PolicyText>, own: Option<&str>) -> Arc<str> {
        let mut cache = self.0.borrow_mut();
        let (_, words) = cache.entry(Arc::as_ptr(text)).or_insert_with(|| {
            let document = Document::parse(text.as_str());
            (text.clone(), trust_summary(&document, own).into())
        });
        words.clone()
    }
}

fn text(text: &str) -> SortKey {
    SortKey::Text(text.to_lowercase())
}

fn number(n: Option<usize>) -> SortKey {
    n.map_or(SortKey::Unknown, |n| SortKey::Number(n as i64))
}

fn time(at: Option<Timestamp>) -> SortKey {
    at.map_or(SortKey::Unknown, |at| SortKey::Number(at.as_second()))
}

/// The latest first is what people look for in a time: never counts as longest ago.
fn last(field: Field<Option<Timestamp>>) -> SortKey {
    match field {
        Field::Known(at) => SortKey::Number(at.map_or(i64::MAX, |at| -at.as_second())),
        _ => SortKey::Unknown,
    }
}

fn last_cell(c: &Context<'_>, field: Field<Option<Timestamp>>) -> String {
    match field {
        Field::Known(Some(at)) => age(at, c.now),
        Field::Known(None) => "never".into(),
        Field::Denied(_) => "denied".into(),
        Field::Failed(_) => "failed".into(),
        Field::Unknown => c.theme.symbols.none.into(),
    }
}

fn count_cell(c: &Context<'_>, n: Option<usize>) -> String {
    n.map_or_else(|| c.theme.symbols.none.to_owned(), |n| n.to_string())
}

fn date_cell(c: &Context<'_>, at: Option<Timestamp>) -> String {
    at.map_or_else(|| c.theme.symbols.none.to_owned(), date)
}

fn policies(attached: &Field<Vec<Arc<str>>>, inline: &Field<Vec<InlinePolicy>>) -> Option<usize> {
    Some(attached.known()?.len() + inline.known()?.len())
}

fn bounded(count: String, boundary: &Field<Option<Arc<str>>>) -> String {
    if matches!(boundary, Field::Known(Some(_))) {
        count + " B"
    } else {
        count
    }
}

fn mfa(c: &Context<'_>, at: usize) -> String {
    let user = &c.account.users()[at];
    let symbols = &c.theme.symbols;
    match (&user.details.mfa_devices, &user.details.login_profile) {
        (Field::Known(devices), _) if !devices.is_empty() => symbols.yes.into(),
        (Field::Known(_), Field::Known(Some(_))) => format!("{} none", symbols.no),
        (Field::Known(_), _) => "none".into(),
        (Field::Denied(_), _) => "denied".into(),
        _ => symbols.none.into(),
    }
}

fn keys(c: &Context<'_>, at: usize) -> String {
    match &c.account.users()[at].details.access_keys {
        Field::Known(keys) if keys.is_empty() => "0".into(),
        Field::Known(keys) => {
            let active = keys
                .iter()
                .filter(|k| k.status == crate::iam::Status::Active)
                .count();
            if active == keys.len() {
                active.to_string()
            } else {
                format!("{active} of {}", keys.len())
            }
        }
        Field::Denied(_) => "denied".into(),
        _ => c.theme.symbols.none.into(),
    }
}

fn trusted_by(c: &Context<'_>, at: usize) -> String {
    match &c.account.roles()[at].trust {
        Field::Known(text) => c.trust.summary(text, c.account.id.as_deref()).to_string(),
        Field::Denied(_) => "denied".into(),
        _ => c.theme.symbols.none.into(),
    }
}

fn attached(c: &Context<'_>, at: usize) -> usize {
    let policy = &c.account.policies()[at];
    c.account
        .attachments(&policy.arn)
        .map_or(0, |a| a.attached())
}

fn bounds(c: &Context<'_>, at: usize) -> usize {
    let policy = &c.account.policies()[at];
    c.account
        .attachments(&policy.arn)
        .map_or(0, |a| a.bounded())
}

fn policy_kind(c: &Context<'_>, at: usize) -> &'static str {
    if c.account.policies()[at].is_aws_managed() {
        "aws"
    } else {
        "customer"
    }
}

const USERS: &[Column] = &[
    Column {
        title: "NAME",
        min: 10,
        ideal: 27,
        rank: 0,
        right: false,
        cell: |c, at| c.account.users()[at].name.to_string(),
        key: |c, at| text(&c.account.users()[at].name),
    },
    Column {
        title: "PATH",
        min: 6,
        ideal: 14,
        rank: 6,
        right: false,
        cell: |c, at| c.account.users()[at].path.to_string(),
        key: |c, at| text(&c.account.users()[at].path),
    },
    Column {
        title: "GROUPS",
        min: 6,
        ideal: 6,
        rank: 4,
        right: true,
        cell: |c, at| count_cell(c, c.account.users()[at].groups.known().map(Vec::len)),
        key: |c, at| number(c.account.users()[at].groups.known().map(Vec::len)),
    },
    Column {
        title: "POLICIES",
        min: 8,
        ideal: 8,
        rank: 3,
        right: false,
        cell: |c, at| {
            let user = &c.account.users()[at];
            bounded(
                count_cell(c, policies(&user.attached, &user.inline)),
                &user.boundary,
            )
        },
        key: |c, at| {
            let user = &c.account.users()[at];
            number(policies(&user.attached, &user.inline))
        },
    },
    Column {
        title: "MFA",
        min: 6,
        ideal: 6,
        rank: 2,
        right: false,
        cell: mfa,
        key: |c, at| text(&mfa(c, at)),
    },
    Column {
        title: "KEYS",
        min: 6,
        ideal: 6,
        rank: 5,
        right: false,
        cell: keys,
        key: |c, at| text(&keys(c, at)),
    },
    Column {
        title: "USED",
        min: 6,
        ideal: 6,
        rank: 1,
        right: false,
        cell: |c, at| last_cell(c, c.account.users()[at].details.last_used()),
        key: |c, at| last(c.account.users()[at].details.last_used()),
    },
    Column {
        title: "CREATED",
        min: 10,
        ideal: 10,
        rank: 7,
        right: false,
        cell: |c, at| date_cell(c, c.account.users()[at].created),
        key: |c, at| time(c.account.users()[at].created),
    },
];

const GROUPS: &[Column] = &[
    Column {
        title: "NAME",
        min: 10,
        ideal: 27,
        rank: 0,
        right: false,
        cell: |c, at| c.account.groups()[at].name.to_string(),
        key: |c, at| text(&c.account.groups()[at].name),
    },
    Column {
        title: "PATH",
        min: 6,
        ideal: 14,
        rank: 3,
        right: false,
        cell: |c, at| c.account.groups()[at].path.to_string(),
        key: |c, at| text(&c.account.groups()[at].path),
    },
    Column {
        title: "MEMBERS",
        min: 7,
        ideal: 7,
        rank: 1,
        right: true,
        cell: |c, at| {
            c.account
                .members(&c.account.groups()[at].name)
                .len()
                .to_string()
        },
        key: |c, at| number(Some(c.account.members(&c.account.groups()[at].name).len())),
    },
    Column {
        title: "POLICIES",
        min: 8,
        ideal: 8,
        rank: 2,
        right: true,
        cell: |c, at| {
            let group = &c.account.groups()[at];
            count_cell(c, policies(&group.attached, &group.inline))
        },
        key: |c, at| {
            let group = &c.account.groups()[at];
            number(policies(&group.attached, &group.inline))
        },
    },
    Column {
        title: "CREATED",
        min: 10,
        ideal: 10,
        rank: 4,
        right: false,
        cell: |c, at| date_cell(c, c.account.groups()[at].created),
        key: |c, at| time(c.account.groups()[at].created),
    },
];

const ROLES: &[Column] = &[
    Column {
        title: "NAME",
        min: 10,
        ideal: 27,
        rank: 0,
        right: false,
        cell: |c, at| c.account.roles()[at].name.to_string(),
        key: |c, at| text(&c.account.roles()[at].name),
    },
    Column {
        title: "TRUSTED BY",
        min: 12,
        ideal: 20,
        rank: 1,
        right: false,
        cell: trusted_by,
        key: |c, at| text(&trusted_by(c, at)),
    },
    Column {
        title: "USED",
        min: 6,
        ideal: 6,
        rank: 2,
        right: false,
        cell: |c, at| {
            let used = c.account.roles()[at].last_used.as_ref();
            last_cell(c, used.map(|u| u.as_ref().map(|u| u.at)))
        },
        key: |c, at| {
            let used = c.account.roles()[at].last_used.as_ref();
            last(used.map(|u| u.as_ref().map(|u| u.at)))
        },
    },
    Column {
        title: "POLICIES",
        min: 8,
        ideal: 8,
        rank: 3,
        right: false,
        cell: |c, at| {
            let role = &c.account.roles()[at];
            bounded(
                count_cell(c, policies(&role.attached, &role.inline)),
                &role.boundary,
            )
        },
        key: |c, at| {
            let role = &c.account.roles()[at];
            number(policies(&role.attached, &role.inline))
        },
    },
    Column {
        title: "PATH",
        min: 6,
        ideal: 14,
        rank: 4,
        right: false,
        cell: |c, at| c.account.roles()[at].path.to_string(),
        key: |c, at| text(&c.account.roles()[at].path),
    },
    Column {
        title: "CREATED",
        min: 10,
        ideal: 10,
        rank: 5,
        right: false,
        cell: |c, at| date_cell(c, c.account.roles()[at].created),
        key: |c, at| time(c.account.roles()[at].created),
    },
];

const POLICIES: &[Column] = &[
    Column {
        title: "NAME",
        min: 10,
        ideal: 24,
        rank: 0,
        right: false,
        cell: |c, at| c.account.policies()[at].name.to_string(),
        key: |c, at| text(&c.account.policies()[at].name),
    },
    Column {
        title: "KIND",
        min: 8,
        ideal: 8,
        rank: 2,
        right: false,
        cell: |c, at| policy_kind(c, at).into(),
        key: |c, at| text(policy_kind(c, at)),
    },
    Column {
        title: "ATTACHED",
        min: 8,
        ideal: 8,
        rank: 1,
        right: true,
        cell: |c, at| attached(c, at).to_string(),
        key: |c, at| number(Some(attached(c, at))),
    },
    Column {
        title: "BOUNDS",
        min: 6,
        ideal: 6,
        rank: 5,
        right: true,
        cell: |c, at| bounds(c, at).to_string(),
        key: |c, at| number(Some(bounds(c, at))),
    },
    Column {
        title: "VERSION",
        min: 7,
        ideal: 7,
        rank: 4,
        right: false,
        cell: |c, at| c.account.policies()[at].default_version.to_string(),
        key: |c, at| {
            let version = &c.account.policies()[at].default_version;
            number(version.trim_start_matches('v').parse().ok())
        },
    },
    Column {
        title: "UPDATED",
        min: 10,
        ideal: 10,
        rank: 3,
        right: false,
        cell: |c, at| date_cell(c, c.account.policies()[at].updated),
        key: |c, at| time(c.account.policies()[at].updated),
    },
    Column {
        title: "PATH",
        min: 6,
        ideal: 14,
        rank: 6,
        right: false,
        cell: |c, at| c.account.policies()[at].path.to_string(),
        key: |c, at| text(&c.account.policies()[at].path),
    },
    Column {
        title: "CREATED",
        min: 10,
        ideal: 10,
        rank: 7,
        right: false,
        cell: |c, at| date_cell(c, c.account.policies()[at].created),
        key: |c, at| time(c.account.policies()[at].created),
    },
];

/// Which columns fit into a width, with their widths. A gap of one stands between two. The first
/// column takes what is left over, and gives way last.
pub fn fit(columns: &'static [Column], width: u16) -> Vec<(&'static Column, u16)> {
    let mut chosen: Vec<usize> = (0..columns.len()).collect();
    let minimum = |chosen: &[usize]| {
        chosen
            .iter()
            .map(|&i| columns[i].min + 1)
            .sum::<u16>()
            .saturating_sub(1)
    };
    while chosen.len() > 1 && minimum(&chosen) + 8 > width {
        let worst = chosen.iter().copied().max_by_key(|&i| columns[i].rank);
        chosen.retain(|&i| Some(i) != worst);
    }
    let mut widths: Vec<u16> = chosen.iter().map(|&i| columns[i].min).collect();
    let mut left = width.saturating_sub(minimum(&chosen));
    for (at, &i) in chosen.iter().enumerate() {
        let more = (columns[i].ideal - columns[i].min).min(left);
        widths[at] += more;
        left -= more;
    }
    if let Some(first) = widths.first_mut() {
        *first += left.min(24);
    }
    chosen
        .into_iter()
        .map(|i| &columns[i])
        .zip(widths)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_every_width_and_the_name_never_goes() {
        for kind in Kind::ALL {
            for width in 1..200 {
                let fitted = fit(columns(kind), width);
                assert_eq!(fitted[0].0.title, "NAME");
                let total: u16 = fitted.iter().map(|(_, w)| w + 1).sum::<u16>() - 1;
                assert!(
                    fitted.len() == 1 || total <= width,
                    "{kind:?} {width} {total}"
                );
            }
            assert!(fit(columns(kind), 20).len() <= 2);
            assert_eq!(fit(columns(kind), 120).len(), columns(kind).len());
        }
    }
}
