//! Colours and symbols.
//!
//! The colours are the terminal's own sixteen on its own background, so that light and dark
//! themes both work. Nothing is said in colour alone: whatever a style marks, a word or a symbol
//! says too.

use ratatui::style::{Color, Modifier, Style};

/// The styles, by what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// The one accent: the selected tab, matches, links.
    pub accent: Style,
    /// The secondary: column heads, line numbers, paths.
    pub dim: Style,
    /// What stands out without colour: names, headings.
    pub strong: Style,
    /// The selected row of the pane that has the keys.
    pub selected: Style,
    /// The selected row of the other pane.
    pub marked: Style,
    /// Something went well.
    pub good: Style,
    /// Something to look at.
    pub warning: Style,
    /// Something failed or is denied.
    pub bad: Style,
    /// A key in a JSON object.
    pub json_key: Style,
    /// A string in JSON.
    pub json_string: Style,
    /// A number, `true`, `false` or `null` in JSON.
    pub json_literal: Style,
    /// The sentence above a statement.
    pub sentence: Style,
    /// What is searched for.
    pub found: Style,
    /// The symbols.
    pub symbols: Symbols,
}

/// Symbols; each stands beside a word or under a column head that says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbols {
    /// Yes, good.
    pub yes: &'static str,
    /// No, bad.
    pub no: &'static str,
    /// Some, but not all.
    pub some: &'static str,
    /// Depends.
    pub maybe: &'static str,
    /// The cursor.
    pub cursor: &'static str,
    /// Between the crumbs of a trail.
    pub crumb: &'static str,
    /// Something was cut off here.
    pub more: &'static str,
    /// A horizontal line.
    pub horizontal: &'static str,
    /// A vertical line.
    pub vertical: &'static str,
    /// Where a vertical line begins below a horizontal one.
    pub tee_down: &'static str,
    /// Where a vertical line ends at a horizontal one.
    pub tee_up: &'static str,
    /// The corners of a pop-up: left and right of its top edge, and of its bottom edge.
    pub corners: [[&'static str; 2]; 2],
    /// Something on this line matched.
    pub mark: &'static str,
    /// A branch of a tree.
    pub branch: &'static str,
    /// Ascending order.
    pub ascending: &'static str,
    /// Descending order.
    pub descending: &'static str,
    /// A block that is folded.
    pub folded: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// The part of a bar that is done.
    pub bar_full: &'static str,
    /// The part of a bar that is to come.
    pub bar_empty: &'static str,
    /// The steps of the spinner.
    pub spinner: &'static [&'static str],
    /// The scroll bar's mark.
    pub thumb: &'static str,
    /// None, unknown.
    pub none: &'static str,
}

const UNICODE: Symbols = Symbols {
    yes: "✓",
    no: "✗",
    some: "◐",
    maybe: "~",
    cursor: "▸",
    crumb: " › ",
    more: "…",
    horizontal: "─",
    vertical: "│",
    tee_down: "┬",
    tee_up: "┴",
    corners: [["┌", "┐"], ["└", "┘"]],
    mark: "»",
    branch: "└ ",
    ascending: "↑",
    descending: "↓",
    folded: "…",
    dot: " · ",
    bar_full: "█",
    bar_empty: "░",
    spinner: &["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"],
    thumb: "┃",
    none: "–",
};

const ASCII: Symbols = Symbols {
    yes: "+",
    no: "x",
    some: "/",
    maybe: "~",
    cursor: ">",
    crumb: " > ",
    more: "~",
    horizontal: "-",
    vertical: "|",
    tee_down: "+",
    tee_up: "+",
    corners: [["+", "+"], ["+", "+"]],
    mark: ">",
    branch: "` ",
    ascending: "^",
    descending: "v",
    folded: "...",
    dot: " - ",
    bar_full: "#",
    bar_empty: ".",
    spinner: &["|", "/", "-", "\\"],
    thumb: "#",
    none: "-",
};

impl Theme {
    /// The theme for a terminal: `colour` unless NO_COLOR is set, `unicode` where the locale is
    /// UTF-8.
    pub fn new(colour: bool, unicode: bool) -> Self {
        let plain = Style::new();
        let paint = |c: Color| if colour { plain.fg(c) } else { plain };
        Self {
            accent: paint(Color::Cyan).add_modifier(if colour {
                Modifier::empty()
            } else {
                Modifier::UNDERLINED
            }),
            dim: plain.add_modifier(Modifier::DIM),
            strong: plain.add_modifier(Modifier::BOLD),
            selected: plain.add_modifier(Modifier::REVERSED),
            marked: plain.add_modifier(Modifier::UNDERLINED),
            good: paint(Color::Green),
            warning: paint(Color::Yellow),
            bad: paint(Color::Red),
            json_key: paint(Color::Cyan),
            json_string: paint(Color::Green),
            json_literal: paint(Color::Magenta),
            sentence: paint(Color::Yellow).add_modifier(Modifier::ITALIC),
            found: paint(Color::Yellow).add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
            symbols: if unicode { UNICODE } else { ASCII },
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::new(true, true)
    }
}
