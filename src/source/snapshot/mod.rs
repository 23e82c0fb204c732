//! The snapshot format: the AWS CLI's output plus one key of ours.
//!
//! A snapshot is one JSON object: what `aws iam get-account-authorization-details` prints
//! (`UserDetailList`, `GroupDetailList`, `RoleDetailList`, `Policies`) plus the key `Iamscope` for
//! what that call does not give. Other tools read the former and pass over the latter.
//!
//! ```json
//! "Iamscope": {
//!   "Format": 1,
//!   "TakenAt": "2026-09-30T08:00:00Z",
//!   "AccountId": "111122223333",
//!   "Partition": "aws",
//!   "AccountAliases": ["northwind"],
//!   "Caller": {"Arn": "…", "UserId": "…", "Account": "…"},
//!   "Summary": {"Users": 41, "Roles": 60},
//!   "Gaps": ["…"],
//!   "Users": {"<UserName>": {
//!     "PasswordLastUsed": "…",
//!     "LoginProfile": {"CreateDate": "…", "PasswordResetRequired": false},
//!     "AccessKeys": [{"AccessKeyId": "…", "Status": "Active", "CreateDate": "…",
//!                     "LastUsed": {"Date": "…", "ServiceName": "s3", "Region": "eu-west-1"}}],
//!     "MFADevices": [{"SerialNumber": "…", "EnableDate": "…"}],
//!     "SSHPublicKeys": [{"SSHPublicKeyId": "…", "Status": "Active", "UploadDate": "…"}],
//!     "ServiceSpecificCredentials": [{"ServiceSpecificCredentialId": "…", "ServiceName": "…",
//!                     "ServiceUserName": "…", "Status": "Active", "CreateDate": "…"}],
//!     "Denied": {"AccessKeys": "iam:ListAccessKeys"}}},
//!   "Roles": {"<RoleName>": {"Description": "…", "MaxSessionDuration": 3600}},
//!   "Policies": {"<PolicyArn>": {"Tags": [{"Key": "…", "Value": "…"}]}},
//!   "Groups": {"<GroupName>": {"Denied": {"GroupPolicyList": "iam:ListGroupPolicies"}}},
//!   "Organization": {"id": "o-…", "management_account": "…", "levels": […]},
//!   "ResourcePolicies": {"<Arn>": {"Version": "2012-10-17", "Statement": […]}},
//!   "Texts": [{"Of": [["<Arn>", "<PolicyName>"]], "Text": "…"}]
//! }
//! ```
//!
//! | member | meaning |
//! | --- | --- |
//! | `Format` | 1; a reader of a higher one says so and reads what it knows |
//! | `TakenAt` | the time from which ages count |
//! | `TakenFrom` | `FileModified` or `Read` where `TakenAt` is only the time of a file or of reading |
//! | `Denied` | members that could not be read, and the permission that was missing |
//! | `Failed` | members that could not be read for another reason, in words |
//! | `Unknown` | members that were not read, where their absence would mean that there is none: `PermissionsBoundary`, `UserPolicyList` |
//! | `Gaps` | parts of the account that could not be read, in words |
//! | `Organization` | the organisation that binds the account, in the very form of a file for `--organization`, so that one can be pasted: [`organization`](super::organization) describes it |
//! | `ResourcePolicies` | the policies of resources outside IAM, by the ARN of one resource each |
//! | `Texts` | see below |
//!
//! `Denied` and `Failed` stand in `Iamscope` itself and in what it says of a user, group, role or
//! policy; `Unknown` in the latter. They name members of ours as well as of the CLI's; a document or
//! a key's last use by its list and name: `UserPolicyList.<PolicyName>`,
//! `PolicyVersionList.<VersionId>`, `AccessKeys.<AccessKeyId>`. `Groups` is keyed by `GroupName`
//! and has these members only.
//!
//! A member that is absent was not fetched. `null` (for `PasswordLastUsed`, `LoginProfile` and a
//! key's `LastUsed`) says that there is none. Required are `Format`, the members of `Caller`, the ids
//! and `Status` of credentials, and the `Date` of a `LastUsed`.
//!
//! Documents are JSON objects. A document that is none (its syntax is broken) is its text as a
//! percent-encoded string, as IAM itself sends it. `Texts` keeps, verbatim, the texts that lose
//! something as an object in canonical form: white space, unusual escapes. `Of` lists the places
//! of a text: `[<Arn>, <PolicyName or VersionId>]`, or `[<Arn>]` for a role's trust policy. Where
//! an object was edited since, its text is passed over.
//!
//! The policies of `Organization` and `ResourcePolicies` are objects or strings, too, but a string
//! is the text verbatim (a percent-encoded one is taken as well), and holds those that lose
//! something as objects: no other tool reads them, and so they stand once. What is wrong with
//! these two is an error, since to pass over it would give wrong answers: an unknown member of the
//! organisation, a policy that begins with no brace, a key that is no ARN, is one of IAM's own or
//! stands there twice. Readers that know neither pass over both, and say of their answers that no
//! organisation was loaded; so the format is still 1.

mod apply;
mod canonical;
mod extra;
mod note;
mod read;
mod resources;
mod shape;
mod take;
mod write;

pub use read::{ReadError, Watch, read};
pub use write::{entity_json, write};

/// The version of the format that is written.
pub const FORMAT: u32 = 1;

#[cfg(test)]
mod tests;
