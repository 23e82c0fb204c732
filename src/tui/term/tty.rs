//! The terminal as a device: its descriptors, raw mode, the alternate screen.
//!
//! What was taken is kept in one place of the process, so that whoever ends the program, a panic
//! in any thread included, can give it back. Giving back twice does no harm. This module never
//! draws and never reads keys.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, Once, PoisonError, TryLockError};

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::termios::{
    OptionalActions, SpecialCodeIndex, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr,
};

use crate::source::{ExitCode, Problem};

/// Alternate screen, cleared; pastes come marked as such; no cursor. A frame may have been cut
/// in the middle, so its synchronized block is closed and its style reset first.
const TAKE: &[u8] = b"\x1b[?2026l\x1b[m\x1b[?1049h\x1b[2J\x1b[?2004h\x1b[?25l";

/// The same backwards.
const GIVE_BACK: &[u8] = b"\x1b[?2026l\x1b[m\x1b[?25h\x1b[?2004l\x1b[?1049l";

/// The exit code of a program that panicked, as the standard library has it.
const PANICKED: i32 = 101;

/// What has been taken and not been given back.
static TAKEN: Mutex<Option<Taken>> = Mutex::new(None);

#[derive(Debug)]
struct Taken {
    tty: Arc<Tty>,
    /// The modes of the terminal as we found them.
    modes: Termios,
}

/// The terminal that is drawn on and typed at.
#[derive(Debug)]
pub struct Tty {
    input: OwnedFd,
    output: OwnedFd,
}

impl Tty {
    /// Finds the terminal: output is standard output; keys come from standard input, or from the
    /// controlling terminal where that is a file or a pipe.
    ///
    /// # Errors
    /// A [`Problem`] where there is no terminal to draw on or none to type at.
    pub fn open() -> Result<Arc<Self>, Problem> {
        let stdout = io::stdout();
        if !isatty(&stdout) {
            return Err(Problem::new(
                "cannot start the interface",
                "standard output is not a terminal",
            )
            .next("run `iamscope --help` to see the commands that print their answer")
            .exit(ExitCode::Usage));
        }
        let output = stdout.as_fd().try_clone_to_owned().map_err(|error| {
            Problem::new("cannot use the terminal", error.to_string()).exit(ExitCode::Usage)
        })?;
        let stdin = io::stdin();
        let input = if isatty(&stdin) {
            stdin.as_fd().try_clone_to_owned()
        } else {
            File::options()
                .read(true)
                .write(true)
                .open("/dev/tty")
                .map(OwnedFd::from)
        };
        let input = input.map_err(|error| {
            Problem::new(
                "cannot read keys",
                format!(
                    "standard input is not a terminal, and the controlling terminal /dev/tty \
                     cannot be opened: {error}"
                ),
            )
            .next("start iamscope from a terminal")
            .exit(ExitCode::Usage)
        })?;
        Ok(Arc::new(Self { input, output }))
    }

    /// Where keys come from.
    pub fn input(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }

    /// Columns and rows. A terminal that does not tell counts as 80x24.
    pub fn size(&self) -> Size {
        match tcgetwinsize(&self.output) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size::new(size.ws_col, size.ws_row),
            _ => Size::new(80, 24),
        }
    }

    /// Writes everything, in one call to the system where the terminal takes it so.
    ///
    /// # Errors
    /// Those of `write(2)`; `EIO` says that the terminal has gone.
    pub fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.output, bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                // Another program that shares the terminal may have made it non-blocking.
                Err(Errno::AGAIN) => {
                    let mut fds = [PollFd::new(&self.output, PollFlags::OUT)];
                    poll(&mut fds, None)
                        .map(drop)
                        .or_else(|error| match error {
                            Errno::INTR => Ok(()),
                            error => Err(error),
                        })?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Takes the terminal: raw mode and the alternate screen. Where it is ours already, all is
    /// set anew and the modes to go back to stay as they were found first.
    ///
    /// # Errors
    /// Those of the system.
    pub fn take(self: &Arc<Self>) -> io::Result<()> {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let modes = match &*taken {
            Some(taken) => taken.modes.clone(),
            None => tcgetattr(&self.input)?,
        };
        let mut raw = modes.clone();
        raw.make_raw();
        // A read returns what is there, if anything; waiting is left to `poll`.
        raw.special_codes[SpecialCodeIndex::VMIN] = 0;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        // In place before anything changes, so that a failure half-way is undone too.
        *taken = Some(Taken {
            tty: Arc::clone(self),
            modes,
        });
        drop(taken);
        tcsetattr(&self.input, OptionalActions::Now, &raw)
            .map_err(io::Error::from)
            .and_then(|()| self.write(TAKE))
            .inspect_err(|_| give_back())
    }
}

/// Gives the terminal back as it was found. Does nothing where it was not taken, or was given
/// back already.
pub fn give_back() {
    if let Some(taken) = no_longer_taken() {
        // Nothing can be done for a terminal that has gone, and there is nobody to tell.
        let _ = taken.tty.write(GIVE_BACK);
        taken.restore_modes();
    }
}

/// Gives back what can be without writing, for a terminal that has stalled: a write would wait,
/// maybe for ever.
pub fn give_back_modes() {
    if let Some(taken) = no_longer_taken() {
        taken.restore_modes();
    }
}

fn no_longer_taken() -> Option<Taken> {
    match TAKEN.try_lock() {
        Ok(mut taken) => taken.take(),
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner().take(),
        // The holder is `take` in another thread while this one panics: nothing was drawn yet.
        Err(TryLockError::WouldBlock) => None,
    }
}

impl Taken {
    fn restore_modes(&self) {
        let _ = tcsetattr(&self.tty.input, OptionalActions::Now, &self.modes);
    }
}

/// From now on a panic, in whatever thread, gives the terminal back, prints, and ends the
/// program: a task that died would be waited for without end.
pub fn give_back_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back();
            print(info);
            std::process::exit(PANICKED);
        }));
    });
}
