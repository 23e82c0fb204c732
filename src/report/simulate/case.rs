//! A case, read and ready to be decided.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::read::{IdOnly, Raw};
use super::{Answer, CaseError};
use crate::access::{
    Caller, Decision, Fact, Facts, Layers, PolicyUse, Prepared, Request, ResourcePolicy, Rest,
    Stated, decide, explain, is_assume_role,
};
use crate::iam::Arn;

/// One question with everything that bears on it.
#[derive(Debug)]
pub struct Case<'a> {
    id: Option<&'a RawValue>,
    caller: Caller,
    action: String,
    resource: Cow<'a, str>,
    resource_account: Option<Cow<'a, str>>,
    facts: Facts,
    identity: Vec<Policy<'a>>,
    boundary: Option<Policy<'a>>,
    session: Option<Policy<'a>>,
    resource_policy: Option<Policy<'a>>,
    scps: Option<Vec<Vec<Policy<'a>>>>,
    rcps: Option<Vec<Vec<Policy<'a>>>>,
    expect: Option<Decision>,
}

#[derive(Debug)]
struct Policy<'a> {
    name: Cow<'a, str>,
    text: Cow<'a, str>,
    prepared: Prepared,
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
        let resource = raw.resource.unwrap_or(Cow::Borrowed("*"));
        let resource_account = raw
            .resource_account
            .or_else(|| account_of(&resource))
            .or(raw.account);
        let mut facts = Facts::new(Rest::Missing);
        for (key, values) in raw.context.unwrap_or_default().0 {
            facts.set(&key, Fact::Values(values));
        }
        let used_as = if is_assume_role(&action) {
            PolicyUse::Trust
        } else {
            PolicyUse::Resource
        };
        let identity = PolicyUse::Identity;
        let expect = raw.expect.map(|word| {
            let found = Decision::of(&word).filter(|it| *it != Decision::Conditional);
            found.ok_or_else(|| {
                format!("expect {word:?} is none of allowed, explicitDeny, implicitDeny")
            })
        });
        let named = raw.identity_policies.unwrap_or_default();
        let mut policies = Vec::with_capacity(named.len());
        for (at, named) in named.into_iter().enumerate() {
            let number = || Cow::Owned(format!("identity_policies[{at}]"));
            let name = named.name.unwrap_or_else(number);
            policies.push(Policy::read(name, named.policy, identity)?);
        }
        let one = |name: &'static str, policy: Option<&'a RawValue>, used_as| {
            policy
                .map(|policy| Policy::read(Cow::Borrowed(name), policy, used_as))
                .transpose()
        };
        Ok(Self {
            id: raw.id,
            boundary: one("permissions_boundary", raw.permissions_boundary, identity)?,
            session: one("session_policy", raw.session_policy, identity)?,
            resource_policy: one("resource_policy", raw.resource_policy, used_as)?,
            scps: levels("scps", raw.scps, identity)?,
            rcps: levels("rcps", raw.rcps, PolicyUse::ResourceControl)?,
            identity: policies,
            expect: expect.transpose()?,
            caller,
            action,
            resource,
            resource_account,
            facts,
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

    /// What is asked.
    pub fn request(&self) -> Request<'_> {
        Request {
            caller: &self.caller,
            action: &self.action,
            resource: &self.resource,
            resource_account: self.resource_account.as_deref(),
            facts: &self.facts,
        }
    }

    /// The policies that bear on it.
    pub fn layers(&self) -> Layers<'_> {
        Layers {
            identity: self.identity.iter().map(Policy::stated).collect(),
            boundary: self.boundary.as_ref().map(Policy::stated),
            session: self.session.as_ref().map(Policy::stated),
            resource: match &self.resource_policy {
                Some(policy) => ResourcePolicy::Stated(policy.stated()),
                None => ResourcePolicy::Absent,
            },
            scps: self.scps.as_ref().map(stated),
            rcps: self.rcps.as_ref().map(stated),
        }
    }

    /// The answer; with its reasons where they are wanted.
    pub fn answer(&self, with_reasons: bool) -> Answer<'a> {
        let (request, layers) = (self.request(), self.layers());
        let explanation = with_reasons.then(|| Box::new(explain(&request, &layers)));
        Answer {
            id: self.name(),
            decision: match &explanation {
                Some(explanation) => explanation.verdict.decision,
                None => decide(&request, &layers).decision,
            },
            explanation,
        }
    }
}

impl<'a> Policy<'a> {
    fn read(name: Cow<'a, str>, policy: &'a RawValue, used_as: PolicyUse) -> Result<Self, String> {
        let raw = policy.get();
        // A policy may also stand in a string, as IAM's API has it.
        let text: Cow<'a, str> = match raw.as_bytes().first() {
            Some(b'{') => Cow::Borrowed(raw),
            Some(b'"') => {
                Cow::Owned(serde_json::from_str(raw).map_err(|error| format!("{name}: {error}"))?)
            }
            _ => return Err(format!("{name} is no policy (expected an object)")),
        };
        if !text.trim_start().starts_with('{') {
            return Err(format!("{name} is no policy (expected an object)"));
        }
        let prepared = Prepared::of(&text, used_as);
        Ok(Self {
            name,
            text,
            prepared,
        })
    }

    fn stated(&self) -> Stated<'_> {
        Stated {
            name: &self.name,
            text: &self.text,
            policy: Some(&self.prepared),
        }
    }
}

fn stated<'a>(levels: &'a Vec<Vec<Policy<'_>>>) -> Vec<Vec<Stated<'a>>> {
    let level = |level: &'a Vec<Policy<'_>>| level.iter().map(Policy::stated).collect();
    levels.iter().map(level).collect()
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
        let policies = level.into_iter().enumerate().map(|(number, policy)| {
            let name = Cow::Owned(format!("{name}[{at}][{number}]"));
            Policy::read(name, policy, used_as)
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
