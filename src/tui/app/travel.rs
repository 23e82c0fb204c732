//! Going places: links, the trail, and back.

use super::{App, Focus, Screen};
use crate::iam::{EntityRef, Field, Kind};
use crate::source::Problem;
use crate::tui::detail::{DetailMemory, Subject, Tab};
use crate::tui::page::{Target, Tone};
use crate::tui::who::WhoCan;
use crate::tui::{Effect, view};

/// Where the user was: enough to come back to exactly that.
#[derive(Debug, Clone)]
pub struct Place {
    /// What the panes were about.
    pub screen: Screen,
    /// The who-can view, where it was that.
    pub who: Option<Box<WhoCan>>,
    /// The list.
    pub kind: Kind,
    /// What its cursor was on.
    pub selected: Option<EntityRef>,
    /// Its filter.
    pub filter: String,
    /// The pane that had the keys.
    pub focus: Focus,
    /// The detail.
    pub detail: DetailMemory,
    zoom: bool,
}

impl App {
    /// Where the user is.
    pub fn place(&self) -> Place {
        let is_who = self.screen == Screen::WhoCan;
        Place {
            screen: self.screen,
            who: is_who.then(|| Box::new(self.who.clone())),
            kind: self.kind,
            selected: self.list().selection(&self.account),
            filter: self.list().filter_text().to_owned(),
            focus: self.focus,
            detail: self.detail.remember(),
            zoom: self.zoom,
        }
    }

    /// Follows where a row leads.
    pub(super) fn travel(&mut self, target: Target) -> Vec<Effect> {
        match target {
            Target::Entity(entity) => self.go_to(&entity),
            Target::Inline { owner, name } => {
                let place = self.place();
                self.trail.push(place);
                self.reach(&owner);
                self.detail.show(Some(Subject::Inline { owner, name }));
                self.focus = Focus::Detail;
            }
            Target::Tab(tab) => {
                let place = self.place();
                self.trail.push(place);
                self.detail.choose(tab);
            }
            Target::Statement(statement) => {
                let place = self.place();
                self.trail.push(place);
                self.detail.choose(Tab::Document);
                self.reach_statement(statement);
            }
            Target::Policy { name, statement } => {
                self.go_to_policy(&name);
                self.reach_statement(statement);
            }
            Target::Action(at) => return self.ask_about_action(at),
            Target::Version(id) => {
                let place = self.place();
                self.trail.push(place);
                self.detail.choose(Tab::Document);
                self.detail.version = Some(id);
                self.detail.invalidate();
            }
            Target::Fold(block) => {
                self.detail.folds.toggle(block);
                self.detail.invalidate();
            }
        }
        Vec::new()
    }

    /// Goes to a policy by the name that answers have for it, and remembers from where.
    fn go_to_policy(&mut self, name: &str) {
        let (arn, inline) = match name.split_once(' ') {
            Some((arn, inline)) => (arn, Some(inline)),
            None => (name, None),
        };
        let place = self.place();
        self.focus = Focus::Detail;
        match (self.account.find(arn), inline) {
            (Some(owner), Some(inline)) => {
                self.reach(&owner);
                let name = inline.into();
                self.detail.show(Some(Subject::Inline { owner, name }));
            }
            (Some(entity), None) => {
                let tab = match entity.kind {
                    Kind::Role => Tab::Trust,
                    _ => Tab::Document,
                };
                self.reach(&entity);
                self.detail.show(Some(Subject::Entity(entity)));
                self.detail.choose(tab);
            }
            // It is in no list: its text is shown where one reads about it.
            (None, _) => self.detail.show(Some(Subject::Stored(name.into()))),
        }
        self.trail.push(place);
    }

    /// Puts the cursor on a statement of the document that is shown.
    fn reach_statement(&mut self, statement: usize) {
        view::prepare(self);
        let rows = self.detail.current().map_or(&[][..], |page| &page.rows);
        if let Some(at) = rows.iter().position(|row| row.begins(statement)) {
            self.detail.cursor.set(at);
        }
    }

    /// Goes to an entity and remembers from where.
    pub(super) fn go_to(&mut self, entity: &EntityRef) {
        if self.account.position(entity.kind, &entity.arn).is_none() {
            self.say(
                Tone::Warning,
                format!("{} is not in this account's data", entity.arn),
            );
            return;
        }
        let place = self.place();
        self.trail.push(place);
        self.reach(entity);
        self.detail.show(Some(Subject::Entity(entity.clone())));
        // Who follows a link to a policy wants to read what it says.
        if entity.kind == Kind::Policy {
            self.detail.choose(Tab::Document);
        }
        self.focus = Focus::Detail;
    }

    /// Puts the list's cursor on an entity. A filter that hides it is taken away.
    fn reach(&mut self, entity: &EntityRef) {
        self.screen = Screen::Lists;
        self.kind = entity.kind;
        let account = self.account.clone();
        if !self.on_list(|list, _| list.select(entity, &account)) {
            self.on_list(|list, context| {
                list.set_filter("", context);
                list.select(entity, &account)
            });
        }
        self.following = true;
    }

    /// Goes back one place, if there is one.
    pub(super) fn go_back(&mut self) -> Option<Vec<Effect>> {
        let place = self.trail.pop()?;
        self.screen = place.screen;
        self.kind = place.kind;
        let account = self.account.clone();
        self.on_list(|list, context| {
            if list.filter_text() != place.filter {
                list.set_filter(&place.filter, context);
            }
            if let Some(entity) = &place.selected {
                list.select(entity, &account);
            }
        });
        self.focus = place.focus;
        self.zoom = place.zoom;
        self.detail.restore(place.detail);
        self.following = true;
        match place.who {
            Some(who) => {
                self.who = *who;
                Some(self.come_back())
            }
            None => Some(Vec::new()),
        }
    }

    /// Shows the list of a kind. The trail ends: this is a new start.
    pub(super) fn show_kind(&mut self, kind: Kind) {
        self.trail.clear();
        self.screen = Screen::Lists;
        self.kind = kind;
        self.focus = Focus::List;
        self.zoom = false;
        self.following = true;
        self.follow_selection();
    }

    /// Says who asks, and goes to the user or role behind it.
    pub(super) fn show_caller(&mut self) {
        let Field::Known(caller) = &self.account.caller else {
            return;
        };
        let arn = caller.arn.to_string();
        if let Some(entity) = self.account.caller_principal() {
            self.go_to(&entity);
        }
        self.say(Tone::Good, format!("you are {arn}"));
    }

    /// The answer to whose an access key is.
    pub(super) fn key_owner(
        &mut self,
        id: &str,
        owner: Result<Option<String>, Problem>,
    ) -> Vec<Effect> {
        match owner {
            Ok(Some(name)) => match self.account.users().iter().find(|u| u.name == name) {
                Some(user) => {
                    let entity = EntityRef::new(Kind::User, user.arn.clone());
                    self.go_to(&entity);
                    self.detail.choose(Tab::Credentials);
                }
                None => self.say(
                    Tone::Warning,
                    format!("{id} belongs to {name}, which is not in what was loaded"),
                ),
            },
            Ok(None) => self.say(Tone::Warning, format!("no user of this account has {id}")),
            Err(problem) => self.report(problem),
        }
        Vec::new()
    }
}
