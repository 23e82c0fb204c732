//! Encoded messages, decoded by a live account.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use iamscope::source::{Mode, Source, Spec};
use serde_json::Value;
use tokio::sync::mpsc::unbounded_channel;

use super::events::decoded;
use crate::questions::{code, stderr};
use crate::support::live::{block_on, open};
use crate::support::responder::{Answer, Call, Responder, denied, page, throttled, users};

const ENCODED: &str =
    "GHi3Mmcygm9wNWTtxemhhQKYGdXfcL1Dn5TQURkzFSRZy-6icjPACU2tFO2ZAIJkiKFhxpmkWDKKQST0";

/// What decoding gives, or the problem as people read it.
fn decode(responder: &Responder) -> Result<String, String> {
    block_on(async {
        let source = open(responder.options()).await.unwrap();
        let (sink, _news) = unbounded_channel();
        let answer = source.decode_denied(ENCODED, &sink).await;
        answer.map_err(|problem| problem.to_string())
    })
}

/// A responder that answers a call for decoding so.
fn answering(answer: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Responder {
    Responder::start(move |call| match call.action.as_str() {
        "DecodeAuthorizationMessage" => Some(answer(call)),
        "GetAccountAuthorizationDetails" if call.filter() == "User" => {
            Some(page(&users(&["anna"]), None))
        }
        _ => None,
    })
}

fn message(allowed: bool) -> Answer {
    let text = decoded(allowed).to_string().replace('"', "&quot;");
    Answer::Result(format!("<DecodedMessage>{text}</DecodedMessage>"))
}

/// `open` opens for reading alone, which decoding is.
#[test]
fn a_live_account_decodes() {
    let responder = answering(|call| {
        assert_eq!(call.get("EncodedMessage"), ENCODED);
        message(false)
    });
    let answer = decode(&responder).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer, decoded(false));
    assert_eq!(responder.count("DecodeAuthorizationMessage"), 1);
}

#[test]
fn what_goes_wrong_is_told() {
    let problem = |answer: fn(&Call) -> Answer| decode(&answering(answer)).unwrap_err();
    let text = problem(|_| denied());
    assert!(
        text.starts_with("cannot decode the message (sts:DecodeAuthorizationMessage)"),
        "{text}"
    );
    assert!(
        text.contains("Ask for the permission sts:DecodeAuthorizationMessage"),
        "{text}"
    );
    assert!(!text.contains("--demo"), "{text}");
    let text = problem(|_| {
        Answer::Error(
            400,
            "InvalidAuthorizationMessageException",
            "Message is not valid",
        )
    });
    assert!(
        text.contains("InvalidAuthorizationMessageException: Message is not valid"),
        "{text}"
    );
    let text = problem(|_| throttled());
    assert!(
        text.contains("Throttling") && text.contains("then try again"),
        "{text}"
    );
    let text = problem(|_| Answer::Raw(200, "text/html", "<html>sign in</html>".to_owned()));
    assert!(text.starts_with("cannot decode the message"), "{text}");
    let text = problem(|_| Answer::Raw(200, "text/xml", "<DecodeAuthorization".to_owned()));
    assert!(text.starts_with("cannot decode the message"), "{text}");
    let text = problem(|_| Answer::Result(String::new()));
    assert!(text.contains("holds no message"), "{text}");
}

#[test]
fn a_throttled_call_is_tried_again() {
    let responder = answering(|call| match call.nth {
        0 => throttled(),
        _ => message(false),
    });
    assert!(decode(&responder).is_ok());
    assert_eq!(responder.count("DecodeAuthorizationMessage"), 2);
}

#[test]
fn the_demo_cannot_decode() {
    let text = block_on(async {
        let source = Source::open(&Spec::Demo, Mode::ReadOnly).await.unwrap();
        let (sink, _news) = unbounded_channel();
        source
            .decode_denied(ENCODED, &sink)
            .await
            .unwrap_err()
            .to_string()
    });
    assert!(text.contains("demo is no live account"), "{text}");
}

/// Runs the command at a responder.
fn explain(responder: &Responder, text: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .args(["explain-denied", text, "--format", "json"])
        .args(["--endpoint-url", &responder.url])
        .args(more)
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("AWS_PROFILE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn encoded_message() -> String {
    format!(
        "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are \
         not authorized to perform this operation. Encoded authorization failure message: {ENCODED}"
    )
}

#[test]
fn the_command_asks_with_what_was_decoded() {
    let responder = answering(|_| message(false));
    for more in [&[][..], &["--read-only"]] {
        let output = explain(&responder, &encoded_message(), more);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let message = &answer["message"];
        assert_eq!(message["principal"], "arn:aws:iam::111122223333:user/anna");
        assert_eq!(message["encoded"], false);
        assert_eq!(message["context"]["ec2:InstanceType"][0], "p5.48xlarge");
        assert_eq!(message["reason"]["decision"], "explicitDeny");
        assert_eq!(answer["answer"]["principal"]["type"], "user");
    }
}

#[test]
fn what_cannot_be_decoded_ends_it_only_where_the_rest_is_too_little() {
    let responder = answering(|_| denied());
    let output = explain(&responder, &encoded_message(), &[]);
    assert_eq!(code(&output), 4);
    let text = stderr(&output);
    assert!(text.contains("cannot decode the message"), "{text}");
    let whole = encoded_message().replace(
        "this operation. Enc",
        "this operation. User: arn:aws:iam::111122223333:user/anna is not authorized to perform: \
         ec2:RunInstances on resource: * because no identity-based policy allows the \
         ec2:RunInstances action. Enc",
    );
    let output = explain(&responder, &whole, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["comparison"]["agreement"], "agrees");
    assert!(
        answer["message"]["notes"]
            .to_string()
            .contains("was not decoded: cannot decode")
    );
    let output = explain(&answering(|_| message(true)), &whole, &[]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        answer["message"]["notes"]
            .to_string()
            .contains("was not understood")
    );
}

/// An answer that takes its time is waited for.
#[test]
fn a_slow_answer_is_an_answer() {
    let responder =
        answering(|_| Answer::After(Duration::from_millis(300), Box::new(message(false))));
    assert!(decode(&responder).is_ok());
}
