//! The text fields of the view, and the question that stands in them.

use crate::catalog;
use crate::iam::Account;
use crate::report::asking::{self, Unknown};
use crate::source::Problem;
use crate::tui::cursor::Cursor;
use crate::tui::input::Input;

use super::complete::{self, Completion, Key, Resources};
use super::context::{self, Given};

/// A part of a question, with a text field of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The actions.
    #[default]
    Action,
    /// The resource.
    Resource,
    /// A key of the context.
    Context,
}

impl Part {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Action, Self::Resource, Self::Context];

    /// What stands before it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Action => "Action",
            Self::Resource => "Resource",
            Self::Context => "Context",
        }
    }
}

/// What stands in the fields.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// The actions.
    pub action: Input,
    /// The resource; any where it is empty.
    pub resource: Input,
    /// The key of the context that is being typed.
    pub context: Input,
    /// What was said about the request.
    pub given: Vec<Given>,
    /// Whether keys that are neither given nor known are missing.
    pub is_strict: bool,
    /// The field that has the keys, or had them last.
    pub part: Part,
    /// What that field offers.
    pub offers: Vec<Completion>,
    /// The cursor in what is offered.
    pub cursor: Cursor,
    /// Whether it was moved since something was typed.
    pub is_chosen: bool,
}

/// What the fields ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Nothing yet.
    Nothing,
    /// Something that cannot be asked: in which field, and why.
    Wrong(Part, String),
    /// A question.
    Asked {
        /// The actions.
        actions: Vec<String>,
        /// The resource.
        resource: String,
        /// What stands in for something half-typed.
        guessed: Option<String>,
    },
}

/// What the offers are made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The account.
    pub account: &'a Account,
    /// What the account's policies name.
    pub named: &'a [String],
    /// What was asked about before.
    pub recent: &'a [String],
    /// The keys of the context.
    pub keys: &'a [Key],
}

impl Fields {
    /// The field that has the keys, to be changed.
    pub fn input_mut(&mut self) -> &mut Input {
        match self.part {
            Part::Action => &mut self.action,
            Part::Resource => &mut self.resource,
            Part::Context => &mut self.context,
        }
    }

    /// A field.
    pub fn of(&self, part: Part) -> &Input {
        match part {
            Part::Action => &self.action,
            Part::Resource => &self.resource,
            Part::Context => &self.context,
        }
    }

    /// Finds anew what the field with the keys offers, after its text has changed.
    pub fn offer(&mut self, sources: &Sources<'_>) {
        self.cursor = Cursor::default();
        self.is_chosen = false;
        self.offers = match self.part {
            Part::Action => complete::actions(self.last_action().1),
            Part::Resource => {
                let actions = self.actions().unwrap_or_default();
                let resources = Resources {
                    account: sources.account,
                    actions: &actions,
                    named: sources.named,
                    recent: sources.recent,
                };
                resources.complete(self.resource.text())
            }
            Part::Context => {
                let text = self.context.text();
                let mut offers = complete::context(text, sources.keys);
                if !text.contains('=') {
                    let given = self.given.iter().filter(|(key, _)| {
                        key.to_lowercase().contains(&text.trim().to_lowercase())
                    });
                    let given = given.map(|it| Completion::given(context::written(it)));
                    offers.splice(0..0, given);
                }
                offers
            }
        };
    }

    /// The entry under the cursor.
    pub fn highlighted(&self) -> Option<&Completion> {
        self.offers.get(self.cursor.at())
    }

    /// Puts a text into a field.
    pub fn set(&mut self, part: Part, text: &str) {
        let input = match part {
            Part::Action => &mut self.action,
            Part::Resource => &mut self.resource,
            Part::Context => &mut self.context,
        };
        *input = Input::new(text);
    }

    /// Takes what stands in for the text of the field with the keys. Returns whether there was
    /// anything.
    pub fn take_guess(&mut self) -> bool {
        let guess = match self.part {
            Part::Action => {
                let before = self.last_action().0.to_owned();
                self.guessed_action().map(|guess| before + &guess)
            }
            Part::Resource => self.guessed_resource(),
            Part::Context => self.guessed_context(),
        };
        let Some(text) = guess else {
            return false;
        };
        self.set(self.part, &text);
        true
    }

