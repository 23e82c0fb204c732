//! Questions to AWS's own policy simulator, and what is said about it.

use iamscope::access::{Decision, Terms, ask, principal};
use iamscope::catalog::KeyType;
use iamscope::iam::{Account, Organization};
use iamscope::report::simulator::{ignored, policy_source};
use iamscope::source::simulate::ContextEntry;
use iamscope::source::{Mode, SimulateAnswer, SimulateRequest, Source, Spec};
use tokio::sync::mpsc::unbounded_channel;

use crate::support::live::{block_on, open};
use crate::support::responder::{Answer, Call, Responder, denied, throttled};

fn request() -> SimulateRequest {
    let entry = |key: &str, values: &[&str]| {
        ContextEntry::typed(key, values.iter().map(|it| (*it).to_owned()).collect())
    };
    SimulateRequest {
        principal_arn: "arn:aws:iam::111122223333:user/anna".to_owned(),
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::b/k".to_owned(),
        context: vec![
            entry("aws:SourceIp", &["203.0.113.7"]),
            entry("aws:MultiFactorAuthPresent", &["true"]),
            entry("aws:MultiFactorAuthAge", &["3"]),
            entry("aws:CurrentTime", &["2026-09-30T08:00:00Z"]),
            entry("aws:PrincipalTag/team", &["red"]),
            entry("aws:TagKeys", &["a"]),
            entry("accounts.example.com:amr", &["x", "y"]),
        ],
        resource_policy: Some("{\"Version\":\"2012-10-17\",\"Statement\":[]}".to_owned()),
        ..SimulateRequest::default()
    }
}

fn simulate(responder: &Responder) -> Result<SimulateAnswer, String> {
    block_on(async {
        let source = open(responder.options()).await.unwrap();
        let (sink, _news) = unbounded_channel();
        let answer = source.simulate(&request(), &sink).await;
        answer.map_err(|problem| problem.to_string())
    })
}

