//! The organisation that an account belongs to, as far as its policies bear on requests.
//!
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>

use std::sync::Arc;

use crate::policy::PolicyText;

/// An organisation, seen from one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its id, such as `o-a1b2c3d4e5`, where it is known.
    pub id: Option<String>,
    /// The management account, which none of its policies binds.
    pub management_account: Option<String>,
    /// The levels from the root to the account itself, each with the policies attached there.
    pub levels: Vec<Level>,
}

impl Organization {
    /// Its policies, by level from the root on.
    pub fn policies(&self) -> impl Iterator<Item = &NamedPolicy> {
        let levels = self.levels.iter();
        levels.flat_map(|level| level.scps.iter().flatten().chain(&level.rcps))
    }
}

/// The root, an organisational unit, or the account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// The service control policies; none where the organisation has not switched them on.
    pub scps: Option<Vec<NamedPolicy>>,
    /// The resource control policies, without `RCPFullAWSAccess`, which is implied.
    pub rcps: Vec<NamedPolicy>,
}

/// A policy of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPolicy {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: Arc<PolicyText>,
}
