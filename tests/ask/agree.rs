//! Expectations hold just where they hold of what `who-can` says.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::Value;

use super::{answers, own};
use crate::questions::run_with;

const ACTIONS: [&str; 3] = ["iam:CreateUser", "iam:PassRole", "kms:Decrypt"];

/// Everybody who can do an action, with the decision, as `who-can` says.
type Able = Vec<(String, String)>;

fn who_can(action: &'static str, chains: bool) -> &'static Able {
    static KNOWN: OnceLock<HashMap<(&str, bool), Able>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let mut known = HashMap::new();
        for (action, chains) in ACTIONS.iter().flat_map(|it| [(*it, true), (*it, false)]) {
            let args = [
                "--demo",
                "who-can",
                action,
                "--now",
                "2026-09-30",
                "--format",
                "json",
            ];
            let more: &[&str] = if chains { &[] } else { &["--no-chains"] };
            let output = run_with(&[&args, more].concat());
            let found: Value = serde_json::from_slice(&output.stdout).unwrap();
            let rows = found["principals"].as_array().unwrap().iter();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let rows = rows.map(|row| (text(&row["arn"]), text(&row["decision"])));
            known.insert((action, chains), rows.collect());
        }
        known
    });
    &known[&(action, chains)]
}

/// Whether a text is as a pattern says, tried in every way.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if is_like(rest, text) => true,
        (Some((b'*', _)), Some((_, later))) => is_like(pattern, later),
        (Some((b'?', rest)), Some((_, later))) => is_like(rest, later),
        (Some((one, rest)), Some((other, later))) => one == other && is_like(rest, later),
        _ => false,
    }
}

fn is_one(arn: &str, patterns: &[String]) -> bool {
    patterns
        .iter()
        .any(|it| is_like(it.as_bytes(), arn.as_bytes()))
}

#[derive(Debug, Clone)]
enum Rule {
    Only(Vec<String>),
    Includes(Vec<String>),
    Excludes(Vec<String>),
    None,
    Max(usize),
}

#[derive(Debug, Clone)]
struct Case {
    action: &'static str,
    chains: bool,
    counts: bool,
    root: bool,
    rule: Rule,
}

impl Case {
    fn written(&self, name: usize) -> String {
        let mut text = format!(
            "[[question]]\nname = \"{name}\"\naction = {:?}\n",
            self.action
        );
        let conditional = if self.counts { "allow" } else { "deny" };
        let (chains, root) = (self.chains, self.root);
        let _ = writeln!(
            text,
            "conditional = {conditional:?}\nchains = {chains}\nroot = {root}"
        );
        let expect = match &self.rule {
            Rule::Only(list) => format!("only = {list:?}"),
            Rule::Includes(list) => format!("includes = {list:?}"),
            Rule::Excludes(list) => format!("excludes = {list:?}"),
            Rule::None => "none = true".to_owned(),
            Rule::Max(max) => format!("max = {max}"),
        };
        text + &format!("expect = {{ {expect} }}\n")
    }

    fn able(&self) -> Vec<&'static str> {
        let all = who_can(self.action, self.chains).iter();
        let counted = all.filter(|(arn, decision)| {
            (self.counts || decision == "allowed") && (self.root || *arn != own("root"))
        });
        counted.map(|(arn, _)| arn.as_str()).collect()
    }

    fn is_met(&self) -> bool {
        let able = self.able();
        match &self.rule {
            Rule::Only(list) => able.iter().all(|arn| is_one(arn, list)),
            Rule::Includes(list) => list
                .iter()
                .all(|it| able.iter().any(|arn| is_one(arn, std::slice::from_ref(it)))),
            Rule::Excludes(list) => !able.iter().any(|arn| is_one(arn, list)),
            Rule::None => able.is_empty(),
            Rule::Max(max) => able.len() <= *max,
        }
    }
}

fn pattern() -> impl Strategy<Value = String> {
    let some = [
        "*",
        "*:user/*",
        "*:role/*",
        "*.amazonaws.com",
        "arn:aws:iam::*:root",
    ];
    let arns: Vec<String> = ACTIONS
        .iter()
        .flat_map(|it| who_can(it, true))
        .map(|(arn, _)| arn.clone())
        .filter(|arn| arn != "*")
        .collect();
    let arn = proptest::sample::select(arns);
    let cut = (arn.clone(), 9_usize..60).prop_map(|(arn, at)| match arn.starts_with("arn:") {
        true => format!("{}*", &arn[..at.min(arn.len())]),
        false => arn,
    });
    let holed = (arn.clone(), 5_usize..60).prop_map(|(arn, at)| match arn.starts_with("arn:") {
        true => arn
            .char_indices()
            .map(|(i, c)| if i == at { '?' } else { c })
            .collect(),
        false => arn,
    });
    prop_oneof![
        proptest::sample::select(some.to_vec()).prop_map(str::to_owned),
        arn,
        cut,
        holed
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let list = |most| proptest::collection::vec(pattern(), 1..most);
    prop_oneof![
        list(12).prop_map(Rule::Only),
        list(3).prop_map(Rule::Includes),
        list(3).prop_map(Rule::Excludes),
        Just(Rule::None),
        (0_usize..60).prop_map(Rule::Max),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let action = proptest::sample::select(&ACTIONS[..]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (action, flags, rule()).prop_map(|(action, (chains, counts, root), rule)| Case {
        action,
        chains,
        counts,
        root,
        rule,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn expectations_agree_with_who_can(cases in proptest::collection::vec(case(), 40)) {
        let written = cases.iter().enumerate().map(|(at, case)| case.written(at));
        let found = answers(&written.collect::<String>(), &[]);
        let list = found["questions"].as_array().unwrap();
        prop_assert_eq!(list.len(), cases.len());
        let mut met = 0;
        for (case, outcome) in cases.iter().zip(list) {
            let able = case.able();
            let mut told = super::arns(&outcome["able"]);
            let mut expected = able.clone();
            told.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(told, expected, "{:?}", case);
            met += usize::from(case.is_met());
            let result = if case.is_met() { "met" } else { "failed" };
            prop_assert_eq!(&outcome["result"], result, "{:?}", case);
        }
        prop_assert!(met > 0 && met < cases.len(), "both happen: {}", met);
    }
}
