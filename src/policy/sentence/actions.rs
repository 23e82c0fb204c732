//! What may be done, in words.

use super::words::{Room, all, visible};
use crate::policy::{Effect, Statement, Values};

/// As what is allowed or denied: `s3 actions Get* and List*`, `everything except iam:*`.
pub(super) fn as_object(statement: &Statement, room: &Room) -> String {
    match (&statement.action, &statement.not_action) {
        (Some(values), _) => named(values, room),
        (None, Some(values)) if is_everything(values) => "nothing (all is excepted)".to_owned(),
        (None, Some(values)) => format!("everything except {}", named(values, room)),
        (None, None) => "nothing (no action is named)".to_owned(),
    }
}

/// As what someone does: `assume`, `use s3:GetObject`, `do everything`.
pub(super) fn as_verb(statement: &Statement, room: &Room) -> String {
    if let Some(values) = &statement.action
        && let Some(verb) = assume(values)
    {
        return verb;
    }
    match (&statement.action, &statement.not_action) {
        (Some(values), _) if !is_everything(values) && !values.list.is_empty() => {
            format!("use {}", named(values, room))
        }
        // To deny the right to do everything would leave some of it.
        _ if statement.effect == Some(Effect::Deny) => {
            let object = as_object(statement, room);
            match object.strip_prefix("everything") {
                Some(rest) => format!("do anything{rest}"),
                None => format!("do {object}"),
            }
        }
        _ => format!("do {}", as_object(statement, room)),
    }
}

/// The verb of a trust policy, where it has the usual actions only.
fn assume(values: &Values) -> Option<String> {
    let has = |name: &str| values.texts().any(|text| text.eq_ignore_ascii_case(name));
    let mut count = 0;
    let mut add = |name| {
        let found = has(name);
        count += usize::from(found);
        found
    };
    let assume = [
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
    ]
    .map(&mut add)
    .contains(&true);
    let tag = add("sts:TagSession");
    let identify = add("sts:SetSourceIdentity");
    if count < values.list.len() {
        return None;
    }
    let verbs = [
        (assume, "assume"),
        (tag, "tag the session"),
        (identify, "set the source identity"),
    ];
    let verbs = verbs.into_iter().filter(|(is, _)| *is);
    let verbs: Vec<_> = verbs.map(|(_, verb)| verb.to_owned()).collect();
    (!verbs.is_empty()).then(|| all(verbs.into_iter(), "", &Room::WIDE))
}

fn is_everything(values: &Values) -> bool {
    values.texts().any(|text| matches!(text, "*" | "*:*"))
}

/// The actions of one service.
struct Service<'a> {
    prefix: &'a str,
    names: Vec<&'a str>,
}

fn named(values: &Values, room: &Room) -> String {
    if is_everything(values) {
        return "everything".to_owned();
    }
    if let [single] = &values.list[..]
        && single
            .text
            .split_once(':')
            .is_none_or(|(_, name)| name != "*")
    {
        return visible(&single.text, room.width);
    }
    let services = by_service(values);
    if let [service] = &services[..] {
        return of_service(service, room);
    }
    // A list of lists must be shorter than a list.
    let inner = Room {
        items: room.items.saturating_sub(1).max(1),
        ..*room
    };
    if services.len() <= room.items {
        let groups = services.iter().map(|service| of_service(service, &inner));
        return all(groups, "nothing (no action is named)", room);
    }
    let names = services.iter().map(|service| visible(service.prefix, 32));
    let count = values.list.len();
    format!("{count} actions or patterns of {}", all(names, "", room))
}

/// The actions by service, both in the order of their first mention.
fn by_service(values: &Values) -> Vec<Service<'_>> {
    let mut services: Vec<Service<'_>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for text in values.texts() {
        let (prefix, name) = text.split_once(':').unwrap_or(("", text));
        let place = *places.entry(prefix).or_insert_with(|| {
            services.push(Service {
                prefix,
                names: Vec::new(),
            });
            services.len() - 1
        });
        services[place].names.push(name);
    }
    services
}

fn of_service(service: &Service<'_>, room: &Room) -> String {
    let prefix = visible(service.prefix, 32);
    if service.names.contains(&"*") && !service.prefix.is_empty() {
        return format!("all of {prefix}");
    }
    let names = service.names.iter().map(|name| visible(name, room.width));
    let names = all(names, "", room);
    match (&service.names[..], service.prefix) {
        (_, "") => names,
        ([_], _) => format!("{prefix}:{names}"),
        _ => format!("{prefix} actions {names}"),
    }
}
