//! What of an account was not read, for answers about everybody in it.

use super::words::plural;
use crate::access::{Index, roles_unread};

/// What an answer leaves open or out since it was not read.
pub fn unread(index: &Index, follows_chains: bool) -> impl Iterator<Item = String> {
    let principals = Some(index.unread()).filter(|count| *count > 0);
    let principals = principals.map(|count| {
        let principals = plural(count, "principal");
        format!("what the policies of {principals} say that were not read is open")
    });
    gaps(index)
        .chain(principals)
        .chain(roles(index, follows_chains))
}

/// Of that, what may have left out somebody who can. What is open is told with whom it is about.
pub(super) fn left_out(index: &Index, follows_chains: bool) -> impl Iterator<Item = String> {
    gaps(index).chain(roles(index, follows_chains))
}

fn gaps(index: &Index) -> impl Iterator<Item = String> {
    let gaps = index.account().gaps.iter();
    gaps.map(|gap| format!("not read: {gap}"))
}

fn roles(index: &Index, follows_chains: bool) -> Option<String> {
    let roles = Some(roles_unread(index.account()));
    let roles = roles.filter(|count| *count > 0 && follows_chains);
    roles.map(|count| {
        let roles = plural(count, "role");
        format!("nobody assumes {roles} of which the trust policy was not read")
    })
}
