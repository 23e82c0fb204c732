//! Drives the app by keys, as the loop does, and reads its screen.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use iamscope::iam::Account;
use iamscope::source::{Event, Mode, Outcome, Source, Spec};
use iamscope::tui::asker::{Asker, Latest, Reply, Request};
use iamscope::tui::key::Key;
use iamscope::tui::{App, Effect, Msg, Now, Setup};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

/// The demo account, read once.
static DEMO: LazyLock<Account> = LazyLock::new(|| load(&Spec::Demo));

/// Reads an account from a source that reads it in one go.
pub fn load(spec: &Spec) -> Account {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let source = Source::open(spec, Mode::ReadOnly).await.unwrap();
        let (sink, mut events) = tokio::sync::mpsc::unbounded_channel();
        source.load(None, sink).await;
        let mut account = None;
        while let Some(event) = events.recv().await {
            match event {
                Event::Whole(whole) => account = Some(*whole),
                Event::Finished(Outcome::Cut { problem, .. }) => panic!("{problem}"),
                _ => {}
            }
        }
        account.unwrap()
    })
}

/// The app at a screen of some size.
pub struct Driver {
    app: App,
    terminal: Terminal<TestBackend>,
    now: Now,
    /// What the app wanted done since it was last asked, but for questions.
    pub effects: Vec<Effect>,
    /// Whether whoever answers is busy, so that questions wait for [`answer`](Self::answer).
    pub busy: bool,
    /// The questions that wait.
    pub waiting: Vec<Request>,
    /// Whether answers are kept back until [`release`](Self::release), as if they took long.
    pub hold: bool,
    held: Vec<Reply>,
    asker: Asker,
    latest: Arc<Latest>,
}

impl Driver {
    /// The app as it starts, before anything came.
    pub fn new(setup: Setup, width: u16, height: u16) -> Self {
        let now = Now {
            elapsed: Duration::ZERO,
            wall: "2026-10-01T12:00:00Z".parse::<Timestamp>().unwrap(),
        };
        let (app, effects) = App::new(setup, now);
        let mut driver = Self {
            app,
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
            now,
            effects: Vec::new(),
            busy: false,
            waiting: Vec::new(),
            hold: false,
            held: Vec::new(),
            asker: Asker::default(),
            latest: Arc::default(),
        };
        driver.carry_out(effects);
        driver.draw();
        driver
    }

    /// The app on the demo account.
    pub fn demo(width: u16, height: u16) -> Self {
        Self::on(DEMO.clone(), width, height)
    }

    /// The app on an account, as a file would bring it.
    pub fn on(account: Account, width: u16, height: u16) -> Self {
        let setup = Setup {
            label: "demo".into(),
            ..Setup::default()
        };
        let mut driver = Self::new(setup, width, height);
        driver.event(Event::Whole(Box::new(account)));
        driver.event(Event::Finished(Outcome::Complete));
        driver
    }

    /// News of the load that runs.
    pub fn event(&mut self, event: Event) {
        let generation = self
            .effects
            .iter()
            .rev()
            .find_map(|effect| match effect {
                Effect::Load { generation, .. } => Some(*generation),
                _ => None,
            })
            .unwrap_or(1);
        self.send(Msg::Source { generation, event });
    }

    /// One message, and the frame after it.
    pub fn send(&mut self, msg: Msg) {
        let effects = self.app.update(msg, self.now);
        self.carry_out(effects);
        self.frame();
        if !self.busy {
            self.answer();
        }
    }

    /// A frame, and what it brings up.
    fn frame(&mut self) {
        self.draw();
        let effects = self.app.drawn();
        self.carry_out(effects);
    }

