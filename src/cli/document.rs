//! `iamscope document ARN [NAME]`: the text that spans count in.

use super::{Global, load, output};
use crate::access::{Stored, stored};
use crate::catalog;
use crate::iam::{Kind, Organization};
use crate::source::{ExitCode, Problem};

/// What `document` takes.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The ARN of a managed policy; of a role, for its trust policy; of the user, group or role
    /// whose inline policy NAME is; of a resource, for its policy; or the name of a policy of the
    /// organisation
    arn: String,
    /// The name of an inline policy
    name: Option<String>,
}

/// Runs the command.
pub(super) fn run(options: &Options, global: &Global) -> Result<(), Problem> {
    let (arn, name) = (options.arn.as_str(), options.name.as_deref());
    let account = load::for_question(global, |account| match stored(account, arn, name) {
        Stored::Unread => account.find(arn).into_iter().collect(),
        Stored::Text(_) | Stored::Nothing | Stored::Several => Vec::new(),
    })?;
    match stored(&account, arn, name) {
        // Not a byte more: the spans of an answer count in just this text.
        Stored::Text(text) => output::to_stdout(|out| out.write_all(text.as_bytes())),
        Stored::Unread => Err(Problem::new(
            format!("cannot print {arn}"),
            "its document was not read",
        )),
        Stored::Several => Err(Problem::new(
            format!("cannot print {arn}"),
            "the organisation has several policies of this name, and they differ",
        )
        .exit(ExitCode::Usage)),
        Stored::Nothing => {
            let what = match name {
                Some(name) => format!("{arn} has no inline policy {name:?}"),
                None if Kind::of_arn(arn).is_some_and(|kind| kind != Kind::Policy) => {
                    format!("{arn} is no policy")
                }
                None => format!("the account has no policy {arn:?}"),
            };
            let problem = Problem::new(what, "").exit(ExitCode::Usage);
            let names = inline_names(&account, arn);
            let nearest = match name {
                Some(name) => catalog::nearest(name, names.iter().copied(), 3),
                None => names.clone(),
            };
            Err(if !nearest.is_empty() && name.is_some() {
                problem.next(format!("did you mean {}?", nearest.join(", ")))
            } else if !names.is_empty() {
                problem.next(format!("its inline policies: {}", names.join(", ")))
            } else {
                let policies = account.policies().iter().map(|it| &*it.arn);
                let resources = account.resource_policies.keys().map(|it| &**it);
                let organization = account.organization.iter();
                let names = organization.flat_map(Organization::policies);
                let names = names.map(|it| it.name.as_str());
                let near = catalog::nearest(arn, policies.chain(resources).chain(names), 3);
                match near.is_empty() {
                    true => problem,
                    false => problem.next(format!("did you mean {}?", near.join(", "))),
                }
            })
        }
    }
}

fn inline_names<'a>(account: &'a crate::iam::Account, arn: &str) -> Vec<&'a str> {
    let user = account.user(arn).map(|it| &it.inline);
    let group = account.group(arn).map(|it| &it.inline);
    let role = account.role(arn).map(|it| &it.inline);
    let list = user.or(group).or(role).and_then(|it| it.known());
    let list = list.into_iter().flatten();
    list.map(|policy| policy.name.as_str()).collect()
}
