//! The index of an account answers as single questions do.
//!
//! Accounts, terms and requests are random and the same for a seed. A single question is posed
//! without any index, and what a chain of roles comes to is searched for here once more.

mod answers;
mod chains;
mod random_account;
mod random_policy;
mod search;
mod smallest;
mod special;
mod what_can;
mod what_if;
mod world;

/// How many seeds are tried: `usual`, or what the environment variable `IAMSCOPE_SEEDS` says.
fn seeds(usual: u64) -> u64 {
    match std::env::var("IAMSCOPE_SEEDS") {
        Ok(text) => text.parse().unwrap(),
        Err(_) => usual,
    }
}
