//! The app: its state, and how a message changes it.
//!
//! [`App::update`] is the only way in. It does no I/O, reads no clock and never blocks; what is
//! to be done outside comes back as [`Effect`]s.

mod actions;
mod asking;
mod effective;
mod here;
mod keys;
mod loading;
mod reading;
mod seen;
mod travel;
mod working;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::columns::{Context, TrustCache};
use super::command::Scope;
use super::detail::{Detail, Subject};
use super::effective::Store;
use super::input::Input;
use super::keymap::Keymap;
use super::layouts::Layouts;
use super::list::{List, reference_time};
use super::page::{Page, Tone};
use super::picker::Picker;
use super::theme::Theme;
use super::who::WhoCan;
use super::{Effect, Msg, Now, Timer, view};
use crate::iam::{Account, EntityRef, Kind};
use crate::report::questions::Question;
use crate::source::Problem;

pub use loading::{Load, LoadState};
pub use travel::Place;
pub use working::Prompt;

/// What the app must know at its start.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the source is called.
    pub label: String,
    /// Whether the source may write.
    pub read_only: bool,
    /// Whether the source is a live account, so that refreshing makes sense.
    pub live: bool,
    /// The keys.
    pub keymap: Keymap,
    /// Colours and symbols.
    pub theme: Theme,
    /// The user's time zone, for the time of loading.
    pub zone: TimeZone,
    /// The file of the saved questions, if there is a place for one.
    pub questions: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            label: String::new(),
            read_only: false,
            live: false,
            keymap: Keymap::default(),
            theme: Theme::default(),
            zone: TimeZone::UTC,
            questions: None,
        }
    }
}

/// What the panes are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The lists of what there is.
    Lists,
    /// Who can do something.
    WhoCan,
}

/// The pane that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list, or the table of an answer.
    List,
    /// The detail.
    Detail,
    /// The text fields of a question.
    Fields,
}

/// What lies over the panes and takes keys first. The last one is on top.
#[derive(Debug)]
pub enum Layer {
    /// The list's filter is being typed.
    Filter {
        /// The text field.
        input: Input,
        /// What the filter was before.
        before: String,
    },
    /// A search in the detail is being typed.
    Search {
        /// The text field.
        input: Input,
        /// What was searched for before.
        before: Option<String>,
    },
    /// A line is being typed.
    Prompt {
        /// What for.
        prompt: Prompt,
        /// The text field.
        input: Input,
    },
    /// A picker.
    Picker(Picker),
    /// The help, scrolled by some lines.
    Help(usize),
    /// The messages, scrolled by some lines.
    Messages(usize),
}

/// A line of the status area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How it is meant.
    pub tone: Tone,
    /// The text.
    pub text: String,
}

/// How long keys must rest before the detail follows a cursor that moves fast.
const REST: Duration = Duration::from_millis(150);

/// The most messages that are kept.
const MESSAGES: usize = 100;

/// The whole state of the interface.
#[derive(Debug)]
pub struct App {
    setup: Setup,
    account: Arc<Account>,
    lists: [List; 4],
    screen: Screen,
    kind: Kind,
    who: WhoCan,
    /// How many questions were asked.
    questions: u64,
    /// Whether the account has changed since the last one.
    outdated: bool,
    /// The saved questions, as they were read last.
    saved: Vec<Question>,
    /// The resources that were asked about, the latest first.
    recent: Vec<String>,
    /// What the account's policies name as resources, once an answer has told.
    named: Option<Arc<Vec<String>>>,
    effective: Store,
    focus: Focus,
    zoom: bool,
    detail: Detail,
    side_by_side: bool,
    trail: Vec<Place>,
    layers: Vec<Layer>,
    load: Load,
    fetching: HashSet<EntityRef>,
    asked: HashSet<EntityRef>,
    status: Option<Status>,
    messages: Vec<Problem>,
    trust: TrustCache,
    layouts: Layouts,
    now: Now,
    moved: Duration,
    following: bool,
    stale: bool,
    dirty: bool,
    area: Rect,
}

impl App {
    /// The app at its start, and what is to be done first.
    pub fn new(setup: Setup, now: Now) -> (Self, Vec<Effect>) {
        let mut app = Self {
            setup,
            account: Arc::new(Account::default()),
            lists: Kind::ALL.map(List::new),
            screen: Screen::Lists,
            kind: Kind::User,
            who: WhoCan::default(),
            questions: 0,
            outdated: false,
            saved: Vec::new(),
            recent: Vec::new(),
            named: None,
            effective: Store::default(),
            focus: Focus::List,
            zoom: false,
            detail: Detail::default(),
            side_by_side: false,
            trail: Vec::new(),
            layers: Vec::new(),
            load: Load::default(),
            fetching: HashSet::new(),
            asked: HashSet::new(),
            status: None,
            messages: Vec::new(),
            trust: TrustCache::default(),
            layouts: Layouts::default(),
            now,
            moved: Duration::ZERO,
            following: true,
            stale: false,
            dirty: true,
            area: Rect::new(0, 0, 80, 24),
        };
        let effects = app.start_load(None);
        (app, effects)
    }

