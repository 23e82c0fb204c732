//! The built-in demo account.

use super::Sink;

/// Loads the demo account.
pub async fn load(_sink: Sink) {}
