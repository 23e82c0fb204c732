//! A second, naive reading of the rules of policy evaluation, for tests only.
//!
//! It decides one case straight from its JSON, without index, compilation or three values: every
//! function is one rule as the IAM User Guide states it, and its comment names the page in
//! brackets. The engine must agree with it on random cases, so the two share no code. It answers
//! strictly: a condition key that the case does not give is missing. It owns no rule that the
//! engine lacks and is never fast on purpose.

pub mod condition;
pub mod context;
pub mod data;
pub mod layers;
pub mod matching;
pub mod principal;
pub mod random;
pub mod random_condition;
pub mod random_pattern;
pub mod random_policy;
pub mod random_principal;
pub mod statement;
pub mod vocabulary;

#[cfg(test)]
mod rules;
#[cfg(test)]
mod rules_conditions;
#[cfg(test)]
mod rules_layers;
pub use random::random_case;

use serde_json::Value;

/// The decision of a case: `allowed`, `explicitDeny` or `implicitDeny`.
///
/// An explicit deny of any layer wins; otherwise the layers must allow; everything else is an
/// implicit deny. [reference_policies_evaluation-logic]
pub fn decide(case: &Value) -> &'static str {
    if layers::denied(case) {
        "explicitDeny"
    } else if layers::allowed(case) {
        "allowed"
    } else {
        "implicitDeny"
    }
}
