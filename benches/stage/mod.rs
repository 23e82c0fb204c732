//! The interface at a screen, and whoever answers its questions on the same thread: its CPU time
//! is what both take together.

#![allow(dead_code, reason = "each of those who include this needs a part")]

use std::collections::VecDeque;
use std::time::Duration;

use iamscope::iam::Account;
use iamscope::source::{Event, Outcome};
use iamscope::tui::asker::{Asker, Reply, Request};
use iamscope::tui::key::Key;
use iamscope::tui::{App, Effect, Msg, Now, Setup};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::cpu;

/// The interface, with whoever answers it.
pub struct Stage {
    app: App,
    terminal: Terminal<TestBackend>,
    now: Now,
    asker: Asker,
}

/// The CPU time that a key took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Press {
    /// Until the frame that shows it, whatever the answer.
    pub own: Duration,
    /// The longest that the interface was busy with one piece of news and its frame.
    pub busy: Duration,
    /// Until the frame with the first rows.
    pub rows: Option<Duration>,
    /// Until the frame with the whole answer.
    pub whole: Option<Duration>,
}

impl Stage {
    /// The interface on an account, as a file would bring it.
    pub fn new(account: Account, width: u16, height: u16) -> Self {
        let now = Now {
            elapsed: Duration::ZERO,
            wall: "2026-10-01T12:00:00Z"
                .parse::<Timestamp>()
                .expect("it is a time"),
        };
        let (app, _) = App::new(Setup::default(), now);
        let mut stage = Self {
            app,
            terminal: Terminal::new(TestBackend::new(width, height))
                .expect("it needs no terminal of its own"),
            now,
            asker: Asker::default(),
        };
        let whole = Event::Whole(Box::new(account));
        for event in [whole, Event::Finished(Outcome::Complete)] {
            let generation = 1;
            stage.send(Msg::Source { generation, event });
        }
        stage
    }

    /// Forgets all that questions have in common: the next is answered from the beginning.
    pub fn forget(&mut self) {
        self.asker = Asker::default();
    }

    /// Presses keys, written apart.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        keys.split_whitespace().for_each(|key| {
            self.key(key);
        });
        self
    }

    /// Types a text, a key a character.
    pub fn text(&mut self, text: &str) -> &mut Self {
        text.chars().for_each(|c| {
            self.letter(c);
        });
        self
    }

    /// Types a character.
    pub fn letter(&mut self, c: char) -> Press {
        match c {
            ' ' => self.key("space"),
            c => self.key(c.encode_utf8(&mut [0; 4])),
        }
    }

    /// Presses a key.
    pub fn key(&mut self, key: &str) -> Press {
        self.now.elapsed += Duration::from_secs(1);
        let key = Key::parse(key).expect("it is a key");
        self.send(Msg::Key(key.into()))
    }

    /// The interface.
    pub fn app(&self) -> &App {
        &self.app
    }

    fn send(&mut self, msg: Msg) -> Press {
        let Self {
            app,
            terminal,
            now,
            asker,
        } = self;
        let mut show = |msg: Msg, requests: &mut VecDeque<Request>| {
            let start = cpu::now();
            let effects = app.update(msg, *now);
            let drawn = terminal.draw(|frame| app.draw(frame));
            drawn.expect("a screen in memory takes every frame");
            requests.extend(effects.into_iter().filter_map(|effect| match effect {
                Effect::Ask(request) => Some(request),
                _ => None,
            }));
            let has_rows = !app.who().lines().is_empty();
            (cpu::now().saturating_sub(start), has_rows)
        };
        let start = cpu::now();
        let mut requests = VecDeque::new();
        let (own, _) = show(msg, &mut requests);
        let mut press = Press {
            own,
            busy: own,
            ..Press::default()
        };
        while let Some(request) = requests.pop_front() {
            asker.handle(request, &|| false, &mut |reply| {
                let is_whole = match &reply {
                    Reply::Answer(answer, _) => Some(answer.is_whole()),
                    _ => None,
                };
                let (busy, has_rows) = show(Msg::Reply(reply), &mut requests);
                let since = cpu::now().saturating_sub(start);
                press.busy = press.busy.max(busy);
                if has_rows {
                    press.rows.get_or_insert(since);
                }
                if is_whole == Some(true) {
                    press.whole.get_or_insert(since);
                }
            });
        }
        press
    }
}
