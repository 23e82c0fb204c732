//! The state of the detail: whose it is, which tab, and where the cursor is in it.

use compact_str::CompactString;

use super::cursor::{Cursor, Motion};
use super::effective;
use super::page::{BlockId, Folds, Page};
use crate::iam::{Arn, EntityRef, Kind};

/// Whose detail is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An entity's.
    Entity(EntityRef),
    /// An inline policy's.
    Inline {
        /// Whose policy it is.
        owner: EntityRef,
        /// Its name.
        name: CompactString,
    },
    /// A policy's that is in no list: of the organisation, of a resource, or AWS's own; by the name
    /// that answers have for it.
    Stored(CompactString),
    /// A principal's in the answer to who can do something, by its ARN.
    Principal(CompactString),
}

impl Subject {
    /// The entity, or the policy's owner; none of a principal, which may be of another account.
    pub fn entity(&self) -> Option<&EntityRef> {
        match self {
            Self::Entity(entity) => Some(entity),
            Self::Inline { owner, .. } => Some(owner),
            Self::Stored(_) | Self::Principal(_) => None,
        }
    }

    /// The name that people use.
    pub fn name(&self) -> &str {
        match self {
            Self::Entity(entity) => entity.name(),
            Self::Inline { name, .. } => name,
            Self::Stored(name) => name,
            Self::Principal(arn) => Arn::parse(arn).map_or(arn, |arn| arn.name()),
        }
    }

    /// The tabs that it has.
    pub fn tabs(&self) -> &'static [Tab] {
        match self {
            Self::Inline { .. } | Self::Stored(_) => &[Tab::Document],
            Self::Principal(_) => &[Tab::Why, Tab::Request],
            Self::Entity(entity) => match entity.kind {
                Kind::User => &[
                    Tab::Overview,
                    Tab::Permissions,
                    Tab::Effective,
                    Tab::Groups,
                    Tab::Credentials,
                    Tab::Tags,
                    Tab::Json,
                ],
                Kind::Group => &[Tab::Overview, Tab::Members, Tab::Permissions, Tab::Json],
                Kind::Role => &[
                    Tab::Overview,
                    Tab::Trust,
                    Tab::Permissions,
                    Tab::Effective,
                    Tab::Instances,
                    Tab::Tags,
                    Tab::Json,
                ],
                Kind::Policy => &[
                    Tab::Overview,
                    Tab::Document,
                    Tab::Versions,
                    Tab::Attached,
                    Tab::Tags,
                    Tab::Json,
                ],
            },
        }
    }
}

/// A tab of the detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tab {
    /// The facts.
    Overview,
    /// All policies that have a say, and how they come.
    Permissions,
    /// What comes of them: all that a user or role can do.
    Effective,
    /// A user's groups.
    Groups,
    /// A group's users.
    Members,
    /// A user's keys, password, devices.
    Credentials,
    /// Who may assume a role.
    Trust,
    /// A role's instance profiles.
    Instances,
    /// A policy's text.
    Document,
    /// A policy's versions.
    Versions,
    /// Whom a policy is attached to.
    Attached,
    /// The tags.
    Tags,
    /// Why somebody can do something, or cannot.
    Why,
    /// What is known of the request, and what is taken for granted.
    Request,
    /// The whole as JSON.
    Json,
}

impl Tab {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Permissions => "Permissions",
            Self::Effective => "Effective",
            Self::Groups => "Groups",
            Self::Members => "Members",
            Self::Credentials => "Credentials",
            Self::Trust => "Trust",
            Self::Instances => "Instances",
            Self::Document => "Document",
            Self::Versions => "Versions",
            Self::Attached => "Attached",
            Self::Tags => "Tags",
            Self::Why => "Why",
            Self::Request => "Request",
            Self::Json => "JSON",
        }
    }
}

/// Two versions side by side, or one below the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The id of the older one.
    pub old: CompactString,
    /// The id of the newer one.
    pub new: CompactString,
}

/// The state of the detail. The page is made from it when it is drawn.
#[derive(Debug, Default)]
pub struct Detail {
    subject: Option<Subject>,
    tab: Option<Tab>,
    /// The cursor in the page.
    pub cursor: Cursor,
    /// Which blocks are folded.
    pub folds: Folds,
    /// What is searched for, in lower case.
    pub search: Option<String>,
    /// The version that the Document tab shows, where it is not the default one.
    pub version: Option<CompactString>,
    /// The version marked for comparison.
    pub marked: Option<CompactString>,
    /// What is compared in the Versions tab.
    pub comparison: Option<Comparison>,
    page: Option<(u16, Page)>,
    /// The cursor of a page that is still to come.
    waiting: Option<Cursor>,
    /// The block that the cursor is in, and how far below its first row: it stays there when the
    /// page is made anew.
    anchor: Option<(BlockId, usize)>,
    height: usize,
}

