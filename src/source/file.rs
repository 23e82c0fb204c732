//! An account in a file: the AWS CLI's output or our own snapshot, plain or zstd.
//!
//! What a file is shows in its content, never in its name. The work is done on a thread of its
//! own, which ends with the load; nothing is left behind that would wake up later. This module
//! finds the text and says what is wrong with it; [`snapshot`] knows the format.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::snapshot::{self, ReadError};
use super::{Event, Outcome, Problem, Progress, Sink};
use crate::iam::{Account, Taken, TakenBasis};

/// How much is read at once, between two looks at whether anybody still waits.
const CHUNK: u64 = 4 << 20;

/// The most text that is read: enough for any account, and a bound for a hostile zstd file.
const LIMIT: u64 = 4 << 30;

const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const GZIP: &[u8] = &[0x1f, 0x8b];

/// A file that holds an account.
#[derive(Debug, Clone)]
pub struct FileSource {
    /// `None` for standard input.
    path: Option<PathBuf>,
}

impl FileSource {
    /// Checks that the file can be opened. A pipe is opened only when it is read, since that
    /// waits for its other end.
    ///
    /// # Errors
    /// A [`Problem`] where there is no such file, it is a directory, or may not be read.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let source = Self {
            path: Some(path.to_owned()),
        };
        let meta = fs::metadata(path).map_err(|error| source.unopened(&error))?;
        if meta.is_dir() {
            return Err(source.unopened(&io::ErrorKind::IsADirectory.into()));
        }
        if meta.is_file() {
            File::open(path).map_err(|error| source.unopened(&error))?;
        }
        Ok(source)
    }

    /// Standard input.
    pub fn stdin() -> Self {
        Self { path: None }
    }

    /// What people call it: the file's name without its folders.
    pub fn label(&self) -> String {
        match &self.path {
            None => "standard input".into(),
            Some(path) => path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy()
                .into_owned(),
        }
    }

    /// Loads the account: [`Event::Progress`] in bytes, [`Event::Whole`], [`Event::Finished`].
    pub async fn load(&self, sink: Sink) {
        let source = self.clone();
        on_thread(sink, move |job| {
            let (bytes, taken) = source.read(job)?;
            let name = source.name();
            let text = text(&name, bytes, job)?;
            account(&name, &text, taken, job)
        })
        .await;
    }

    /// The bytes of the file, and the time that stands in for the one that it may not say.
    fn read(&self, job: &Job) -> Result<(Vec<u8>, Taken), Stop> {
        let now = Taken {
            at: Timestamp::now(),
            basis: TakenBasis::Read,
        };
        let Some(path) = &self.path else {
            let bytes = self.all(io::stdin().lock(), 0, job)?;
            return Ok((bytes, now));
        };
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (meta, file) = opened.map_err(|error| self.unopened(&error))?;
        let modified = meta.modified().ok().filter(|_| meta.is_file());
        let modified = modified.and_then(|at| Timestamp::try_from(at).ok());
        let taken = modified.map_or(now, |at| Taken {
            at,
            basis: TakenBasis::FileModified,
        });
        Ok((self.all(file, meta.len(), job)?, taken))
    }

    fn all(&self, input: impl Read, expected: u64, job: &Job) -> Result<Vec<u8>, Stop> {
        let all = read_all(input, expected, job);
        all.map_err(|error| match error {
            ReadAll::Cancelled => Stop::Cancelled,
            ReadAll::TooLarge => self.unread("it is larger than 4 GiB").into(),
            ReadAll::Io(error) => self.unread(plain(&error)).into(),
        })
    }

    fn name(&self) -> String {
        match &self.path {
            None => "standard input".into(),
            Some(path) => path.display().to_string(),
        }
    }

    fn unread(&self, why: impl Into<String>) -> Problem {
        Problem::new(format!("cannot read {}", self.name()), why)
    }

    fn unopened(&self, error: &io::Error) -> Problem {
        let problem = self.unread(plain(error));
        let problem = match error.kind() {
            io::ErrorKind::NotFound => problem.next("check the path"),
            io::ErrorKind::PermissionDenied => problem.next("ask its owner for read access"),
            io::ErrorKind::IsADirectory => problem.next("name the file inside it"),
            _ => problem,
        };
        advised(problem)
    }
}

/// An error of the system without its number.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a directory".into(),
        _ => error.to_string(),
    }
}

/// Adds how to get a good file, and what needs none.
fn advised(problem: Problem) -> Problem {
    problem
        .next("to write one: aws iam get-account-authorization-details > account.json")
        .next("or: iamscope snapshot -o account.json")
        .next("to look around without any file: iamscope --demo")
}

