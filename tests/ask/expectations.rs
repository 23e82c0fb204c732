//! What is expected, met and not.

use super::{about_deployer, answer, answers, arns, ask, own};
use crate::questions::{code, stdout};

/// What comes of one expectation about the deployer, which six can become, all with a condition.
#[track_caller]
fn comes_to(more: &str, result: &str) -> serde_json::Value {
    let found = answer(&about_deployer(more));
    assert_eq!(found["result"], result, "{more}: {found}");
    found
}

#[test]
fn only_names_everybody_who_may_be_able() {
    comes_to("expect = { only = \"*\" }", "met");
    let six = "expect = { only = [\"*:role/ci/ci-deploy\", \"*:role/eng/*\", \"*:user/*\", \
               \"*:oidc-provider/*\"] }";
    comes_to(six, "met");
    let found = comes_to("expect = { only = \"*:role/*\" }", "failed");
    let breach = &found["breaches"][0];
    assert_eq!(breach["rule"], "only");
    let by = arns(&breach["by"]);
    let rest = by.iter().map(|arn| arn.rsplit(':').next().unwrap());
    assert_eq!(
        rest.collect::<Vec<_>>(),
        [
            "oidc-provider/token.actions.githubusercontent.com",
            "user/ci/release-bot",
            "user/kofi",
            "user/marta"
        ]
    );
    assert!(
        breach["by"][2]["how"]
            .as_str()
            .unwrap()
            .starts_with("through release-manager → ci-deploy: inline policy"),
        "{breach}"
    );
}

#[test]
fn includes_names_who_must_be_able() {
    let kofi = own("user/kofi");
    comes_to(&format!("expect = {{ includes = \"{kofi}\" }}"), "met");
    let both = format!("expect = {{ includes = [\"{kofi}\", \"*:user/lena\"] }}");
    let found = comes_to(&both, "failed");
    assert_eq!(found["breaches"][0]["expected"][0], "*:user/lena");
    assert_eq!(found["breaches"][0]["by"].as_array().unwrap().len(), 0);
}

#[test]
fn excludes_names_who_must_not_be_able() {
    comes_to("expect = { excludes = \"*:user/lena\" }", "met");
    let found = comes_to(
        "expect = { excludes = [\"*:user/k?fi\", \"*:user/x\"] }",
        "failed",
    );
    assert_eq!(arns(&found["breaches"][0]["by"]), [own("user/kofi")]);
    // A pattern that nobody is called like is no failure, but said.
    let notes = found["notes"].to_string();
    assert!(
        notes.contains("is *:user/x") && !notes.contains("k?fi"),
        "{notes}"
    );
}

#[test]
fn numbers_are_counted() {
    comes_to("expect = { none = true }", "failed");
    comes_to("expect = { max = 6 }", "met");
    let found = comes_to("expect = { max = 5 }", "failed");
    assert_eq!(found["breaches"][0]["max"], 5);
    assert_eq!(found["breaches"][0]["by"].as_array().unwrap().len(), 6);
    comes_to("expect = { max = 0 }", "failed");
}

#[test]
fn conditions_chains_and_context_change_who_is_able() {
    comes_to("conditional = \"deny\"\nexpect = { none = true }", "met");
    comes_to(
        "conditional = \"allow\"\nexpect = { none = true }",
        "failed",
    );
    comes_to("chains = false\nexpect = { max = 1 }", "met");
    comes_to("strict = true\nexpect = { none = true }", "met");
    let open = "context = { \"aws:RequestTag/change-window\" = \"open\" }\nchains = false\n\
                conditional = \"deny\"\nexpect = { includes = \"*:role/ci/ci-deploy\" }";
    comes_to(open, "met");
    let closed = open.replace("\"open\"", "[\"shut\"]");
    comes_to(&closed, "failed");
}

