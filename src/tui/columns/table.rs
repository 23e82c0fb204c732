//! The table: the columns of each kind.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Column, Context, Value, word};
use crate::iam::{Field, InlinePolicy, Status};

/// A column whose cells stand at its left edge.
const fn column(
    title: &'static str,
    (min, ideal): (u16, u16),
    rank: u8,
    value: for<'a> fn(&Context<'a>, usize) -> Value<'a>,
) -> Column {
    Column {
        title,
        min,
        ideal,
        rank,
        right: false,
        value,
    }
}

/// A column of numbers, which stand at its right edge.
const fn numbers(
    title: &'static str,
    width: u16,
    rank: u8,
    value: for<'a> fn(&Context<'a>, usize) -> Value<'a>,
) -> Column {
    Column {
        right: true,
        ..column(title, (width, width), rank, value)
    }
}

fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

fn missing<'a, T>(field: &Field<T>) -> Value<'a> {
    Value::Missing(word(field).unwrap_or_default())
}

fn policies(
    attached: &Field<Vec<Arc<str>>>,
    inline: &Field<Vec<InlinePolicy>>,
    boundary: &Field<Option<Arc<str>>>,
) -> Value<'static> {
    let count = attached.known().zip(inline.known());
    let bounded = matches!(boundary, Field::Known(Some(_)));
    Value::Policies(count.map(|(a, i)| a.len() + i.len()), bounded)
}

pub(super) const USERS: &[Column] = &[
    column("NAME", (10, 27), 0, |c, at| {
        text(&c.account.users()[at].name)
    }),
    column("PATH", (6, 14), 6, |c, at| {
        text(&c.account.users()[at].path)
    }),
    numbers("GROUPS", 6, 4, |c, at| {
        Value::Count(c.account.users()[at].groups.known().map(Vec::len))
    }),
    column("POLICIES", (8, 8), 3, |c, at| {
        let user = &c.account.users()[at];
        policies(&user.attached, &user.inline, &user.boundary)
    }),
    column("MFA", (6, 6), 2, mfa),
    column("KEYS", (6, 6), 5, keys),
    column("USED", (6, 6), 1, |c, at| {
        Value::Used(c.account.users()[at].details.last_used())
    }),
    column("CREATED", (10, 10), 7, |c, at| {
        Value::Date(c.account.users()[at].created)
    }),
];

pub(super) const GROUPS: &[Column] = &[
    column("NAME", (10, 27), 0, |c, at| {
        text(&c.account.groups()[at].name)
    }),
    column("PATH", (6, 14), 3, |c, at| {
        text(&c.account.groups()[at].path)
    }),
    numbers("MEMBERS", 7, 1, |c, at| {
        let group = &c.account.groups()[at];
        Value::Count(Some(c.account.members(&group.name).len()))
    }),
    numbers("POLICIES", 8, 2, |c, at| {
        let group = &c.account.groups()[at];
        policies(&group.attached, &group.inline, &Field::Unknown)
    }),
    column("CREATED", (10, 10), 4, |c, at| {
        Value::Date(c.account.groups()[at].created)
    }),
];

pub(super) const ROLES: &[Column] = &[
    column("NAME", (10, 27), 0, |c, at| {
        text(&c.account.roles()[at].name)
    }),
    column("TRUSTED BY", (12, 20), 1, trusted_by),
    column("USED", (6, 6), 2, |c, at| {
        let used = c.account.roles()[at].last_used.as_ref();
        Value::Used(used.map(|used| used.as_ref().map(|used| used.at)))
    }),
    column("POLICIES", (8, 8), 3, |c, at| {
        let role = &c.account.roles()[at];
        policies(&role.attached, &role.inline, &role.boundary)
    }),
    column("PATH", (6, 14), 4, |c, at| {
        text(&c.account.roles()[at].path)
    }),
    column("CREATED", (10, 10), 5, |c, at| {
        Value::Date(c.account.roles()[at].created)
    }),
];

pub(super) const POLICIES: &[Column] = &[
    column("NAME", (10, 27), 0, |c, at| {
        text(&c.account.policies()[at].name)
    }),
    column("KIND", (8, 8), 2, |c, at| {
        let aws = c.account.policies()[at].is_aws_managed();
        text(if aws { "aws" } else { "customer" })
    }),
    numbers("ATTACHED", 8, 1, |c, at| {
        let found = c.account.attachments(&c.account.policies()[at].arn);
        Value::Count(Some(found.map_or(0, |found| found.attached())))
    }),
    numbers("BOUNDS", 6, 5, |c, at| {
        let found = c.account.attachments(&c.account.policies()[at].arn);
        Value::Count(Some(found.map_or(0, |found| found.bounded())))
    }),
    column("VERSION", (7, 7), 4, |c, at| {
        Value::Version(&c.account.policies()[at].default_version)
    }),
    column("UPDATED", (10, 10), 3, |c, at| {
        Value::Date(c.account.policies()[at].updated)
    }),
    column("PATH", (6, 14), 6, |c, at| {
        text(&c.account.policies()[at].path)
    }),
    column("CREATED", (10, 10), 7, |c, at| {
        Value::Date(c.account.policies()[at].created)
    }),
];

/// Whether there is a second factor; its lack is marked where there is a password.
fn mfa<'a>(c: &Context<'a>, at: usize) -> Value<'a> {
    let details = &c.account.users()[at].details;
    match (&details.mfa_devices, &details.login_profile) {
        (Field::Known(devices), _) if !devices.is_empty() => text(c.theme.symbols.yes),
        (Field::Known(_), Field::Known(Some(_))) => {
            Value::Text(format!("{} none", c.theme.symbols.no).into())
        }
        (Field::Known(_), _) => text("none"),
        (other, _) => missing(other),
    }
}

/// How many access keys, and how many of them are active where not all are.
fn keys<'a>(c: &Context<'a>, at: usize) -> Value<'a> {
    let field = &c.account.users()[at].details.access_keys;
    let Field::Known(keys) = field else {
        return missing(field);
    };
    let active = keys
        .iter()
        .filter(|key| key.status == Status::Active)
        .count();
    if active == keys.len() {
        Value::Count(Some(active))
    } else {
        Value::Text(format!("{active} of {}", keys.len()).into())
    }
}

fn trusted_by<'a>(c: &Context<'a>, at: usize) -> Value<'a> {
    match &c.account.roles()[at].trust {
        Field::Known(trust) => {
            let words = c.trust.summary(trust, c.account.id.as_deref());
            Value::Text(words.to_string().into())
        }
        other => missing(other),
    }
}
