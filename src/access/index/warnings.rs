//! What of an account's policies cannot be evaluated, and who has it.

use std::sync::Arc;

use compact_str::{CompactString, format_compact};

use super::Index;
use crate::access::explain::{Layer, Warning};
use crate::access::prepared::Refused;
use crate::iam::{Field, InlinePolicy};

impl Index {
    /// Statements that never match since they cannot be evaluated: of the policies that somebody
    /// has, each once, and of trust policies.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut found = Found {
            index: self,
            list: Vec::new(),
        };
        let account = self.account();
        let mut attached: Vec<&Arc<str>> = account.all_attachments().map(|(arn, _)| arn).collect();
        attached.sort_unstable();
        for arn in attached {
            let text = account.policy(arn).and_then(|policy| policy.document());
            if let Some(text) = text {
                found.document(text.as_str(), || (**arn).into());
            }
        }
        for user in account.users() {
            found.inline(&user.arn, &user.inline);
        }
        for group in account.groups() {
            found.inline(&group.arn, &group.inline);
        }
        for (at, role) in account.roles().iter().enumerate() {
            found.inline(&role.arn, &role.inline);
            if let Some(trust) = self.trusts().of(at) {
                let arn = CompactString::from(&*role.arn);
                found.add(Layer::Resource, &trust.policy.refused, || arn.clone());
            }
        }
        found.list
    }
}

struct Found<'i> {
    index: &'i Index,
    list: Vec<Warning>,
}

impl Found<'_> {
    fn inline(&mut self, owner: &str, policies: &Field<Vec<InlinePolicy>>) {
        for policy in policies.known().into_iter().flatten() {
            if let Some(text) = policy.document.known() {
                self.document(text.as_str(), || format_compact!("{owner} {}", policy.name));
            }
        }
    }

    fn document(&mut self, text: &str, name: impl Fn() -> CompactString) {
        if let Some(doc) = self.index.find(text) {
            let index = self.index;
            self.add(Layer::Identity, index.corpus(doc).refused(doc), name);
        }
    }

    fn add(&mut self, layer: Layer, refused: &[Refused], name: impl Fn() -> CompactString) {
        self.list.extend(refused.iter().map(|refused| Warning {
            layer,
            policy: name(),
            refused: refused.clone(),
        }));
    }
}
