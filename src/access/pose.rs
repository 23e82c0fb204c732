//! A question about an account, made ready: which policies bear on it, and what is known.
//!
//! What principal and resource themselves determine is filled in, and nothing else. What was not
//! loaded is unknown, not absent: either the question carries it as unknown, or an [`Assumption`]
//! is listed with it.

mod known;
mod lacking;
mod policies;
mod principal;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::caller::{Caller, CallerKind};
use super::facts::{Fact, Facts, Rest};
use super::prepared::PolicyUse;
use super::question::{OwnResourcePolicy, Policy, Question};
use super::request::{is_assume_role, is_kms_key};
use crate::iam::{Account, Arn, EntityRef, Kind, NamedPolicy, Organization, Role};
use crate::policy::Scope;

pub(super) use known::{may_tag_sessions, of_principal, of_request};
pub use lacking::{lacking, lacking_of_all};
pub(super) use policies::{Managed, managed};
pub use policies::{Stored, stored, stored_as};
pub use principal::{PrincipalError, principal};
pub(super) use principal::{of_role, of_user};

/// What a question about an account is asked with.
#[derive(Debug, Clone, Default)]
pub struct Terms<'a> {
    /// Condition keys with their values.
    pub context: Vec<(String, Vec<String>)>,
    /// Whether keys that are neither given nor known are missing.
    pub is_strict: bool,
    /// The time of the request.
    pub now: Option<Timestamp>,
    /// The policy of the resource: its name and text. It wins over one that the account brings.
    pub resource_policy: Option<(&'a str, &'a str)>,
    /// The account that the resource belongs to.
    pub resource_account: Option<&'a str>,
    /// The policy that was passed with the session: its name and text.
    pub session_policy: Option<(&'a str, &'a str)>,
    /// The organisation. It wins over one that the account brings.
    pub organization: Option<&'a Organization>,
}

impl<'a> Terms<'a> {
    /// The organisation that binds the account.
    pub(super) fn organization_of(&self, account: &'a Account) -> Option<&'a Organization> {
        self.organization.or(account.organization.as_ref())
    }
}

/// Something that an answer takes for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assumption {
    /// A resource of the account has no policy of its own.
    NoResourcePolicy(String),
    /// What is asked about stands for several resources that have policies, which are not asked.
    PoliciesNotAsked {
        /// What was asked about.
        resource: String,
        /// The ARNs of those resources.
        having: Vec<String>,
    },
    /// A KMS key has the policy that AWS gives it, which leaves it to the account's own policies.
    DefaultKeyPolicy(String),
    /// An ARN that names no account is of this one.
    OwnResource {
        /// The ARN.
        resource: String,
        /// The account.
        account: String,
    },
    /// Of what a pattern describes, only the resources of one account are meant.
    OwnResources {
        /// The pattern.
        resource: String,
        /// The account.
        account: String,
    },
    /// The account has no role that a pattern matches.
    NoRole(String),
    /// The account has no such user, role, group or policy.
    NotInAccount {
        /// The ARN that was asked about.
        resource: String,
        /// The ARNs that come nearest.
        nearest: Vec<String>,
    },
    /// No organisation binds the account: none was loaded.
    NoOrganization,
    /// What the organisation of another account says is not known.
    OtherOrganization(String),
    /// The session has no policy of its own.
    NoSessionPolicy,
    /// The action has no resources: it is decided on `*`.
    NoResourceType {
        /// The action.
        action: String,
        /// What was asked about.
        resource: String,
    },
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoResourcePolicy(resource) => {
                write!(f, "{resource} has no policy of its own (none was loaded)")
            }
            Self::PoliciesNotAsked { resource, having } => {
                const SHOWN: usize = 3;
                let shown = having[..having.len().min(SHOWN)].join(", ");
                write!(
                    f,
                    "{resource} is no single resource: the policies of {shown}"
                )?;
                match having.len().saturating_sub(SHOWN) {
                    0 => f.write_str(" are not asked"),
                    more => write!(f, " and {more} more are not asked"),
                }
            }
            Self::DefaultKeyPolicy(key) => write!(
                f,
                "{key} has the default key policy, which leaves it to the account's own policies"
            ),
            Self::OwnResource { resource, account } => {
                write!(
                    f,
                    "{resource} belongs to account {account} (its ARN names none)"
                )
            }
            Self::OwnResources { resource, account } => {
                write!(f, "of {resource}, only what belongs to account {account}")
            }
            Self::NoRole(resource) => write!(f, "no role of the account matches {resource}"),
            Self::NotInAccount { resource, nearest } => {
                write!(f, "{resource} is not in the account")?;
                match &nearest[..] {
                    [] => Ok(()),
                    nearest => write!(f, " (did you mean {}?)", nearest.join(", ")),
                }
            }
            Self::NoOrganization => f.write_str(
                "no policy of an organisation binds the account (none was loaded: --organization)",
            ),
            Self::OtherOrganization(account) => {
                write!(f, "no policy of an organisation binds account {account}")
            }
            Self::NoSessionPolicy => {
                f.write_str("the session was started without a policy of its own")
            }
            Self::NoResourceType { action, resource } => write!(
                f,
                "{action} works on no single resource: decided on * instead of {resource}"
            ),
        }
    }
}

