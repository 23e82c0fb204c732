//! What reaches the app, and what the app wants done.

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::Timestamp;

use super::asker;
use crate::iam::Batch;
use crate::report::questions::Question;
use crate::source::simulate::{SimulateAnswer, SimulateRequest};
use crate::source::{self, Entity, ExitCode, Problem, Resume};

/// The time, as an input: nothing in the app reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since the program started; never goes back.
    pub elapsed: Duration,
    /// The wall clock.
    pub wall: Timestamp,
}

/// One thing that happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed (or repeats).
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The terminal has a new size, or was taken back and must be drawn anew.
    Resize,
    /// News from the load that was started under this generation.
    Source {
        /// The generation of [`Effect::Load`].
        generation: u64,
        /// The news.
        event: source::Event,
    },
    /// An entity's missing fields came.
    Fetched(Batch),
    /// Whose an access key is: the user's name, or none of this account's.
    KeyOwner {
        /// The access key's id.
        id: String,
        /// The answer.
        owner: Result<Option<String>, Problem>,
    },
    /// News while something is fetched: retries, and what is known so far.
    FetchNews(source::Event),
    /// News of an answer.
    Reply(asker::Reply),
    /// The saved questions were read.
    Questions(Result<Vec<Question>, Problem>),
    /// Something was written, and where; or why not.
    Written(Result<String, Problem>),
    /// AWS's own simulator has answered.
    Simulated {
        /// The generation of the question.
        generation: u64,
        /// What it was asked.
        request: Box<SimulateRequest>,
        /// The answer.
        answer: Result<SimulateAnswer, Problem>,
    },
    /// The encoded part of a message was decoded.
    Decoded(Result<String, Problem>),
    /// A one-shot timer ran out.
    Timer(Timer),
    /// An effect failed in a way that people should know, such as a clipboard too small.
    Notice(String),
}

/// The one-shot timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The spinner's next step; set only while something loads.
    Spinner,
    /// Keys have come to rest: the detail may follow the cursor.
    Rest,
}

/// Something to be done outside the app.
#[derive(Debug)]
pub enum Effect {
    /// Leave.
    Quit(ExitCode),
    /// Leave, and say this where the program was started.
    Fail(Problem),
    /// Put the program to sleep, as ctrl-z does.
    Suspend,
    /// Start to load. A load that runs is cancelled first.
    Load {
        /// Comes back with every event.
        generation: u64,
        /// Where to go on.
        resume: Option<Box<Resume>>,
    },
    /// Cancel the load that runs.
    CancelLoad,
    /// Fetch what is unknown of an entity. A few run at a time; the rest wait.
    Fetch(Entity),
    /// Ask whose an access key is.
    FindKey(String),
    /// Have a question answered. One that is still waiting is forgotten.
    Ask(asker::Request),
    /// Read the saved questions.
    ReadQuestions,
    /// Save a question, in place of one of the same name.
    SaveQuestion(Box<Question>),
    /// Write a new file.
    Write {
        /// Where.
        path: PathBuf,
        /// What.
        text: String,
    },
    /// Ask AWS's own simulator.
    Simulate {
        /// Comes back with the answer.
        generation: u64,
        /// What is asked.
        request: Box<SimulateRequest>,
    },
    /// Have AWS decode the encoded part of a message.
    Decode(String),
    /// Draw the whole screen anew, whatever the terminal shows.
    Redraw,
    /// Put a text on the clipboard.
    Copy(String),
    /// Set a one-shot timer; one of the same name that runs is set anew.
    Timer(Timer, Duration),
}
