//! From what the SDK says went wrong to what people can act on.
//!
//! A [`Failure`] is one call that did not come through. It becomes a [`Field`] where only one
//! property is missing, and a [`Problem`] where the reading as a whole cannot go on.

use std::error::Error;
use std::sync::Arc;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_iam::config::http::HttpResponse;
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;

use super::readonly::Refused;
use crate::iam::Field;
use crate::source::Problem;

/// One call that failed for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// The permission that the call needs, such as `iam:ListUsers`.
    pub action: &'static str,
    /// What kind of failure it is.
    pub nature: Nature,
    /// What was said, in words.
    pub words: String,
}

/// The kinds of failure that call for different next steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// IAM says that the caller may not.
    Denied,
    /// What was asked for is not there.
    NotFound,
    /// Too many calls, in every attempt.
    Throttled,
    /// The session or token has run out.
    Expired,
    /// The access key is not known, or its secret is wrong.
    BadKey,
    /// No credentials could be had.
    NoCredentials,
    /// No connection came about.
    Unreachable,
    /// The connection broke, or no answer came in time.
    Cut,
    /// The answer is not one of IAM's.
    NotIam,
    /// The server failed.
    Server,
    /// The source is read-only.
    Refused,
    /// Anything else.
    Other,
}

impl Failure {
    /// What a failed call amounts to.
    pub(super) fn of<E>(action: &'static str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let (nature, words) = match error {
            SdkError::ServiceError(service) => answered(service.err(), service.raw()),
            SdkError::TimeoutError(_) => (Nature::Cut, "no answer in time".to_owned()),
            SdkError::ResponseError(_) => (
                Nature::Cut,
                format!("the connection was cut: {}", innermost(error)),
            ),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => {
                (Nature::Unreachable, "no answer in time".to_owned())
            }
            SdkError::DispatchFailure(failure) if failure.is_io() => {
                (Nature::Unreachable, innermost(error))
            }
            _ => unsent(error),
        };
        Self {
            action,
            nature,
            words,
        }
    }

    /// A failure that the SDK did not see.
    pub(super) fn other(action: &'static str, words: impl Into<String>) -> Self {
        Self {
            action,
            nature: Nature::Other,
            words: words.into(),
        }
    }

    /// Whether IAM says that the caller may not.
    pub(super) fn is_denied(&self) -> bool {
        self.nature == Nature::Denied
    }

    /// Whether every other call would meet the same.
    pub(super) fn is_everywhere(&self) -> bool {
        matches!(
            self.nature,
            Nature::Expired | Nature::BadKey | Nature::NoCredentials | Nature::Unreachable
        )
    }

    /// Whether what was asked for is not there.
    pub(super) fn is_not_found(&self) -> bool {
        self.nature == Nature::NotFound
    }

    /// The state of a property that this call would have told.
    pub(super) fn field<T>(&self) -> Field<T> {
        if self.is_denied() {
            Field::Denied(self.action.into())
        } else {
            Field::Failed(Arc::from(self.words.as_str()))
        }
    }

    /// What people read when a load cannot go on. `endpoint` is where the calls go, and
    /// `profile` the profile in use, if there is one.
    pub(super) fn problem(&self, endpoint: &str, profile: Option<&str>) -> Problem {
        let problem = Problem::new(
            format!("cannot read the account ({})", self.action),
            self.words.clone(),
        );
        let login = match profile {
            Some(name) => format!("`aws sso login --profile {name}`"),
            None => "`aws sso login`".to_owned(),
        };
        let problem = match self.nature {
            Nature::Denied => problem.next(format!("Ask for the permission {}.", self.action)),
            Nature::Throttled => problem.next("Wait a minute, then go on: what came is kept."),
            Nature::Expired => problem.next(format!(
                "Get a new session, for instance with {login}, then try again."
            )),
            Nature::BadKey => problem
                .next("Check the access key and its secret: `aws sts get-caller-identity`.")
                .next("Check that the region belongs to the account's partition."),
            Nature::NoCredentials => problem.next(format!(
                "Sign in, for instance with {login} or `aws configure`."
            )),
            Nature::Cut => problem.next(format!("Check the connection to {endpoint}, then go on.")),
            Nature::Unreachable => problem
                .next(format!(
                    "Check the connection to {endpoint}, then try again."
                ))
                .next("Behind a proxy, set HTTPS_PROXY and, where it needs one, AWS_CA_BUNDLE."),
            Nature::NotIam => problem
                .next(format!("Check what answers at {endpoint}."))
                .next("A proxy or a sign-in page of the network may stand in between."),
            Nature::Server => problem.next("Try again later: what came is kept."),
            Nature::NotFound | Nature::Refused | Nature::Other => problem,
        };
        problem.next("`iamscope --demo` needs no account.")
    }

    /// The same where one question went unanswered, with `tried` what was to be found out by it.
    pub(super) fn question_problem(
        &self,
        tried: &str,
        endpoint: &str,
        profile: Option<&str>,
    ) -> Problem {
        let what = format!("cannot {tried} ({})", self.action);
        let problem = Problem::new(what, self.words.clone());
        match self.nature {
            Nature::Throttled => problem.next("Wait a minute, then try again."),
            Nature::Server => problem.next("Try again later."),
            Nature::Cut => problem.next(format!(
                "Check the connection to {endpoint}, then try again."
            )),
            _ => {
                let mut next = self.problem(endpoint, profile).next;
                // That there is a demo helps nobody who asks about this account.
                next.pop();
                Problem { next, ..problem }
            }
        }
    }
}

