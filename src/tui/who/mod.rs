//! The state of the who-can view: the question in its fields, the answer as it stands, and where
//! the cursor is. It asks nothing itself.

pub mod complete;
pub mod context;
pub mod fields;
pub mod shown;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::access::Node;

use super::asker::{Answer, Cells, Question, Told, Why};
use super::cursor::{Cursor, Motion};
use crate::report::denied::Denied;
use crate::source::Problem;
use crate::source::simulate::SimulateAnswer;
use complete::Key;
use fields::{Fields, Part};
use shown::{Line, Shown};

/// How the question stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum State {
    /// Nothing is asked yet.
    #[default]
    Empty,
    /// What stands in a field cannot be asked.
    Wrong(Part, String),
    /// It is being answered.
    Asking,
    /// It is answered, at least in part.
    Answered,
}

/// A question to AWS's own simulator about one row.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// Who.
    pub node: Node,
    /// Which of the actions.
    pub action: usize,
    /// How it stands.
    pub simulation: Simulation,
}

/// How a question to AWS's own simulator stands.
#[derive(Debug, Clone)]
pub enum Simulation {
    /// It is under way.
    Asking,
    /// It is answered.
    Answered(SimulateAnswer),
    /// It failed.
    Failed(Problem),
}

/// The view.
#[derive(Debug, Clone)]
pub struct WhoCan {
    /// The fields.
    pub fields: Fields,
    /// Whether roles that are assumed are followed.
    pub follows_chains: bool,
    /// How the rows are shown.
    pub shown: Shown,
    /// How the question stands.
    pub state: State,
    /// The question, and its generation.
    pub question: Option<(Arc<Question>, u64)>,
    /// What stands in for something half-typed.
    pub guessed: Option<String>,
    /// The name that the question was saved under, or read.
    pub saved_as: Option<String>,
    /// The answer that is held beside the one to what the fields ask.
    pub pinned: Option<Arc<Answer>>,
    /// What AWS's own simulator says about one row.
    pub simulated: Option<Simulated>,
    /// The message that posed the question.
    pub denied: Option<Arc<Denied>>,
    /// The time of the request, where a message tells it.
    pub time: Option<Timestamp>,
    /// What is wrong with the filter.
    pub filter_error: Option<String>,
    /// How many the filter cannot judge.
    pub unjudged: usize,
    /// The keys of the context, those that matter first.
    pub keys: Vec<Key>,
    answer: Option<Arc<Answer>>,
    lines: Vec<Line>,
    cursor: Cursor,
    height: usize,
    cells: HashMap<Node, Cells>,
    why: Option<Arc<Why>>,
    /// Of whom a row was asked for.
    wanted: std::collections::HashSet<Node>,
    /// The row that the cursor goes to when the next answer comes.
    kept: Option<String>,
}

impl Default for WhoCan {
    fn default() -> Self {
        Self {
            fields: Fields::default(),
            follows_chains: true,
            shown: Shown::default(),
            state: State::default(),
            question: None,
            guessed: None,
            saved_as: None,
            pinned: None,
            simulated: None,
            denied: None,
            time: None,
            filter_error: None,
            unjudged: 0,
            keys: Vec::new(),
            answer: None,
            lines: Vec::new(),
            cursor: Cursor::default(),
            height: 1,
            cells: HashMap::new(),
            why: None,
            wanted: std::collections::HashSet::new(),
            kept: None,
        }
    }
}

impl WhoCan {
    /// The answer to the question that stands in the fields.
    pub fn answer(&self) -> Option<&Arc<Answer>> {
        self.answer.as_ref()
    }

    /// The lines of the table.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The keys that the answer may hang on and of which nothing was said.
    pub fn unknown_keys(&self) -> Vec<&str> {
        let is_given = |name: &str| {
            let mut given = self.fields.given.iter();
            given.any(|(key, _)| key.eq_ignore_ascii_case(name))
        };
        let is_known = |name: &str| {
            let known = self.answer.iter().flat_map(|answer| &answer.known);
            known.into_iter().any(|key| key.eq_ignore_ascii_case(name))
        };
        let keys = self
            .keys
            .iter()
            .filter(|key| key.matters && !is_known(&key.name));
        let keys = keys.map(|key| key.name.as_str());
        keys.filter(|name| !is_given(name)).collect()
    }

