//! What is asked, and which kinds of policies bear on it.

use std::sync::Arc;

use super::caller::{Caller, CallerKind};
use super::facts::Facts;
use crate::catalog;
use crate::policy::{Matched, Pattern, Scope};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// The action, such as `s3:GetObject`, in lower case.
    pub action: &'a str,
    /// The ARN of the resource, or `*`; where there is a scope, its text.
    pub resource: &'a str,
    /// Where all resources that a pattern describes are asked about, that pattern. Without it,
    /// the resource is this text, and a `*` in it is a letter like any other.
    pub scope: Option<&'a Arc<Scope>>,
    /// The account that the resource belongs to; none where nobody can tell.
    pub resource_account: Option<&'a str>,
    /// What is known of the request.
    pub facts: &'a Facts,
}

impl Request<'_> {
    /// Whether a pattern of a policy matches the resource: for a scope, whether it matches all of
    /// it (yes), nothing of it (no), or some.
    pub(super) fn is_matched_by(&self, pattern: &Pattern) -> Matched {
        let variable = |key: &str| self.facts.variable(key);
        match self.scope {
            Some(scope) => pattern.matches_scope(scope, variable),
            None => pattern.matches(self.resource, variable),
        }
    }

    /// Whether it is about assuming a role, or about what goes along with that: the role's trust
    /// policy must allow it.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html>
    pub fn is_assume_role(&self) -> bool {
        is_assume_role(self.action)
    }

    /// Whether the root user asks for the one thing that it cannot do.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
    pub(super) fn is_root_assuming(&self) -> bool {
        self.caller.kind == CallerKind::Root && self.action == "sts:assumerole"
    }

    /// Whether nothing but the resource's own policy can grant, within one account, too.
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
    pub(super) fn needs_resource_policy(&self) -> bool {
        self.is_assume_role() || is_kms_key(self.resource)
    }

    /// Whether caller and resource belong to one account. A resource of which nobody can tell the
    /// account counts as the caller's.
    pub(super) fn is_same_account(&self) -> bool {
        match (self.resource_account, self.caller.account.as_deref()) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }

    /// Whether resource control policies bind this request.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
    pub(super) fn knows_rcps(&self) -> bool {
        let service = self.action.split(':').next().unwrap_or_default();
        let is_aws_key = service == "kms" && self.resource.contains(":alias/aws/");
        !self.caller.is_service_linked()
            && self.action != "kms:retiregrant"
            && !is_aws_key
            && catalog::service(service).is_some_and(catalog::Service::supports_rcp)
    }

    /// Whether a permissions boundary binds the caller: only users and roles have one.
    pub(super) fn knows_boundaries(&self) -> bool {
        self.caller.has_identity() && self.caller.kind != CallerKind::Root
    }

    /// Whether service control policies bind the caller.
    pub(super) fn knows_scps(&self) -> bool {
        self.caller.has_identity() && !self.caller.is_service_linked()
    }
}

/// Whether an action, in lower case, is one that a trust policy must allow.
pub fn is_assume_role(action: &str) -> bool {
    matches!(
        action,
        "sts:assumerole"
            | "sts:assumerolewithsaml"
            | "sts:assumerolewithwebidentity"
            | "sts:tagsession"
            | "sts:setsourceidentity"
    )
}

/// Whether a resource is a KMS key.
pub(super) fn is_kms_key(resource: &str) -> bool {
    let mut parts = resource.splitn(6, ':');
    parts.nth(2) == Some("kms") && parts.nth(2).is_some_and(|it| it.starts_with("key/"))
}