/// A call that was answered, with an error.
fn answered<E: ProvideErrorMetadata>(error: &E, raw: &HttpResponse) -> (Nature, String) {
    let status = raw.status().as_u16();
    let body = String::from_utf8_lossy(raw.body().bytes().unwrap_or_default());
    // Proxies and servers that stand in for IAM use other envelopes, which the SDK leaves alone.
    let code = error.code().or_else(|| element(&body, "Code"));
    let message = error.message().or_else(|| element(&body, "Message"));
    let Some(code) = code else {
        let words = format!(
            "HTTP {status}, and no answer of IAM's: {}",
            beginning(&body)
        );
        return (Nature::NotIam, words);
    };
    let nature = match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => Nature::Denied,
        "NoSuchEntity" => Nature::NotFound,
        "Throttling"
        | "ThrottlingException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "SlowDown" => Nature::Throttled,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Nature::Expired,
        "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException"
        | "AuthFailure"
        | "IncompleteSignature"
        | "InvalidAccessKeyId" => Nature::BadKey,
        _ if status >= 500 => Nature::Server,
        _ => Nature::Other,
    };
    let words = match message {
        Some(message) => format!("{code}: {message}"),
        None => code.to_owned(),
    };
    (nature, words)
}

/// A call that never left, or that failed in a way of its own.
fn unsent(error: &(dyn Error + 'static)) -> (Nature, String) {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if let Some(refused) = current.downcast_ref::<Refused>() {
            return (Nature::Refused, refused.to_string());
        }
        if let Some(credentials) = current.downcast_ref::<CredentialsError>() {
            let words = chain(credentials);
            let nature = if says_expired(&words) {
                Nature::Expired
            } else {
                Nature::NoCredentials
            };
            return (nature, words);
        }
        cause = current.source();
    }
    (Nature::Other, innermost(error))
}

/// Whether the words of a credentials provider speak of a session that has run out.
pub(super) fn says_expired(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.contains("expired") || words.contains("token is invalid")
}

/// What lies at the bottom of an error, which is what names the cause: the SDK's own outer
/// layers say no more than "dispatch failure".
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// All that an error and its causes say. Where AWS said something, its own message stands for
/// the rest.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut cause = Some(error);
    while let Some(current) = cause {
        let refusal = current.downcast_ref::<AssumeRoleError>();
        let said = match refusal.map(|e| (e.code(), e.message())) {
            Some((Some(code), Some(message))) => format!("{code}: {message}"),
            _ => current.to_string().trim().to_owned(),
        };
        if words.last() != Some(&said) {
            words.push(said);
        }
        cause = current.source().filter(|_| refusal.is_none());
    }
    words.join(": ")
}

/// The text of the first element of that name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text)
}

/// The beginning of a text that should not be there, in one line.
fn beginning(text: &str) -> String {
    const SHOWN: usize = 80;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("it begins with \"{}…\"", &line[..end]),
        None if line.is_empty() => "it is empty".to_owned(),
        None => format!("it reads \"{line}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_html_is_shown_in_a_line() {
        assert_eq!(beginning(""), "it is empty");
        assert_eq!(beginning("<html>\n  <p>"), "it reads \"<html> <p>\"");
        let long = "é ".repeat(100);
        assert_eq!(
            beginning(&long).chars().count(),
            "it begins with \"…\"".chars().count() + 80
        );
    }

    #[test]
    fn an_error_is_found_in_any_envelope() {
        let xml = "<?xml version='1.0'?><Response><Errors><Error><Code>AccessDenied</Code>";
        assert_eq!(element(xml, "Code"), Some("AccessDenied"));
        assert_eq!(element(xml, "Message"), None);
    }

    #[test]
    fn denied_and_failed_are_different_fields() {
        let mut failure = Failure::other("iam:ListUsers", "it rains");
        assert_eq!(failure.field::<u8>(), Field::Failed("it rains".into()));
        failure.nature = Nature::Denied;
        assert_eq!(failure.field::<u8>(), Field::Denied("iam:ListUsers".into()));
    }
}
