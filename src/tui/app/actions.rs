//! What each command does.

use super::{App, Focus, Layer, LoadState, Prompt, Screen, Tone};
use crate::iam::{Field, Kind};
use crate::source::ExitCode;
use crate::tui::asker::To;
use crate::tui::command::Id;
use crate::tui::cursor::Motion;
use crate::tui::detail::{Subject, Tab};
use crate::tui::input::Input;
use crate::tui::list::List;
use crate::tui::picker::{Action, Picker, Purpose, Sources, is_access_key_id};
use crate::tui::who::fields::Part;
use crate::tui::{Effect, view};

impl App {
    /// Why a command cannot run now, if so.
    pub fn disabled(&self, id: Id) -> Option<String> {
        if id.command().writes && self.setup.read_only {
            return Some("this session is read-only".into());
        }
        let reason = match id {
            Id::Refresh if !self.setup.live => "only a live account can be read again",
            Id::Refresh if self.load.is_running() => "it is being read",
            Id::CancelLoad if !self.load.is_running() => "nothing is loading",
            Id::Compare if self.detail.tab() != Some(Tab::Versions) => {
                "versions are compared in the tab Versions of a policy"
            }
            Id::DiffStyle if self.detail.comparison.is_none() => "nothing is being compared",
            Id::NextMatch | Id::PreviousMatch if self.detail.search.is_none() => {
                "nothing is searched for"
            }
            Id::Open | Id::Sort | Id::Reverse | Id::Filter if self.screen == Screen::WhoCan => {
                match self.who.question {
                    Some(_) => return None,
                    None => "nothing is asked yet",
                }
            }
            Id::Search | Id::NextTab | Id::PreviousTab | Id::Open | Id::Zoom
                if self.detail.subject().is_none() =>
            {
                "nothing is selected"
            }
            Id::Caller => match &self.account.caller {
                Field::Known(_) => return None,
                Field::Denied(action) => return Some(format!("denied ({action})")),
                Field::Failed(why) => return Some(why.to_string()),
                Field::Unknown => "it is not known who asked for this account",
            },
            Id::Messages if self.messages.is_empty() => "there are no messages",
            Id::Simulate => self.cannot_simulate()?,
            Id::ShowDifferent if self.who.pinned.is_none() => "no answer is pinned",
            Id::SaveQuestion if self.who.question.is_none() => "nothing is asked yet",
            Id::SavedQuestions | Id::SaveQuestion if self.setup.questions.is_none() => {
                "no file for them is known: --questions FILE names one"
            }
            Id::Pin | Id::Export if self.who.answer().is_none() => "nothing is answered yet",
            // Whoever types ahead shall not be refused, and the rest of the keys mean others.
            Id::GroupAnswer if self.who.question.is_none() => "nothing is asked yet",
            _ => return None,
        };
        Some(reason.into())
    }

