//! Random patterns for actions and resources, made from those of the request.

use serde_json::{Value, json};

use super::context::request_values;
use super::random::Random;
use super::vocabulary::{CONTEXT_KEYS, KEY_ACTIONS, KEYS, ORDINARY, OTHER, OWN, ROLES, UNBOUND};

/// Patterns as one text or as a list with some that the request did not give.
fn listed(random: &mut Random, pattern: String, other: String) -> Value {
    match random.below(100) {
        0..45 => json!(pattern),
        45..65 => json!([pattern]),
        65..82 => json!([pattern, other]),
        _ => json!([other, pattern]),
    }
}

/// Action patterns that probably match the case's action, or probably do not.
pub fn action_patterns(random: &mut Random, case: &Value, matching: bool) -> Value {
    let action = case["action"].as_str().unwrap_or("*");
    if !matching && random.percent(4) {
        return json!([]);
    }
    let pattern = if matching {
        action_pattern(random, action)
    } else {
        no_action_pattern(random, action)
    };
    let other = other_action(random).to_owned();
    listed(random, pattern, other)
}

/// Another action of the vocabulary, or the same by chance.
fn other_action(random: &mut Random) -> &'static str {
    match random.below(4) {
        0 => random.pick(&KEY_ACTIONS),
        1 => random.pick(&UNBOUND),
        _ => ORDINARY[random.below(ORDINARY.len())].0,
    }
}

/// A pattern that an action probably matches.
fn action_pattern(random: &mut Random, action: &str) -> String {
    let (service, name) = action.split_once(':').unwrap_or((action, ""));
    match random.below(16) {
        0..4 => action.to_owned(),
        4 => "*".to_owned(),
        5 | 6 => format!("{service}:*"),
        7 | 8 => format!("{service}:{}", with_star(random, name)),
        9 => format!("{service}:{}*", &name[..random.below(name.len())]),
        10 => format!("{}:{name}", with_star(random, service)),
        11 => with_question(random, action, 0),
        12 => action.to_uppercase(),
        13 => action.to_lowercase(),
        14 => format!("*:{name}"),
        _ => {
            let starred = with_star(random, name);
            format!("{service}:{}", with_star(random, &starred))
        }
    }
}

/// A pattern that an action probably does not match, though nearly.
fn no_action_pattern(random: &mut Random, action: &str) -> String {
    let (service, name) = action.split_once(':').unwrap_or((action, ""));
    match random.below(7) {
        0 | 1 => other_action(random).to_owned(),
        2 => format!("{service}:{name}?"),
        3 => format!("{action}s"),
        4 => format!("{service}:*{}x", &name[..random.below(name.len())]),
        5 => format!("{service}?:{name}"),
        _ => format!("{service}:{}", &name[..name.len() / 2]),
    }
}

/// Resource patterns that probably match the case's resource, or probably do not.
pub fn resource_patterns(random: &mut Random, case: &Value, matching: bool) -> Value {
    let resource = case["resource"].as_str().unwrap_or("*");
    if !matching && random.percent(4) {
        return json!([]);
    }
    let pattern = match (resource, matching) {
        ("*", true) => "*".to_owned(),
        ("*", false) => other_resource(random),
        (_, true) => resource_pattern(random, resource, &case["context"]),
        (_, false) => no_resource_pattern(random, resource, &case["context"]),
    };
    let other = other_resource(random);
    listed(random, pattern, other)
}

/// Another resource of the vocabulary, or the same by chance.
fn other_resource(random: &mut Random) -> String {
    let account = if random.percent(70) { OWN } else { OTHER };
    let resource = match random.below(5) {
        0 => random.pick(&KEYS),
        1 => random.pick(&ROLES),
        _ => ORDINARY[random.below(ORDINARY.len())].1,
    };
    resource.replace("{}", account)
}

/// A pattern that a resource probably matches.
fn resource_pattern(random: &mut Random, resource: &str, context: &Value) -> String {
    match random.below(22) {
        0 | 1 => resource.to_owned(),
        2 => "*".to_owned(),
        3 | 4 => in_segment(random, resource, 5),
        5 => {
            let once = in_segment(random, resource, 5);
            in_segment(random, &once, 5)
        }
        6..9 => {
            let segment = random.below(6);
            in_segment(random, resource, segment)
        }
        9 | 10 => whole_segments(random, resource),
        // Cut off anywhere: the star is the last character of its segment.
        11..13 => format!("{}*", &resource[..random.below(resource.len())]),
        // Across colons: matches only from the sixth segment on or at a segment's end.
        13 => with_star(random, resource),
        14 => with_question(random, resource, resource.len() / 2),
        15 => with_question(random, resource, 4),
        16 => resource
            .replace('$', "${$}")
            .replace('*', "${*}")
            .replace('?', "${?}"),
        _ => with_variable(random, resource, context),
    }
}

