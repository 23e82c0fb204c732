//! What is committed but made from the program: each is what the program says now.
//!
//! `UPDATE_GENERATED=1 cargo test --test tests generated::` brings all of it up to date.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use iamscope::tui::command::{COMMANDS, Scope};
use iamscope::tui::keymap::Keymap;

/// Set, the tests write what they else compare.
const UPDATE: &str = "UPDATE_GENERATED";

/// A file of the project.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text of a file of the project.
#[track_caller]
pub fn read(relative: &str) -> String {
    fs::read_to_string(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// Holds that a file of the project is this text; or makes it so.
#[track_caller]
fn assert_is(relative: &str, current: &str) {
    if fs::read_to_string(path(relative)).is_ok_and(|text| text == current) {
        return;
    }
    assert!(
        std::env::var_os(UPDATE).is_some(),
        "{relative} is not what the program says now; \
         `{UPDATE}=1 cargo test --test tests generated::` brings it up to date"
    );
    fs::write(path(relative), current).unwrap_or_else(|error| panic!("{relative}: {error}"));
}

/// The default keymap as a file, a comment above each command.
fn keymap() -> String {
    let mut file = String::from(
        "\
# The default keys of iamscope.
#
# To change them, copy what you want to change into iamscope/keymap.toml in your configuration
# directory: $XDG_CONFIG_HOME, or ~/.config where that is not set. A command in your file has the
# keys that stand there and no others ([] is none); what is not in your file stays as it is here.
#
# A key is written like j, G, ctrl-r, alt-x, shift-tab, F1, space, enter or pgdn. Within a table
# each key stands once.
",
    );
    for scope in Scope::ALL {
        let _ = writeln!(file, "\n# {}\n[{}]", scope.title(), scope.as_str());
        for command in COMMANDS.iter().filter(|c| c.scope == scope) {
            let keys = command.keys.iter().map(|key| toml::Value::from(*key));
            let keys = toml::Value::Array(keys.collect());
            let _ = writeln!(file, "# {}\n{} = {keys}", command.sentence, command.name);
        }
    }
    file
}

#[test]
fn the_keymap_file_holds_the_default_keys() {
    assert_is("assets/keymap.toml", &keymap());
    let (defaults, of_file) = (Keymap::default(), read("assets/keymap.toml"));
    let parsed = Keymap::parse(&of_file).unwrap();
    for command in COMMANDS {
        assert_eq!(parsed.keys(command.id), defaults.keys(command.id));
    }
}
