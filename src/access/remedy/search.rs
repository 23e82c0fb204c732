//! The search for the fewest and mildest steps.
//!
//! Whatever stands in the way is dealt with one after the other, each by the steps that might do,
//! mildest first; what is no better than the best that was found is left off. What is found at last
//! is gone through once more, so that nothing needless is in it.

use super::gap::{Gap, Side, gaps};
use super::trial::Trial;
use super::{NoRemedy, Step, allow, deny, is_granted};
use crate::access::layers::Layers;
use crate::access::request::Request;
use crate::access::verdict::{Verdict, decide};

/// How often something is tried. Few requests have so much in their way that it matters.
const TRIES: usize = 300;

/// The best steps, and what comes of the request after them.
pub(super) fn found(trial: &Trial<'_>, side: Side) -> Result<(Vec<Step>, Verdict), NoRemedy> {
    let mut search = Search {
        trial,
        side,
        tries: TRIES,
        best: None,
        stuck: None,
    };
    search.go(Vec::new());
    let Some((_, steps)) = search.best else {
        return Err(search.stuck.unwrap_or(NoRemedy::NotFound));
    };
    let steps = needed(trial, steps);
    let result = trial.after(&steps, decide).ok_or(NoRemedy::NotFound)?;
    Ok((steps, result))
}

/// Those of some steps that are needed.
fn needed(trial: &Trial<'_>, mut steps: Vec<Step>) -> Vec<Step> {
    let mut at = 0;
    while at < steps.len() {
        let mut fewer = steps.clone();
        fewer.remove(at);
        let result = trial.after(&fewer, decide);
        if result.is_some_and(|it| is_granted(it.decision)) {
            // What was needed beside it may be needless now.
            (steps, at) = (fewer, 0);
        } else {
            at += 1;
        }
    }
    steps
}

struct Search<'s> {
    trial: &'s Trial<'s>,
    side: Side,
    tries: usize,
    best: Option<(u32, Vec<Step>)>,
    /// The first thing that nothing could be done about.
    stuck: Option<NoRemedy>,
}

/// What comes of a request after some steps.
enum Next {
    Granted,
    Try(Vec<Step>, Option<NoRemedy>),
}

impl Search<'_> {
    fn go(&mut self, steps: Vec<Step>) {
        if self.tries == 0 || !self.is_better(&steps) {
            return;
        }
        self.tries -= 1;
        let (trial, side) = (self.trial, self.side);
        let next = trial.after(&steps, |request, layers| next(trial, request, layers, side));
        match next {
            None => {}
            Some(Next::Granted) => self.best = Some((weight(&steps), steps)),
            Some(Next::Try(more, why)) => {
                if more.is_empty() && self.stuck.is_none() {
                    self.stuck = why;
                }
                let new: Vec<_> = more.into_iter().filter(|it| !steps.contains(it)).collect();
                for step in new {
                    self.go(with(&steps, step));
                }
            }
        }
    }

    fn is_better(&self, steps: &[Step]) -> bool {
        let best = self.best.as_ref();
        best.is_none_or(|(best, _)| weight(steps) < *best)
    }
}

fn next(trial: &Trial<'_>, request: &Request<'_>, layers: &Layers<'_>, side: Side) -> Next {
    if is_granted(decide(request, layers).decision) {
        return Next::Granted;
    }
    let (mut all, mut stuck) = (Vec::new(), None);
    for gap in gaps(request, layers, side) {
        let (steps, why) = match gap {
            Gap::Lacks(layer) => allow::steps(trial, request, layers, layer),
            Gap::Denied {
                layer,
                stated,
                statement,
            } => deny::steps(trial, request, layer, &stated, statement),
        };
        all.extend(steps);
        stuck = stuck.or(why);
    }
    all.sort_by_key(|it| weight(std::slice::from_ref(it)));
    Next::Try(all, stuck)
}

/// Steps and one more. A key has one value, the last.
fn with(steps: &[Step], step: Step) -> Vec<Step> {
    let key = |it: &Step| match it {
        Step::Meet(meet) => Some(meet.key.to_ascii_lowercase()),
        _ => None,
    };
    let new = key(&step);
    let is_kept = |it: &&Step| new.is_none() || key(it) != new;
    let kept = steps.iter().filter(is_kept).cloned();
    kept.chain([step]).collect()
}

/// How much some steps change: another request changes nothing, and the smallest edit of a policy is
/// worse than many such.
fn weight(steps: &[Step]) -> u32 {
    let each = steps.iter().map(|step| match step {
        Step::Meet(_) => 1,
        Step::Widen { .. } => 20,
        Step::Add { home, .. } if !home.is_new => 21,
        Step::Add { .. } => 22,
        Step::NarrowDeny { .. } | Step::RemoveDeny { .. } => 23,
    });
    each.sum()
}
