//! Fetches what the backbone read lacks, a few things at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{Interrupt, Target};
use crate::cli::load;
use crate::cli::status::Status;
use crate::iam::{
    Account, Batch, Field, Group, InlinePolicy, ManagedPolicy, Role, RoleDetails, User, UserDetails,
};
use crate::source::{Entity, Problem, Source};

/// How many entities are asked about at a time; IAM throttles each account.
const AT_ONCE: usize = 4;

/// After this many answers in a row that failed, asking on makes no sense.
const FAILURES: usize = 8;

/// How often what came is put into the partial file.
const KEEP_EVERY: Duration = Duration::from_secs(60);

/// How the fetching ended.
pub(super) enum Ended {
    Whole,
    /// Before everything was asked for.
    Early {
        /// What stands in the way; none for a signal.
        why: Option<Problem>,
        /// The number for the shell.
        number: u8,
    },
}

/// Takes over what an earlier run fetched. What failed then is asked for again.
///
/// # Errors
/// A [`Problem`] where that was another account.
pub(super) fn keep(account: &mut Account, partial: &Account) -> Result<(), Problem> {
    if account.id != partial.id {
        let id = |account: &Account| account.id.as_deref().unwrap_or("unknown").to_owned();
        return Err(Problem::new(
            "cannot go on from the partial file",
            format!("it is of account {}, this is {}", id(partial), id(account)),
        )
        .next("name another file with -o, or delete the partial one"));
    }
    for user in partial.users() {
        account.set_user_details(&user.arn, without_failures(&user.details));
    }
    for role in partial.roles() {
        let details = RoleDetails {
            description: unfailed(&role.details.description),
            max_session_duration: unfailed(&role.details.max_session_duration),
        };
        account.set_role_details(&role.arn, details);
    }
    for policy in partial.policies() {
        let tags = unfailed(&policy.tags);
        if !tags.is_unknown() {
            account.set_policy_tags(&policy.arn, tags);
        }
    }
    Ok(())
}

fn without_failures(details: &UserDetails) -> UserDetails {
    let mut details = UserDetails {
        password_last_used: unfailed(&details.password_last_used),
        login_profile: unfailed(&details.login_profile),
        access_keys: unfailed(&details.access_keys),
        mfa_devices: unfailed(&details.mfa_devices),
        ssh_keys: unfailed(&details.ssh_keys),
        service_credentials: unfailed(&details.service_credentials),
    };
    if let Field::Known(keys) = &details.access_keys
        && keys
            .iter()
            .any(|key| matches!(key.last_used, Field::Failed(_) | Field::Unknown))
    {
        details.access_keys = Field::Unknown;
    }
    details
}

fn unfailed<T: Clone>(field: &Field<T>) -> Field<T> {
    match field {
        Field::Failed(_) => Field::Unknown,
        other => other.clone(),
    }
}

/// What lacks something that a call can tell.
pub(super) fn lacking(account: &Account) -> impl Iterator<Item = Entity> {
    let users = account.users().iter().filter(|u| user_lacks(u));
    let groups = account.groups().iter().filter(|g| group_lacks(g));
    let roles = account.roles().iter().filter(|r| role_lacks(r));
    let policies = account.policies().iter().filter(|p| policy_lacks(p));
    users
        .map(|u| Entity::User(u.clone()))
        .chain(groups.map(|g| Entity::Group(g.clone())))
        .chain(roles.map(|r| Entity::Role(r.clone())))
        .chain(policies.map(|p| Entity::Policy(p.clone())))
}

fn user_lacks(user: &User) -> bool {
    !user.details.complete()
        || user.groups.is_unknown()
        || user.attached.is_unknown()
        || inline_lacks(&user.inline)
        || user.boundary.is_unknown()
        || user.tags.is_unknown()
}

fn group_lacks(group: &Group) -> bool {
    group.attached.is_unknown() || inline_lacks(&group.inline)
}

fn role_lacks(role: &Role) -> bool {
    !role.details.complete()
        || role.trust.is_unknown()
        || role.attached.is_unknown()
        || inline_lacks(&role.inline)
        || role.boundary.is_unknown()
        || role.tags.is_unknown()
        || role.instance_profiles.is_unknown()
}