#[test]
fn the_root_user_counts_unless_it_is_left_out() {
    let all = |more: &str| {
        answer(&format!(
            "[[question]]\nname = \"q\"\naction = \"iam:CreateUser\"\nconditional = \"deny\"\n{more}\n"
        ))
    };
    let root = own("root");
    let root = root.as_str();
    assert!(arns(&all("")["able"]).contains(&root));
    assert!(arns(&all("root = true")["able"]).contains(&root));
    assert!(!arns(&all("root = false")["able"]).contains(&root));
}

#[test]
fn of_several_actions_one_is_enough() {
    let of = |action: &str| {
        let question = format!("[[question]]\nname = \"q\"\naction = {action}\nroot = false\n");
        let found = answer(&question);
        arns(&found["able"])
            .iter()
            .map(|arn| (*arn).to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    let (one, two) = (of("\"s3:GetObject\""), of("\"kms:Decrypt\""));
    assert_ne!(one, two);
    let both: std::collections::BTreeSet<_> = one.union(&two).cloned().collect();
    assert_eq!(of("[\"s3:GetObject\", \"kms:Decrypt\"]"), both);
    assert_eq!(of("\"kms:Decrypt, s3:GetObject\""), both);
    let levels = answer("[[question]]\nname = \"q\"\naction = \"kms:@tagging\"\n");
    assert!(levels["actions"].to_string().contains("kms:TagResource"));
}

#[test]
fn the_table_says_who_and_how() {
    let questions = about_deployer("expect = { only = \"*:role/*\" }")
        + "[[question]]\nname = \"just asked\"\naction = \"iam:CreateUser\"\n"
        + "[[question]]\nname = \"many\"\naction = \"s3:ListAllMyBuckets\"\nexpect = { none = true }\n";
    let output = ask(&questions, &[]);
    let text = stdout(&output);
    assert_eq!(code(&output), 1, "{text}");
    for part in [
        "✗ q           0 allowed, 6 conditional\n    expected only *:role/*; 4 more can\n",
        "      ? user kofi ",
        "  through release-manager → ci-deploy: inline policy assume-prod-deployer",
        "· just asked  ",
        "      and ",
        "3 questions in ",
        ": 2 failed, 1 with nothing expected\n",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let (_, many) = text.split_once("✗ many").unwrap();
    let told = many
        .lines()
        .filter(|line| line.starts_with("      ✓") || line.starts_with("      ?"));
    assert_eq!(told.count(), 10, "{many}");
}

#[test]
fn the_exit_code_tells_the_worst() {
    let met = about_deployer("expect = { max = 6 }");
    let failed = about_deployer("expect = { none = true }").replace("\"q\"", "\"f\"");
    let unanswered = "[[question]]\nname = \"u\"\naction = \"iam:PasRole\"\n";
    let bad_resource = about_deployer("")
        .replace(super::DEPLOYER, "prod-deployer")
        .replace("\"q\"", "\"r\"");
    for (questions, number) in [
        (met.clone(), 0),
        (about_deployer(""), 0),
        (met.clone() + &failed, 1),
        (met.clone() + unanswered, 4),
        (met.clone() + &bad_resource, 4),
        (failed + unanswered + &met, 4),
    ] {
        let output = ask(&questions, &[]);
        assert_eq!(code(&output), number, "{questions}\n{}", stdout(&output));
    }
    let found = answers(&(unanswered.to_owned() + &bad_resource), &[]);
    assert_eq!(found["counts"]["unanswered"], 2);
    let why = |at: usize| found["questions"][at]["why"].to_string();
    assert!(why(0).contains("did you mean iam:PassRole"), "{}", why(0));
    assert!(
        why(1).contains("is no resource") && why(1).contains(super::DEPLOYER),
        "{}",
        why(1)
    );
}

#[test]
fn a_key_that_is_not_known_is_noted() {
    let found = comes_to("context = { \"aws:SourceIpp\" = \"10.0.0.1\" }", "answered");
    let notes = found["notes"].to_string();
    assert!(notes.contains("did you mean aws:SourceIp?"), "{notes}");
}