    /// Keeps what is to be done, questions apart.
    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(request) => {
                    self.latest.note(&request);
                    self.waiting.push(request);
                }
                effect => self.effects.push(effect),
            }
        }
    }

    /// Answers a question whatever was asked since.
    pub fn force(&mut self, request: Request) {
        let mut replies = Vec::new();
        let mut asker = Asker::default();
        asker.handle(request, &|| false, &mut |reply| replies.push(reply));
        for reply in replies {
            self.send(Msg::Reply(reply));
        }
    }

    /// Delivers the answers that were kept back.
    pub fn release(&mut self) {
        for reply in std::mem::take(&mut self.held) {
            self.send(Msg::Reply(reply));
        }
    }

    /// Answers the questions that wait, and those that the answers bring up.
    pub fn answer(&mut self) {
        while !self.waiting.is_empty() {
            let request = self.waiting.remove(0);
            let latest = Arc::clone(&self.latest);
            let is_superseded = latest.supersedes(&request);
            if is_superseded() {
                continue;
            }
            let mut replies = Vec::new();
            self.asker
                .handle(request, &is_superseded, &mut |reply| replies.push(reply));
            for mut reply in replies {
                // In no time to speak of, and the same in every picture.
                if let Reply::Answer(answer, _) = &mut reply {
                    answer.took = Duration::from_millis(3);
                }
                if self.hold {
                    self.held.push(reply);
                    continue;
                }
                let effects = self.app.update(Msg::Reply(reply), self.now);
                self.carry_out(effects);
                self.frame();
            }
        }
    }

    /// Delivers the first of the answers that were kept back, if there is one.
    pub fn release_first(&mut self) {
        if !self.held.is_empty() {
            let reply = self.held.remove(0);
            self.send(Msg::Reply(reply));
        }
    }

    /// Presses keys, written apart: `3 / g j enter`. Each comes a second after the last.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.now.elapsed += Duration::from_secs(1);
            self.send(Msg::Key(Key::parse(key).unwrap().into()));
        }
        self
    }

    /// Presses a key until the selected line holds a text.
    #[track_caller]
    pub fn walk(&mut self, key: &str, needle: &str) -> &mut Self {
        for _ in 0..300 {
            if self.selected().contains(needle) {
                return self;
            }
            self.keys(key);
        }
        panic!("{key} leads to no line with `{needle}`:\n{}", self.screen());
    }

    /// Types a text, a key a character.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.now.elapsed += Duration::from_millis(50);
            let key = if c == ' ' {
                "space".into()
            } else {
                c.to_string()
            };
            self.send(Msg::Key(Key::parse(&key).unwrap().into()));
        }
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, time: Duration) {
        self.now.elapsed += time;
    }

    /// Gives the screen another size.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.send(Msg::Resize);
    }

    fn draw(&mut self) {
        let app = &mut self.app;
        self.terminal.draw(|frame| app.draw(frame)).unwrap();
    }

    /// The screen, cell by cell.
    pub fn buffer(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in buffer.area.top()..buffer.area.bottom() {
            let mut line = String::new();
            let mut skip = 0;
            for x in buffer.area.left()..buffer.area.right() {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    line.push_str(symbol);
                    skip = unicode_width::UnicodeWidthStr::width(symbol).max(1);
                }
                skip -= 1;
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The line that holds a text; fails with the screen where there is none.
    #[track_caller]
    pub fn line(&self, needle: &str) -> String {
        let screen = self.screen();
        match screen.lines().find(|line| line.contains(needle)) {
            Some(line) => line.to_owned(),
            None => panic!("no line has `{needle}`:\n{screen}"),
        }
    }

    /// Asserts that the screen shows a text.
    #[track_caller]
    pub fn shows(&self, needle: &str) -> &Self {
        self.line(needle);
        self
    }

    /// Asserts that the screen does not show a text.
    #[track_caller]
    pub fn hides(&self, needle: &str) -> &Self {
        let screen = self.screen();
        assert!(!screen.contains(needle), "`{needle}` is shown:\n{screen}");
        self
    }

    /// The text of the selected line: the first that stands reversed.
    pub fn selected(&self) -> String {
        self.reversed().into_iter().next().unwrap_or_default()
    }

    /// The texts that stand reversed, a line each.
    fn reversed(&self) -> Vec<String> {
        let buffer = self.buffer();
        let mut lines = Vec::new();
        for y in buffer.area.top()..buffer.area.bottom() {
            let cells: Vec<_> = (buffer.area.left()..buffer.area.right())
                .map(|x| &buffer[(x, y)])
                .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
                .collect();
            // A cursor in a text field is reversed too.
            if cells.len() > 5 {
                let text: String = cells.iter().map(|cell| cell.symbol()).collect();
                lines.push(text.trim_matches(['▸', '>', ' ']).to_owned());
            }
        }
        lines
    }

    /// The colours on the screen, but for the terminal's own.
    pub fn colours(&self) -> Vec<Color> {
        let buffer = self.buffer();
        let cells = buffer.content.iter().flat_map(|cell| [cell.fg, cell.bg]);
        cells.filter(|colour| *colour != Color::Reset).collect()
    }

    /// The name of the command under the palette's cursor. The palette lies over the list, whose
    /// line is marked too.
    pub fn palette_choice(&self) -> String {
        let lines = self.reversed();
        let line = lines.last().map_or("", String::as_str);
        line.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    /// What was put on the clipboard last.
    pub fn copied(&self) -> Option<&str> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The app.
    pub fn app(&self) -> &App {
        &self.app
    }
}
