//! What of an account was not read, for answers about everybody in it.

use super::words::plural;
use crate::access::{Index, roles_unread};

/// What an answer leaves open or out since it was not read.
pub fn unread(index: &Index, follows_chains: bool) -> impl Iterator<Item = String> {
    let account = index.account();
    let gaps = account.gaps.iter().map(|gap| format!("not read: {gap}"));
    let principals = Some(index.unread()).filter(|count| *count > 0);
    let principals = principals.map(|count| {
        let principals = plural(count, "principal");
        format!("what the policies of {principals} say that were not read is open")
    });
    let roles = Some(roles_unread(account)).filter(|count| *count > 0 && follows_chains);
    let roles = roles.map(|count| {
        let roles = plural(count, "role");
        format!("nobody assumes {roles} of which the trust policy was not read")
    });
    gaps.chain(principals).chain(roles)
}
