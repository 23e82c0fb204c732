//! The program in a real pseudo-terminal, with an emulator that shows what a person would see.
//!
//! ```no_run
//! let mut session = Start::new(80, 24).args(["--demo"]).run();
//! session.wait_for("the list", |screen| screen.contents().contains("Users"));
//! session.send("q");
//! assert_eq!(session.exit_code(), 0);
//! session.assert_given_back();
//! ```
//!
//! A thread reads all the time, so the program is never held up by a full terminal. The emulator
//! does as terminals with synchronized updates do: a frame shows when the whole of it has come, so
//! that no test acts on the upper half of a new frame and the lower half of the old one.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

/// How long anything may take before a test gives up.
const DEADLINE: Duration = Duration::from_secs(20);

/// What stands before a frame.
pub const FRAME_BEGINS: &str = "\x1b[?2026h";

/// What stands after a frame.
pub const FRAME_ENDS: &str = "\x1b[?2026l";

/// A program that is to be started.
pub struct Start {
    columns: u16,
    rows: u16,
    command: CommandBuilder,
}

impl Start {
    /// iamscope, in a terminal of this size.
    pub fn new(columns: u16, rows: u16) -> Self {
        Self::program(env!("CARGO_BIN_EXE_iamscope"), columns, rows)
    }

    /// Another program. Its environment holds nothing of the one who runs the tests: no AWS
    /// configuration, no key map, no language.
    pub fn program(program: impl AsRef<OsStr>, columns: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", "/nonexistent");
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        Self {
            columns,
            rows,
            command,
        }
    }

    /// Arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// A variable of the environment.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// Starts it.
    pub fn run(self) -> Session {
        let size = pty_size(self.columns, self.rows);
        let pair = native_pty_system().openpty(size).unwrap();
        // The other side, to look at its modes; kept open, since the system forgets them when
        // the last user is gone.
        let tty = File::options()
            .read(true)
            .write(true)
            .custom_flags(rustix::fs::OFlags::NOCTTY.bits().cast_signed())
            .open(pair.master.tty_name().unwrap())
            .unwrap();
        let modes = modes(&tty);
        let mut child = pair.slave.spawn_command(self.command).unwrap();
        let pid = child.process_id().unwrap();
        let (exited, exit) = channel();
        std::thread::spawn(move || exited.send(child.wait().unwrap()));
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                emulator: vt100::Parser::new(nonzero(self.rows), nonzero(self.columns), 0),
                output: Vec::new(),
                shown: 0,
                last: Instant::now(),
                stop: false,
            }),
            changed: Condvar::new(),
        });
        let reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let thread = {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || shared.read(reader))
        };
        Session {
            shared,
            exit,
            pid: Pid::from_raw(pid.cast_signed()).unwrap(),
            status: None,
            modes,
            open: Some(Open {
                tty,
                writer,
                master: pair.master,
                thread,
            }),
        }
    }
}

/// A program that runs, or has run.
pub struct Session {
    shared: Arc<Shared>,
    exit: Receiver<ExitStatus>,
    pid: Pid,
    status: Option<ExitStatus>,
    /// The terminal's modes before the start.
    modes: String,
    open: Option<Open>,
}

/// Our side of the terminal.
struct Open {
    tty: File,
    writer: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    thread: JoinHandle<()>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    emulator: vt100::Parser,
    output: Vec<u8>,
    /// How much of the output the emulator has been given.
    shown: usize,
    /// When something came last.
    last: Instant,
    stop: bool,
}

impl Session {
    /// Types.
    pub fn send(&mut self, keys: impl AsRef<[u8]>) {
        let open = self.open.as_mut().unwrap();
        open.writer.write_all(keys.as_ref()).unwrap();
        open.writer.flush().unwrap();
    }

