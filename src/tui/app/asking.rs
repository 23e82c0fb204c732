//! The who-can view: what is typed, asked and answered there.

use std::sync::Arc;

use jiff::Timestamp;

use super::{App, Focus, Screen, Tone};
use crate::access::roles_unread;
use crate::iam::Kind;
use crate::tui::Effect;
use crate::tui::asker::{Answer, Ask, Question, Reply, Request, Tell, Told};
use crate::tui::command::Id;
use crate::tui::cursor::Motion;
use crate::tui::detail::Subject;
use crate::tui::filter::Filter;
use crate::tui::who::fields::{Fields, Part, Reading, Sources};
use crate::tui::who::shown::Line;
use crate::tui::who::{State, WhoCan, complete, context};

/// How many of the resources that were asked about are offered again.
const RECENT: usize = 20;

impl App {
    /// Shows the view. The trail ends: this is a new start.
    pub(super) fn show_who_can(&mut self) -> Vec<Effect> {
        self.trail.clear();
        self.zoom = false;
        self.screen = Screen::WhoCan;
        if self.who.state == State::Empty {
            return self.type_into(self.who.fields.part);
        }
        self.focus = Focus::List;
        self.ask_again()
    }

    /// Gives the keys to a field.
    pub(super) fn type_into(&mut self, part: Part) -> Vec<Effect> {
        self.screen = Screen::WhoCan;
        self.focus = Focus::Fields;
        self.who.fields.part = part;
        self.offer();
        self.ask_question()
    }

    /// The next field, or the table after the last one; backwards, the one before.
    pub(super) fn turn_fields(&mut self, forward: bool) -> Vec<Effect> {
        self.who.fields.take_guess();
        let at = Part::ALL
            .iter()
            .position(|it| *it == self.who.fields.part)
            .unwrap_or(0);
        let next = if forward {
            Some(at + 1)
        } else {
            at.checked_sub(1)
        };
        match next.and_then(|at| Part::ALL.get(at)) {
            Some(part) => self.type_into(*part),
            None => self.leave_fields(forward),
        }
    }

    /// Gives the keys to the table, or to what is told beside it.
    pub(super) fn leave_fields(&mut self, to_table: bool) -> Vec<Effect> {
        self.focus = match to_table || self.detail.subject().is_none() {
            true => Focus::List,
            false => Focus::Detail,
        };
        self.who.fields.offers.clear();
        let effects = self.ask_question();
        self.remember_resource();
        effects
    }

    /// Takes what stands in the field.
    pub(super) fn accept_field(&mut self) -> Vec<Effect> {
        let fields = &mut self.who.fields;
        let guessed = fields.take_guess();
        if fields.part != Part::Context || fields.context.text().trim().is_empty() {
            return self.leave_fields(true);
        }
        let text = fields.context.text().to_owned();
        // A key that was taken waits for its value.
        if guessed && text.trim_end().ends_with('=') {
            self.offer();
            return Vec::new();
        }
        match context::read(&text) {
            Ok((key, values)) => {
                context::give(&mut fields.given, key, values);
                fields.set(Part::Context, "");
            }
            Err(wrong) => self.say(Tone::Bad, wrong),
        }
        self.offer();
        self.ask_question()
    }

    /// After the text of the field has changed.
    pub(super) fn field_changed(&mut self) -> Vec<Effect> {
        // What is asked now is no longer what a message was about, or what was saved.
        (self.who.denied, self.who.time, self.who.saved_as) = (None, None, None);
        self.offer();
        // A key that is half-typed asks nothing yet.
        if self.who.fields.part == Part::Context {
            return Vec::new();
        }
        self.ask_question()
    }

    /// Moves the cursor in what the field offers.
    pub(super) fn choose_offer(&mut self, motion: Motion) -> Vec<Effect> {
        let fields = &mut self.who.fields;
        let len = fields.offers.len();
        fields.cursor.go(motion, len, OFFERS);
        fields.is_chosen = len > 0;
        if fields.part == Part::Context {
            return Vec::new();
        }
        self.ask_question()
    }

    /// Finds what the field with the keys offers.
    fn offer(&mut self) {
        let named = self.who.answer().map(|answer| answer.resources().clone());
        let named = named.or_else(|| self.named.clone()).unwrap_or_default();
        self.named = Some(named.clone());
        self.who.fields.offer(&Sources {
            account: &self.account,
            named: &named,
            recent: &self.recent,
            keys: &self.who.keys,
        });
    }

    /// Asks what the fields ask, if that is another question than before.
    pub(super) fn ask_question(&mut self) -> Vec<Effect> {
        let (actions, resource, guessed) = match self.who.fields.read(&self.account) {
            Reading::Asked {
                actions,
                resource,
                guessed,
            } => (actions, resource, guessed),
            Reading::Nothing => return self.ask_nothing(State::Empty),
            Reading::Wrong(part, why) => return self.ask_nothing(State::Wrong(part, why)),
        };
        self.who.guessed = guessed;
        let question = Question {
            actions,
            resource,
            context: self.who.fields.given.clone(),
            is_strict: self.who.fields.is_strict,
            now: self
                .who
                .time
                .unwrap_or_else(|| to_the_minute(self.now.wall)),
            follows_chains: self.who.follows_chains,
            denied: self.who.denied.clone(),
        };
        let known = self.who.question.as_ref();
        if known.is_some_and(|(known, _)| **known == question) && !self.outdated {
            return Vec::new();
        }
        self.ask(Arc::new(question))
    }