fn answering(answer: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Responder {
    Responder::start(move |call| (call.action == "SimulatePrincipalPolicy").then(|| answer(call)))
}

/// A result of the simulator; `more` are its other elements.
fn result(decision: &str, more: &str) -> String {
    format!(
        "<member><EvalActionName>s3:GetObject</EvalActionName>\
         <EvalResourceName>arn:aws:s3:::b/k</EvalResourceName>\
         <EvalDecision>{decision}</EvalDecision>{more}</member>"
    )
}

fn results(members: &str, marker: Option<&str>) -> Answer {
    let marker = marker.map_or_else(
        || "<IsTruncated>false</IsTruncated>".to_owned(),
        |it| format!("<IsTruncated>true</IsTruncated><Marker>{it}</Marker>"),
    );
    Answer::Result(format!(
        "<EvaluationResults>{members}</EvaluationResults>{marker}"
    ))
}

fn statement(policy: &str) -> String {
    format!(
        "<member><SourcePolicyId>{policy}</SourcePolicyId><SourcePolicyType>IAM Policy</SourcePolicyType>\
         <StartPosition><Line>3</Line><Column>5</Column></StartPosition>\
         <EndPosition><Line>9</Line><Column>6</Column></EndPosition></member>"
    )
}

#[test]
fn the_question_is_put_with_typed_keys() {
    let responder = answering(|_| results(&result("allowed", ""), None));
    simulate(&responder).unwrap();
    let calls = responder.calls();
    let call = calls
        .iter()
        .find(|it| it.action == "SimulatePrincipalPolicy")
        .unwrap();
    assert_eq!(
        call.get("PolicySourceArn"),
        "arn:aws:iam::111122223333:user/anna"
    );
    assert_eq!(call.get("ActionNames.member.1"), "s3:GetObject");
    assert_eq!(call.get("ResourceArns.member.1"), "arn:aws:s3:::b/k");
    assert!(call.get("ResourcePolicy").contains("2012-10-17"));
    assert_eq!(call.get("CallerArn"), "");
    for (at, key, kind) in [
        (1, "aws:SourceIp", "ip"),
        (2, "aws:MultiFactorAuthPresent", "boolean"),
        (3, "aws:MultiFactorAuthAge", "numeric"),
        (4, "aws:CurrentTime", "date"),
        (5, "aws:PrincipalTag/team", "string"),
        (6, "aws:TagKeys", "stringList"),
        (7, "accounts.example.com:amr", "stringList"),
    ] {
        let entry = |name: &str| call.get(&format!("ContextEntries.member.{at}.{name}"));
        assert_eq!(entry("ContextKeyName"), key);
        assert_eq!(entry("ContextKeyType"), kind, "{key}");
        assert_ne!(entry("ContextKeyValues.member.1"), "");
    }
    assert_eq!(
        ContextEntry::typed("aws:SourceArn", vec![]).kind,
        KeyType::Arn
    );
}

#[test]
fn the_answer_is_taken_as_a_whole() {
    let responder = answering(|_| {
        let more = format!(
            "<MatchedStatements>{}</MatchedStatements>\
             <OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail>\
             <EvalDecisionDetails><entry><key>IAM Policy</key><value>allowed</value></entry></EvalDecisionDetails>\
             <ResourceSpecificResults><member><EvalResourceName>arn:aws:s3:::b/k</EvalResourceName>\
             <EvalResourceDecision>explicitDeny</EvalResourceDecision>\
             <MatchedStatements>{}</MatchedStatements>\
             <MissingContextValues><member>aws:username</member><member>aws:SourceVpc</member></MissingContextValues>\
             <PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>true</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>\
             </member></ResourceSpecificResults>",
            statement("user_anna_own"),
            statement("user_anna_own") + &statement("NoPayroll"),
        );
        results(&result("explicitDeny", &more), None)
    });
    let answer = simulate(&responder).unwrap();
    assert_eq!(answer.decision, Decision::ExplicitDeny);
    let matched: Vec<_> = answer
        .matched
        .iter()
        .map(|it| it.policy_id.as_str())
        .collect();
    assert_eq!(matched, ["user_anna_own", "NoPayroll"], "each once");
    assert_eq!(answer.matched[0].policy_type, "IAM Policy");
    assert_eq!(
        (answer.matched[0].start, answer.matched[0].end),
        (Some((3, 5)), Some((9, 6)))
    );
    assert_eq!(answer.missing, ["aws:SourceVpc", "aws:username"]);
    assert_eq!(answer.allowed_by_organizations, Some(false));
    assert_eq!(answer.allowed_by_boundary, Some(true));
    assert_eq!(
        answer.details,
        [("IAM Policy".to_owned(), Decision::Allowed)]
    );
}

#[test]
fn an_answer_of_several_pages_is_one() {
    let responder = answering(|call| match call.get("Marker") {
        "" => {
            let more = format!(
                "<MatchedStatements>{}</MatchedStatements>",
                statement("one")
            );
            results(&result("allowed", &more), Some("second"))
        }
        "second" => {
            let more = format!(
                "<MatchedStatements>{}</MatchedStatements>",
                statement("two")
            );
            results(&result("implicitDeny", &more), None)
        }
        other => panic!("{other}"),
    });
    let answer = simulate(&responder).unwrap();
    assert_eq!(
        answer.decision,
        Decision::ImplicitDeny,
        "the more restrictive"
    );
    assert_eq!(answer.matched.len(), 2);
    assert_eq!(responder.count("SimulatePrincipalPolicy"), 2);
}

#[test]
fn what_goes_wrong_is_told() {
    let problem = |answer: fn(&Call) -> Answer| simulate(&answering(answer)).unwrap_err();
    let text = problem(|_| denied());
    assert!(
        text.starts_with("cannot ask the policy simulator (iam:SimulatePrincipalPolicy)"),
        "{text}"
    );
    assert!(
        text.contains("Ask for the permission iam:SimulatePrincipalPolicy"),
        "{text}"
    );
    assert!(problem(|_| throttled()).contains("then try again"));
    let html = problem(|_| Answer::Raw(200, "text/html", "<html>sign in</html>".to_owned()));
    assert!(
        html.starts_with("cannot ask the policy simulator"),
        "{html}"
    );
    let broken = problem(|_| Answer::Result("<EvaluationResults><mem".to_owned()));
    assert!(
        broken.starts_with("cannot ask the policy simulator"),
        "{broken}"
    );
    assert!(problem(|_| results("", None)).contains("says nothing of s3:GetObject"));
    let odd = problem(|_| results(&result("perhaps", ""), None));
    assert!(odd.contains("an unknown decision: \"perhaps\""), "{odd}");
    let endless = problem(|_| results(&result("allowed", ""), Some("again")));
    assert!(endless.contains("more than 50 pages"), "{endless}");
}

#[test]
fn the_demo_has_no_simulator() {
    let text = block_on(async {
        let source = Source::open(&Spec::Demo, Mode::ReadOnly).await.unwrap();
        let (sink, _news) = unbounded_channel();
        source
            .simulate(&request(), &sink)
            .await
            .unwrap_err()
            .to_string()
    });
    assert!(text.contains("demo is no live account"), "{text}");
}

fn demo() -> Account {
    block_on(async {
        let source = Source::open(&Spec::Demo, Mode::ReadOnly).await.unwrap();
        let (sink, mut news) = unbounded_channel();
        source.load(None, sink).await;
        let mut account = Account::default();
        while let Some(event) = news.recv().await {
            event.apply(&mut account);
        }
        account
    })
}

/// What the simulator ignores about a question to the demo account.
fn ignores(
    account: &Account,
    who: &str,
    action: &str,
    resource: &str,
    terms: &Terms<'_>,
) -> String {
    let caller = principal(account, who).unwrap();
    let asked = ask(account, terms, caller, action, resource);
    ignored(&asked).join("\n")
}

#[test]
fn what_the_simulator_ignores_is_said_for_the_very_case() {
    let mut account = demo();
    let plain = Terms::default();
    let role = "arn:aws:iam::111122223333:role/ci/prod-deployer";
    let trust = ignores(&account, "ci-deploy", "sts:AssumeRole", role, &plain);
    assert!(trust.contains("does not ask the trust policy"), "{trust}");
    assert!(
        trust.contains("for missing: aws:RequestTag/change-window"),
        "{trust}"
    );

    let payroll = "arn:aws:s3:::northwind-finance/payroll/2026-08.csv";
    let ours = ignores(&account, "carla", "s3:GetObject", payroll, &plain);
    assert!(ours.contains("for missing: aws:SourceIp"), "{ours}");
    let report = "arn:aws:s3:::reports/audit/2026.csv";
    let user = ignores(&account, "carla", "s3:GetObject", report, &plain);
    assert!(
        user.contains("does not look up the resource's policy"),
        "{user}"
    );
    assert!(
        user.contains("does not evaluate resource control policies"),
        "{user}"
    );
    let role = ignores(&account, "ci-deploy", "s3:GetObject", report, &plain);
    assert!(role.contains("for users only"), "{role}");

    let session = "arn:aws:sts::111122223333:assumed-role/ci-deploy/x";
    let terms = Terms {
        session_policy: Some(("s", "{\"Version\":\"2012-10-17\",\"Statement\":[]}")),
        ..Terms::default()
    };
    let session = ignores(&account, session, "s3:GetObject", payroll, &terms);
    assert!(session.contains("passed with the session"), "{session}");
    assert!(
        session.contains("for the role and not for the session"),
        "{session}"
    );
    let other = ignores(
        &account,
        "carla",
        "s3:GetObject",
        "arn:aws:sqs:eu-west-1:222233334444:q",
        &plain,
    );
    assert!(other.contains("resource's account"), "{other}");
    let all = ignores(&account, "carla", "s3:GetObject", "*", &plain);
    assert!(all.contains("takes a pattern"), "{all}");

    // Where there is nothing of the kind, nothing is said of it.
    account.organization = Some(Organization::default());
    let terms = Terms {
        context: vec![(
            "aws:MultiFactorAuthPresent".to_owned(),
            vec!["true".to_owned()],
        )],
        is_strict: true,
        ..Terms::default()
    };
    let little = ignores(&account, "carla", "iam:ListUsers", "*", &terms);
    for part in [
        "trust",
        "users only",
        "session",
        "VPC",
        "pattern",
        "missing:",
        "account it knows",
    ] {
        assert!(!little.contains(part), "{part}\n{little}");
    }
}

#[test]
fn the_simulator_is_asked_about_users_and_roles() {
    let account = demo();
    let source = |who: &str| {
        let caller = principal(&account, who).unwrap();
        let asked = ask(&account, &Terms::default(), caller, "s3:GetObject", "*");
        policy_source(&account, &asked.posed.question)
    };
    let deploy = Some("arn:aws:iam::111122223333:role/ci/ci-deploy".to_owned());
    assert_eq!(source("ci-deploy"), deploy);
    assert_eq!(
        source("arn:aws:sts::111122223333:assumed-role/ci-deploy/x"),
        deploy
    );
    assert!(source("carla").unwrap().ends_with("/carla"));
    assert_eq!(source("root"), None);
    assert_eq!(source("ec2.amazonaws.com"), None);
    assert_eq!(source("arn:aws:iam::222233334444:user/x"), None);
}