    /// Takes one message in.
    pub fn update(&mut self, msg: Msg, now: Now) -> Vec<Effect> {
        self.now = now;
        self.dirty = true;
        let mut effects = match msg {
            Msg::Key(key) => self.key(key.into()),
            Msg::Paste(text) => self.paste(&text),
            Msg::Resize => {
                self.detail.invalidate();
                view::prepare(self);
                self.tell()
            }
            Msg::Source { generation, event } => self.source_event(generation, event),
            Msg::Fetched(batch) => self.fetched(batch),
            Msg::FetchNews(event) => self.fetch_news(event),
            Msg::KeyOwner { id, owner } => self.key_owner(&id, owner),
            Msg::Timer(Timer::Spinner) => self.spin(),
            Msg::Reply(reply) => self.reply(reply),
            Msg::Questions(read) => self.questions_read(read),
            Msg::Written(written) => {
                self.written(written);
                Vec::new()
            }
            Msg::Simulated {
                generation,
                request,
                answer,
            } => {
                self.simulated(generation, &request, answer);
                Vec::new()
            }
            Msg::Decoded(text) => self.decoded(text),
            Msg::Timer(Timer::Rest) => {
                self.following = true;
                self.follow_selection();
                self.tell()
            }
            Msg::Notice(text) => {
                self.say(Tone::Warning, text);
                Vec::new()
            }
        };
        effects.extend(self.want_details());
        effects.extend(self.want_effective());
        effects
    }

    /// Draws a frame, and counts as clean afterwards.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        self.area = frame.area();
        self.settle();
        view::draw(self, frame);
        self.dirty = false;
    }

    /// Whether something changed since the last frame.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Brings lists and detail up to date with an account that has grown.
    fn settle(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        self.each_list(List::update);
        self.detail.invalidate();
        if self.following {
            self.follow_selection();
        }
    }

    /// Runs over all lists with what their cells are made from.
    fn each_list(&mut self, mut f: impl FnMut(&mut List, &Context<'_>)) {
        let context = Context {
            account: &self.account,
            now: reference_time(&self.account, self.now.wall),
            theme: &self.setup.theme,
            trust: &self.trust,
        };
        for list in &mut self.lists {
            f(list, &context);
        }
    }

    /// Runs on the list that is shown.
    fn on_list<T>(&mut self, f: impl FnOnce(&mut List, &Context<'_>) -> T) -> T {
        let context = Context {
            account: &self.account,
            now: reference_time(&self.account, self.now.wall),
            theme: &self.setup.theme,
            trust: &self.trust,
        };
        f(&mut self.lists[self.kind as usize], &context)
    }

    /// The detail shows what the cursor of the list is on.
    fn follow_selection(&mut self) {
        if self.screen == Screen::WhoCan {
            let is_reading = matches!(self.detail.subject(), Some(Subject::Stored(_)));
            if is_reading && self.focus == Focus::Detail {
                return;
            }
            let selection = self.principal_selected();
            self.detail.show(selection);
            return;
        }
        let selection = self.list().selection(&self.account);
        let shown = self.detail.subject().and_then(Subject::entity);
        if selection.as_ref() != shown {
            self.detail.show(selection.map(Subject::Entity));
        }
    }

    /// After the cursor of the list has moved: the detail follows at once, unless keys come so
    /// fast that it could not be read; then it waits for them to rest.
    fn list_moved(&mut self) -> Vec<Effect> {
        let fast = self.now.elapsed.saturating_sub(self.moved) < REST;
        self.moved = self.now.elapsed;
        if fast {
            self.following = false;
            let mut effects = self.tell();
            effects.push(Effect::Timer(Timer::Rest, REST));
            return effects;
        }
        self.following = true;
        self.follow_selection();
        self.tell()
    }

    /// Sets the status line.
    fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.status = Some(Status {
            tone,
            text: text.into(),
        });
    }

    /// Keeps a problem for the messages, and says it in the status line.
    fn report(&mut self, problem: Problem) {
        self.say(Tone::Bad, format!("{}: {}", problem.what, problem.why));
        self.note(problem);
    }

    /// Keeps a problem for the messages.
    fn note(&mut self, problem: Problem) {
        if self.messages.len() == MESSAGES {
            self.messages.remove(0);
        }
        self.messages.push(problem);
    }
}

impl App {
    /// The screen, as of the last frame.
    pub(super) fn area(&self) -> Rect {
        self.area
    }

    /// The scopes of what lies below the help, innermost first.
    pub(super) fn scopes_below(&self) -> &'static [Scope] {
        match (self.screen, self.focus) {
            (_, Focus::Fields) => &[Scope::Fields, Scope::Input, Scope::Picker, Scope::Global],
            (Screen::Lists, Focus::List) => &[Scope::List, Scope::Panes, Scope::Global],
            (Screen::Lists, Focus::Detail) => &[Scope::Detail, Scope::Panes, Scope::Global],
            (Screen::WhoCan, Focus::List) => &[
                Scope::Answer,
                Scope::WhoCan,
                Scope::List,
                Scope::Panes,
                Scope::Global,
            ],
            (Screen::WhoCan, Focus::Detail) => {
                &[Scope::WhoCan, Scope::Detail, Scope::Panes, Scope::Global]
            }
        }
    }

    /// Fits the list to its pane.
    pub(super) fn resize_list(&mut self, height: usize) {
        match self.screen {
            Screen::Lists => self.lists[self.kind as usize].resize(height),
            Screen::WhoCan => self.who.resize(height),
        }
    }

    /// Makes the detail's page for a size, if there is none yet.
    pub(super) fn make_page(
        &mut self,
        width: u16,
        height: usize,
        make: impl FnOnce(&Self, &Detail, u16) -> Page,
    ) {
        // The page is made from the app while the detail, which keeps it, is part of the app.
        let mut detail = std::mem::take(&mut self.detail);
        detail.page(width, height, |detail| make(self, detail, width));
        self.detail = detail;
    }
}
