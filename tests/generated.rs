//! What is committed but made from the program: each is what the program says now.
//!
//! `UPDATE_GENERATED=1 cargo test --test tests generated::` brings all of it up to date.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use iamscope::tui::command::{COMMANDS, Scope};
use iamscope::tui::keymap::Keymap;
use ratatui::buffer::Buffer;
use ratatui::style::Style;

use crate::support::{picture, svg};

/// Set, the tests write what they else compare.
const UPDATE: &str = "UPDATE_GENERATED";

/// A file of the project.
fn path(relative: &str) -> PathBuf {
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

/// The commands with their keys as tables, one for each scope.
fn key_tables() -> String {
    let mut tables = String::new();
    for scope in Scope::ALL {
        let _ = write!(
            tables,
            "### {}\n\n| Keys | Command | |\n| --- | --- | --- |\n",
            scope.title()
        );
        for command in COMMANDS.iter().filter(|c| c.scope == scope) {
            let keys: Vec<_> = command.keys.iter().map(|key| in_cell(key, true)).collect();
            let (keys, sentence) = (keys.join(" "), in_cell(command.sentence, false));
            let _ = writeln!(tables, "| {keys} | {} | {sentence} |", command.name);
        }
        tables.push('\n');
    }
    tables
}

/// A text in a cell of a Markdown table.
fn in_cell(text: &str, code: bool) -> String {
    let text = text.replace('|', "\\|");
    match code {
        true if text.contains('`') => format!("`` {text} ``"),
        true => format!("`{text}`"),
        false => text.replace('*', "\\*").replace('<', "&lt;"),
    }
}

#[test]
fn the_readme_has_the_keys() {
    let readme = read("README.md");
    let (before, rest) = readme.split_once("<!-- keys -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /keys -->").unwrap();
    let current = format!(
        "{before}<!-- keys -->\n{}<!-- /keys -->{after}",
        key_tables()
    );
    assert_is("README.md", &current);
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

#[test]
fn the_picture_shows_the_program_as_it_is() {
    assert_is("assets/screenshot.svg", &picture::screenshot());
}

#[test]
fn a_picture_keeps_texts_places_and_styles() {
    let mut buffer = Buffer::with_lines(["a<b  &c ─│日x"]);
    buffer.set_style(
        ratatui::layout::Rect::new(0, 0, 3, 1),
        Style::new().red().bold(),
    );
    let svg = svg::draw(&buffer, "<t>");
    let has = |part: &str| assert!(svg.contains(part), "no {part} in\n{svg}");
    has("<title>&lt;t&gt;</title>");
    has("<text x=\"0\" y=\"14\" textLength=\"27\"");
    has(" fill=\"#e06c75\" font-weight=\"bold\">a&lt;b</text>");
    has("<text x=\"45\" y=\"14\" textLength=\"18\"");
    has(">&amp;c</text>");
    has("<path d=\"M72 9.5h9\"");
    has("<path d=\"M85.5 0v19\"");
    has("<text x=\"90\" y=\"14\" textLength=\"18\"");
    has("<text x=\"108\" y=\"14\" textLength=\"9\"");
}
