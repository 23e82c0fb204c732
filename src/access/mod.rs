//! Who may do what, and why: one request against the policies of every layer.
//!
//! This module is pure: it does no I/O, reads no clock and has no state. What a request's keys
//! are is said by [`Facts`]; what is not said is unknown, and the answer says what hangs on it.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`Caller`] | who asks |
//! | [`Facts`] | what is known of the request |
//! | [`Prepared`] | a policy, ready to be asked |
//! | [`Layers`] | every policy that bears on the request |
//! | [`Question`] | all of that together |
//! | [`pose`] | a question about an account |
//! | [`ask`] | the same, answered |
//! | [`decide`] | the answer: a [`Verdict`] |
//! | [`Extent`] | the resources that a conditional answer is about |
//! | [`explain`] | the answer with its reasons |
//! | [`Index`] | an account, made ready for questions about everybody |
//! | [`Survey`] | one such question: who can do this themselves |
//! | [`Chains`] | who can become which role |
//! | [`WhoCan`] | who can do this, themselves or through roles |
//! | [`what_can`] | all that one principal can do |
//! | [`remedy`] | the smallest change that would allow what is denied |

mod ask;
mod caller;
mod condition;
mod conflict;
mod explain;
mod extent;
mod facts;
mod index;
mod layers;
mod pose;
mod prepared;
mod principals;
mod question;
mod remedy;
mod request;
mod truth;
mod verdict;

pub use ask::{Asked, ask};
pub use caller::{Caller, CallerError, CallerKind};
pub use condition::Condition;
pub use explain::{
    Explanation, Layer, LayerSays, NamedAs, Near, NearMiss, Place, Said, Warning, explain,
};
pub use extent::{Apart, Extent};
pub use facts::{Fact, Facts, Rest};
pub use index::{
    Ability, Chains, Counts, Difference, Found, Index, Node, Reaches, Row, Survey, Wanted, Way,
    WhatCan, WhoCan, assuming, is_able, roles_unread, what_can,
};
pub use layers::{Layers, ResourcePolicy, Stated};
pub use pose::{
    Assumption, Posed, PrincipalError, Stored, Terms, lacking, lacking_of_all, pose, principal,
    stored, stored_as,
};
pub use prepared::{PolicyUse, Prepared, Refusal, Refused};
pub use question::{OwnResourcePolicy, Policy, Question};
pub use remedy::{Element, Except, Home, Meet, NoRemedy, Remedy, Spot, Step, remedy};
pub use request::{Request, is_assume_role};
pub use truth::{Requirement, Truth, Unmet};
pub use verdict::{Decision, Verdict, decide};
