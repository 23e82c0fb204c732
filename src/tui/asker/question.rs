//! What is asked.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access::Terms;
use crate::report::denied::Denied;

/// A question about everybody in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The actions, spelt as AWS does; at least one.
    pub actions: Vec<String>,
    /// The resource, or a pattern.
    pub resource: String,
    /// Condition keys with their values.
    pub context: Vec<(String, Vec<String>)>,
    /// Whether keys that are neither given nor known are missing.
    pub is_strict: bool,
    /// The time of the request.
    pub now: Timestamp,
    /// Whether roles that are assumed one after the other are followed.
    pub follows_chains: bool,
    /// The message that posed it, where one did.
    pub denied: Option<Arc<Denied>>,
}

impl Question {
    /// What it is asked with.
    pub fn terms(&self) -> Terms<'_> {
        Terms {
            context: self.context.clone(),
            is_strict: self.is_strict,
            now: Some(self.now),
            ..Terms::default()
        }
    }

    /// Whether another question is asked with the same.
    pub fn has_same_terms(&self, other: &Self) -> bool {
        self.context == other.context && self.is_strict == other.is_strict && self.now == other.now
    }

    /// The command that asks the same, without the account.
    pub fn command(&self) -> String {
        let mut words = vec![
            "iamscope".to_owned(),
            "who-can".to_owned(),
            quoted(&self.actions.join(",")),
        ];
        if self.resource != "*" {
            words.push(quoted(&self.resource));
        }
        for (key, values) in &self.context {
            words.push("--context".to_owned());
            words.push(quoted(&format!("{key}={}", values.join(","))));
        }
        if self.is_strict {
            words.push("--strict".to_owned());
        }
        if !self.follows_chains {
            words.push("--no-chains".to_owned());
        }
        words.join(" ")
    }
}

/// A word of a command line, in single quotes where a shell would take it for something else.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ":/._-=,@+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_safe_in_a_shell() {
        let question = Question {
            actions: vec!["s3:GetObject".into(), "s3:PutObject".into()],
            resource: "arn:aws:s3:::b/it's $HOME*".into(),
            context: vec![(
                "aws:SourceIp".into(),
                vec!["10.0.0.1".into(), "10.0.0.2".into()],
            )],
            is_strict: true,
            now: Timestamp::UNIX_EPOCH,
            follows_chains: false,
            denied: None,
        };
        assert_eq!(
            question.command(),
            r"iamscope who-can s3:GetObject,s3:PutObject 'arn:aws:s3:::b/it'\''s $HOME*' --context aws:SourceIp=10.0.0.1,10.0.0.2 --strict --no-chains"
        );
    }
}
