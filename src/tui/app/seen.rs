//! What the drawing and the tests see of the app.

use std::sync::Arc;

use jiff::Timestamp;

use super::{App, Focus, Layer, Load, Place, Screen, Setup, Status};
use crate::iam::{Account, EntityRef, Kind};
use crate::source::Problem;
use crate::tui::columns::Context;
use crate::tui::detail::Detail;
use crate::tui::layouts::Layouts;
use crate::tui::list::{List, reference_time};

impl App {
    /// The settings.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The account as far as it is loaded.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// The list that is shown.
    pub fn list(&self) -> &List {
        &self.lists[self.kind as usize]
    }

    /// What the panes are about.
    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// The kind of the list that is shown.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The pane that has the keys.
    pub fn focus(&self) -> Focus {
        self.focus
    }

    /// The detail.
    pub fn detail(&self) -> &Detail {
        &self.detail
    }

    /// Where the user came from, oldest first.
    pub fn trail(&self) -> &[Place] {
        &self.trail
    }

    /// What lies over the panes.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// How the load goes.
    pub fn load(&self) -> &Load {
        &self.load
    }

    /// The status line.
    pub fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    /// What went wrong so far, oldest first.
    pub fn messages(&self) -> &[Problem] {
        &self.messages
    }

    /// Whether details of an entity are on their way.
    pub fn is_fetching(&self, entity: &EntityRef) -> bool {
        self.fetching.contains(entity)
    }

    /// The time from which ages count.
    pub fn reference_time(&self) -> Timestamp {
        reference_time(&self.account, self.now.wall)
    }

    /// The wall clock, as of the last message.
    pub fn wall(&self) -> Timestamp {
        self.now.wall
    }

    /// Whether the detail has the whole screen.
    pub fn zoomed(&self) -> bool {
        self.zoom
    }

    /// Whether versions are compared side by side.
    pub fn side_by_side(&self) -> bool {
        self.side_by_side
    }

    /// The laid-out documents.
    pub fn layouts(&self) -> &Layouts {
        &self.layouts
    }

    /// What the cells of lists are made from.
    pub fn context(&self) -> Context<'_> {
        Context {
            account: &self.account,
            now: self.reference_time(),
            theme: &self.setup.theme,
            trust: &self.trust,
        }
    }
}
