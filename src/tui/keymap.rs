//! Which key runs which command: the table's defaults, changed by the user's file.
//!
//! The file is `iamscope/keymap.toml` in the user's configuration directory. It has a table for
//! each scope; a command in it gets exactly the keys that stand there:
//!
//! ```toml
//! [list]
//! filter = ["/", "ctrl-f"]
//! [global]
//! quit = "Q"
//! ```

use std::collections::{BTreeMap, HashMap};

use std::path::{Path, PathBuf};
use std::{fs, io};

use toml::Spanned;

use super::command::{COMMANDS, Id, Scope};
use super::key::Key;
use crate::source::{ExitCode, Problem};

/// The keys in force.
#[derive(Debug, Clone)]
pub struct Keymap {
    by_key: HashMap<(Scope, Key), Id>,
    by_id: HashMap<Id, Vec<Key>>,
}

/// A keymap file that cannot be used: the line (from 1) and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct KeymapError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Keys {
    One(String),
    Many(Vec<String>),
}

impl Default for Keymap {
    fn default() -> Self {
        let keys = COMMANDS
            .iter()
            .map(|c| {
                let keys = c.keys.iter().filter_map(|k| Key::parse(k).ok()).collect();
                (c.id, keys)
            })
            .collect();
        Self::from_keys(keys)
    }
}

impl Keymap {
    fn from_keys(by_id: HashMap<Id, Vec<Key>>) -> Self {
        let by_key = COMMANDS
            .iter()
            .flat_map(|c| {
                let keys = by_id.get(&c.id).into_iter().flatten();
                keys.map(|&key| ((c.scope, key), c.id))
            })
            .collect();
        Self { by_key, by_id }
    }

