//! The index of an account answers as single questions do.
//!
//! Accounts, terms and requests are random and the same for a seed. A single question is posed
//! without any index, and what a chain of roles comes to is searched for here once more.

pub mod answers;
mod chains;
pub mod random_account;
pub mod random_policy;
mod search;
pub mod smallest;
mod special;
mod what_can;
mod what_if;
pub mod world;

/// How many seeds are tried: `usual`, or what the environment variable `IAMSCOPE_SEEDS` says.
pub fn seeds(usual: u64) -> u64 {
    match std::env::var("IAMSCOPE_SEEDS") {
        Ok(text) => text.parse().unwrap(),
        Err(_) => usual,
    }
}
