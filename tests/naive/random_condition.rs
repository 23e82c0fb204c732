//! Random condition blocks.

use serde_json::{Map, Value, json};

use super::context::request_values;
use super::random::Random;
use super::random_pattern::{in_segment, whole_segments, with_star, with_variable};
use super::vocabulary::{
    CONTEXT_KEYS, Family, Key, NO_OPERATORS, RANGES, TWINS, malformed, operators, values,
};

/// A random condition block: mostly one operator with one key.
pub fn block(random: &mut Random, context: &Value) -> Value {
    let mut block = Map::new();
    let count = match random.below(100) {
        0..2 => 0,
        2..68 => 1,
        68..92 => 2,
        _ => 3,
    };
    let mut last = None;
    for _ in 0..count {
        let (name, family, multi) = key(random, context);
        // Sometimes several keys of one operator.
        let operator = match last.take() {
            Some(operator) if random.percent(40) => operator,
            _ => operator(random, family, multi),
        };
        let wanted = policy_values(random, &operator, (name, family, multi), context);
        let spelled = match random.below(12) {
            0 => name.to_lowercase(),
            1 => name.to_uppercase(),
            _ => name.to_owned(),
        };
        let keys = block.entry(operator.clone()).or_insert_with(|| json!({}));
        keys[spelled] = wanted;
        last = Some(operator);
    }
    Value::Object(block)
}

/// A key, mostly one that the request has.
fn key(random: &mut Random, context: &Value) -> Key {
    let mut key = CONTEXT_KEYS[random.below(CONTEXT_KEYS.len())];
    for _ in 0..2 {
        if request_values(context, key.0).is_empty() {
            key = CONTEXT_KEYS[random.below(CONTEXT_KEYS.len())];
        }
    }
    key
}

/// An operator with its set operator and `IfExists`, mostly of the key's own family.
fn operator(random: &mut Random, family: Family, multi: bool) -> String {
    if random.percent(7) {
        return "Null".to_owned();
    }
    let families = [
        Family::Text,
        Family::Number,
        Family::Date,
        Family::Bool,
        Family::Ip,
        Family::Arn,
    ];
    let family = match random.below(100) {
        0..5 => families[random.below(families.len())],
        5..20 if family != Family::Text => Family::Text,
        _ => family,
    };
    let base = random.pick(operators(family));
    let set = match random.percent(if multi { 70 } else { 10 }) {
        true => random.pick(&["ForAllValues:", "ForAnyValue:"]),
        false => "",
    };
    let if_exists = if random.percent(18) { "IfExists" } else { "" };
    format!("{set}{base}{if_exists}")
}

/// The policy's values for a key: mostly one, sometimes several or none.
fn policy_values(random: &mut Random, operator: &str, key: Key, context: &Value) -> Value {
    if operator == "Null" {
        return match random.below(10) {
            0..4 => json!("true"),
            4..8 => json!("false"),
            8 => json!(random.percent(50)),
            _ => json!(["true", "false"]),
        };
    }
    let count = match random.below(100) {
        0..3 => 0,
        3..70 => 1,
        70..88 => 2,
        _ => 3,
    };
    let mut list: Vec<Value> = (0..count)
        .map(|_| policy_value(random, operator, key, context))
        .collect();
    if list.len() == 1 && random.percent(60) {
        list.swap_remove(0)
    } else {
        Value::Array(list)
    }
}

/// One value of the policy, mostly made from one that the request has.
fn policy_value(random: &mut Random, operator: &str, key: Key, context: &Value) -> Value {
    let (name, family, _) = key;
    let given = request_values(context, name);
    if random.percent(4) {
        return json!(random.pick(malformed(family)));
    }
    let near = given
        .get(random.below(given.len()))
        .filter(|_| random.percent(65));
    let value = match near {
        Some(value) if random.percent(50) => twin(random, value),
        Some(value) => value.clone(),
        None => random.pick(values(family)).to_owned(),
    };
    let ranged = operator.contains("IpAddress") && random.percent(60);
    match family {
        _ if ranged => json!(random.pick(&RANGES)),
        Family::Bool if random.percent(25) => json!(random.percent(50)),
        Family::Number if random.percent(15) => json!(9 + random.below(3)),
        _ if operator.contains("Arn") => json!(arn_value(random, &value, context)),
        _ if operator.contains("String") || operator.contains("Bool") => {
            json!(text_value(random, operator, &value, context))
        }
        // Here a variable is no variable, so nothing can match it.
        _ if random.percent(2) => json!(format!("${{{name}}}")),
        _ => json!(value),
    }
}

/// A value for a text operator: the text, another case of it, a pattern, a variable.
fn text_value(random: &mut Random, operator: &str, value: &str, context: &Value) -> String {
    let pattern = operator.contains("Like");
    match random.below(20) {
        0 | 1 => value.to_uppercase(),
        2 => value.to_lowercase(),
        3..7 if pattern && value.is_ascii() => with_star(random, value),
        7 if pattern && !value.is_empty() => format!("?{}", &value[1..]),
        3 => with_star(random, value),
        8 | 9 if !value.is_empty() => with_variable(random, value, context),
        10 => value
            .replace('$', "${$}")
            .replace('*', "${*}")
            .replace('?', "${?}"),
        11 => random
            .pick(&[
                "${aws:username}",
                "${aws:PrincipalTag/Team}",
                "${aws:TagKeys}",
            ])
            .to_owned(),
        12 => format!("{value}${{custom:None}}"),
        // An escaped star is no wildcard.
        13 if pattern => with_star(random, value).replace('*', "${*}"),
        _ => value.to_owned(),
    }
}

/// A value for an ARN operator.
fn arn_value(random: &mut Random, value: &str, context: &Value) -> String {
    match random.below(20) {
        0 => "*".to_owned(),
        1..4 => whole_segments(random, value),
        4..7 => in_segment(random, value, 5),
        7..9 => {
            let segment = random.below(6);
            in_segment(random, value, segment)
        }
        9 => format!("{}*", &value[..random.below(value.len())]),
        10 if !value.is_empty() => with_variable(random, value, context),
        11 => random
            .pick(&["${aws:PrincipalArn}", "${aws:SourceArn}"])
            .to_owned(),
        _ => value.to_owned(),
    }
}

/// A condition block with an operator that does not exist, and otherwise as if it held.
pub fn no_condition(random: &mut Random, context: &Value) -> Value {
    let operator = random.pick(&NO_OPERATORS);
    let (name, ..) = key(random, context);
    let given = request_values(context, name);
    let wanted = match operator {
        "NullIfExists" => given.is_empty().to_string(),
        _ => given
            .into_iter()
            .next()
            .unwrap_or_else(|| "alice".to_owned()),
    };
    json!({operator: {name: wanted}})
}

/// A value in another notation, where the vocabulary has one.
fn twin(random: &mut Random, value: &str) -> String {
    let twins = TWINS.iter().find(|twins| twins.contains(&value));
    twins.map_or(value, |twins| random.pick(twins)).to_owned()
}
