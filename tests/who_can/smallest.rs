//! What a failure shows: the smallest world that still fails, in a few lines.

use std::fmt::Write as _;
use std::sync::Arc;

use iamscope::iam::{Field, Group, InlinePolicy, Role, User};

use super::world::World;

/// A world in a few lines, for a failure.
pub fn shown(world: &World) -> String {
    let mut out = String::new();
    let parts = &world.parts;
    for User {
        arn,
        groups,
        attached,
        inline,
        boundary,
        tags,
        ..
    } in &parts.users
    {
        let groups = field(groups, |it| format!("{it:?}"));
        writeln!(out, "{arn} groups {groups}{}", held(attached, inline)).unwrap();
        writeln!(out, "  boundary {boundary:?} tags {tags:?}").unwrap();
    }
    for Group {
        arn,
        attached,
        inline,
        ..
    } in &parts.groups
    {
        writeln!(out, "{arn}{}", held(attached, inline)).unwrap();
    }
    for Role {
        arn,
        trust,
        attached,
        inline,
        boundary,
        tags,
        ..
    } in &parts.roles
    {
        let trust = field(trust, |it| it.as_str().to_owned());
        writeln!(out, "{arn}\n  trust {trust}{}", held(attached, inline)).unwrap();
        writeln!(out, "  boundary {boundary:?} tags {tags:?}").unwrap();
    }
    for policy in &parts.policies {
        let text = policy.document().map_or("unread", |it| it.as_str());
        writeln!(out, "{}\n  {text}", policy.arn).unwrap();
    }
    writeln!(out, "{:?}", world.given).unwrap();
    writeln!(out, "{} on {}", world.action, world.resource).unwrap();
    out
}

fn held(attached: &Field<Vec<Arc<str>>>, inline: &Field<Vec<InlinePolicy>>) -> String {
    let mut out = format!("\n  attached {attached:?}");
    for policy in inline.known().into_iter().flatten() {
        let text = field(&policy.document, |it| it.as_str().to_owned());
        write!(out, "\n  inline {text}").unwrap();
    }
    if inline.known().is_none() {
        write!(out, "\n  inline {inline:?}").unwrap();
    }
    out
}

fn field<T: std::fmt::Debug>(field: &Field<T>, shown: impl Fn(&T) -> String) -> String {
    match field.known() {
        Some(known) => shown(known),
        None => format!("{field:?}"),
    }
}

/// The smallest world found by leaving things out with which something still fails, and how.
pub fn smallest(mut world: World, fails: impl Fn(&World) -> Option<String>) -> (World, String) {
    let mut failure = fails(&world).unwrap_or_default();
    let mut at = 0;
    while let Some(smaller) = without(&world, at) {
        match fails(&smaller) {
            Some(how) => {
                (world, failure) = (smaller, how);
            }
            None => at += 1,
        }
    }
    (world, failure)
}

/// The world without its `at`th part; none where it has no so many.
fn without(world: &World, at: usize) -> Option<World> {
    let mut world = world.clone();
    let mut left = at;
    let parts = &mut world.parts;
    let mut is_done = leave_out(&mut parts.users, &mut left)
        || leave_out(&mut parts.roles, &mut left)
        || leave_out(&mut parts.groups, &mut left)
        || leave_out(&mut parts.policies, &mut left);
    for User {
        attached,
        inline,
        boundary,
        groups,
        ..
    } in &mut parts.users
    {
        is_done = is_done || leave_out_of(groups, &mut left);
        is_done = is_done || leave_out_held(attached, inline, &mut left);
        is_done = is_done || unbound(boundary, &mut left);
    }
    for Group {
        attached, inline, ..
    } in &mut parts.groups
    {
        is_done = is_done || leave_out_held(attached, inline, &mut left);
    }
    for Role {
        attached,
        inline,
        boundary,
        ..
    } in &mut parts.roles
    {
        is_done = is_done || leave_out_held(attached, inline, &mut left);
        is_done = is_done || unbound(boundary, &mut left);
    }
    let given = &mut world.given;
    is_done = is_done
        || leave_out(&mut given.context, &mut left)
        || take(&mut given.resource_policy, &mut left)
        || take(&mut given.resource_account, &mut left)
        || take(&mut given.session_policy, &mut left)
        || take(&mut given.now, &mut left);
    if let Some(organization) = &mut given.organization {
        is_done = is_done || leave_out(&mut organization.levels, &mut left);
    }
    is_done = is_done || take(&mut given.organization, &mut left);
    is_done.then_some(world)
}

fn leave_out<T>(list: &mut Vec<T>, left: &mut usize) -> bool {
    if *left < list.len() {
        list.remove(*left);
        return true;
    }
    *left -= list.len();
    false
}

fn leave_out_of<T>(list: &mut Field<Vec<T>>, left: &mut usize) -> bool {
    match list {
        Field::Known(list) => leave_out(list, left),
        _ => false,
    }
}

fn leave_out_held(
    attached: &mut Field<Vec<Arc<str>>>,
    inline: &mut Field<Vec<InlinePolicy>>,
    left: &mut usize,
) -> bool {
    leave_out_of(attached, left) || leave_out_of(inline, left)
}

fn unbound(boundary: &mut Field<Option<Arc<str>>>, left: &mut usize) -> bool {
    match boundary {
        Field::Known(boundary) => take(boundary, left),
        _ => false,
    }
}

fn take<T>(option: &mut Option<T>, left: &mut usize) -> bool {
    if option.is_none() {
        return false;
    }
    if *left == 0 {
        *option = None;
        return true;
    }
    *left -= 1;
    false
}
