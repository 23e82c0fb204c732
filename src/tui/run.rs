//! The loop.
//!
//! Signals, keys, results and timers wake it. It takes in everything that waits, keys first,
//! starts what the app wants done, and draws at most one frame, if something changed. There is no
//! tick: when nothing happens, nothing runs.
//!
//! The loop owns the order of things and their pace. It never decides what an event means, and
//! never does anything that could keep a key waiting.

use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustix::process::{Signal, kill_current_process_group};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until, timeout};

use super::jobs::{Jobs, Timers};
use super::keymap::Keymap;
use super::term::capabilities::Capabilities;
use super::term::clipboard;
use super::term::input::{FromTerminal, Input};
use super::term::keys::Typed;
use super::term::screen::Screen;
use super::term::signals::{self, FromSystem, Signals};
use super::term::tty::{self, Tty};
use super::theme::Theme;
use super::{App, Effect, Msg, Now, Setup};
use crate::source::{Mode, Problem, Source, Spec};

/// The least time from one frame to the next.
const FRAME: Duration = Duration::from_millis(16);

/// How long a frame waits for an answer that is likely to come at once: with the key's echo alone
/// the rows would flicker, and cost their bytes twice.
const ANSWER: Duration = Duration::from_millis(10);

/// How long results may be taken in before keys are looked at again and a frame is drawn.
const PATIENCE: Duration = Duration::from_millis(8);

/// How long the opening of a source may take without a word.
const SILENCE: Duration = Duration::from_millis(500);

/// How long to wait for the system to stop us, before we conclude that it will not.
const STOPPING: Duration = Duration::from_millis(100);

/// Where the user's saved questions are.
pub fn questions_file() -> Option<PathBuf> {
    super::saved::user_file("questions.toml")
}

/// Opens a source and runs the interface on it until it ends. Returns the exit code: that of
/// [`ExitCode`](crate::source::ExitCode), or 128 and the number of the signal that ended the
/// program. The terminal is given back in every case.
///
/// This is the whole interface for whoever starts it: it brings its own runtime, and does not
/// wait for jobs that cannot be cancelled, such as a read of standard input.
///
/// # Errors
/// A [`Problem`] where the source cannot be opened or the terminal not be used.
pub fn start(
    spec: &Spec,
    mode: Mode,
    keymap: Keymap,
    questions: Option<PathBuf>,
) -> Result<u8, Problem> {
    let capabilities = Capabilities::of_environment();
    capabilities.check()?;
    // Before anything is read: without a terminal there is nobody to read it for.
    let tty = Tty::open()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Idle threads go at once instead of waking up later to do so.
        .thread_keep_alive(Duration::from_millis(100))
        .enable_all()
        .build()
        .map_err(|error| Problem::new("cannot start threads", error.to_string()))?;
    let result = runtime.block_on(async {
        let source = open(spec, mode).await?;
        let setup = Setup {
            label: source.label(),
            read_only: mode == Mode::ReadOnly,
            live: source.is_live(),
            keymap,
            theme: Theme::new(capabilities.colour, capabilities.utf8),
            zone: TimeZone::system(),
            questions,
        };
        run(source, setup, tty, capabilities).await
    });
    runtime.shutdown_background();
    result
}

/// Opens a source. That may ask the network for credentials, or a person for a code; nobody
/// shall wonder meanwhile whether something happens.
async fn open(spec: &Spec, mode: Mode) -> Result<Source, Problem> {
    let mut opening = pin!(Source::open(spec, mode));
    if let Ok(opened) = timeout(SILENCE, &mut opening).await {
        return opened;
    }
    // Where it cannot be said, the opening goes on all the same.
    let _ = writeln!(
        io::stderr(),
        "iamscope: looking for credentials; ctrl-c gives up"
    );
    opening.await
}

