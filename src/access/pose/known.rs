//! What is known of a request from its principal and its resource.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>

use compact_str::format_compact;

use super::{Terms, one};
use crate::access::caller::{Caller, CallerKind};
use crate::access::facts::{Fact, Facts};
use crate::access::question::Question;
use crate::iam::{Account, Field, Kind, Role, Tag};
use crate::policy::{Document, Effect, Glob, Statement, Values};

/// Fills in what is known; what is given stands.
pub(super) fn facts(
    account: &Account,
    terms: &Terms<'_>,
    question: &Question<'_>,
    mut facts: Facts,
) -> Facts {
    of_request(account, terms, question, &mut facts);
    let tags_sessions = |role: &Role| match role.trust.known() {
        Some(trust) => may_tag_sessions(&Document::parse(trust.as_str())),
        None => true,
    };
    of_principal(account, terms, &question.caller, &tags_sessions, &mut facts);
    facts
}

/// What is given, and what is known whoever asks.
pub(in crate::access) fn of_request(
    account: &Account,
    terms: &Terms<'_>,
    question: &Question<'_>,
    facts: &mut Facts,
) {
    for (key, values) in &terms.context {
        let values = values.iter().map(|it| it.as_str().into()).collect();
        facts.set(key, Fact::Values(values));
    }
    if let Some(id) = &question.resource_account {
        facts.fill_in("aws:ResourceAccount", one(id));
    }
    if let Some(tags) = tags_of_resource(account, &question.resource) {
        for beginning in ["aws:ResourceTag/", "iam:ResourceTag/"] {
            set_tags(beginning, tags, facts);
        }
    }
    if let Some(now) = terms.now {
        facts.fill_in("aws:CurrentTime", one(&now.to_string()));
        facts.fill_in("aws:EpochTime", one(&now.as_second().to_string()));
    }
}

/// What the principal determines. `tags_sessions` says of a role whether somebody may start a
/// session with tags, which then stand instead of the role's.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>
pub(in crate::access) fn of_principal(
    account: &Account,
    terms: &Terms<'_>,
    caller: &Caller,
    tags_sessions: &dyn Fn(&Role) -> bool,
    facts: &mut Facts,
) {
    let kind = match &caller.kind {
        CallerKind::User { .. } => Some("User"),
        CallerKind::Role { .. } | CallerKind::Session { .. } => Some("AssumedRole"),
        CallerKind::FederatedUser { .. } => Some("FederatedUser"),
        CallerKind::Root => Some("Account"),
        CallerKind::Anonymous => Some("Anonymous"),
        CallerKind::Account | CallerKind::Service | CallerKind::Federated => None,
    };
    if let Some(kind) = kind {
        facts.fill_in("aws:PrincipalType", one(kind));
    }
    if caller.has_identity() {
        facts.fill_in("aws:PrincipalIsAWSService", one("false"));
    }
    if caller.has_identity()
        && let Some(id) = &caller.account
    {
        facts.fill_in("aws:PrincipalAccount", one(id));
        if caller.account.as_deref() == account.id.as_deref()
            && let Some(organization) = terms.organization_of(account)
            && let Some(id) = &organization.id
        {
            facts.fill_in("aws:PrincipalOrgID", one(id));
        }
    }
    match &caller.kind {
        CallerKind::User { name } => {
            let name = name.rsplit('/').next().unwrap_or(name);
            facts.fill_in("aws:PrincipalArn", one(&caller.arn));
            facts.fill_in("aws:username", one(name));
            if let Some(id) = &caller.unique_id {
                facts.fill_in("aws:userid", one(id));
            }
            if let Some(user) = account.user(&caller.arn) {
                set_tags("aws:PrincipalTag/", &user.tags, facts);
            }
        }
        CallerKind::Role { .. } => {
            of_role(account, caller, &caller.arn, None, tags_sessions, facts)
        }
        CallerKind::Session { role, session } => {
            let (partition, id) = (&account.partition, caller.account.as_deref());
            let id = id.unwrap_or_default();
            let arn = format_compact!("arn:{partition}:iam::{id}:role/{role}");
            of_role(account, caller, &arn, Some(session), tags_sessions, facts);
        }
        CallerKind::FederatedUser { name } => {
            facts.fill_in("aws:PrincipalArn", one(&caller.arn));
            let id = caller.account.as_deref().unwrap_or_default();
            facts.fill_in("aws:userid", one(&format_compact!("{id}:{name}")));
            facts.fill_in("aws:username", Fact::Missing);
        }
        CallerKind::Root => {
            facts.fill_in("aws:PrincipalArn", one(&caller.arn));
            if let Some(id) = &caller.account {
                facts.fill_in("aws:userid", one(id));
            }
            facts.fill_in("aws:username", Fact::Missing);
            facts.complete("aws:PrincipalTag/");
        }
        CallerKind::Anonymous => {
            facts.fill_in("aws:PrincipalAccount", one("anonymous"));
            facts.fill_in("aws:PrincipalOrgID", Fact::Missing);
            facts.fill_in("aws:PrincipalIsAWSService", Fact::Missing);
            facts.fill_in("aws:userid", one("anonymous"));
            facts.fill_in("aws:username", Fact::Missing);
            facts.complete("aws:PrincipalTag/");
        }
        CallerKind::Service => {
            facts.fill_in("aws:PrincipalIsAWSService", one("true"));
            facts.fill_in("aws:username", Fact::Missing);
        }
        CallerKind::Federated => facts.fill_in("aws:username", Fact::Missing),
        CallerKind::Account => {}
    }
}

