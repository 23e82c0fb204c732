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
//!   "Texts": [{"Of": ["…"], "Text": "…"}]
//! }
//! ```
//!
//! A member that is absent was not fetched. `null` (for `PasswordLastUsed`, `LoginProfile` and a
//! key's `LastUsed`) says that there is none. `Texts` keeps, verbatim, the policy documents that
//! lose something as a JSON object: white space, duplicate keys, unusual escapes, broken syntax.
