//! A group's tabs.

use super::{Maker, dim, plain};
use crate::iam::{EntityRef, Group, Kind};
use crate::tui::detail::Tab;
use crate::tui::page::Target;

impl Maker<'_> {
    pub(super) fn group(&mut self, entity: &EntityRef, tab: Tab) {
        let Some(group) = self.account.group(&entity.arn) else {
            return;
        };
        match tab {
            Tab::Members => self.members(group),
            Tab::Permissions => {
                self.out.heading("Policies");
                self.policies(entity, &group.attached, &group.inline, 2);
            }
            _ => self.group_overview(group),
        }
    }

    fn group_overview(&mut self, group: &Group) {
        self.arn_and_id(&group.arn, &group.id);
        self.out.pair("Path", plain(&group.path), None);
        self.created(group.created);
        self.out.blank();
        let members = self.account.members(&group.name).len();
        let tab = Some(Target::Tab(Tab::Members));
        self.out.pair("Members", plain(members.to_string()), tab);
        self.field_to(Tab::Permissions, "Attached", &group.attached, |p| {
            plain(p.len().to_string())
        });
        self.field_to(Tab::Permissions, "Inline", &group.inline, |p| {
            plain(p.len().to_string())
        });
    }

    fn members(&mut self, group: &Group) {
        let members = self.account.members(&group.name);
        if members.is_empty() {
            self.out
                .line(dim("No members among the users that were read."));
        }
        for &at in members {
            if let Some(reference) = self.account.reference(Kind::User, at as usize) {
                self.out.entity(Kind::User, at, "", reference);
            }
        }
    }
}
