//! What a read-only source may ask: a list of reads, and nothing else.

use aws_sdk_iam::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_iam::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::Metadata;

/// Every operation that this source calls to read, by its name in the API, which is also the
/// permission's. None changes anything.
pub const READS: [&str; 33] = [
    "DecodeAuthorizationMessage",
    "GetAccessKeyLastUsed",
    "GetAccountAuthorizationDetails",
    "GetAccountSummary",
    "GetCallerIdentity",
    "GetGroupPolicy",
    "GetLoginProfile",
    "GetPolicy",
    "GetPolicyVersion",
    "GetRole",
    "GetRolePolicy",
    "GetUser",
    "GetUserPolicy",
    "ListAccessKeys",
    "ListAccountAliases",
    "ListAttachedGroupPolicies",
    "ListAttachedRolePolicies",
    "ListAttachedUserPolicies",
    "ListGroupPolicies",
    "ListGroups",
    "ListGroupsForUser",
    "ListInstanceProfilesForRole",
    "ListMFADevices",
    "ListPolicies",
    "ListPolicyTags",
    "ListPolicyVersions",
    "ListRolePolicies",
    "ListRoles",
    "ListSSHPublicKeys",
    "ListServiceSpecificCredentials",
    "ListUserPolicies",
    "ListUsers",
    "SimulatePrincipalPolicy",
];

/// The name of an operation, for news that outlives the call.
pub(super) fn static_name(operation: &str) -> &'static str {
    READS
        .into_iter()
        .find(|read| *read == operation)
        .unwrap_or("a call")
}

/// Refuses, before anything is sent, every operation that is not on the list of reads. An
/// operation that nobody thought of is refused too.
#[derive(Debug)]
pub(super) struct OnlyReads;

/// The error of a refused operation.
#[derive(Debug, thiserror::Error)]
#[error("{0} refused: this source was opened read-only")]
pub(super) struct Refused(String);

impl Intercept for OnlyReads {
    fn name(&self) -> &'static str {
        "only reads"
    }

    // The first hook at which the operation's name is known; no request exists yet.
    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = cfg.load::<Metadata>().map_or("", Metadata::name);
        if READS.contains(&operation) {
            return Ok(());
        }
        Err(Refused(operation.to_owned()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_nothing_that_writes() {
        // These two compute and keep nothing.
        const ASK: [&str; 2] = ["DecodeAuthorizationMessage", "SimulatePrincipalPolicy"];
        for read in READS {
            let is_read = read.starts_with("Get") || read.starts_with("List");
            assert!(is_read || ASK.contains(&read), "{read}");
        }
    }
}