    /// Waits until the screen is as it should be.
    pub fn wait_for(&self, what: &str, is_there: impl Fn(&vt100::Screen) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut state = self.shared.lock();
        while !is_there(state.emulator.screen()) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited in vain for {what}; the screen:\n{}",
                state.emulator.screen().contents()
            );
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits until a text stands on the screen.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("{text:?}"), |screen| {
            screen.contents().contains(text)
        });
    }

    /// Waits until these bytes have come, behind the first `from` ones.
    pub fn wait_for_output(&self, from: usize, bytes: &[u8]) {
        let until = Instant::now() + DEADLINE;
        let mut state = self.shared.lock();
        while !state.output[from..]
            .windows(bytes.len())
            .any(|window| window == bytes)
        {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited in vain for {}",
                bytes.escape_ascii()
            );
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits until nothing has come for a while, from now on.
    pub fn settle(&self, quiet: Duration) {
        let from = Instant::now();
        let mut state = self.shared.lock();
        loop {
            let rested = state.last.max(from).elapsed();
            if rested >= quiet {
                return;
            }
            assert!(from.elapsed() < DEADLINE, "the screen never comes to rest");
            let left = quiet.saturating_sub(rested);
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Looks at the screen.
    pub fn screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.shared.lock().emulator.screen())
    }

    /// Everything that came so far.
    pub fn output(&self) -> Vec<u8> {
        self.shared.lock().output.clone()
    }

    /// How many bytes came so far.
    pub fn bytes(&self) -> usize {
        self.shared.lock().output.len()
    }

    /// The frames that came behind the first `from` bytes: what stands in each synchronized
    /// update.
    pub fn frames(&self, from: usize) -> Vec<Vec<u8>> {
        let output = self.output();
        let text = String::from_utf8_lossy(&output[from..]);
        let updates = text.split(FRAME_BEGINS).skip(1);
        updates
            .filter_map(|update| update.split_once(FRAME_ENDS))
            .map(|(frame, _)| frame.as_bytes().to_vec())
            .collect()
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let mut state = self.shared.lock();
        let emulated = state.emulator.screen_mut();
        emulated.set_size(nonzero(rows), nonzero(columns));
        drop(state);
        let open = self.open.as_ref().unwrap();
        open.master.resize(pty_size(columns, rows)).unwrap();
    }

    /// The process that was started.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Whether it has not ended yet.
    pub fn is_alive(&self) -> bool {
        test_kill_process(self.pid).is_ok()
    }

    /// How often its threads have been on a processor so far.
    pub fn wake_ups(&self) -> u64 {
        let tasks = format!("/proc/{}/task", self.pid.as_raw_nonzero());
        std::fs::read_dir(tasks)
            .unwrap()
            .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("status")).ok())
            .flat_map(|status| {
                let switches = status
                    .lines()
                    .filter(|line| line.contains("_ctxt_switches"));
                let counts = switches.map(|line| line.split_whitespace().nth(1).unwrap().parse());
                counts.collect::<Result<Vec<u64>, _>>().unwrap()
            })
            .sum()
    }

    /// Takes the terminal away, as when a connection breaks.
    pub fn hang_up(&mut self) {
        let Open {
            mut tty,
            writer,
            master,
            thread,
        } = self.open.take().unwrap();
        self.shared.lock().stop = true;
        // Wakes the reading thread, which holds the terminal open too.
        tty.write_all(b"\0").unwrap();
        thread.join().unwrap();
        drop((tty, writer, master));
    }

    /// Waits for the end, and returns the exit code.
    pub fn exit_code(&mut self) -> u32 {
        let status = self.wait();
        assert_eq!(status.signal(), None, "ended by a signal");
        status.exit_code()
    }

    /// Waits for the end, and returns the name of the signal that ended the program.
    pub fn ended_by(&mut self) -> Option<String> {
        self.wait().signal().map(str::to_owned)
    }

    fn wait(&mut self) -> ExitStatus {
        if self.status.is_none() {
            self.status = self.exit.recv_timeout(DEADLINE).ok();
        }
        self.status.clone().unwrap_or_else(|| {
            let screen = self.screen(vt100::Screen::contents);
            panic!("the program does not end; the screen:\n{screen}");
        })
    }

    /// Whether the terminal's modes are what they were before the start.
    pub fn has_first_modes(&self) -> bool {
        modes(&self.open.as_ref().unwrap().tty) == self.modes
    }

    /// Checks that the terminal was given back: screen, cursor, pastes and modes.
    pub fn assert_given_back(&self) {
        self.wait_for("the first screen", |screen| !screen.alternate_screen());
        self.screen(|screen| {
            assert!(!screen.hide_cursor(), "the cursor is still hidden");
            assert!(!screen.bracketed_paste(), "pastes are still marked");
            assert!(!screen.inverse() && !screen.bold(), "a style is left on");
        });
        assert!(self.has_first_modes(), "the modes are not what they were");
    }
}

impl Drop for Session {
    /// No test leaves a program behind.
    fn drop(&mut self) {
        if self.status.is_none() && self.exit.try_recv().is_err() {
            // It may end by itself at this very moment.
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn read(&self, mut from: Box<dyn Read + Send>) {
        let mut bytes = [0; 65536];
        // An error is the end: the system reports one when nobody holds the other side.
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let mut state = self.lock();
            if state.stop {
                return;
            }
            state.take(&bytes[..count]);
            state.last = Instant::now();
            self.changed.notify_all();
        }
    }
}

impl State {
    /// Takes what came, and shows it up to a frame that is not whole yet.
    fn take(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
        // A mark may have come in two parts, of which the emulator has had the first.
        let from = self.shown.saturating_sub(FRAME_BEGINS.len() - 1);
        let last = |mark: &str| {
            let mut places = self.output[from..].windows(mark.len());
            places.rposition(|place| place == mark.as_bytes())
        };
        let upto = match (last(FRAME_BEGINS), last(FRAME_ENDS)) {
            (Some(begin), end) if end < Some(begin) => self.shown.max(from + begin),
            _ => self.output.len(),
        };
        self.emulator.process(&self.output[self.shown..upto]);
        self.shown = upto;
    }
}

fn modes(tty: &File) -> String {
    format!("{:?}", rustix::termios::tcgetattr(tty).unwrap())
}

fn nonzero(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

fn pty_size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