/// Why a load ended without an account.
pub(super) enum Stop {
    /// Nobody waits for it.
    Cancelled,
    Problem(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What a thread that loads talks to.
pub(super) struct Job {
    sink: Sink,
    cancelled: Arc<AtomicBool>,
}

impl Job {
    fn goes_on(&self) -> bool {
        !self.cancelled.load(Ordering::Relaxed)
    }

    fn progress(&self, progress: Progress) -> bool {
        self.sink.send(Event::Progress(progress)).is_ok() && self.goes_on()
    }
}

/// Does `work` on a thread, and tells its result. The work is told to stop when the future is
/// dropped.
///
/// Not tokio's pool: its threads linger, and the runtime would wait at its end for one that still
/// reads standard input.
pub(super) async fn on_thread<W>(sink: Sink, work: W)
where
    W: FnOnce(&Job) -> Result<Account, Stop> + Send + 'static,
{
    struct CancelOnDrop(Arc<AtomicBool>);
    impl Drop for CancelOnDrop {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let guard = CancelOnDrop(Arc::default());
    let job = Job {
        sink: sink.clone(),
        cancelled: guard.0.clone(),
    };
    let (done, end) = oneshot::channel();
    let thread = std::thread::Builder::new().name("load".into());
    let spawned = thread.spawn(move || {
        let result = work(&job);
        // Where nobody waits any more, the result has no reader.
        drop(done.send(result));
    });
    let result = match spawned {
        Ok(_) => end.await.unwrap_or(Err(Stop::Problem(Problem::new(
            "cannot read the account",
            "the program failed while it read; please report this",
        )))),
        Err(error) => Err(Problem::new("cannot start to read", error.to_string()).into()),
    };
    let outcome = match result {
        Ok(account) => {
            drop(sink.send(Event::Whole(Box::new(account))));
            Outcome::Complete
        }
        Err(Stop::Cancelled) => return,
        Err(Stop::Problem(problem)) => Outcome::Cut {
            problem,
            resume: None,
        },
    };
    drop(sink.send(Event::Finished(outcome)));
}

enum ReadAll {
    Cancelled,
    TooLarge,
    Io(io::Error),
}

fn read_all(mut input: impl Read, expected: u64, job: &Job) -> Result<Vec<u8>, ReadAll> {
    let mut bytes = Vec::new();
    // A length is only a hint: it may be wrong, or too much for the memory there is.
    let capacity = usize::try_from(expected.min(LIMIT)).unwrap_or(0);
    bytes.try_reserve_exact(capacity).unwrap_or_default();
    loop {
        if !job.goes_on() {
            return Err(ReadAll::Cancelled);
        }
        let chunk = input.by_ref().take(CHUNK).read_to_end(&mut bytes);
        match chunk.map_err(ReadAll::Io)? {
            0 => return Ok(bytes),
            _ if bytes.len() as u64 > LIMIT => return Err(ReadAll::TooLarge),
            _ => {}
        }
    }
}

/// The text of a file: decompressed, and without a byte order mark.
pub(super) fn text(name: &str, bytes: Vec<u8>, job: &Job) -> Result<String, Stop> {
    let problem = |why: &str| advised(Problem::new(format!("cannot read {name}"), why));
    let bytes = if bytes.starts_with(ZSTD) {
        let decoder = zstd::stream::read::Decoder::with_buffer(bytes.as_slice());
        let all = decoder
            .map_err(ReadAll::Io)
            .and_then(|decoder| read_all(decoder, 0, job));
        all.map_err(|error| match error {
            ReadAll::Cancelled => Stop::Cancelled,
            ReadAll::TooLarge => problem("it holds more than 4 GiB of text").into(),
            ReadAll::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                problem("its zstd data end in the middle: the file is cut off").into()
            }
            ReadAll::Io(error) => problem(&format!("its zstd data are broken ({error})")).into(),
        })?
    } else {
        bytes
    };
    if bytes.starts_with(GZIP) {
        return Err(problem("it is compressed with gzip")
            .next("decompress it first: gzip -d; zstd is read as it is")
            .into());
    }
    let text = decoded(bytes).map_err(|why| problem(&why))?;
    if text.trim_ascii().is_empty() {
        return Err(problem("it is empty").into());
    }
    Ok(text)
}

/// Text in UTF-8, or in UTF-16 with a mark, as a Windows shell redirects it.
fn decoded(mut bytes: Vec<u8>) -> Result<String, String> {
    let unit: fn([u8; 2]) -> u16 = match bytes.as_slice() {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        [0xef, 0xbb, 0xbf, ..] => {
            bytes.drain(..3);
            return utf8(bytes);
        }
        _ => return utf8(bytes),
    };
    let pairs = bytes[2..]
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(pairs)
        .collect::<Result<String, _>>()
        .map_err(|_| "it is broken UTF-16 text".into())
}

fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|&&b| b == b'\n').count();
        let column = 1 + good.iter().rev().take_while(|&&b| b != b'\n').count();
        format!("line {line}, column {column}: it is no UTF-8 text")
    })
}

/// The account in a text.
pub(super) fn account(name: &str, text: &str, taken: Taken, job: &Job) -> Result<Account, Stop> {
    let result = snapshot::read(text, taken, &mut |progress| job.progress(progress));
    result.map_err(|error| {
        let why: Cow<'_, str> = match error {
            ReadError::Cancelled => return Stop::Cancelled,
            ReadError::NotOurs(found) => format!(
                "it is JSON, but neither what `aws iam get-account-authorization-details` prints \
                 nor a snapshot of iamscope: {found}"
            )
            .into(),
            ReadError::Json(error) => because(&error).into(),
        };
        advised(Problem::new(format!("cannot read {name}"), why)).into()
    })
}

/// A JSON error with its place first.
fn because(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return format!("it ends in the middle, at line {line}, column {column}: it is cut off");
    }
    let all = error.to_string();
    let place = format!(" at line {line} column {column}");
    let what = all.strip_suffix(&place).unwrap_or(&all);
    format!("line {line}, column {column}: {what}")
}
