//! Conditions over one key, held against each other: what is said to be impossible is so for
//! every value that the key may have.

use iamscope::access::{Decision, Fact, Facts, Rest};
use iamscope::report::simulate::Case;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::open::{compare, decided};
use super::tries;
use crate::naive::random::Random;
use crate::naive::vocabulary::{Family, RANGES, malformed, operators, values};

/// Keys with what their values are.
const KEYS: [(&str, Family); 7] = [
    ("aws:username", Family::Text),
    ("s3:max-keys", Family::Number),
    ("aws:CurrentTime", Family::Date),
    ("aws:SecureTransport", Family::Bool),
    ("custom:Digest", Family::Binary),
    ("aws:SourceIp", Family::Ip),
    ("aws:SourceArn", Family::Arn),
];

/// Texts of policies that are more than they seem.
const SIGNS: [&str; 12] = [
    "*", "?", "a*", "*e", "al*e", "?lice", "${*}", "${?}*", "${$}5", "$5*", "", "A*",
];

/// A value that a policy asks for.
fn wanted(random: &mut Random, operator: &str, family: Family) -> String {
    let value = random.pick(values(family));
    let text = match family {
        _ if operator == "Null" => random.pick(&["true", "false"]),
        _ if random.percent(3) => random.pick(malformed(family)),
        Family::Ip if random.percent(60) => random.pick(&RANGES),
        Family::Text if random.percent(40) => random.pick(&SIGNS),
        Family::Arn if random.percent(50) => {
            let mut parts: Vec<_> = value.splitn(6, ':').collect();
            let at = random.below(6);
            parts[at] = random.pick(&["*", "a*", "?*", "*s"]);
            return parts.join(":");
        }
        _ => value,
    };
    text.to_owned()
}

/// A condition block of one or two operators.
fn block(random: &mut Random, key: &str, family: Family) -> Value {
    let mut block = Map::new();
    for _ in 0..1 + random.below(2) {
        let operator = match random.below(10) {
            0 => "Null",
            1 => random.pick(operators(Family::Text)),
            _ => random.pick(operators(family)),
        };
        let count = 1 + random.below(3);
        // Where nothing can be read, that the key is there may still matter.
        let is_odd = operator != "Null" && random.percent(12);
        let values = (0..count).map(|_| match is_odd {
            true => random.pick(malformed(family)).to_owned(),
            false => wanted(random, operator, family),
        });
        let values: Value = values.collect();
        let is_plain = operator == "Null";
        let set = match random.below(25) {
            0 if !is_plain => "ForAllValues:",
            1 if !is_plain => "ForAnyValue:",
            _ => "",
        };
        let if_exists = if !is_plain && random.percent(25) {
            "IfExists"
        } else {
            ""
        };
        block.insert(format!("{set}{operator}{if_exists}"), json!({key: values}));
    }
    block.into()
}

/// A policy of one or two allows and perhaps a deny, all about the key.
fn policy(random: &mut Random, key: &str, family: Family) -> Value {
    let mut statement = |effect| {
        let condition = block(random, key, family);
        json!({"Effect": effect, "Action": "*", "Resource": "*", "Condition": condition})
    };
    let mut statements = vec![statement("Allow"), statement("Allow"), statement("Deny")];
    if random.percent(70) {
        statements.pop();
    }
    if random.percent(50) {
        statements.remove(0);
    }
    let version = random.pick(&["2012-10-17", "2012-10-17", "2008-10-17"]);
    json!({"Version": version, "Statement": statements})
}

/// A case in which all hangs on one key.
fn case(random: &mut Random, key: &str, family: Family) -> Value {
    let mut case = json!({
        "principal_arn": "arn:aws:iam::111122223333:user/alice",
        "action": "ec2:DescribeInstances",
        "identity_policies": [{"policy": policy(random, key, family)}],
    });
    if random.percent(50) {
        case["permissions_boundary"] = policy(random, key, family);
    }
    if random.percent(30) {
        case["scps"] = json!([[policy(random, key, family)]]);
    }
    case
}

/// What a request may have for the key: values of policies, and what lies between them.
fn facts(family: Family) -> Vec<Fact> {
    let between: &[&str] = match family {
        Family::Text => &["", "*", "?x", "$5", "$5x", "aXe"],
        Family::Number => &[
            "9",
            "10.5",
            "12",
            "-4",
            "1e20",
            "-1e20",
            "9007199254740992.5",
        ],
        Family::Date => &[
            "1900",
            "2100",
            "2024-03",
            "2024-05-01T12:00:00.25Z",
            "2024-05-02",
        ],
        Family::Ip => &[
            "0.0.0.0",
            "255.255.255.255",
            "11.0.0.1",
            "203.0.113.8",
            "::1",
            "2002::1",
        ],
        Family::Arn => &["arn:aws:s3:::x", "arn:as:ss:s:s:s"],
        Family::Bool | Family::Binary => &[],
    };
    let all = values(family).iter().chain(between);
    let values = all.map(|text| Fact::Values(vec![(*text).into()]));
    values.chain([Fact::Missing]).collect()
}

proptest! {
    #![proptest_config(tries(1_200))]

    #[test]
    fn no_value_does_what_is_said_to_be_impossible(seed: u64) {
        let mut random = Random::new(seed);
        let (key, family) = KEYS[random.below(KEYS.len())];
        let line = serde_json::to_vec(&case(&mut random, key, family)).unwrap();
        let case = Case::read(&line).unwrap();
        let open = decided(&case, &Facts::new(Rest::Unknown));
        for fact in facts(family) {
            let mut facts = Facts::new(Rest::Missing);
            facts.set(key, fact.clone());
            let full = decided(&case, &facts);
            prop_assert_ne!(full.decision, Decision::Conditional);
            let compared = compare(&open, &full, &facts);
            let context = || format!("{fact:?}: {open:?}\n{}", String::from_utf8_lossy(&line));
            prop_assert!(compared.is_ok(), "{}", context());
        }
    }
}
