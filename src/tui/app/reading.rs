//! Reading a page: following, folding, comparing, copying, searching.

use super::{App, Focus, Screen, Tone};
use crate::tui::cursor::Cursor;
use crate::tui::detail::{Comparison, Subject};
use crate::tui::page::{Row, Target};
use crate::tui::{Effect, view};

impl App {
    /// The row that the cursor is on.
    pub(super) fn row(&mut self) -> Option<Row> {
        view::prepare(self);
        let page = self.detail.current()?;
        page.rows.get(self.detail.cursor.at()).cloned()
    }

    pub(super) fn follow(&mut self) -> Vec<Effect> {
        match self.row().and_then(|row| row.target.clone()) {
            Some(target) => self.travel(target),
            None => {
                self.say(Tone::Dim, "no link on this line");
                Vec::new()
            }
        }
    }

    pub(super) fn fold(&mut self) {
        let Some(row) = self.row() else { return };
        if let Some(Target::Version(id)) = &row.target {
            let id = id.clone();
            let marked = self.detail.marked.take();
            self.detail.marked = (marked.as_ref() != Some(&id)).then_some(id);
            self.detail.invalidate();
            return;
        }
        let Some(block) = row.block else {
            self.say(Tone::Dim, "nothing to fold here");
            return;
        };
        self.detail.folds.toggle(block);
        self.detail.invalidate();
        view::prepare(self);
        // The cursor goes where the block begins, which is still there when it is folded.
        let rows = self.detail.current().map_or(&[][..], |page| &page.rows);
        let start = rows.iter().position(|row| row.block == Some(block));
        if let Some(start) = start {
            self.detail.cursor.set(start);
        }
    }

    /// Compares the marked version with the one at the cursor; without a mark, with the default.
    pub(super) fn compare(&mut self) {
        let Some(Target::Version(here)) = self.row().and_then(|row| row.target.clone()) else {
            self.say(Tone::Dim, "put the cursor on a version");
            return;
        };
        let Some(Subject::Entity(entity)) = self.detail.subject() else {
            return;
        };
        let Some(policy) = self.account.policy(&entity.arn) else {
            return;
        };
        let ids: Vec<_> = policy
            .versions
            .known()
            .into_iter()
            .flatten()
            .map(|v| &v.id)
            .collect();
        let at = |id| ids.iter().position(|i| *i == id);
        let other = self
            .detail
            .marked
            .clone()
            .or_else(|| (here != policy.default_version).then(|| policy.default_version.clone()))
            .or_else(|| ids.get(at(&here)? + 1).map(|id| (*id).clone()));
        let Some(other) = other.filter(|other| *other != here) else {
            self.say(Tone::Warning, "there is no other version to compare with");
            return;
        };
        // Versions stand newest first.
        let (old, new) = if at(&other) > at(&here) {
            (other, here)
        } else {
            (here, other)
        };
        self.detail.comparison = Some(Comparison { old, new });
        self.detail.marked = None;
        self.detail.cursor = Cursor::default();
        self.detail.invalidate();
    }

    pub(super) fn copy(&mut self) -> Vec<Effect> {
        let text = match (self.screen, self.focus) {
            (_, Focus::Detail) => self.copy_row(),
            (Screen::WhoCan, _) => self.who.selected_arn().map(str::to_owned),
            (Screen::Lists, _) => {
                let selection = self.list().selection(&self.account);
                selection.map(|entity| entity.arn.to_string())
            }
        };
        self.copy_text(text, None)
    }

    /// What the row leads to or holds; else the subject.
    fn copy_row(&mut self) -> Option<String> {
        let row = self.row();
        let of_row = row.and_then(|row| match (&row.target, &row.copy) {
            (Some(Target::Entity(entity)), _) => Some(entity.arn.to_string()),
            (_, Some(copy)) => Some(copy.to_string()),
            (Some(Target::Policy { name, .. }), None) => Some(name.to_string()),
            (Some(Target::Inline { name, .. }), None) => Some(name.to_string()),
            _ => None,
        });
        of_row.or_else(|| match self.detail.subject()? {
            Subject::Entity(entity) => Some(entity.arn.to_string()),
            Subject::Inline { name, .. } => Some(name.to_string()),
            Subject::Stored(name) | Subject::Principal(name) => Some(name.to_string()),
        })
    }

    pub(super) fn copy_json(&mut self) -> Vec<Effect> {
        self.following = true;
        if self.focus == Focus::List {
            self.follow_selection();
        }
        let text = view::json(self);
        let what = text
            .as_ref()
            .map(|text| format!("{} lines of JSON", text.lines().count()));
        self.copy_text(text, what)
    }

    fn copy_text(&mut self, text: Option<String>, what: Option<String>) -> Vec<Effect> {
        let Some(text) = text else {
            self.say(Tone::Warning, "there is nothing to copy here");
            return Vec::new();
        };
        let what = what.unwrap_or_else(|| text.clone());
        self.say(Tone::Good, format!("copied {what}"));
        vec![Effect::Copy(text)]
    }

    /// Searches for what is typed, from the cursor on.
    pub(super) fn search(&mut self, text: &str) {
        self.detail.search = (!text.is_empty()).then(|| text.to_lowercase());
        // What is folded away would not be found.
        self.detail.folds.clear();
        self.detail.invalidate();
        view::prepare(self);
        self.find(self.detail.cursor.at(), true);
    }

    pub(super) fn next_match(&mut self, forward: bool) {
        view::prepare(self);
        let at = self.detail.cursor.at();
        self.find(if forward { at + 1 } else { at.wrapping_sub(1) }, forward);
    }

    /// Puts the cursor on the first match at or after a row, round the end.
    fn find(&mut self, from: usize, forward: bool) {
        let (Some(needle), Some(page)) = (&self.detail.search, self.detail.current()) else {
            return;
        };
        let len = page.rows.len();
        if len == 0 {
            return;
        }
        let from = if from == usize::MAX {
            len - 1
        } else {
            from % len
        };
        let found = (0..len)
            .map(|i| {
                if forward {
                    (from + i) % len
                } else {
                    (from + len - i) % len
                }
            })
            .find(|&at| view::holds(self, &page.rows[at], needle));
        let needle = needle.clone();
        match found {
            Some(at) => self.detail.cursor.set(at),
            None => self.say(Tone::Warning, format!("`{needle}` is not in this text")),
        }
    }
}
