//! What AWS alone can read: the encoded part of a message about a denied request.

use super::Aws;
use super::errors::Failure;
use crate::source::{Problem, Sink};

/// The permission for it.
const ACTION: &str = "sts:DecodeAuthorizationMessage";

/// Decodes a message. What comes back is JSON, as AWS says; it is not looked at here.
pub(super) async fn decode(aws: &Aws, encoded: &str, sink: &Sink) -> Result<String, Problem> {
    let calls = aws.calls(sink, false);
    let call = calls.sts.decode_authorization_message();
    let call = call.encoded_message(encoded).send();
    let answer = calls.ask(ACTION, call).await;
    let decoded = answer.and_then(|answer| {
        let missing = || Failure::other(ACTION, "the answer holds no message");
        answer.decoded_message.ok_or_else(missing)
    });
    decoded.map_err(|failure| aws.question_problem("decode the message", &failure))
}
