//! The tab Effective: what is asked for it, and when.

use compact_str::CompactString;

use super::asking::to_the_minute;
use super::{App, LoadState};
use crate::iam::{EntityRef, Kind};
use crate::tui::asker::{AskReason, Effective, Reason, Request, WhatCan};
use crate::tui::detail::{Subject, Tab};
use crate::tui::effective::{Branch, Known};
use crate::tui::{Effect, view};

impl App {
    /// Asks for what the tab shows and is not known yet, where it is in view.
    pub(super) fn want_effective(&mut self) -> Vec<Effect> {
        let Some(entity) = self.effective_subject() else {
            return Vec::new();
        };
        if !self.following || self.waits_for_account() || !view::shows_detail(self) {
            return Vec::new();
        }
        let account = self.account.clone();
        let arn = CompactString::from(&*entity.arn);
        if let Some(generation) = self.effective.want(&account, &arn) {
            self.detail.invalidate();
            return vec![Effect::Ask(Request::WhatCan(WhatCan {
                generation,
                account,
                arn,
                now: to_the_minute(self.now.wall),
            }))];
        }
        self.want_reasons(&arn)
    }

    /// Asks why the actions are allowed that are unfolded.
    fn want_reasons(&mut self, arn: &CompactString) -> Vec<Effect> {
        let Some(known) = self.effective.find(&self.account, arn) else {
            return Vec::new();
        };
        let (account, now) = (self.account.clone(), known.effective.now);
        let unfolded = self.detail.folds.toggled().filter_map(Branch::of);
        let mut actions: Vec<_> = unfolded
            .filter_map(|part| match part {
                Branch::Action(action) => Some(action),
                _ => None,
            })
            .collect();
        actions.retain(|action| self.effective.want_reason(&account, arn, *action));
        let ask = |action| {
            Effect::Ask(Request::Reason(AskReason {
                account: account.clone(),
                arn: arn.clone(),
                action,
                now,
            }))
        };
        actions.into_iter().map(ask).collect()
    }

    pub(super) fn effective_came(&mut self, effective: Effective) -> Vec<Effect> {
        if self.effective.take(effective) {
            self.effective_changed();
        }
        Vec::new()
    }

    pub(super) fn reason_came(&mut self, reason: Reason) -> Vec<Effect> {
        if self.effective.take_reason(reason) {
            self.effective_changed();
        }
        Vec::new()
    }

    fn effective_changed(&mut self) {
        if self.detail.tab() == Some(Tab::Effective) {
            self.detail.invalidate();
        }
    }

    /// The user or role whose tab is chosen.
    fn effective_subject(&self) -> Option<&EntityRef> {
        if self.detail.tab() != Some(Tab::Effective) {
            return None;
        }
        match self.detail.subject()? {
            Subject::Entity(entity) if matches!(entity.kind, Kind::User | Kind::Role) => {
                Some(entity)
            }
            _ => None,
        }
    }

    /// What is known of what a user or role can do.
    pub fn effective(&self, arn: &str) -> Option<&Known> {
        self.effective.find(&self.account, arn)
    }

    /// Whether the account is still being read, so that nobody can be asked about yet: what is to
    /// come may allow or deny anything.
    pub fn waits_for_account(&self) -> bool {
        self.load.is_running() && !self.load.is_refresh()
    }

    /// Whether the account was not read to its end.
    pub fn is_cut_short(&self) -> bool {
        matches!(
            self.load.state(),
            LoadState::Cancelled | LoadState::Cut { .. }
        )
    }

    /// Whether what the tab shows is on its way.
    pub(super) fn is_working_out(&self) -> bool {
        let subject = self.effective_subject().filter(|_| self.following);
        subject.is_some_and(|entity| {
            !self.waits_for_account()
                && view::shows_detail(self)
                && self.effective(&entity.arn).is_none()
        })
    }
}