/// A pattern that a resource probably does not match, though nearly.
fn no_resource_pattern(random: &mut Random, resource: &str, context: &Value) -> String {
    match random.below(12) {
        0 => other_resource(random),
        1 => format!("{resource}/"),
        2 => format!("{resource}?"),
        // An escaped star is no wildcard.
        3 => in_segment(random, resource, 5).replace('*', "${*}"),
        4 => resource.to_uppercase().replace("ARN:AWS", "arn:aws"),
        5 => resource[..resource.len() - 1].to_owned(),
        6 => with_star(random, resource),
        7 => format!("{resource}${{aws:PrincipalTag/None}}"),
        8 => with_variable(random, resource, context),
        9 => format!(
            "{}*{}x",
            &resource[..random.below(resource.len())],
            &resource[resource.len() / 2..]
        ),
        10 => resource
            .replace("eu-west-1", "us-*")
            .replace(OWN, STRANGE_ACCOUNT),
        _ => {
            let varied = with_variable(random, resource, context);
            varied.replace("aws:", "aws:No")
        }
    }
}

/// An account that no case is about.
const STRANGE_ACCOUNT: &str = "12345678901?";

/// The text with a random stretch replaced by `*`; the stretch may be empty.
pub fn with_star(random: &mut Random, text: &str) -> String {
    let from = random.below(text.len() + 1);
    let to = (from + random.below(6)).min(text.len());
    format!("{}*{}", &text[..from], &text[to..])
}

/// The text with one character at or after a place replaced by `?`; a colon stays.
fn with_question(random: &mut Random, text: &str, from: usize) -> String {
    let at = from + random.below(text.len() - from);
    match text.get(at..=at) {
        Some(letter) if letter != ":" => format!("{}?{}", &text[..at], &text[at + 1..]),
        _ => text.to_owned(),
    }
}

/// The ARN with a random stretch of one segment replaced by `*`.
pub fn in_segment(random: &mut Random, arn: &str, segment: usize) -> String {
    let mut parts: Vec<String> = arn.splitn(6, ':').map(str::to_owned).collect();
    if let Some(part) = parts.get_mut(segment) {
        *part = with_star(random, part);
    }
    parts.join(":")
}

/// The ARN with some whole segments replaced by `*`; two neighbours may share one.
pub fn whole_segments(random: &mut Random, arn: &str) -> String {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    if parts.len() == 6 && random.percent(40) {
        parts.splice(3..5, ["*"]);
        return parts.join(":");
    }
    for part in parts.iter_mut().skip(2) {
        if random.percent(35) {
            *part = "*";
        }
    }
    parts.join(":")
}

/// The text with a stretch replaced by a variable that has that value, where one has, or that has
/// it as its default.
pub fn with_variable(random: &mut Random, text: &str, context: &Value) -> String {
    // How one variable within what merely looks like another is read, no page tells.
    if text.contains("${") {
        return text.to_owned();
    }
    let offset = random.below(CONTEXT_KEYS.len());
    for at in 0..CONTEXT_KEYS.len() {
        let (name, ..) = CONTEXT_KEYS[(at + offset) % CONTEXT_KEYS.len()];
        let values = request_values(context, name);
        let Some(value) = values.first() else {
            continue;
        };
        // As a pattern this value would match; as a variable's value it does not.
        let stretch = if value == "a*e" { "alice" } else { value };
        // A key with several values is no variable.
        let chance = if values.len() > 1 { 35 } else { 70 };
        if stretch.len() > 1 && text.contains(stretch) && random.percent(chance) {
            let default = match values.len() {
                1 if random.percent(30) => ", 'nobody'",
                _ => "",
            };
            let name = if random.percent(15) {
                name.to_uppercase()
            } else {
                name.to_owned()
            };
            return text.replacen(stretch, &format!("${{{name}{default}}}"), 1);
        }
    }
    with_default(random, text)
}

/// The text with a stretch replaced by a variable without a value that has it as its default.
fn with_default(random: &mut Random, text: &str) -> String {
    let from = random.below(text.len());
    let to = (from + 1 + random.below(5)).min(text.len());
    let stretch = &text[from..to];
    let key = random.pick(&[
        "aws:PrincipalTag/None",
        "aws:RequestTag/None",
        "custom:None",
    ]);
    if stretch.contains([':', '$', '{', '}', '\'']) {
        return text.to_owned();
    }
    format!("{}${{{key}, '{stretch}'}}{}", &text[..from], &text[to..])
}
