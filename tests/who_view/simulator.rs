//! AWS's own simulator beside our verdict, and messages that AWS decodes: without a network, and
//! by the program itself at an IAM that answers as it is told.

use iamscope::access::Decision;
use iamscope::source::simulate::{MatchedStatement, SimulateAnswer, SimulateRequest};
use iamscope::source::{Problem, Spec};
use iamscope::tui::{Effect, Msg, Setup};

use super::{PAYROLL, ask, demo, demo_with, paste, say, walk};
use crate::denied::events::decoded;
use crate::support::driver::{Driver, load};
use crate::support::pty::{Session, Start};
use crate::support::responder::{Answer, Call, Responder, denied, page, throttled, users};

fn live() -> Driver {
    let setup = Setup {
        live: true,
        read_only: true,
        ..Setup::default()
    };
    demo_with(setup, 120, 36)
}

/// The question that the app wants put to AWS.
fn put(d: &mut Driver) -> Option<(u64, Box<SimulateRequest>)> {
    let effects = std::mem::take(&mut d.effects);
    effects.into_iter().find_map(|effect| match effect {
        Effect::Simulate {
            generation,
            request,
        } => Some((generation, request)),
        _ => None,
    })
}

fn says(decision: Decision) -> SimulateAnswer {
    SimulateAnswer {
        decision,
        matched: vec![MatchedStatement {
            policy_id: "finance-reports".into(),
            policy_type: "IAM Policy".into(),
            start: None,
            end: None,
        }],
        missing: vec!["aws:SourceIp".into()],
        allowed_by_boundary: None,
        allowed_by_organizations: Some(true),
        details: Vec::new(),
    }
}

#[test]
fn both_verdicts_stand_side_by_side() {
    let mut d = live();
    ask(&mut d, "s3:GetObject", PAYROLL);
    say(&mut d, "aws:MultiFactorAuthPresent=true");
    walk(&mut d, "carla")
        .keys("v")
        .shows("AWS's own simulator")
        .shows("asking…");
    let (generation, request) = put(&mut d).unwrap();
    assert_eq!(
        request.principal_arn,
        "arn:aws:iam::111122223333:user/finance/carla"
    );
    assert_eq!(
        (request.action.as_str(), request.resource.as_str()),
        ("s3:GetObject", PAYROLL)
    );
    assert_eq!(request.context[0].key, "aws:MultiFactorAuthPresent");
    let answer = Ok(says(Decision::ExplicitDeny));
    d.send(Msg::Simulated {
        generation,
        request,
        answer,
    });
    d.shows("ours   ~ conditional")
        .shows("AWS's  ✗ denied explicitly");
    d.shows("finance-reports (IAM Policy) matched");
    d.shows("keys that were not given: aws:SourceIp");
    d.shows("the organisation's policies allow it");
    // What it leaves out of account is told beside it.
    let ignored = d.app().who().why().unwrap().ignored.clone();
    assert!(!ignored.is_empty());
    d.keys("enter z");
    d.shows(&ignored[0][..20]);
}

#[test]
fn an_answer_to_another_question_is_dropped() {
    let mut d = live();
    walk(ask(&mut d, "s3:GetObject", PAYROLL), "carla").keys("v");
    let (generation, request) = put(&mut d).unwrap();
    ask(&mut d, "s3:PutObject", PAYROLL);
    let answer = Ok(says(Decision::Allowed));
    d.send(Msg::Simulated {
        generation,
        request,
        answer,
    });
    d.hides("AWS's own simulator");
    // Of another row it is said that the answer has come; it stands where it belongs.
    walk(ask(&mut d, "s3:GetObject", PAYROLL), "carla").keys("v j");
    let (generation, request) = put(&mut d).unwrap();
    let answer = Ok(says(Decision::Allowed));
    d.send(Msg::Simulated {
        generation,
        request,
        answer,
    });
    d.shows("AWS's simulator has answered about")
        .hides("AWS's own simulator");
    walk(&mut d, "carla").shows("AWS's  ✓ allowed");
}

#[test]
fn what_goes_wrong_is_told_in_its_place() {
    let mut d = live();
    walk(ask(&mut d, "s3:GetObject", PAYROLL), "carla").keys("v");
    let (generation, request) = put(&mut d).unwrap();
    let problem = Problem::new("cannot ask the policy simulator", "AccessDenied")
        .next("Ask for the permission iam:SimulatePrincipalPolicy");
    d.send(Msg::Simulated {
        generation,
        request,
        answer: Err(problem),
    });
    d.shows("cannot ask the policy simulator: AccessDenied");
    d.shows("Ask for the permission");
}