fn of_role(
    account: &Account,
    caller: &Caller,
    arn: &str,
    session: Option<&str>,
    tags_sessions: &dyn Fn(&Role) -> bool,
    facts: &mut Facts,
) {
    facts.fill_in("aws:PrincipalArn", one(arn));
    facts.fill_in("aws:username", Fact::Missing);
    if let Some(id) = &caller.unique_id {
        let fact = match session {
            Some(session) => one(&format_compact!("{id}:{session}")),
            None => Fact::Beginning(format_compact!("{id}:")),
        };
        facts.fill_in("aws:userid", fact);
    }
    if let Some(role) = account.role(arn)
        && !tags_sessions(role)
    {
        set_tags("aws:PrincipalTag/", &role.tags, facts);
    }
}

/// Whether a trust policy lets somebody start a session with tags.
pub(in crate::access) fn may_tag_sessions(trust: &Document) -> bool {
    let names = |values: &Values| {
        let mut texts = values.texts();
        texts.any(|text| Glob::new(&text.to_ascii_lowercase()).matches("sts:tagsession"))
    };
    let allows = |statement: &Statement| {
        statement.effect != Some(Effect::Deny)
            && (statement.action.as_ref().is_some_and(names)
                || statement.not_action.as_ref().is_some_and(|it| !names(it)))
    };
    trust.statements.iter().any(allows)
}

/// The tags of a resource that is in the account.
fn tags_of_resource<'a>(account: &'a Account, arn: &str) -> Option<&'a Field<Vec<Tag>>> {
    match account.find(arn)?.kind {
        Kind::User => account.user(arn).map(|it| &it.tags),
        Kind::Role => account.role(arn).map(|it| &it.tags),
        Kind::Policy => account.policy(arn).map(|it| &it.tags),
        Kind::Group => None,
    }
}

/// Sets every tag; those that are not there are missing.
fn set_tags(beginning: &str, tags: &Field<Vec<Tag>>, facts: &mut Facts) {
    if let Field::Known(tags) = tags {
        for tag in tags {
            let key = format_compact!("{beginning}{}", tag.key);
            facts.fill_in(&key, one(&tag.value));
        }
        facts.complete(beginning);
    }
}