/// A question about an account, with what its answer takes for granted.
#[derive(Debug, Clone)]
pub struct Posed<'a> {
    /// The question.
    pub question: Question<'a>,
    /// What is assumed.
    pub assumptions: Vec<Assumption>,
}

/// Poses a question about an account.
pub fn pose<'a>(
    account: &'a Account,
    terms: &Terms<'a>,
    caller: Caller,
    action: &str,
    resource: &'a str,
) -> Posed<'a> {
    let mut assumptions = Vec::new();
    let resource = on_what(action, resource, &mut assumptions);
    let mut question = Question::new(caller, action, resource);
    if is_pattern(&question.resource) && has_resources(action) {
        question.scope = Some(Arc::new(Scope::new(&question.resource)));
    }
    let owner = owner(account, terms, &question, &mut assumptions);
    question.resource_account = owner.map(Cow::Owned);
    question.facts = known::facts(account, terms, &question, nothing_known(terms));
    policies::of_principal(account, &mut question);
    if let Some((name, text)) = terms.session_policy {
        let policy = Policy::new(name, Cow::Borrowed(text), PolicyUse::Identity);
        question.session = Some(policy);
    } else if matches!(question.caller.kind, CallerKind::Session { .. }) {
        assumptions.push(Assumption::NoSessionPolicy);
    }
    question.resource_policy = resource_policy(account, terms, &question, &mut assumptions);
    organization(account, terms, &mut question, &mut assumptions);
    Posed {
        question,
        assumptions,
    }
}

/// Puts a role in place of the scope that a question is about.
pub(super) fn at_role<'a>(
    account: &'a Account,
    terms: &Terms<'a>,
    question: &mut Question<'a>,
    role: &'a Role,
) {
    question.scope = None;
    question.resource = Cow::Borrowed(&role.arn);
    question.resource_policy = OwnResourcePolicy::Policy(policies::trust(role));
    question.facts = known::facts(account, terms, question, nothing_known(terms));
}

fn nothing_known(terms: &Terms<'_>) -> Facts {
    Facts::new(match terms.is_strict {
        true => Rest::Missing,
        false => Rest::Unknown,
    })
}

/// Whether a resource is a pattern of resources.
pub(super) fn is_pattern(resource: &str) -> bool {
    resource.contains(['*', '?'])
}

/// Whether an action works on resources. One that the catalogue does not know may.
fn has_resources(action: &str) -> bool {
    let found = crate::catalog::action(action);
    found.is_none_or(|action| action.resource_types().len() > 0)
}

/// Actions that have no resources are decided on `*`, whatever was asked.
fn on_what<'a>(action: &str, resource: &'a str, assumptions: &mut Vec<Assumption>) -> Cow<'a, str> {
    if !has_resources(action) && resource != "*" {
        assumptions.push(Assumption::NoResourceType {
            action: action.to_owned(),
            resource: resource.to_owned(),
        });
        return Cow::Borrowed("*");
    }
    Cow::Borrowed(resource)
}

/// The account that the resource belongs to.
fn owner(
    account: &Account,
    terms: &Terms<'_>,
    question: &Question<'_>,
    assumptions: &mut Vec<Assumption>,
) -> Option<String> {
    if let Some(id) = terms.resource_account {
        return Some(id.to_owned());
    }
    let own = account.id.as_deref()?;
    let resource = question.resource.as_ref();
    match Arn::parse(resource) {
        Ok(arn) if arn.account.len() == 12 => return Some(arn.account.to_owned()),
        Ok(arn) if is_pattern(arn.account) => assumptions.push(of_own(resource, own)),
        Ok(_) => assumptions.push(Assumption::OwnResource {
            resource: resource.to_owned(),
            account: own.to_owned(),
        }),
        Err(_) if resource != "*" => assumptions.push(of_own(resource, own)),
        Err(_) => {}
    }
    Some(own.to_owned())
}

fn of_own(resource: &str, account: &str) -> Assumption {
    Assumption::OwnResources {
        resource: resource.to_owned(),
        account: account.to_owned(),
    }
}

