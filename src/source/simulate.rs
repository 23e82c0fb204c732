//! A question for AWS's own policy simulator, and its answer.
//!
//! What the simulator leaves out of account is told by `report::simulator`.

use crate::access::Decision;
use crate::catalog::{self, KeyType};

/// One question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimulateRequest {
    /// The ARN of the user, group or role whose policies are asked; of a session, that of its role.
    pub principal_arn: String,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The ARN of the resource, or `*`.
    pub resource: String,
    /// The condition keys that are known.
    pub context: Vec<ContextEntry>,
    /// The resource's policy, which is asked for users only.
    pub resource_policy: Option<String>,
    /// The id of the account that the resource belongs to, where its ARN does not say and it is
    /// not the caller's.
    pub resource_owner: Option<String>,
    /// The ARN of the user, group or role that asks, where it is another than `principal_arn`.
    pub caller_arn: Option<String>,
}

/// A condition key with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextEntry {
    /// The key, such as `aws:SourceIp`.
    pub key: String,
    /// The values.
    pub values: Vec<String>,
    /// What the values are.
    pub kind: KeyType,
    /// Whether there can be several.
    pub is_list: bool,
}

impl ContextEntry {
    /// An entry whose values are what the catalogue says that those of the key are; texts where it
    /// does not know the key.
    pub fn typed(key: &str, values: Vec<String>) -> Self {
        let known = catalog::condition_key(key);
        let is_multivalued = known.is_some_and(|it| it.is_multivalued());
        Self {
            key: key.to_owned(),
            kind: known.map_or(KeyType::String, |it| it.key_type()),
            is_list: is_multivalued || values.len() > 1,
            values,
        }
    }
}

/// What the simulator answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulateAnswer {
    /// The decision; never conditional.
    pub decision: Decision,
    /// The statements that decided.
    pub matched: Vec<MatchedStatement>,
    /// The condition keys that the policies ask for and that were not given.
    pub missing: Vec<String>,
    /// Whether the permissions boundary allows it, where there is one.
    pub allowed_by_boundary: Option<bool>,
    /// Whether the organisation's SCPs allow it, where the account is in one.
    pub allowed_by_organizations: Option<bool>,
    /// Where the resource is another account's: what each kind of policy says.
    pub details: Vec<(String, Decision)>,
}

/// A statement that decided, as the simulator names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MatchedStatement {
    /// The policy, such as `user_alice_inline-policy` or the name of a managed one.
    pub policy_id: String,
    /// What it is, such as `IAM Policy`.
    pub policy_type: String,
    /// Line and column of its first sign in the text of the policy, as the simulator counts.
    pub start: Option<(i32, i32)>,
    /// Line and column of its last.
    pub end: Option<(i32, i32)>,
}
