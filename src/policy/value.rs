//! Values of conditions that are more than text: numbers, times, networks, bytes.
//!
//! Each is read from the text that a policy or a request has; what cannot be read is `None` and
//! matches nothing.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

mod decimal;
mod instant;
mod network;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub use decimal::Decimal;
pub use instant::instant;
pub use network::Network;

/// The bytes behind a base64 text.
pub(crate) fn binary(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// `true` or `false`, in either case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