/// Runs the interface on an opened source, inside a runtime.
async fn run(
    source: Source,
    setup: Setup,
    tty: Arc<Tty>,
    capabilities: Capabilities,
) -> Result<u8, Problem> {
    let signals = Signals::listen().map_err(cannot_use)?;
    tty::give_back_on_panic();
    let (to_keys, keys) = unbounded_channel();
    let (to_results, results) = unbounded_channel();
    let now = Now {
        elapsed: Duration::ZERO,
        wall: Timestamp::now(),
    };
    let questions = setup.questions.clone();
    let (app, effects) = App::new(setup, now);
    let screen = Screen::take(tty.clone(), &capabilities).map_err(cannot_use)?;
    let input = Input::start(tty, to_keys).map_err(cannot_use)?;
    let session = Session {
        app,
        capabilities,
        input,
        screen,
        signals,
        keys,
        results,
        jobs: Jobs::new(source, questions, to_results),
        timers: Timers::default(),
        started: Instant::now(),
        next_frame: Instant::now(),
        answer_by: Instant::now(),
        redraw: true,
        suspend: false,
        retake: false,
        end: None,
        failure: None,
    };
    session.run(effects).await
}

/// What woke the loop.
enum Woken {
    System(FromSystem),
    Terminal(FromTerminal),
    Result(Msg),
    Time,
}

/// The interface while it runs.
struct Session {
    app: App,
    capabilities: Capabilities,
    // Before the screen: no key is read once the terminal is given back.
    input: Input,
    screen: Screen,
    signals: Signals,
    keys: UnboundedReceiver<FromTerminal>,
    results: UnboundedReceiver<Msg>,
    jobs: Jobs,
    timers: Timers,
    started: Instant,
    /// No frame before this.
    next_frame: Instant,
    /// No frame before this while an answer is waited for.
    answer_by: Instant,
    /// A frame is due whether the app changed or not.
    redraw: bool,
    /// The app wants to be put to sleep.
    suspend: bool,
    /// The app wants the whole screen drawn anew.
    retake: bool,
    /// The exit code, once it is known.
    end: Option<u8>,
    /// What is said after the end.
    failure: Option<Problem>,
}

impl Session {
    async fn run(mut self, effects: Vec<Effect>) -> Result<u8, Problem> {
        self.carry_out(effects);
        self.draw()?;
        loop {
            if let Some(code) = self.end {
                return self.failure.map_or(Ok(code), Err);
            }
            match self.wait().await {
                Woken::System(FromSystem::End(code)) => self.end = Some(code),
                Woken::System(FromSystem::Resize) => self.resized(),
                Woken::System(FromSystem::Continued) => self.retake()?,
                Woken::Terminal(event) => self.take_in(event),
                Woken::Result(msg) => self.update(msg),
                Woken::Time => {}
            }
            self.drain();
            if std::mem::take(&mut self.suspend) {
                self.sleep().await?;
            }
            if std::mem::take(&mut self.retake) {
                self.retake()?;
            }
            if self.end.is_none() {
                self.draw()?;
            }
        }
    }

