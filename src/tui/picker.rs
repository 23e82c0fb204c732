//! A picker: a text field with the entries that match it below. The palette, `goto` and the
//! choice of a column are pickers.

use std::collections::BTreeSet;

use super::asker::Form;
use super::columns;
use super::command::{COMMANDS, Command, Id};
use super::cursor::{Cursor, Motion};
use super::filter;
use super::fuzzy;
use super::input::Input;
use super::keymap::Keymap;
use super::resolve::resolve;
use super::who::shown::{Group, Shown, Sort};
use crate::iam::{Account, EntityRef, Field, Kind};
use crate::report::questions::Question;

/// The most entries of `goto` that are shown; the best come first, and typing more narrows.
const MOST: usize = 200;

/// What is picked from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A command to run.
    Palette,
    /// An entity to go to.
    Goto,
    /// A column to sort by.
    Sort(Kind),
    /// What the rows of an answer are sorted by.
    SortAnswer,
    /// What the rows of an answer stand together by.
    GroupAnswer,
    /// Where an answer goes, and in which form.
    Export,
    /// A saved question.
    Saved,
}

/// What happens with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Runs a command.
    Run(Id),
    /// Goes to an entity.
    Go(EntityRef),
    /// Sorts by a column.
    Sort(usize),
    /// Sorts the rows of an answer.
    SortAnswer(Sort),
    /// Puts the rows of an answer together.
    GroupAnswer(Group),
    /// Copies the answer.
    Copy(Form),
    /// Copies the command that gives it.
    CopyCommand,
    /// Writes it to a file.
    Write(Form),
    /// Asks a saved question.
    Saved(usize),
    /// Asks whose access key this is, and goes there.
    FindKey(String),
}

/// An entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is called.
    pub label: String,
    /// What stands beside it.
    pub note: String,
    /// Its keys.
    pub keys: String,
    /// What happens with it.
    pub action: Action,
    /// Why it cannot be chosen now.
    pub disabled: Option<String>,
}

/// A picker that is open.
#[derive(Debug, Clone)]
pub struct Picker {
    /// What is picked from.
    pub purpose: Purpose,
    /// The text field.
    pub input: Input,
    /// The entries that match, best first.
    pub entries: Vec<Entry>,
    /// The cursor in the entries.
    pub cursor: Cursor,
    /// How many match in all, where not all are listed.
    pub total: usize,
    /// How many entries a page is. The drawing keeps the cursor in view whatever its height.
    pub height: usize,
}

/// What entries are made from.
pub struct Sources<'a> {
    /// The account.
    pub account: &'a Account,
    /// How the rows of an answer are shown.
    pub shown: &'a Shown,
    /// The saved questions.
    pub saved: &'a [Question],
    /// The keys in force.
    pub keymap: &'a Keymap,
    /// Whether unknown access keys can be asked for.
    pub live: bool,
    /// Why a command cannot run now.
    pub disabled: &'a dyn Fn(Id) -> Option<String>,
}

impl Picker {
    /// Opens a picker.
    pub fn new(purpose: Purpose, text: &str, sources: &Sources<'_>) -> Self {
        let mut picker = Self {
            purpose,
            input: Input::new(text),
            entries: Vec::new(),
            cursor: Cursor::default(),
            total: 0,
            height: 10,
        };
        picker.refresh(sources);
        picker
    }

    /// Finds the entries anew after the text has changed.
    pub fn refresh(&mut self, sources: &Sources<'_>) {
        let text = self.input.text().trim();
        self.entries = match self.purpose {
            Purpose::Palette => palette(text, sources),
            Purpose::Goto => {
                let (entries, total) = destinations(text, sources);
                self.total = total;
                entries
            }
            Purpose::Sort(kind) => sorts(text, kind),
            Purpose::SortAnswer => sorts_of_answer(text, sources.shown),
            Purpose::GroupAnswer => groups(text, sources),
            Purpose::Export => exports(text),
            Purpose::Saved => saved(text, sources.saved),
        };
        if self.purpose != Purpose::Goto {
            self.total = self.entries.len();
        }
        self.cursor = Cursor::default();
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion) {
        self.cursor.go(motion, self.entries.len(), self.height);
    }

