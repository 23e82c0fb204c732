//! The state of a list: what it holds, filtered and sorted, and where the cursor is.

use jiff::Timestamp;

use super::columns::{Context, SortKey, columns};
use super::cursor::{Cursor, Motion};
use super::filter::{self, Filter, Filtered};
use crate::iam::{Account, EntityRef, Kind};

/// The list of one kind.
#[derive(Debug, Clone)]
pub struct List {
    kind: Kind,
    cursor: Cursor,
    rows: Vec<u32>,
    filter_text: String,
    filter: Filter,
    error: Option<String>,
    unknown: usize,
    sort: usize,
    reverse: bool,
    height: usize,
}

impl List {
    /// An empty list, sorted by name.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            cursor: Cursor::default(),
            rows: Vec::new(),
            filter_text: String::new(),
            filter: Filter::default(),
            error: None,
            unknown: 0,
            sort: 0,
            reverse: false,
            height: 1,
        }
    }

    /// What it lists.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Positions in the account, in the order shown.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The cursor.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// The filter as it was typed.
    pub fn filter_text(&self) -> &str {
        &self.filter_text
    }

    /// What is wrong with the filter; its other terms are in force.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// How many the filter could not judge.
    pub fn unknown(&self) -> usize {
        self.unknown
    }

    /// The column that it is sorted by, and whether backwards.
    pub fn order(&self) -> (usize, bool) {
        (self.sort, self.reverse)
    }

    /// The position in the account of what the cursor is on.
    pub fn selected(&self) -> Option<usize> {
        self.rows.get(self.cursor.at()).map(|&at| at as usize)
    }

    /// The reference of what the cursor is on.
    pub fn selection(&self, account: &Account) -> Option<EntityRef> {
        account.reference(self.kind, self.selected()?)
    }

    /// Sets the height of its pane, in lines.
    pub fn resize(&mut self, height: usize) {
        if height != self.height {
            self.height = height;
            self.cursor.follow(self.rows.len(), height);
        }
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion) {
        self.cursor.go(motion, self.rows.len(), self.height);
    }

    /// Sets the filter.
    pub fn set_filter(&mut self, text: &str, context: &Context<'_>) {
        text.clone_into(&mut self.filter_text);
        let (filter, wrong) = Filter::parse(text, self.kind);
        let ranks = filter.ranks();
        let before = std::mem::replace(&mut self.filter, filter);
        self.error = wrong.map(|error| error.0);
        let kept = self.selection(context.account);
        if self.filter.continues(&before) {
            // What is judged already need not be judged again with every letter.
            let (rows, unknown) = (std::mem::take(&mut self.rows), self.unknown);
            let mut filtered = self.apply(rows, context);
            filtered.unknown += unknown;
            self.show(filtered, context);
        } else {
            self.refill(context);
        }
        // While a name is typed the best match is what people look at.
        if ranks {
            self.go(Motion::First);
        } else {
            self.keep(kept.as_ref(), context.account);
        }
    }

    /// Sorts by a column; by the same one again, backwards.
    pub fn sort_by(&mut self, column: usize, context: &Context<'_>) {
        if self.sort == column {
            self.reverse = !self.reverse;
        } else {
            (self.sort, self.reverse) = (column, false);
        }
        self.update(context);
    }

    /// Filters and sorts anew, the cursor staying on what it was on.
    pub fn update(&mut self, context: &Context<'_>) {
        let kept = self.selection(context.account);
        self.refill(context);
        self.keep(kept.as_ref(), context.account);
    }

    /// Fills the list from another reading of the account, the cursor staying on `kept`.
    pub fn update_from(&mut self, kept: Option<&EntityRef>, context: &Context<'_>) {
        self.refill(context);
        self.keep(kept, context.account);
    }

    fn refill(&mut self, context: &Context<'_>) {
        let all = 0..context.account.count(self.kind) as u32;
        self.show(self.apply(all, context), context);
    }

    fn apply(&self, among: impl IntoIterator<Item = u32>, context: &Context<'_>) -> Filtered {
        let (account, now) = (context.account, context.now);
        self.filter.apply(among, account, self.kind, now)
    }

    /// Takes over what the filter left, in order.
    fn show(&mut self, filtered: Filtered, context: &Context<'_>) {
        self.unknown = filtered.unknown;
        let ranked = self.filter.ranks() && self.sort == 0 && !self.reverse;
        let mut rows = filtered.rows;
        if ranked {
            let name = |at: u32| filter::name(context.account, self.kind, at as usize);
            rows.sort_by(|a, b| {
                b.1.cmp(&a.1)
                    .then_with(|| name(a.0).len().cmp(&name(b.0).len()))
                    .then_with(|| name(a.0).cmp(name(b.0)))
            });
            self.rows = rows.into_iter().map(|(at, _)| at).collect();
            return;
        }
        let column = &columns(self.kind)[self.sort];
        let mut keyed: Vec<(SortKey, u32)> = rows
            .into_iter()
            .map(|(at, _)| ((column.value)(context, at as usize).key(), at))
            .collect();
        keyed.sort();
        // What is unknown stays last either way.
        if self.reverse {
            let known = keyed.partition_point(|(key, _)| *key != SortKey::Unknown);
            keyed[..known].reverse();
        }
        self.rows = keyed.into_iter().map(|(_, at)| at).collect();
    }

    fn keep(&mut self, kept: Option<&EntityRef>, account: &Account) {
        let at = kept
            .and_then(|r| account.position(self.kind, &r.arn))
            .and_then(|at| self.rows.iter().position(|&row| row as usize == at));
        if let Some(at) = at {
            self.cursor.set(at);
        }
        self.cursor.follow(self.rows.len(), self.height);
    }

    /// Puts the cursor on an entity. Returns whether the list shows it.
    pub fn select(&mut self, entity: &EntityRef, account: &Account) -> bool {
        let Some(at) = account.position(self.kind, &entity.arn) else {
            return false;
        };
        let Some(row) = self.rows.iter().position(|&r| r as usize == at) else {
            return false;
        };
        self.cursor.set(row);
        self.cursor.follow(self.rows.len(), self.height);
        true
    }
}

/// The time from which the ages of an account count: now for a live one, else when it was taken.
pub fn reference_time(account: &Account, now: Timestamp) -> Timestamp {
    match account.taken {
        Some(taken) if taken.basis != crate::iam::TakenBasis::Live => taken.at,
        _ => now,
    }
}
