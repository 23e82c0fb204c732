//! A managed policy's tabs.

use compact_str::CompactString;

use super::super::words::counted;
use super::{Maker, dim, plain};
use crate::iam::{EntityRef, Field, Kind, ManagedPolicy};
use crate::policy::describe;
use crate::tui::command::Id;
use crate::tui::detail::Tab;
use crate::tui::page::{Target, Tone};
use crate::tui::time::date;
use crate::visible::visible;

impl Maker<'_> {
    pub(super) fn policy(&mut self, entity: &EntityRef, tab: Tab) {
        let Some(policy) = self.account.policy(&entity.arn) else {
            return;
        };
        match tab {
            Tab::Document => self.document(policy),
            Tab::Versions => self.versions(policy),
            Tab::Attached => self.attached_to(policy),
            Tab::Tags => self.tags(&policy.tags),
            _ => self.policy_overview(policy),
        }
    }

    fn policy_overview(&mut self, policy: &ManagedPolicy) {
        self.arn_and_id(&policy.arn, &policy.id);
        let kind = if policy.is_aws_managed() {
            "AWS managed"
        } else {
            "customer managed"
        };
        self.out.pair("Kind", plain(kind), None);
        self.out.pair("Path", plain(&policy.path), None);
        self.field("Description", &policy.description, |text| {
            if text.is_empty() {
                dim("none")
            } else {
                plain(&**text)
            }
        });
        self.created(policy.created);
        if let Some(at) = policy.updated {
            let value = self.when(at);
            self.out.pair("Updated", value, None);
        }
        self.out.blank();
        self.out.pair(
            "Default version",
            plain(&policy.default_version),
            Some(Target::Tab(Tab::Document)),
        );
        self.field_to(Tab::Versions, "Versions", &policy.versions, |v| {
            plain(v.len().to_string())
        });
        let found = self
            .account
            .attachments(&policy.arn)
            .cloned()
            .unwrap_or_default();
        let value = format!(
            "{}, {}, {}",
            counted(found.users.len(), "user"),
            counted(found.groups.len(), "group"),
            counted(found.roles.len(), "role")
        );
        let tab = || Some(Target::Tab(Tab::Attached));
        self.out.pair("Attached to", plain(value), tab());
        if let Some(count) = policy.attachment_count
            && count as usize != found.attached()
        {
            let text = format!("IAM counts {count}: not all of them were read");
            self.out.pair("", vec![(Tone::Warning, text)], None);
        }
        let value = format!(
            "{}, {}",
            counted(found.bounded_users.len(), "user"),
            counted(found.bounded_roles.len(), "role")
        );
        self.out.pair("Boundary of", plain(value), tab());
        if policy.attachable == Some(false) {
            self.out
                .pair("", vec![(Tone::Warning, "cannot be attached".into())], None);
        }
        self.field_to(Tab::Tags, "Tags", &policy.tags, |tags| {
            plain(tags.len().to_string())
        });
        self.out.blank();
        self.sentences(policy);
    }

    /// What the policy in force says, a sentence a statement.
    fn sentences(&mut self, policy: &ManagedPolicy) {
        let Some(text) = policy.document() else {
            return;
        };
        let layout = self.app.layouts().of(text);
        self.out.heading("In words");
        for (at, statement) in layout.document().statements.iter().enumerate() {
            let words = describe(statement);
            let line = vec![(Tone::Sentence, format!("  {}", visible(&words)))];
            self.out.linked(line, 4, Some(Target::Statement(at)), None);
        }
    }

    fn document(&mut self, policy: &ManagedPolicy) {
        let shown = self
            .detail
            .version
            .clone()
            .unwrap_or_else(|| policy.default_version.clone());
        let versions = match &policy.versions {
            Field::Known(versions) => versions,
            other => {
                let state = self.state(other).unwrap_or_default();
                self.out.line(state);
                return;
            }
        };
        match versions.iter().find(|v| v.id == shown) {
            Some(version) => {
                let mut line = vec![(Tone::Strong, format!("Version {}", version.id))];
                let what = if version.id == policy.default_version {
                    ", in force"
                } else {
                    ", not in force"
                };
                line.push((Tone::Dim, what.into()));
                if let Some(at) = version.created {
                    line.push((Tone::Dim, format!(", of {}", date(at))));
                }
                self.out.line(line);
                self.text(&version.document.clone());
            }
            None => self.out.line(dim(format!("Version {shown} was not read."))),
        }
    }

    fn versions(&mut self, policy: &ManagedPolicy) {
        if let Some(comparison) = &self.detail.comparison {
            self.comparison(policy, comparison);
            return;
        }
        let marked = self.detail.marked.clone();
        self.list(
            &policy.versions.clone(),
            "No versions.",
            |maker, version| {
                let mark = if marked.as_ref() == Some(&version.id) {
                    "* "
                } else {
                    "  "
                };
                let mut line = vec![
                    (Tone::Warning, mark.to_owned()),
                    (Tone::Link, format!("{:<5}", version.id)),
                ];
                if let Some(at) = version.created {
                    line.push((Tone::Plain, format!("{}  ", date(at))));
                }
                let size = version.document.known().map(|text| text.as_str().len());
                if let Some(size) = size {
                    line.push((Tone::Dim, format!("{size:>6} bytes")));
                }
                if version.id == policy.default_version {
                    line.push((Tone::Good, "  in force".into()));
                }
                maker
                    .out
                    .linked(line, 4, Some(Target::Version(version.id.clone())), None);
            },
        );
        if policy.versions.known().is_some_and(|v| v.len() > 1) {
            let keymap = &self.app.setup().keymap;
            let text = format!(
                "{} compares with the version in force; {} marks another to compare with",
                keymap.first(Id::Compare),
                keymap.first(Id::Fold)
            );
            self.out.blank();
            self.out.line(dim(text));
        }
    }

    /// The text of a version as it is shown, if it was read.
    pub(super) fn version_text(
        &self,
        policy: &ManagedPolicy,
        id: &CompactString,
    ) -> Option<String> {
        let versions = policy.versions.known()?;
        let text = versions.iter().find(|v| v.id == *id)?.document.known()?;
        Some(self.app.layouts().of(text).text().to_owned())
    }

    fn attached_to(&mut self, policy: &ManagedPolicy) {
        let Some(found) = self.account.attachments(&policy.arn) else {
            self.out
                .line(dim("Attached to nobody, and nobody's boundary."));
            return;
        };
        let sections: [(&str, Kind, &[u32], &'static str); 5] = [
            ("Users", Kind::User, &found.users, ""),
            ("Groups", Kind::Group, &found.groups, ""),
            ("Roles", Kind::Role, &found.roles, ""),
            (
                "Boundary of users",
                Kind::User,
                &found.bounded_users,
                "bounded",
            ),
            (
                "Boundary of roles",
                Kind::Role,
                &found.bounded_roles,
                "bounded",
            ),
        ];
        if found.attached() + found.bounded() == 0 {
            self.out
                .line(dim("Attached to nobody, and nobody's boundary."));
        }
        for (title, kind, positions, how) in sections {
            if positions.is_empty() {
                continue;
            }
            self.out.heading(format!("{title} {}", positions.len()));
            for &at in positions {
                if let Some(reference) = self.account.reference(kind, at as usize) {
                    self.out.entity(kind, at, how, reference);
                }
            }
        }
    }
}