fn resource_policy<'a>(
    account: &'a Account,
    terms: &Terms<'a>,
    question: &Question<'a>,
    assumptions: &mut Vec<Assumption>,
) -> OwnResourcePolicy<'a> {
    let is_trust = is_assume_role(&question.action);
    if let Some((name, text)) = terms.resource_policy {
        let used_as = if is_trust {
            PolicyUse::Trust
        } else {
            PolicyUse::Resource
        };
        return OwnResourcePolicy::Policy(Policy::new(name, Cow::Borrowed(text), used_as));
    }
    let resource = question.resource.as_ref();
    let having = policies::of_several(account, &question.action, resource);
    if !having.is_empty() {
        assumptions.push(Assumption::PoliciesNotAsked {
            resource: resource.to_owned(),
            having: having.into_iter().map(str::to_owned).collect(),
        });
    }
    if is_trust && let Some(role) = account.role(resource) {
        return OwnResourcePolicy::Policy(policies::trust(role));
    }
    if resource == "*" {
        return OwnResourcePolicy::Absent;
    }
    if !is_trust && let Some(policy) = policies::of_resource(account, resource) {
        return OwnResourcePolicy::Policy(policy);
    }
    if question.resource_account.as_deref() != account.id.as_deref() {
        return OwnResourcePolicy::Unknown(resource.to_owned());
    }
    if is_kms_key(resource) {
        assumptions.push(Assumption::DefaultKeyPolicy(resource.to_owned()));
        return OwnResourcePolicy::Policy(policies::default_key(account, resource));
    }
    // Users, groups, policies and roles have no policies that grant, but for assuming.
    if let Some(kind) = Kind::of_arn(resource) {
        assumptions.extend(not_in_account(account, kind, resource));
    } else if !is_trust {
        assumptions.push(Assumption::NoResourcePolicy(resource.to_owned()));
    }
    OwnResourcePolicy::Absent
}

/// Notes that an entity of the account is asked about which is not there. A wildcard may mean
/// any.
fn not_in_account(account: &Account, kind: Kind, resource: &str) -> Option<Assumption> {
    if account.find(resource).is_some() || is_pattern(resource) {
        return None;
    }
    let name = resource.rsplit('/').next().unwrap_or(resource);
    let all = (0..account.count(kind)).filter_map(|at| account.reference(kind, at));
    let all: Vec<EntityRef> = all.collect();
    let same = all.iter().filter(|it| it.name().eq_ignore_ascii_case(name));
    let mut nearest: Vec<String> = same.map(|it| it.arn.to_string()).collect();
    if nearest.is_empty() {
        let near = crate::catalog::nearest(resource, all.iter().map(|it| &*it.arn), 3);
        nearest = near.into_iter().map(str::to_owned).collect();
    }
    Some(Assumption::NotInAccount {
        resource: resource.to_owned(),
        nearest,
    })
}

fn organization<'a>(
    account: &'a Account,
    terms: &Terms<'a>,
    question: &mut Question<'a>,
    assumptions: &mut Vec<Assumption>,
) {
    let own = account.id.as_deref();
    let Some(organization) = terms.organization_of(account) else {
        assumptions.push(Assumption::NoOrganization);
        return;
    };
    let is_bound = |id: Option<&str>| id == own && organization.management_account.as_deref() != id;
    let levels = || organization.levels.iter();
    let prepared = |policies: &'a [NamedPolicy], used_as| {
        let policies = policies.iter();
        policies
            .map(|it| Policy::new(it.name.as_str(), Cow::Borrowed(it.text.as_str()), used_as))
            .collect::<Vec<_>>()
    };
    if is_bound(question.caller.account.as_deref()) && levels().any(|level| level.scps.is_some()) {
        let scps = levels().filter_map(|level| level.scps.as_deref());
        let scps = scps.map(|policies| prepared(policies, PolicyUse::Identity));
        question.scps = Some(scps.collect());
    }
    if is_bound(question.resource_account.as_deref()) {
        let rcps = levels().map(|level| prepared(&level.rcps, PolicyUse::ResourceControl));
        question.rcps = Some(rcps.collect());
    }
    for other in [
        question.caller.account.as_deref(),
        question.resource_account.as_deref(),
    ] {
        if let Some(other) = other
            && Some(other) != own
        {
            let assumption = Assumption::OtherOrganization(other.to_owned());
            if !assumptions.contains(&assumption) {
                assumptions.push(assumption);
            }
        }
    }
}

/// A value of a key.
fn one(value: &str) -> Fact {
    Fact::Values(vec![value.into()])
}