    /// The entry under the cursor.
    pub fn chosen(&self) -> Option<&Entry> {
        self.entries.get(self.cursor.at())
    }
}

/// The items that match, best first; all of them, in order, for an empty text.
fn ranked<T>(text: &str, items: Vec<T>, name: impl Fn(&T) -> String) -> Vec<T> {
    let names: Vec<String> = items.iter().map(name).collect();
    let named = items.into_iter().zip(names.iter().map(String::as_str));
    fuzzy::best(text, named, usize::MAX).0
}

fn palette(text: &str, sources: &Sources<'_>) -> Vec<Entry> {
    // `goto NAME` takes its argument in the palette too.
    if let Some(name) = text.strip_prefix("goto ") {
        return destinations(name.trim(), sources).0;
    }
    let runnable: Vec<&Command> = COMMANDS
        .iter()
        .filter(|c| c.scope <= super::command::Scope::Detail && c.id != Id::Palette)
        .collect();
    // By name first; then those whose sentence holds the words.
    let mut found = ranked(text, Vec::clone(&runnable), |c| c.name.to_owned());
    let words = text.to_lowercase();
    let told = |c: &&&Command| c.sentence.to_lowercase().contains(&words);
    for command in runnable.iter().filter(told) {
        if !found.iter().any(|f| f.id == command.id) {
            found.push(command);
        }
    }
    found
        .into_iter()
        .map(|command| Entry {
            label: command.name.to_owned(),
            note: command.sentence.to_owned(),
            keys: written(sources.keymap, command.id),
            action: Action::Run(command.id),
            disabled: (sources.disabled)(command.id),
        })
        .collect()
}

/// The keys of a command as they are written.
pub fn written(keymap: &Keymap, id: Id) -> String {
    let keys: Vec<_> = keymap.keys(id).iter().map(ToString::to_string).collect();
    keys.join(" ")
}

fn sorts(text: &str, kind: Kind) -> Vec<Entry> {
    let all: Vec<_> = columns::columns(kind).iter().enumerate().collect();
    ranked(text, all, |(_, c)| c.title.to_lowercase())
        .into_iter()
        .map(|(at, column)| Entry {
            label: column.title.to_lowercase(),
            note: String::new(),
            keys: String::new(),
            action: Action::Sort(at),
            disabled: None,
        })
        .collect()
}

fn sorts_of_answer(text: &str, shown: &Shown) -> Vec<Entry> {
    let found = ranked(text, Sort::ALL.to_vec(), |sort| sort.title().to_owned());
    let entry = |sort: Sort| Entry {
        label: sort.title().to_owned(),
        note: String::new(),
        keys: match sort == shown.sort {
            true => "in force".to_owned(),
            false => String::new(),
        },
        action: Action::SortAnswer(sort),
        disabled: None,
    };
    found.into_iter().map(entry).collect()
}

/// Where an answer can go.
fn exports(text: &str) -> Vec<Entry> {
    let entry = |label: String, note: &str, action| Entry {
        label,
        note: note.to_owned(),
        keys: String::new(),
        action,
        disabled: None,
    };
    let copies = Form::ALL.map(|form| {
        let label = format!("copy as {}", form.title());
        entry(label, "to the clipboard", Action::Copy(form))
    });
    let command = entry(
        "copy the command".to_owned(),
        "iamscope who-can … that gives the same",
        Action::CopyCommand,
    );
    let files = Form::ALL.map(|form| {
        let label = format!("write {} to a file", form.title());
        entry(label, "readable by you alone", Action::Write(form))
    });
    let all = copies.into_iter().chain([command]).chain(files);
    ranked(text, all.collect(), |entry| entry.label.clone())
}

