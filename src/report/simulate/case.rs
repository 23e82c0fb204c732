//! A case, read and ready to be decided.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::read::{IdOnly, Raw};
use super::{Answer, CaseError};
use crate::access::{
    Caller, Decision, Fact, Facts, OwnResourcePolicy, Policy, PolicyUse, Question, Rest,
    is_assume_role,
};
use crate::iam::Arn;

/// One question with everything that bears on it.
#[derive(Debug)]
pub struct Case<'a> {
    id: Option<&'a RawValue>,
    question: Question<'a>,
    expect: Option<Decision>,
}

impl<'a> Case<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// [`CaseError`] where the line is no JSON or not of the shape of a case.
    pub fn read(line: &'a [u8]) -> Result<Self, CaseError> {
        let error = |why: String| {
            let found = serde_json::from_slice::<IdOnly<'_>>(line);
            let id = found.ok().and_then(|it| it.id).map(|id| id.get().into());
            CaseError { id, why }
        };
        // A list would be taken for the fields in their order.
        if line.trim_ascii_start().first() == Some(&b'[') {
            return Err(error("a case must be an object".to_owned()));
        }
        let raw: Raw<'a> =
            serde_json::from_slice(line).map_err(|err| error(without_line(&err.to_string())))?;
        Self::of(raw).map_err(error)
    }

    fn of(raw: Raw<'a>) -> Result<Self, String> {
        let principal = raw.principal_arn.ok_or("principal_arn is missing")?;
        let action = raw.action.ok_or("action is missing")?.to_ascii_lowercase();
        if !action.contains(':') {
            return Err(format!(
                "action {action:?} is none (expected service:Name, such as s3:GetObject)"
            ));
        }
        let caller = Caller::parse(&principal).map_err(|error| error.to_string())?;
        let expect = raw.expect.map(|word| {
            let found = Decision::of(&word).filter(|it| *it != Decision::Conditional);
            found.ok_or_else(|| {
                format!("expect {word:?} is none of allowed, explicitDeny, implicitDeny")
            })
        });
        let used_as = if is_assume_role(&action) {
            PolicyUse::Trust
        } else {
            PolicyUse::Resource
        };
        let mut question =
            Question::new(caller, &action, raw.resource.unwrap_or(Cow::Borrowed("*")));
        question.resource_account = raw
            .resource_account
            .or_else(|| account_of(&question.resource))
            .or(raw.account);
        question.facts = Facts::new(Rest::Missing);
        for (key, values) in raw.context.unwrap_or_default().0 {
            question.facts.set(&key, Fact::Values(values));
        }
        let identity = PolicyUse::Identity;
        for (at, named) in raw.identity_policies.into_iter().flatten().enumerate() {
            let number = || Cow::Owned(format!("identity_policies[{at}]"));
            let name = named.name.unwrap_or_else(number);
            question
                .identity
                .push(policy(name, named.policy, identity)?);
        }
        let one = |name: &'static str, raw: Option<&'a RawValue>, used_as| {
            raw.map(|raw| policy(Cow::Borrowed(name), raw, used_as))
                .transpose()
        };
        question.boundary = one("permissions_boundary", raw.permissions_boundary, identity)?;
        question.session = one("session_policy", raw.session_policy, identity)?;
        if let Some(policy) = one("resource_policy", raw.resource_policy, used_as)? {
            question.resource_policy = OwnResourcePolicy::Policy(policy);
        }
        question.scps = levels("scps", raw.scps, identity)?;
        question.rcps = levels("rcps", raw.rcps, PolicyUse::ResourceControl)?;
        Ok(Self {
            id: raw.id,
            question,
            expect: expect.transpose()?,
        })
    }

    /// The id as it stands in the line, or `null`.
    pub fn name(&self) -> &'a str {
        self.id.map_or("null", RawValue::get)
    }

    /// The decision that the case expects, if it says.
    pub fn expect(&self) -> Option<Decision> {
        self.expect
    }

    /// The question.
    pub fn question(&self) -> &Question<'a> {
        &self.question
    }

    /// The answer; with its reasons where they are wanted.
    pub fn answer(&self, with_reasons: bool) -> Answer<'a> {
        let explanation = with_reasons.then(|| Box::new(self.question.explain()));
        Answer {
            id: self.name(),
            decision: match &explanation {
                Some(explanation) => explanation.verdict.decision,
                None => self.question.decide().decision,
            },
            explanation,
        }
    }
}

/// Reads a policy, which may also stand in a string, as IAM's API has it.
fn policy<'a>(
    name: Cow<'a, str>,
    raw: &'a RawValue,
    used_as: PolicyUse,
) -> Result<Policy<'a>, String> {
    let raw = raw.get();
    let text: Cow<'a, str> = if raw.starts_with('"') {
        Cow::Owned(serde_json::from_str(raw).map_err(|error| format!("{name}: {error}"))?)
    } else {
        Cow::Borrowed(raw)
    };
    if !text.trim_start().starts_with('{') {
        return Err(format!("{name} is no policy (expected an object)"));
    }
    Ok(Policy::new(name, text, used_as))
}

fn levels<'a>(
    name: &str,
    levels: Option<Vec<Vec<&'a RawValue>>>,
    used_as: PolicyUse,
) -> Result<Option<Vec<Vec<Policy<'a>>>>, String> {
    let Some(levels) = levels else {
        return Ok(None);
    };
    let read = |(at, level): (usize, Vec<&'a RawValue>)| {
        let policies = level.into_iter().enumerate().map(|(number, raw)| {
            let name = Cow::Owned(format!("{name}[{at}][{number}]"));
            policy(name, raw, used_as)
        });
        policies.collect::<Result<Vec<_>, _>>()
    };
    let levels = levels.into_iter().enumerate().map(read);
    levels.collect::<Result<_, _>>().map(Some)
}

/// The account in an ARN, if it has one.
fn account_of<'a>(resource: &str) -> Option<Cow<'a, str>> {
    let account = Arn::parse(resource).ok()?.account;
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    is_account.then(|| Cow::Owned(account.to_owned()))
}

/// serde names a line, which is always the first here.
fn without_line(error: &str) -> String {
    error.replace(" at line 1 column ", " at column ")
}
