//! What a user or role can do, and why.

use std::sync::Arc;

use compact_str::CompactString;
use jiff::Timestamp;

use super::{Asker, Question, Reply};
use crate::access::{Chains, Wanted, principal};
use crate::catalog::Action;
use crate::iam::Account;
use crate::report::what_can::{self, Answer, OfService, Told, by_service, reason as told};

/// A question about one user or role.
#[derive(Debug, Clone)]
pub struct WhatCan {
    /// Comes back with the answer.
    pub generation: u64,
    /// The account.
    pub account: Arc<Account>,
    /// Whose permissions.
    pub arn: CompactString,
    /// The time of whatever is requested.
    pub now: Timestamp,
}

/// A question why one of these things is allowed.
#[derive(Debug, Clone)]
pub struct AskReason {
    /// The account.
    pub account: Arc<Account>,
    /// Whose permissions.
    pub arn: CompactString,
    /// What.
    pub action: Action,
    /// The time of the request.
    pub now: Timestamp,
}

/// All that a user or role can do.
#[derive(Debug)]
pub struct Effective {
    /// That of the question.
    pub generation: u64,
    /// The account, in the state that the answer is about.
    pub account: Arc<Account>,
    /// Who.
    pub arn: CompactString,
    /// The time of whatever is requested.
    pub now: Timestamp,
    /// What it can do, and which roles it can assume; or why nothing can be said.
    pub answer: Result<Answer, String>,
    /// The same by service.
    pub services: Vec<OfService>,
    /// Whether the roles that it can assume are still to come.
    pub roles_follow: bool,
}

/// Why something is allowed.
#[derive(Debug)]
pub struct Reason {
    /// The account, in the state that the answer is about.
    pub account: Arc<Account>,
    /// Who.
    pub arn: CompactString,
    /// What.
    pub action: Action,
    /// Why.
    pub told: Arc<Told>,
}

/// The question to everybody with the terms on which this one is asked: what both need is found
/// out once.
fn question(now: Timestamp) -> Question {
    Question {
        actions: Vec::new(),
        resource: "*".to_owned(),
        context: Vec::new(),
        is_strict: false,
        now,
        follows_chains: true,
        denied: None,
    }
}

impl Asker {
    /// Answers what somebody can do: first what they can do themselves, and then, where that takes
    /// longer, which roles they can assume.
    pub(super) fn what_can(
        &mut self,
        ask: &WhatCan,
        is_superseded: &dyn Fn() -> bool,
        send: &mut dyn FnMut(Reply),
    ) {
        if is_superseded() {
            return;
        }
        let effective = |answer: Result<Answer, String>, roles_follow| {
            let abilities = answer.as_ref().map_or(&[][..], |it| &it.abilities);
            Reply::Effective(Box::new(Effective {
                generation: ask.generation,
                account: ask.account.clone(),
                arn: ask.arn.clone(),
                now: ask.now,
                services: by_service(abilities, None),
                answer,
                roles_follow,
            }))
        };
        let caller = match principal(&ask.account, &ask.arn) {
            Ok(caller) => caller,
            Err(error) => return send(effective(Err(error.to_string()), false)),
        };
        let (index, _) = self.index_of(&ask.account);
        let terms_of = question(ask.now);
        let terms = terms_of.terms();
        let question = what_can::Question {
            index: &index,
            terms: &terms,
            caller,
            wanted: Wanted::default(),
            no_chains: false,
        };
        let mut answer = question.direct();
        let reaches = self.reaches_of(&terms_of);
        if reaches.is_none() {
            send(effective(Ok(answer.clone()), true));
            if is_superseded() {
                return;
            }
        }
        let chains = match reaches {
            Some(reaches) => Chains::known(&index, &terms, reaches),
            None => Chains::new(&index, &terms),
        };
        question.follow(&chains, &mut answer);
        self.reaches = Some((Arc::new(terms_of.clone()), chains.reaches()));
        send(effective(Ok(answer), false));
    }
}

/// Answers why somebody can do something.
pub(super) fn reason(ask: &AskReason) -> Option<Reason> {
    let caller = principal(&ask.account, &ask.arn).ok()?;
    let question = question(ask.now);
    let told = told(&ask.account, &question.terms(), caller, ask.action);
    Some(Reason {
        account: ask.account.clone(),
        arn: ask.arn.clone(),
        action: ask.action,
        told: Arc::new(told),
    })
}