fn policy_lacks(policy: &ManagedPolicy) -> bool {
    // Only a customer's policies can be tagged.
    let tags = policy.tags.is_unknown() && !policy.is_aws_managed();
    tags || match &policy.versions {
        Field::Unknown => true,
        Field::Known(versions) => versions.iter().any(|v| v.document.is_unknown()),
        Field::Denied(_) | Field::Failed(_) => false,
    }
}

fn inline_lacks(field: &Field<Vec<InlinePolicy>>) -> bool {
    match field {
        Field::Unknown => true,
        Field::Known(policies) => policies.iter().any(|p| p.document.is_unknown()),
        Field::Denied(_) | Field::Failed(_) => false,
    }
}

/// How many users, roles and policies have a detail that could not be read.
pub(super) fn failed(account: &Account) -> usize {
    let users = account.users().iter().filter(|u| user_failed(&u.details));
    let roles = account.roles().iter().filter(|r| role_failed(&r.details));
    let policies = account.policies().iter();
    let policies = policies.filter(|p| reason(&p.tags).is_some());
    users.count() + roles.count() + policies.count()
}

fn reason<T>(field: &Field<T>) -> Option<&str> {
    match field {
        Field::Failed(why) => Some(why),
        _ => None,
    }
}

fn user_failure(details: &UserDetails) -> Option<&str> {
    reason(&details.password_last_used)
        .or(reason(&details.login_profile))
        .or(reason(&details.access_keys))
        .or(reason(&details.mfa_devices))
        .or(reason(&details.ssh_keys))
        .or(reason(&details.service_credentials))
}

fn role_failure(details: &RoleDetails) -> Option<&str> {
    reason(&details.description).or(reason(&details.max_session_duration))
}

fn user_failed(details: &UserDetails) -> bool {
    user_failure(details).is_some()
}

fn role_failed(details: &RoleDetails) -> bool {
    role_failure(details).is_some()
}

/// Why an answer failed, if it did.
fn failure(batch: &Batch) -> Option<String> {
    let users = batch.users.iter().find_map(|u| user_failure(&u.details));
    let roles = batch.roles.iter().find_map(|r| role_failure(&r.details));
    let policies = batch.policies.iter().find_map(|p| reason(&p.tags));
    users.or(roles).or(policies).map(str::to_owned)
}

/// Asks about everything that lacks something, and takes the answers into `account`.
///
/// # Errors
/// A [`Problem`] where the partial file cannot be written.
pub(super) async fn fetch(
    source: &Arc<Source>,
    account: &mut Account,
    target: &Target,
    interrupt: &Interrupt,
    status: &Status,
) -> Result<Ended, Problem> {
    interrupt.handle();
    let mut left: Vec<Entity> = lacking(account).collect();
    left.reverse();
    let total = left.len();
    let (sink, mut news) = mpsc::unbounded_channel();
    let mut running = JoinSet::new();
    let (mut done, mut failures, mut kept) = (0, 0, Instant::now());
    loop {
        while running.len() < AT_ONCE
            && let Some(entity) = left.pop()
        {
            let (source, sink) = (source.clone(), sink.clone());
            running.spawn(async move { source.fetch(entity, &sink).await });
        }
        tokio::select! {
            answer = running.join_next() => match answer {
                None => return Ok(Ended::Whole),
                Some(Err(error)) => return Ok(Ended::early("a call broke down", &error.to_string())),
                Some(Ok(batch)) => {
                    done += 1;
                    let why = failure(&batch);
                    failures = if why.is_some() { failures + 1 } else { 0 };
                    account.absorb(batch);
                    if let Some(why) = why && failures >= FAILURES {
                        return Ok(Ended::early("cannot fetch the details", &why));
                    }
                    status.progress(|| format!("fetching details: {done}/{total}"));
                }
            },
            Some(event) = news.recv() => load::tell(&event, status),
            number = interrupt.wait() => return Ok(Ended::Early { why: None, number }),
        }
        if kept.elapsed() >= KEEP_EVERY {
            target.keep_partial(account)?;
            kept = Instant::now();
        }
    }
}

impl Ended {
    fn early(what: &str, why: &str) -> Self {
        let problem = Problem::new(what, why);
        let number = problem.exit.code();
        Self::Early {
            why: Some(problem),
            number,
        }
    }
}