fn saved(text: &str, questions: &[Question]) -> Vec<Entry> {
    let all: Vec<_> = questions.iter().enumerate().collect();
    let entry = |(at, question): (usize, &Question)| Entry {
        label: question.name.clone(),
        note: match &question.resource {
            Some(resource) => format!("{} on {resource}", question.action.join(",")),
            None => question.action.join(","),
        },
        keys: match question.expect {
            Some(_) => "expects".to_owned(),
            None => String::new(),
        },
        action: Action::Saved(at),
        disabled: None,
    };
    let found = ranked(text, all, |(_, question)| question.name.clone());
    found.into_iter().map(entry).collect()
}

/// What rows can stand together by: verdict, type, path, and every tag that users or roles have.
fn groups(text: &str, sources: &Sources<'_>) -> Vec<Entry> {
    let mut all = vec![
        ("nothing".to_owned(), Group::None),
        ("verdict".to_owned(), Group::Verdict),
        ("type".to_owned(), Group::Type),
        ("path".to_owned(), Group::Path),
    ];
    let users = sources.account.users().iter().map(|it| &it.tags);
    let roles = sources.account.roles().iter().map(|it| &it.tags);
    let tags = users.chain(roles).filter_map(Field::known).flatten();
    let keys: BTreeSet<&str> = tags.map(|tag| &*tag.key).collect();
    let of_tag = |key: &str| (format!("tag {key}"), Group::Tag(key.to_owned()));
    all.extend(keys.into_iter().map(of_tag));
    let entry = |(label, group): (String, Group)| Entry {
        label,
        note: String::new(),
        keys: match group == sources.shown.group {
            true => "in force".to_owned(),
            false => String::new(),
        },
        action: Action::GroupAnswer(group),
        disabled: None,
    };
    let found = ranked(text, all, |(label, _)| label.clone());
    found.into_iter().map(entry).collect()
}

fn destination(account: &Account, kind: Kind, at: usize) -> Option<Entry> {
    let reference = account.reference(kind, at)?;
    Some(Entry {
        label: filter::name(account, kind, at).to_owned(),
        note: reference.arn.to_string(),
        keys: kind.as_str().to_owned(),
        action: Action::Go(reference),
        disabled: None,
    })
}

/// Where a text can lead: an exact ARN, unique id or access key id first, then names.
fn destinations(text: &str, sources: &Sources<'_>) -> (Vec<Entry>, usize) {
    let account = sources.account;
    let exact = |entity: EntityRef| {
        let at = account.position(entity.kind, &entity.arn)?;
        destination(account, entity.kind, at)
    };
    if text.starts_with("arn:") {
        let found = resolve(account, text);
        let entries: Vec<_> = found.and_then(exact).into_iter().collect();
        let total = entries.len();
        return (entries, total);
    }
    if let Some(entity) = resolve(account, text) {
        let entries: Vec<_> = exact(entity).into_iter().collect();
        let total = entries.len();
        return (entries, total);
    }
    if is_access_key_id(text) && sources.live {
        let entry = Entry {
            label: text.to_owned(),
            note: "ask IAM whose access key this is".into(),
            keys: "access key".into(),
            action: Action::FindKey(text.to_owned()),
            disabled: None,
        };
        return (vec![entry], 1);
    }
    by_name(account, text)
}

fn by_name(account: &Account, text: &str) -> (Vec<Entry>, usize) {
    let all = Kind::ALL.into_iter().flat_map(|kind| {
        let places = 0..account.count(kind);
        places.map(move |at| ((kind, at), filter::name(account, kind, at)))
    });
    let (found, total) = fuzzy::best(text, all, MOST);
    let entries = found.into_iter();
    let entries = entries.filter_map(|(kind, at)| destination(account, kind, at));
    (entries.collect(), total)
}

/// Whether a text has the form of an access key id.
pub fn is_access_key_id(text: &str) -> bool {
    (16..=128).contains(&text.len())
        && ["AKIA", "ASIA"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