/// What of a detail is restored when one comes back to it.
#[derive(Debug, Clone)]
pub struct DetailMemory {
    subject: Option<Subject>,
    tab: Option<Tab>,
    cursor: Cursor,
    folds: Folds,
    version: Option<CompactString>,
    comparison: Option<Comparison>,
}

impl Detail {
    /// Whose it is.
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// The tab shown: the one chosen, if the subject has it, else the first.
    pub fn tab(&self) -> Option<Tab> {
        let tabs = self.subject.as_ref()?.tabs();
        let chosen = self.tab.filter(|tab| tabs.contains(tab));
        chosen.or_else(|| tabs.first().copied())
    }

    /// Shows another subject. The tab stays if it has it, so that one can go down a list
    /// comparing the same of each.
    pub fn show(&mut self, subject: Option<Subject>) {
        if subject == self.subject {
            return;
        }
        self.subject = subject;
        self.version = None;
        self.marked = None;
        self.comparison = None;
        self.reset();
    }

    /// Chooses a tab.
    pub fn choose(&mut self, tab: Tab) {
        if self.tab() != Some(tab) {
            self.tab = Some(tab);
            self.comparison = None;
            self.reset();
        }
    }

    /// Goes some tabs on, round the end.
    pub fn turn(&mut self, by: isize) {
        let Some(subject) = &self.subject else { return };
        let tabs = subject.tabs();
        let at = self
            .tab()
            .and_then(|tab| tabs.iter().position(|t| *t == tab));
        let next = (at.unwrap_or(0) as isize + by).rem_euclid(tabs.len() as isize);
        self.choose(tabs[next as usize]);
    }

    fn reset(&mut self) {
        self.cursor = Cursor::default();
        self.folds = match self.tab() {
            Some(Tab::Effective) => Folds::folded(),
            _ => Folds::default(),
        };
        self.search = None;
        self.page = None;
        self.waiting = None;
        self.anchor = None;
    }

    /// Has the page made anew: something that it shows has changed.
    pub fn invalidate(&mut self) {
        let page = self.page.take();
        // Documents stay where they are; elsewhere rows come and go above the cursor.
        if let Some((_, page)) = page
            && self.tab() == Some(Tab::Effective)
            && !page.is_pending
        {
            self.anchor = effective::anchor(&page.rows, self.cursor.at());
        }
    }

    /// Takes a page that was just made. The cursor stays on what it was on; where that is still to
    /// come, it waits.
    fn take(&mut self, page: &Page) {
        match (page.is_pending, self.waiting) {
            (true, None) => self.waiting = Some(std::mem::take(&mut self.cursor)),
            (false, Some(cursor)) => {
                self.cursor = cursor;
                self.waiting = None;
            }
            _ => {}
        }
        if !page.is_pending
            && let Some(anchor) = self.anchor.take()
            && let Some(at) = effective::find(&page.rows, anchor)
        {
            self.cursor.set(at);
        }
    }

    /// The page for a size, made by `make` if there is none.
    pub fn page(&mut self, width: u16, height: usize, make: impl FnOnce(&Self) -> Page) -> &Page {
        if self
            .page
            .as_ref()
            .is_none_or(|(made_for, _)| *made_for != width)
        {
            let page = make(self);
            self.take(&page);
            self.page = Some((width, page));
        }
        self.height = height;
        let (_, page) = self.page.get_or_insert_with(|| (width, Page::default()));
        self.cursor.follow(page.rows.len(), height);
        page
    }

    /// The page as it was last made.
    pub fn current(&self) -> Option<&Page> {
        self.page.as_ref().map(|(_, page)| page)
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion) {
        let len = self.current().map_or(0, |page| page.rows.len());
        self.cursor.go(motion, len, self.height);
    }

    /// What to remember for coming back.
    pub fn remember(&self) -> DetailMemory {
        DetailMemory {
            subject: self.subject.clone(),
            tab: self.tab,
            cursor: self.waiting.unwrap_or(self.cursor),
            folds: self.folds.clone(),
            version: self.version.clone(),
            comparison: self.comparison.clone(),
        }
    }

    /// Comes back.
    pub fn restore(&mut self, memory: DetailMemory) {
        self.show(memory.subject);
        self.tab = memory.tab;
        self.cursor = memory.cursor;
        self.folds = memory.folds;
        self.version = memory.version;
        self.comparison = memory.comparison;
        self.page = None;
        self.waiting = None;
        self.anchor = None;
    }
}

impl DetailMemory {
    /// Whose it was.
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// The tab that was chosen, if the subject has it.
    pub fn tab(&self) -> Option<Tab> {
        let tabs = self.subject.as_ref()?.tabs();
        self.tab.filter(|tab| tabs.contains(tab))
    }
}