    /// Asks what the fields ask, whatever was asked before.
    pub(super) fn ask_question_anew(&mut self) -> Vec<Effect> {
        self.who.question = None;
        self.ask_question()
    }

    fn ask_nothing(&mut self, state: State) -> Vec<Effect> {
        self.who.guessed = None;
        self.who.ask_nothing(state);
        self.follow_selection();
        Vec::new()
    }

    /// Asks the same again where the account has changed since.
    pub(super) fn ask_again(&mut self) -> Vec<Effect> {
        self.follow_selection();
        match self.who.question.clone() {
            Some((question, _)) if self.outdated || self.who.answer().is_none() => {
                self.ask(question)
            }
            _ => Vec::new(),
        }
    }

    fn ask(&mut self, question: Arc<Question>) -> Vec<Effect> {
        self.questions += 1;
        self.outdated = false;
        self.who.ask(question.clone(), self.questions);
        self.follow_selection();
        self.who.shown.now = self.reference_time();
        vec![Effect::Ask(self.request(question))]
    }

    /// Comes back to an answer that was left: it stands as it was, and whoever answers takes the
    /// question up again.
    pub(super) fn come_back(&mut self) -> Vec<Effect> {
        let Some((question, _)) = self.who.question.clone() else {
            return Vec::new();
        };
        if self.outdated {
            return self.ask(question);
        }
        self.questions += 1;
        self.who.renumber(self.questions);
        vec![Effect::Ask(self.request(question))]
    }

    fn request(&self, question: Arc<Question>) -> Request {
        Request::Ask(Box::new(Ask {
            generation: self.questions,
            account: self.account.clone(),
            question,
            shown: self.who.shown.clone(),
            keep: self.who.kept().map(Into::into),
            height: self.who.height(),
            pinned: self.who.pinned.clone(),
        }))
    }

    /// The account has changed: what was answered about it is to be asked again.
    pub(super) fn account_changed(&mut self) -> Vec<Effect> {
        self.outdated = true;
        self.named = None;
        self.effective.forget();
        if self.screen == Screen::WhoCan {
            return self.ask_again();
        }
        Vec::new()
    }

    /// Takes in news of an answer. What answers another question is dropped.
    pub(super) fn reply(&mut self, reply: Reply) -> Vec<Effect> {
        match reply {
            Reply::Answer(answer, told) => self.answered(*answer, told.map(|it| *it)),
            Reply::Exported(export, text) => self.exported(export, text),
            Reply::Told(told) => {
                if self.who.awaits(told.generation) {
                    self.who.learn(*told);
                    self.detail.invalidate();
                }
                Vec::new()
            }
            Reply::Effective(effective) => self.effective_came(*effective),
            Reply::Reason(reason) => self.reason_came(*reason),
        }
    }

    fn answered(&mut self, answer: Answer, told: Option<Told>) -> Vec<Effect> {
        if !self.who.awaits(answer.generation) {
            return Vec::new();
        }
        let is_whole = answer.is_whole();
        let is_lacking = answer.index.unread() > 0 || roles_unread(&self.account) > 0;
        if is_whole {
            self.who.keys = complete::keys(&answer.conditions, &answer.question.actions);
        }
        self.who.take(answer, told);
        self.remember_resource();
        self.follow_selection();
        self.detail.invalidate();
        let mut effects = self.tell();
        if is_whole && is_lacking {
            effects.extend(self.want_everybody());
        }
        effects
    }

    /// Offers the resource that was asked about again, once it is not being typed any more.
    fn remember_resource(&mut self) {
        let whole = self.who.answer().filter(|answer| answer.is_whole());
        let Some(resource) = whole.map(|answer| &answer.question.resource) else {
            return;
        };
        if resource != "*" && self.who.guessed.is_none() && self.focus != Focus::Fields {
            let resource = resource.clone();
            self.recent.retain(|it| *it != resource);
            self.recent.insert(0, resource);
            self.recent.truncate(RECENT);
        }
    }

    /// Asks for what is in view and not told yet.
    pub(super) fn tell(&mut self) -> Vec<Effect> {
        let Some(generation) = self.who.answer().map(|it| it.generation) else {
            return Vec::new();
        };
        // Rows are told when they stand still: a part of an answer is not the last.
        if self.who.answer().is_some_and(|answer| !answer.is_whole()) {
            return Vec::new();
        }
        let nodes = self.who.untold();
        let why = self.who.selected().filter(|_| self.following);
        let why = why.filter(|_| self.who.why().is_none());
        if nodes.is_empty() && why.is_none() {
            return Vec::new();
        }
        vec![Effect::Ask(Request::Tell(Tell {
            generation,
            nodes,
            why: why.map(|node| (node, None)),
        }))]
    }

