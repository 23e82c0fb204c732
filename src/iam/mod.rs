//! What IAM is: plain data about one AWS account.
//!
//! An [`Account`] is an immutable picture of an account at one time, made of users, groups,
//! roles and managed policies; where a source knows them, also of the organisation that binds it
//! and the policies of its resources. It holds no SDK types and does no I/O; time is always an input.
//!
//! A thing that a source may not know is a [`Field`]: not asked for, denied, or known. Nothing
//! here turns "unknown" into "empty".

mod account;
mod arn;
mod credential;
mod entity;
mod field;
mod organization;

pub use account::{Account, Attachments, Batch, Caller, Change, Summary, Taken, TakenBasis};
pub use arn::{Arn, ArnError, Partition};
pub use credential::{
    AccessKey, AccessKeyUse, LoginProfile, MfaDevice, ServiceSpecificCredential, SshPublicKey,
    Status,
};
pub use entity::{
    EntityRef, Group, InlinePolicy, InstanceProfile, Kind, ManagedPolicy, PolicyVersion, Role,
    RoleDetails, RoleLastUsed, Tag, User, UserDetails,
};
pub use field::Field;
pub use organization::{Level, NamedPolicy, Organization};