    /// Runs a command.
    pub(super) fn run(&mut self, id: Id) -> Vec<Effect> {
        if let Some(why) = self.disabled(id) {
            self.say(Tone::Warning, format!("{}: {why}", id.command().name));
            return Vec::new();
        }
        if let Some(motion) = motion(id) {
            return self.go(motion);
        }
        match id {
            Id::Users => self.show_kind(Kind::User),
            Id::Groups => self.show_kind(Kind::Group),
            Id::Roles => self.show_kind(Kind::Role),
            Id::Policies => self.show_kind(Kind::Policy),
            Id::WhoCan => return self.show_who_can(),
            Id::WhoCanHere => return self.who_can_here(),
            Id::EditAction => return self.type_into(Part::Action),
            Id::EditResource => return self.type_into(Part::Resource),
            Id::EditContext => return self.type_into(Part::Context),
            Id::NextField => return self.turn_fields(true),
            Id::PreviousField => return self.turn_fields(false),
            Id::AcceptField => return self.accept_field(),
            Id::LeaveFields => {
                // What stands in for something half-typed is what the answer is about.
                if self.who.fields.part != Part::Context {
                    self.who.fields.take_guess();
                }
                return self.leave_fields(true);
            }
            Id::ShowDenied
            | Id::ShowConditional
            | Id::ShowOutside
            | Id::ShowLinked
            | Id::FollowChains
            | Id::Strict => return self.switch(id),
            Id::ShowDifferent => return self.switch(id),
            Id::Pin => return self.pin(),
            Id::Simulate => return self.simulate(),
            Id::Export => self.pick(Purpose::Export),
            Id::SaveQuestion => self.prompt(Prompt::Save),
            Id::SavedQuestions => return vec![Effect::ReadQuestions],
            Id::ExplainDenied => self.prompt(Prompt::Denied),
            Id::GroupAnswer => self.pick(Purpose::GroupAnswer),
            Id::Goto => self.pick(Purpose::Goto),
            Id::Palette => self.pick(Purpose::Palette),
            Id::Sort => self.pick(match self.screen {
                Screen::Lists => Purpose::Sort(self.kind),
                Screen::WhoCan => Purpose::SortAnswer,
            }),
            Id::Caller => self.show_caller(),
            Id::Back => return self.back(),
            Id::NextPane => return self.other_pane(true),
            Id::PreviousPane => return self.other_pane(false),
            Id::Refresh => return self.refresh(),
            Id::CancelLoad => return self.cancel_load(),
            Id::Help => self.layers.push(Layer::Help(0)),
            Id::Messages => self.layers.push(Layer::Messages(0)),
            Id::Redraw => return vec![Effect::Redraw],
            Id::Suspend => return vec![Effect::Suspend],
            Id::Quit => {
                let failed = self.failure().map(Effect::Fail);
                return vec![failed.unwrap_or(Effect::Quit(ExitCode::Success))];
            }
            Id::NextTab | Id::TabRight => self.detail.turn(1),
            Id::PreviousTab | Id::TabLeft => self.detail.turn(-1),
            Id::Copy => return self.copy(),
            Id::CopyJson => return self.copy_json(),
            Id::Zoom => self.zoom = !self.zoom,
            Id::Open if self.screen == Screen::WhoCan => return self.open_answer(),
            Id::Open => self.open(),
            Id::Filter => {
                let before = match self.screen {
                    Screen::Lists => self.list().filter_text(),
                    Screen::WhoCan => &self.who.shown.filter,
                };
                let (input, before) = (Input::new(before), before.to_owned());
                self.layers.push(Layer::Filter { input, before });
            }
            Id::Reverse if self.screen == Screen::WhoCan => {
                return self.show_rows(|who| who.shown.reverse ^= true);
            }
            Id::Reverse => {
                let (column, _) = self.list().order();
                self.on_list(|list, context| list.sort_by(column, context));
                return self.list_moved();
            }
            Id::Follow => return self.follow(),
            Id::Fold => self.fold(),
            Id::Outline => {
                self.detail.folds.toggle_outline();
                self.detail.invalidate();
            }
            Id::Search => self.layers.push(Layer::Search {
                input: Input::default(),
                before: self.detail.search.clone(),
            }),
            Id::NextMatch => self.next_match(true),
            Id::PreviousMatch => self.next_match(false),
            Id::Compare => self.compare(),
            Id::DiffStyle => {
                self.side_by_side = !self.side_by_side;
                self.detail.invalidate();
            }
            Id::Accept => return self.accept(),
            Id::Cancel => return self.cancel(),
            Id::HelpClose => drop(self.layers.pop()),
            _ => {
                return self.type_in(|input| {
                    input.run(id);
                });
            }
        }
        Vec::new()
    }

    fn go(&mut self, motion: Motion) -> Vec<Effect> {
        match self.layers.last_mut() {
            Some(Layer::Picker(picker)) => picker.go(motion),
            Some(Layer::Help(top) | Layer::Messages(top)) => {
                let by = match motion {
                    Motion::Lines(n) => n,
                    Motion::Halves(n) => n * 5,
                    Motion::First | Motion::Last => 0,
                };
                *top = top.saturating_add_signed(by);
            }
            Some(Layer::Search { .. } | Layer::Prompt { .. }) => {}
            None if self.focus == Focus::Fields => return self.choose_offer(motion),
            None if self.focus == Focus::Detail => {
                view::prepare(self);
                self.detail.go(motion);
            }
            Some(Layer::Filter { .. }) | None => {
                match self.screen {
                    Screen::Lists => self.on_list(|list, _| list.go(motion)),
                    Screen::WhoCan => self.who.go(motion),
                }
                return self.list_moved();
            }
        }
        Vec::new()
    }

    fn back(&mut self) -> Vec<Effect> {
        let filter = match self.screen {
            Screen::Lists => self.list().filter_text(),
            Screen::WhoCan => &self.who.shown.filter,
        };
        let editable = self.focus == Focus::List && !filter.is_empty();
        if self.zoom {
            self.zoom = false;
        } else if self.focus == Focus::Detail && self.detail.comparison.is_some() {
            self.detail.comparison = None;
            self.detail.invalidate();
        } else if self.focus == Focus::Detail && self.detail.search.is_some() {
            self.detail.search = None;
        } else if editable && self.screen == Screen::WhoCan {
            return self.filter_rows("");
        } else if editable {
            self.on_list(|list, context| list.set_filter("", context));
            self.follow_selection();
        } else if self.focus == Focus::Detail
            && matches!(self.detail.subject(), Some(Subject::Principal(_)))
        {
            // The explanation belongs to the table; links lead away from both.
            self.focus = Focus::List;
        } else if let Some(effects) = self.go_back() {
            return effects;
        } else if self.focus == Focus::Detail {
            self.focus = Focus::List;
            self.follow_selection();
        }
        Vec::new()
    }