    /// Asks for the rows that a frame has shown and that are not told yet: only a frame knows how
    /// many fit.
    pub fn drawn(&mut self) -> Vec<Effect> {
        let whole = self.who.answer().filter(|answer| answer.is_whole());
        let Some(generation) = whole.map(|answer| answer.generation) else {
            return Vec::new();
        };
        if self.screen != Screen::WhoCan {
            return Vec::new();
        }
        let nodes = self.who.untold();
        if nodes.is_empty() {
            return Vec::new();
        }
        vec![Effect::Ask(Request::Tell(Tell {
            generation,
            nodes,
            why: None,
        }))]
    }

    /// Changes how rows are shown.
    pub(super) fn show_rows(&mut self, change: impl FnOnce(&mut WhoCan)) -> Vec<Effect> {
        change(&mut self.who);
        self.who.show();
        self.follow_selection();
        self.detail.invalidate();
        self.tell()
    }

    /// Filters the rows.
    pub(super) fn filter_rows(&mut self, text: &str) -> Vec<Effect> {
        let (_, wrong) = Filter::parse(text, Kind::User);
        self.who.filter_error = wrong.map(|error| error.0);
        self.show_rows(|who| text.clone_into(&mut who.shown.filter))
    }

    /// Runs one of the view's switches.
    pub(super) fn switch(&mut self, id: Id) -> Vec<Effect> {
        match id {
            Id::ShowDenied => self.show_rows(|who| who.shown.denied ^= true),
            Id::ShowConditional => self.show_rows(|who| who.shown.conditional ^= true),
            Id::ShowOutside => self.show_rows(|who| who.shown.outside ^= true),
            Id::ShowDifferent => self.show_rows(|who| who.shown.different ^= true),
            Id::ShowLinked => self.show_rows(|who| who.shown.linked ^= true),
            Id::FollowChains => {
                self.who.follows_chains ^= true;
                self.ask_question()
            }
            Id::Strict => {
                self.who.fields.is_strict ^= true;
                self.ask_question()
            }
            _ => Vec::new(),
        }
    }

    /// Goes into the explanation, or folds and unfolds the group under the cursor.
    pub(super) fn open_answer(&mut self) -> Vec<Effect> {
        let line = self.who.lines().get(self.who.cursor().at()).cloned();
        match line {
            Some(Line::Head { title, folded, .. }) => self.show_rows(|who| match folded {
                true => drop(who.shown.folded.remove(&title)),
                false => drop(who.shown.folded.insert(title)),
            }),
            Some(Line::Row(_)) => {
                self.following = true;
                self.follow_selection();
                self.focus = Focus::Detail;
                self.tell()
            }
            None => Vec::new(),
        }
    }

    /// What the detail shows beside the table.
    pub(super) fn principal_selected(&self) -> Option<Subject> {
        let arn = self.who.selected_arn()?;
        Some(Subject::Principal(arn.into()))
    }

    /// Fills the fields in and asks; the trail leads back to where that came from.
    pub(super) fn ask_about(
        &mut self,
        action: &str,
        resource: &str,
        part: Option<Part>,
    ) -> Vec<Effect> {
        let place = self.place();
        self.trail.push(place);
        self.zoom = false;
        self.screen = Screen::WhoCan;
        let fields = Fields {
            given: self.who.fields.given.clone(),
            is_strict: self.who.fields.is_strict,
            ..Fields::default()
        };
        self.who.fields = fields;
        (self.who.denied, self.who.time, self.who.saved_as) = (None, None, None);
        self.who.fields.set(Part::Action, action);
        self.who.fields.set(Part::Resource, resource);
        if let Some(part) = part {
            return self.type_into(part);
        }
        self.focus = Focus::List;
        let effects = self.ask_question();
        self.remember_resource();
        effects
    }

    /// Asks about one of the actions that were asked about together.
    pub(super) fn ask_about_action(&mut self, at: usize) -> Vec<Effect> {
        let Some((question, _)) = self.who.question.clone() else {
            return Vec::new();
        };
        let Some(action) = question.actions.get(at) else {
            return Vec::new();
        };
        self.ask_about(action, &question.resource, None)
    }

    /// The who-can view.
    pub fn who(&self) -> &WhoCan {
        &self.who
    }

    /// Whether an answer is likely to come so soon that a frame before it would only flicker.
    pub fn is_waiting(&self) -> bool {
        self.screen == Screen::WhoCan && self.who.state == State::Asking || self.is_working_out()
    }
}

/// How many entries a page of offers is.
pub(super) const OFFERS: usize = 8;

/// Questions of one minute are asked with one time, so that what they have in common can be kept.
pub(super) fn to_the_minute(time: Timestamp) -> Timestamp {
    let second = time.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(time)
}