    /// Waits until something is to be done.
    async fn wait(&mut self) -> Woken {
        let frame = self.is_frame_due().then_some(self.frame_at());
        let deadline = frame.into_iter().chain(self.timers.next()).min();
        let time = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            signal = self.signals.next() => Woken::System(signal),
            Some(event) = self.keys.recv() => Woken::Terminal(event),
            () = time => Woken::Time,
            Some(msg) = self.results.recv() => Woken::Result(msg),
        }
    }

    /// Takes in everything that waits, keys before results. Results that take long leave their
    /// rest for after the next frame.
    fn drain(&mut self) {
        let until = Instant::now() + PATIENCE;
        while self.end.is_none() && !self.suspend {
            if let Ok(event) = self.keys.try_recv() {
                self.take_in(event);
            } else if let Some(timer) = self.timers.take_due() {
                self.update(Msg::Timer(timer));
            } else if Instant::now() >= until {
                return;
            } else if let Ok(msg) = self.results.try_recv() {
                self.update(msg);
            } else {
                return;
            }
        }
    }

    fn take_in(&mut self, event: FromTerminal) {
        match event {
            FromTerminal::Typed(Typed::Key(key)) => self.update(Msg::Key(key)),
            FromTerminal::Typed(Typed::Paste(text)) => self.update(Msg::Paste(text)),
            FromTerminal::HangUp => self.end = Some(signals::hang_up()),
        }
    }

    fn resized(&mut self) {
        self.redraw = true;
        self.update(Msg::Resize);
    }

    fn update(&mut self, msg: Msg) {
        let now = Now {
            elapsed: self.started.elapsed(),
            wall: Timestamp::now(),
        };
        let waited = self.app.is_waiting();
        let effects = self.app.update(msg, now);
        if self.app.is_waiting() && !waited {
            self.answer_by = Instant::now() + ANSWER;
        }
        self.carry_out(effects);
    }

    /// When the next frame may be drawn.
    fn frame_at(&self) -> Instant {
        match self.app.is_waiting() {
            true => self.next_frame.max(self.answer_by),
            false => self.next_frame,
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit(code) => self.end = Some(code.code()),
                Effect::Fail(problem) => {
                    self.end = Some(problem.exit.code());
                    self.failure = Some(problem);
                }
                Effect::Suspend => self.suspend = true,
                Effect::Load { generation, resume } => self.jobs.load(generation, resume),
                Effect::CancelLoad => self.jobs.cancel_load(),
                Effect::Fetch(entity) => self.jobs.fetch(entity),
                Effect::FindKey(id) => self.jobs.find_key(id),
                Effect::Ask(request) => self.jobs.ask(request),
                Effect::ReadQuestions => self.jobs.read_questions(),
                Effect::SaveQuestion(question) => self.jobs.save_question(*question),
                Effect::Write { path, text } => self.jobs.write(path, text),
                Effect::Simulate {
                    generation,
                    request,
                } => self.jobs.simulate(generation, request),
                Effect::Decode(encoded) => self.jobs.decode(encoded),
                Effect::Redraw => self.retake = true,
                Effect::Copy(text) => self.copy(text),
                Effect::Timer(timer, after) => self.timers.set(timer, after),
            }
        }
    }

    fn copy(&self, text: String) {
        match clipboard::sequence(&text, self.capabilities.multiplexer) {
            Ok(sequence) => {
                // A terminal that has gone is noticed by the thread that reads it.
                drop(self.screen.send(&sequence));
                clipboard::hand_to_desktop(text, self.capabilities.desktop);
            }
            Err(too_long) => self.jobs.notice(too_long.to_string()),
        }
    }

    fn is_frame_due(&self) -> bool {
        self.redraw || self.app.is_dirty()
    }

    /// Draws a frame, if something changed and the last one is old enough.
    fn draw(&mut self) -> Result<(), Problem> {
        if !self.is_frame_due() || Instant::now() < self.frame_at() {
            return Ok(());
        }
        self.redraw = false;
        let app = &mut self.app;
        let drawn = self.screen.draw(|frame| app.draw(frame));
        let effects = self.app.drawn();
        self.carry_out(effects);
        self.next_frame = Instant::now() + FRAME;
        self.check(drawn)
    }

    /// Puts the program to sleep, as ctrl-z does elsewhere, and takes the terminal again when it
    /// wakes.
    async fn sleep(&mut self) -> Result<(), Problem> {
        self.input.pause();
        self.screen.leave();
        let stopped = kill_current_process_group(Signal::TSTP);
        // The signal may reach us only after a moment. Where nobody could wake us it never does.
        let woken = timeout(STOPPING, self.signals.next()).await;
        if let Ok(FromSystem::End(code)) = woken {
            self.end = Some(code);
            return Ok(());
        }
        self.retake()?;
        self.input.resume().map_err(cannot_use)?;
        if let Err(error) = stopped {
            self.jobs.notice(format!("cannot suspend: {error}"));
        }
        Ok(())
    }

    /// Others have used the terminal in the meantime; it is ours again.
    fn retake(&mut self) -> Result<(), Problem> {
        let taken = self.screen.retake();
        self.check(taken)?;
        self.resized();
        Ok(())
    }

    /// A terminal that has gone is the end, and no failure of ours.
    fn check(&mut self, result: io::Result<()>) -> Result<(), Problem> {
        match result {
            Err(error) if is_gone(&error) => {
                self.end = Some(signals::hang_up());
                Ok(())
            }
            result => result.map_err(cannot_use),
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    let code = error.raw_os_error();
    [rustix::io::Errno::IO, rustix::io::Errno::NXIO]
        .iter()
        .any(|errno| code == Some(errno.raw_os_error()))
}

fn cannot_use(error: io::Error) -> Problem {
    Problem::new("cannot use the terminal", error.to_string())
}