    /// The cursor in the table.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// The height of the table, in lines.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The cells of a row, once they are told.
    pub fn cells(&self, node: Node) -> Option<&Cells> {
        self.cells.get(&node)
    }

    /// Everything about the row that the cursor is on, once it is told.
    pub fn why(&self) -> Option<&Arc<Why>> {
        let node = self.selected()?;
        self.why.as_ref().filter(|why| why.node == node)
    }

    /// The principal that the cursor is on.
    pub fn selected(&self) -> Option<Node> {
        self.lines.get(self.cursor.at())?.node()
    }

    /// Its ARN.
    pub fn selected_arn(&self) -> Option<&str> {
        self.answer.as_ref()?.arn(self.selected()?)
    }

    /// The ARN of the principal that the cursor stays on, whatever the answer.
    pub fn kept(&self) -> Option<&str> {
        self.selected_arn().or(self.kept.as_deref())
    }

    /// Takes a question: whatever was the answer before is none any more.
    pub fn ask(&mut self, question: Arc<Question>, generation: u64) {
        self.kept = self.kept().map(str::to_owned);
        self.forget();
        self.question = Some((question, generation));
        self.state = State::Asking;
    }

    /// The question is taken up again under another number; its answer stands meanwhile.
    pub fn renumber(&mut self, generation: u64) {
        if let Some((_, known)) = &mut self.question {
            *known = generation;
        }
    }

    /// Nothing can be asked.
    pub fn ask_nothing(&mut self, state: State) {
        self.kept = self.kept().map(str::to_owned);
        self.forget();
        self.question = None;
        self.state = state;
    }

    fn forget(&mut self) {
        self.answer = None;
        self.lines.clear();
        self.cells.clear();
        self.wanted.clear();
        self.why = None;
        self.simulated = None;
    }

    /// The cursor goes to a principal as soon as it can.
    pub fn keep(&mut self, arn: String) {
        self.forget();
        self.kept = Some(arn);
    }

    /// Whether an answer is one to the question that stands in the fields.
    pub fn awaits(&self, generation: u64) -> bool {
        self.question
            .as_ref()
            .is_some_and(|(_, it)| *it == generation)
    }

    /// Takes an answer in, or more of it.
    pub fn take(&mut self, answer: Answer, told: Option<Told>) {
        self.kept = self.kept().map(str::to_owned);
        self.cells.clear();
        self.wanted.clear();
        self.why = None;
        self.answer = Some(Arc::new(answer));
        self.state = State::Answered;
        self.show();
        if let Some(told) = told {
            self.learn(told);
        }
    }

    /// Makes the lines anew; the cursor stays on whom it was.
    pub fn show(&mut self) {
        let Some(answer) = self.answer.clone() else {
            return;
        };
        self.kept = self.kept().map(str::to_owned);
        self.unjudged = self.shown.unjudged(&answer);
        self.lines = self.shown.lines(&answer, self.pinned.as_deref());
        let kept = self.kept.as_ref().and_then(|arn| answer.find(arn));
        let at = kept.and_then(|node| self.lines.iter().position(|it| it.node() == Some(node)));
        match at {
            Some(at) => self.cursor.set(at),
            None => {
                self.cursor = Cursor::default();
                let first = self.lines.iter().position(|it| it.node().is_some());
                self.cursor.set(first.unwrap_or(0));
            }
        }
        self.cursor.follow(self.lines.len(), self.height);
    }

    /// Takes in what was told of some rows.
    pub fn learn(&mut self, told: Told) {
        self.cells.extend(told.cells);
        if told.why.is_some() {
            self.why = told.why;
        }
    }

    /// Sets the height of the table.
    pub fn resize(&mut self, height: usize) {
        if height != self.height {
            self.height = height;
            self.cursor.follow(self.lines.len(), height);
        }
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion) {
        self.cursor.go(motion, self.lines.len(), self.height);
        self.kept = None;
    }

    /// The rows in view that are not told yet and were not asked for.
    pub fn untold(&mut self) -> Vec<Node> {
        let lines = self.lines.iter().skip(self.cursor.top()).take(self.height);
        let nodes = lines.filter_map(Line::node);
        let (cells, wanted) = (&self.cells, &mut self.wanted);
        nodes
            .filter(|node| !cells.contains_key(node) && wanted.insert(*node))
            .collect()
    }
}
