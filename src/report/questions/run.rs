//! Asking saved questions about an account, and holding the answers against what is expected.

use std::time::Instant;

use jiff::Timestamp;

use super::Question;
use super::everybody::Everybody;
use super::judge::judge;
use super::told::{Came, Outcome};
use crate::access::{Chains, Index, Terms};
use crate::iam::Organization;
use crate::report::asking::{self, Unknown};
use crate::report::unread::left_out;
use crate::report::who_can::{self, Wanted};
use crate::source::Problem;

/// What goes with all questions of a run.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The time of the requests.
    pub now: Timestamp,
    /// The organisation. It wins over one that the account brings.
    pub organization: Option<&'a Organization>,
    /// Whether actions are asked about that the catalogue does not know.
    pub unknown: Unknown,
}

/// Asks one question.
pub fn run(index: &Index, given: Given<'_>, question: &Question) -> Outcome {
    let terms = terms(given, question);
    let chains = question.chains.then(|| Chains::new(index, &terms));
    answer(index, given, &terms, chains.as_ref(), question)
}

/// Asks one question after the other. What questions with the same keys of the request have in
/// common, which role leads to which, is found out once.
pub fn run_all<'q>(
    index: &Index,
    given: Given<'_>,
    questions: impl IntoIterator<Item = &'q Question>,
    mut each: impl FnMut(Outcome),
) {
    let questions: Vec<&Question> = questions.into_iter().collect();
    let mut apart: Vec<&Question> = Vec::new();
    let mut places = Vec::with_capacity(questions.len());
    for question in &questions {
        let same = |it: &&Question| it.strict == question.strict && it.context == question.context;
        let known = apart.iter().position(same);
        places.push(known.unwrap_or(apart.len()));
        if known.is_none() {
            apart.push(question);
        }
    }
    let terms: Vec<Terms<'_>> = apart.iter().map(|it| terms(given, it)).collect();
    let chains: Vec<Chains<'_>> = terms.iter().map(|it| Chains::new(index, it)).collect();
    for (question, at) in questions.into_iter().zip(places) {
        let chains = question.chains.then(|| &chains[at]);
        each(answer(index, given, &terms[at], chains, question));
    }
}

/// What a question is asked with.
fn terms<'a>(given: Given<'a>, question: &Question) -> Terms<'a> {
    Terms {
        context: question.context.clone(),
        is_strict: question.strict,
        now: Some(given.now),
        organization: given.organization,
        ..Terms::default()
    }
}

fn answer(
    index: &Index,
    given: Given<'_>,
    terms: &Terms<'_>,
    chains: Option<&Chains<'_>>,
    question: &Question,
) -> Outcome {
    let start = Instant::now();
    let mut outcome = Outcome::new(&question.name);
    let keys = question.context.iter();
    let keys = keys.filter_map(|(key, _)| asking::unknown_key(key));
    outcome.notes = keys.collect();
    if let Err(problem) = fill_in(&mut outcome, index, given, terms, chains, question) {
        outcome.came = Came::Unanswered(Box::new(problem));
    }
    outcome.time = start.elapsed();
    outcome
}

/// Asks, and fills in what comes.
///
/// # Errors
/// Why the question cannot be asked.
fn fill_in(
    outcome: &mut Outcome,
    index: &Index,
    given: Given<'_>,
    terms: &Terms<'_>,
    chains: Option<&Chains<'_>>,
    question: &Question,
) -> Result<(), Problem> {
    let actions = asking::actions(&question.action.join(","), given.unknown)?;
    let resource = question.resource.as_deref().unwrap_or("*");
    let first = actions.first().map_or("", String::as_str);
    let resource = asking::resource(index.account(), first, resource)?;
    let asked = who_can::Question {
        index,
        terms,
        actions: &actions,
        resource,
        wanted: Wanted {
            no_chains: chains.is_none(),
            ..Wanted::default()
        },
    };
    let everybody = Everybody::new(&asked, chains, question);
    let found = everybody.ask();
    outcome.assumptions = asked.assumptions();
    outcome.uncounted = found.uncounted;
    if let Some(expect) = &question.expect {
        outcome.notes.extend(expect.of_nobody(&found.asked));
        let mut judged = judge(expect, &found.able, &found.maybe);
        if expect.bounds() {
            judged.doubts.extend(left_out(index, question.chains));
        }
        everybody.tell_how(&mut judged.breaches);
        outcome.came = match (judged.breaches.is_empty(), judged.doubts.is_empty()) {
            (false, _) => Came::Failed(judged.breaches),
            (true, false) => Came::Unsure(judged.doubts),
            (true, true) => Came::Met,
        };
    }
    outcome.able = found.able;
    outcome.actions = actions;
    outcome.resource = resource.to_owned();
    Ok(())
}