    /// The defaults with the user's changes.
    ///
    /// # Errors
    /// [`KeymapError`] for broken TOML, an unknown scope, command or key, and for two commands
    /// of one scope on one key.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        type File = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<Keys>>>;
        let line_at = |at: usize| 1 + text[..at.min(text.len())].matches('\n').count();
        let file: File = toml::from_str(text).map_err(|e| KeymapError {
            line: e.span().map_or(1, |span| line_at(span.start)),
            message: e.message().to_owned(),
        })?;
        let mut map = Self::default();
        let mut lines = HashMap::new();
        for (scope, commands) in file {
            let found = Scope::ALL
                .into_iter()
                .find(|s| s.as_str() == scope.get_ref())
                .ok_or_else(|| {
                    let names: Vec<_> = Scope::ALL.iter().map(|s| s.as_str()).collect();
                    KeymapError {
                        line: line_at(scope.span().start),
                        message: format!(
                            "there is no scope `{}`; the scopes are {}",
                            scope.get_ref(),
                            names.join(", ")
                        ),
                    }
                })?;
            for (name, keys) in commands {
                let line = line_at(name.span().start);
                let id = COMMANDS
                    .iter()
                    .find(|c| c.scope == found && c.name == name.get_ref())
                    .ok_or_else(|| unknown_command(found, name.get_ref(), line))?
                    .id;
                let texts = match keys.into_inner() {
                    Keys::One(key) => vec![key],
                    Keys::Many(keys) => keys,
                };
                let keys = texts
                    .iter()
                    .map(|k| {
                        Key::parse(k).map_err(|e| KeymapError {
                            line,
                            message: e.to_string(),
                        })
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                lines.insert(id, line);
                map.by_id.insert(id, keys);
            }
        }
        map.check(&lines)?;
        Ok(Self::from_keys(map.by_id))
    }

    fn check(&self, lines: &HashMap<Id, usize>) -> Result<(), KeymapError> {
        let mut seen: HashMap<(Scope, Key), Id> = HashMap::new();
        for command in COMMANDS {
            for &key in self.by_id.get(&command.id).into_iter().flatten() {
                let Some(other) = seen.insert((command.scope, key), command.id) else {
                    continue;
                };
                let line = lines.get(&command.id).or_else(|| lines.get(&other));
                return Err(KeymapError {
                    line: line.copied().unwrap_or(1),
                    message: format!(
                        "`{key}` is already the key of `{}` in [{}]; give that another key too",
                        if lines.contains_key(&command.id) {
                            other.command().name
                        } else {
                            command.name
                        },
                        command.scope.as_str()
                    ),
                });
            }
        }
        Ok(())
    }

    /// The defaults with the changes of the user's file, if there is one.
    ///
    /// # Errors
    /// A [`Problem`] that names the file, the line and what is wrong.
    pub fn of_user() -> Result<Self, Problem> {
        match Self::user_file() {
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path) -> Result<Self, Problem> {
        let failed = |why: String| {
            Problem::new(
                format!("cannot use the keymap file {}", path.display()),
                why,
            )
            .next("correct it, or move it away to have the default keys")
            .exit(ExitCode::Usage)
        };
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|error| failed(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Where the user's file would be.
    pub fn user_file() -> Option<PathBuf> {
        super::saved::user_file("keymap.toml")
    }

    /// The command for a key, looked for in these scopes in turn.
    pub fn find(&self, scopes: &[Scope], key: Key) -> Option<Id> {
        scopes
            .iter()
            .find_map(|&scope| self.by_key.get(&(scope, key)).copied())
    }

    /// The key of a command that hints show, as it is written; empty where it has none.
    pub fn first(&self, id: Id) -> String {
        let first = self.keys(id).first();
        first.map(ToString::to_string).unwrap_or_default()
    }

    /// The keys of a command, the first being the one that hints show.
    pub fn keys(&self, id: Id) -> &[Key] {
        self.by_id.get(&id).map_or(&[], Vec::as_slice)
    }
}

fn unknown_command(scope: Scope, name: &str, line: usize) -> KeymapError {
    let elsewhere = COMMANDS.iter().find(|c| c.name == name);
    let message = match elsewhere {
        Some(command) => format!("`{name}` belongs in [{}]", command.scope.as_str()),
        None => {
            let names: Vec<_> = COMMANDS
                .iter()
                .filter(|c| c.scope == scope)
                .map(|c| c.name)
                .collect();
            format!(
                "[{}] has no command `{name}`; it has {}",
                scope.as_str(),
                names.join(", ")
            )
        }
    };
    KeymapError { line, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::parse(text).unwrap()
    }

    #[test]
    fn every_default_key_is_a_key() {
        for command in COMMANDS {
            for text in command.keys {
                assert!(Key::parse(text).is_ok(), "{}: {text}", command.name);
            }
        }
    }

    #[test]
    fn no_key_is_bound_twice_where_both_could_be_meant() {
        // The scopes that are searched together, innermost first; a key may mean one thing in
        // the list and another everywhere, but not two things in one scope.
        let map = Keymap::default();
        assert_eq!(map.check(&HashMap::new()), Ok(()));
        for (inner, outer) in [(Scope::Panes, Scope::List), (Scope::Panes, Scope::Detail)] {
            for a in COMMANDS.iter().filter(|c| c.scope == inner) {
                for b in COMMANDS.iter().filter(|c| c.scope == outer) {
                    for k in a.keys {
                        assert!(!b.keys.contains(k), "{k}: {} and {}", a.name, b.name);
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_destructive_hides_on_control_d_control_k_or_backspace() {
        let map = Keymap::default();
        for text in ["ctrl-d", "ctrl-k"] {
            for scope in [Scope::Input, Scope::Picker] {
                assert_eq!(map.find(&[scope], key(text)), None);
            }
        }
        assert!(COMMANDS.iter().filter(|c| c.writes).all(|c| {
            !["ctrl-d", "ctrl-k", "backspace"]
                .iter()
                .any(|k| c.keys.contains(k))
        }));
    }

    #[test]
    fn a_file_replaces_the_keys_of_what_it_names() {
        let map = Keymap::parse("[list]\nfilter = [\"F3\"]\n[global]\nquit = \"Q\"\n").unwrap();
        let list = [Scope::List, Scope::Panes, Scope::Global];
        assert_eq!(map.find(&list, key("F3")), Some(Id::Filter));
        assert_eq!(map.find(&list, key("/")), None);
        assert_eq!(map.find(&list, key("Q")), Some(Id::Quit));
        assert_eq!(map.find(&list, key("q")), None);
        assert_eq!(map.find(&list, key("j")), Some(Id::Down));
    }

    #[test]
    fn a_wrong_file_says_the_line_and_what_would_be_right() {
        let wrong = |text: &str| Keymap::parse(text).unwrap_err();
        let e = wrong("[list]\n\nfilter = [\"hyper-x\"]\n");
        assert_eq!((e.line, e.message.contains("hyper-x")), (3, true), "{e}");
        let e = wrong("[lists]\n");
        assert!(e.line == 1 && e.message.contains("global, panes"), "{e}");
        let e = wrong("[global]\nfilter = \"x\"\n");
        assert!(e.line == 2 && e.message.contains("[list]"), "{e}");
        let e = wrong("[list]\nflter = \"x\"\n");
        assert!(e.line == 2 && e.message.contains("filter"), "{e}");
        let e = wrong("[list]\nsort = \"/\"\n");
        assert!(e.line == 2 && e.message.contains("`filter`"), "{e}");
        let e = wrong("[list]\nsort = \n");
        assert_eq!(e.line, 2, "{e}");
    }
}