#[test]
fn where_it_cannot_be_asked_it_is_said_why() {
    let mut d = demo();
    walk(ask(&mut d, "s3:GetObject", PAYROLL), "carla").keys("v");
    d.shows("only a live account can be asked");
    assert!(put(&mut d).is_none());
    let mut d = live();
    walk(ask(&mut d, "s3:GetObject", PAYROLL), "root").keys("v");
    d.shows("only users and roles of the account");
    assert!(put(&mut d).is_none());
}

/// A live account with one user, at which the simulator answers so.
fn responding(answer: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Responder {
    Responder::start(move |call| match (call.action.as_str(), call.filter()) {
        ("SimulatePrincipalPolicy" | "DecodeAuthorizationMessage", _) => Some(answer(call)),
        (_, "User") => Some(page(&users(&["anna"]), None)),
        _ => None,
    })
}

fn started(responder: &Responder) -> Session {
    let session = Start::new(120, 36)
        .args(["--read-only", "--endpoint-url", &responder.url])
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .run();
    session.wait_for_text("anna");
    session
}

/// The program, with `anna` selected among those who cannot.
fn asked(responder: &Responder) -> Session {
    let mut session = started(responder);
    session.send("5s3:GetObject\t");
    session.wait_for_text("root user");
    session.send("arn:aws:s3:::b/k\r");
    session.send("d/anna\r");
    session.wait_for_text("anna cannot s3:GetObject");
    session
}

/// Reading is all that it does: it works where nothing may be written.
#[test]
fn a_live_account_is_asked() {
    let responder = responding(|call| {
        assert_eq!(
            call.get("PolicySourceArn"),
            "arn:aws:iam::111122223333:user/anna"
        );
        Answer::Result(
            "<EvaluationResults><member><EvalActionName>s3:GetObject</EvalActionName>\
             <EvalResourceName>arn:aws:s3:::b/k</EvalResourceName>\
             <EvalDecision>implicitDeny</EvalDecision></member></EvaluationResults>\
             <IsTruncated>false</IsTruncated>"
                .into(),
        )
    });
    let mut session = asked(&responder);
    session.send("v");
    session.wait_for_text("AWS's  ✗ denied implicitly");
    session.wait_for_text("ours   ✗ denied implicitly");
    assert_eq!(responder.count("SimulatePrincipalPolicy"), 1);
    session.send("q");
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn a_denied_call_and_one_that_comes_too_fast() {
    let responder = responding(|_| denied());
    let mut session = asked(&responder);
    session.send("v");
    session.wait_for_text("cannot ask the policy simulator");
    session.wait_for_text("Ask for the permission");
    let result = "<EvaluationResults><member><EvalActionName>s3:GetObject</EvalActionName>\
         <EvalResourceName>arn:aws:s3:::b/k</EvalResourceName>\
         <EvalDecision>allowed</EvalDecision></member></EvaluationResults>\
         <IsTruncated>false</IsTruncated>";
    let responder = responding(move |call| match call.nth {
        0 | 1 => throttled(),
        _ => Answer::Result(result.into()),
    });
    let mut session = asked(&responder);
    session.send("v");
    session.wait_for_text("AWS's  ✓ allowed");
    assert_eq!(responder.count("SimulatePrincipalPolicy"), 3);
}

const ENCODED: &str =
    "GHi3Mmcygm9wNWTtxemhhQKYGdXfcL1Dn5TQURkzFSRZy-6icjPACU2tFO2ZAIJkiKFhxpmkWDKKQST0";

fn encoded() -> String {
    format!(
        "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You \
         are not authorized to perform this operation. Encoded authorization failure message: \
         {ENCODED}"
    )
}

#[test]
fn an_encoded_message_is_decoded() {
    let responder = responding(|call| {
        assert_eq!(call.get("EncodedMessage"), ENCODED);
        let text = decoded(false).to_string().replace('"', "&quot;");
        Answer::Result(format!("<DecodedMessage>{text}</DecodedMessage>"))
    });
    let mut session = started(&responder);
    session.send(format!("\x1b[200~{}\x1b[201~", encoded()));
    let action = decoded(false)["context"]["action"]
        .as_str()
        .unwrap()
        .to_owned();
    session.wait_for("the decoded question", |screen| {
        let contents = screen.contents();
        contents.contains(&format!("Action   {action}")) && contents.contains("Who can")
    });
    assert_eq!(responder.count("DecodeAuthorizationMessage"), 1);
    let responder = responding(|_| denied());
    let mut session = started(&responder);
    session.send(format!("\x1b[200~{}\x1b[201~", encoded()));
    session.wait_for_text("cannot decode the message");
    session.wait_for_text("ec2:RunInstances");
}

#[test]
fn on_the_demo_an_encoded_message_is_not_decoded_and_that_is_said() {
    let mut d = Driver::on(load(&Spec::Demo), 120, 36);
    paste(&mut d, &encoded());
    d.shows("ec2:RunInstances")
        .shows("its encoded part needs a live account");
    assert!(!d.effects.iter().any(|it| matches!(it, Effect::Decode(_))));
}