    /// The parts of the actions that are written out, with the comma, and the one being typed.
    fn last_action(&self) -> (&str, &str) {
        let text = self.action.text();
        let at = text.rfind(',').map_or(0, |comma| comma + 1);
        let (before, last) = text.split_at(at);
        (before, last.trim())
    }

    /// What stands in for the action that is half-typed, or was picked.
    fn guessed_action(&self) -> Option<String> {
        let (_, last) = self.last_action();
        let highlighted = self.highlighted().filter(|_| self.part == Part::Action)?;
        let is_wanted = self.is_chosen || (!last.is_empty() && !is_known(last));
        (is_wanted && !highlighted.text.eq_ignore_ascii_case(last))
            .then(|| highlighted.text.clone())
    }

    fn guessed_resource(&self) -> Option<String> {
        let text = self.resource.text().trim();
        let highlighted = self.highlighted().filter(|_| self.part == Part::Resource)?;
        let is_wanted = self.is_chosen || (!text.is_empty() && !is_resource(text));
        (is_wanted && highlighted.text != text).then(|| highlighted.text.clone())
    }

    /// What stands in for a key that is half-typed, or was picked; a value only where it was.
    fn guessed_context(&self) -> Option<String> {
        let text = self.context.text().trim();
        let highlighted = self.highlighted().filter(|_| self.part == Part::Context)?;
        let is_half = match text.split_once('=') {
            None => !text.is_empty(),
            Some((_, value)) => !value.trim().is_empty() && context::read(text).is_err(),
        };
        ((self.is_chosen || is_half) && highlighted.text.trim() != text)
            .then(|| highlighted.text.clone())
    }

    /// The actions, spelt as AWS does; what is guessed is among them.
    fn actions(&self) -> Result<Vec<String>, String> {
        let (before, last) = self.last_action();
        let mut text = before.trim().trim_end_matches(',').to_owned();
        let guess = self.guessed_action();
        let last = guess.as_deref().unwrap_or(last);
        if !text.is_empty() && !last.is_empty() {
            text.push(',');
        }
        text.push_str(last);
        if text.is_empty() {
            return Ok(Vec::new());
        }
        asking::actions(&text, Unknown::Refused).map_err(|problem| in_a_line(&problem))
    }

    /// What the fields ask. The entry under the cursor stands in for what is half-typed.
    pub fn read(&self, account: &Account) -> Reading {
        let actions = match self.actions() {
            Ok(actions) if actions.is_empty() => return Reading::Nothing,
            Ok(actions) => actions,
            Err(wrong) => return Reading::Wrong(Part::Action, wrong),
        };
        let guess = self.guessed_resource();
        let typed = self.resource.text().trim();
        let resource = match guess.as_deref().unwrap_or(typed) {
            "" => "*",
            text => text,
        };
        let first = actions.first().map_or("", String::as_str);
        if let Err(problem) = asking::resource(account, first, resource) {
            return Reading::Wrong(Part::Resource, in_a_line(&problem));
        }
        Reading::Asked {
            resource: resource.to_owned(),
            guessed: guess.or_else(|| self.guessed_action()),
            actions,
        }
    }
}

/// What is wrong, and what may have been meant.
fn in_a_line(problem: &Problem) -> String {
    let next = problem.next.first().map(|next| format!(" ({next})"));
    problem.one_line() + &next.unwrap_or_default()
}

/// Whether a text stands for actions as it is.
fn is_known(text: &str) -> bool {
    let is_level = |(_, level): (&str, &str)| asking::access_level(level).is_ok();
    match text.split_once(":@") {
        Some(parts) => is_level(parts) && asking::actions(text, Unknown::Refused).is_ok(),
        None if text.contains(['*', '?']) => true,
        None => catalog::action(text).is_some(),
    }
}

/// Whether a text has the form of a resource.
fn is_resource(text: &str) -> bool {
    asking::resource(&Account::default(), "", text).is_ok()
}
