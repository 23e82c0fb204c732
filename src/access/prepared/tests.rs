use super::*;
use crate::access::{
    Caller, Decision, OwnResourcePolicy, Policy, Question, Requirement, Unmet as Missing,
};

/// Why the first statement of a policy is refused.
fn refusal(statement: &str, used_as: PolicyUse) -> String {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let prepared = Prepared::of(&text, used_as);
    assert!(prepared.statements.is_empty(), "{statement}");
    prepared.refused[0].why.to_string()
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    use PolicyUse::{Identity, Resource, ResourceControl, Trust};
    for (statement, used_as, part) in [
        (r#"{"Action":"*","Resource":"*"}"#, Identity, "no Effect"),
        (
            r#"{"Effect":"Allow","Resource":"*"}"#,
            Identity,
            "lacks Action",
        ),
        (
            r#"{"Effect":"Allow","Action":"*"}"#,
            Identity,
            "lacks Resource",
        ),
        (
            r#"{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}"#,
            Identity,
            "both Action and NotAction",
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"*"}"#,
            Identity,
            "both Resource and NotResource",
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}"#,
            Identity,
            "no Principal",
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Resource":"*","NotPrincipal":"*"}"#,
            Identity,
            "no NotPrincipal",
        ),
        (
            r#"{"Effect":"Allow","Action":"*"}"#,
            Resource,
            "lacks Principal",
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Principal":"*","NotPrincipal":"*"}"#,
            Resource,
            "both Principal and NotPrincipal",
        ),
        (
            r#"{"Effect":"Allow","Action":"*","NotPrincipal":"*"}"#,
            Resource,
            "NotPrincipal with Allow",
        ),
        (
            r#"{"Effect":"Deny","Action":"*","NotPrincipal":"*"}"#,
            Trust,
            "no NotPrincipal",
        ),
        (
            r#"{"Effect":"Deny","Action":"*","Principal":{"AWS":"1"},"Resource":"*"}"#,
            ResourceControl,
            "Principal but",
        ),
        (
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringIs":{"a":"b"}}}"#,
            Identity,
            "no operator StringIs",
        ),
    ] {
        let why = refusal(statement, used_as);
        assert!(why.contains(part), "{statement}: {why}");
    }
}

#[test]
fn each_statement_is_refused_for_its_own_fault() {
    let text = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Efect":"Deny"},
        {"Effect":"Perhaps","Action":"*","Resource":"*"}],"Versoin":"1"}"#;
    let prepared = Prepared::of(text, PolicyUse::Identity);
    let of = |at: usize| {
        (
            prepared.refused[at].statement,
            prepared.refused[at].why.to_string(),
        )
    };
    assert_eq!((of(0).0, of(1).0, of(2).0), (Some(0), Some(1), None));
    assert!(of(0).1.contains("Efect"), "{}", of(0).1);
    assert!(of(1).1.contains("Perhaps"), "{}", of(1).1);
    assert!(of(2).1.contains("Versoin"), "{}", of(2).1);
    assert_eq!(prepared.refused.len(), 3);
}

fn question() -> Question<'static> {
    let caller = Caller::parse("arn:aws:iam::111122223333:user/alice").unwrap();
    Question::new(caller, "s3:GetObject", "arn:aws:s3:::b/bob/k")
}

/// What is there but could not be read may allow or deny anything.
#[test]
fn a_policy_that_is_not_known_leaves_both_ways_open() {
    let mut question = question();
    question.resource_policy = OwnResourcePolicy::Policy(Policy::unknown("theirs"));
    let verdict = question.decide();
    assert_eq!(verdict.decision, Decision::Conditional);
    let Some(Requirement::All(parts)) = verdict.requires else {
        panic!("two things must be met");
    };
    let is = |unmet: &Missing, effect: &str| unmet.key == "theirs" && *unmet.values == [effect];
    assert!(
        matches!(&parts[0], Requirement::Is(unmet) if is(unmet, "Allow")),
        "{parts:?}"
    );
    assert!(
        matches!(&parts[1], Requirement::Not(unmet) if is(unmet, "Deny")),
        "{parts:?}"
    );
}

#[test]
fn a_resource_with_an_unknown_variable_is_required_to_be_this_one() {
    let mut question = question();
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",
        "Resource":"arn:aws:s3:::b/${aws:username}/*"}}"#;
    question.identity = vec![Policy::new("own", text.into(), PolicyUse::Identity)];
    let verdict = question.decide();
    let Some(Requirement::Is(unmet)) = verdict.requires else {
        panic!("one thing must be met");
    };
    assert_eq!(
        (unmet.operator.as_str(), unmet.key.as_str()),
        ("Resource", "aws:username")
    );
    assert_eq!(unmet.values[0], "arn:aws:s3:::b/${aws:username}/*");
}