    fn other_pane(&mut self, forward: bool) -> Vec<Effect> {
        let is_empty = self.detail.subject().is_none();
        let fields = self.screen == Screen::WhoCan;
        self.focus = match (self.focus, forward) {
            (Focus::List, true) if !is_empty => Focus::Detail,
            (Focus::List, _) if fields => {
                let field = if forward { Part::Action } else { Part::Context };
                return self.type_into(field);
            }
            (Focus::Detail, true) if fields => return self.type_into(Part::Action),
            (Focus::List, false) if !is_empty => Focus::Detail,
            _ => Focus::List,
        };
        Vec::new()
    }

    fn open(&mut self) {
        self.following = true;
        self.follow_selection();
        self.focus = Focus::Detail;
    }

    fn refresh(&mut self) -> Vec<Effect> {
        let resume = match self.load.state() {
            LoadState::Cut { resume, .. } => resume.clone(),
            _ => None,
        };
        self.start_load(resume)
    }

    fn pick(&mut self, purpose: Purpose) {
        let picker = self.with_sources(|sources| Picker::new(purpose, "", sources));
        self.layers.push(Layer::Picker(picker));
    }

    pub(super) fn with_sources<T>(&self, f: impl FnOnce(&Sources<'_>) -> T) -> T {
        f(&Sources {
            account: &self.account,
            shown: &self.who.shown,
            saved: &self.saved,
            keymap: &self.setup.keymap,
            live: self.setup.live,
            disabled: &|id| self.disabled(id),
        })
    }

    fn accept(&mut self) -> Vec<Effect> {
        match self.layers.pop() {
            Some(Layer::Picker(picker)) => self.accept_pick(picker),
            Some(Layer::Prompt { prompt, input }) => self.accept_prompt(&prompt, input.text()),
            Some(Layer::Filter { .. }) => {
                self.following = true;
                self.follow_selection();
                self.tell()
            }
            _ => Vec::new(),
        }
    }

    fn accept_pick(&mut self, picker: Picker) -> Vec<Effect> {
        let Some(entry) = picker.chosen().cloned() else {
            let text = picker.input.text().to_owned();
            self.say(Tone::Warning, format!("nothing matches `{text}`"));
            return Vec::new();
        };
        match entry.action {
            Action::Run(id) => self.run(id),
            Action::Go(entity) => {
                self.go_to(&entity);
                // Who gives a key wants to see that key.
                if is_access_key_id(picker.input.text().trim()) {
                    self.detail.choose(Tab::Credentials);
                }
                Vec::new()
            }
            Action::Sort(column) => {
                self.on_list(|list: &mut List, context| list.sort_by(column, context));
                self.list_moved()
            }
            Action::SortAnswer(sort) => self.show_rows(|who| {
                let shown = &mut who.shown;
                let is_same = shown.sort == sort;
                (shown.sort, shown.reverse) = (sort, is_same && !shown.reverse);
            }),
            Action::Saved(at) => self.ask_saved(at),
            Action::Copy(form) => self.export(form, To::Clipboard),
            Action::CopyCommand => self.copy_command(),
            Action::Write(form) => {
                self.prompt(Prompt::Write(form));
                Vec::new()
            }
            Action::GroupAnswer(group) => self.show_rows(|who| who.shown.group = group),
            Action::FindKey(id) => vec![Effect::FindKey(id)],
        }
    }

    fn cancel(&mut self) -> Vec<Effect> {
        match self.layers.pop() {
            Some(Layer::Filter { before, .. }) if self.screen == Screen::WhoCan => {
                self.following = true;
                return self.filter_rows(&before);
            }
            Some(Layer::Filter { before, .. }) => {
                self.on_list(|list, context| list.set_filter(&before, context));
                self.following = true;
                self.follow_selection();
            }
            Some(Layer::Search { before, .. }) => self.detail.search = before,
            _ => {}
        }
        Vec::new()
    }
}

fn motion(id: Id) -> Option<Motion> {
    Some(match id {
        Id::Down | Id::PickDown | Id::HelpDown => Motion::Lines(1),
        Id::Up | Id::PickUp | Id::HelpUp => Motion::Lines(-1),
        Id::HalfDown | Id::HelpPageDown => Motion::Halves(1),
        Id::HalfUp | Id::HelpPageUp => Motion::Halves(-1),
        Id::PageDown | Id::PickPageDown => Motion::Halves(2),
        Id::PageUp | Id::PickPageUp => Motion::Halves(-2),
        Id::Top => Motion::First,
        Id::Bottom => Motion::Last,
        _ => return None,
    })
}
