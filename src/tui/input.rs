//! A text field of one line.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use tui_textarea::{CursorMove, TextArea};
use unicode_width::UnicodeWidthStr;

use super::command::Id;
use crate::visible::visible;

/// A text field of one line. Its keys are in the table of commands; the widget's own are not
/// used.
#[derive(Debug, Clone)]
pub struct Input(TextArea<'static>);

impl Default for Input {
    fn default() -> Self {
        Self::new("")
    }
}

impl Input {
    /// A field with a text in it, the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(vec![visible(text).into_owned()]);
        area.set_cursor_line_style(Style::new());
        area.move_cursor(CursorMove::End);
        Self(area)
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.lines().first().map_or("", String::as_str)
    }

    /// Types a character.
    pub fn insert(&mut self, c: char) {
        self.0.insert_char(c);
    }

    /// Pastes a text; line breaks become spaces, and what cannot be seen becomes visible.
    pub fn paste(&mut self, text: &str) {
        let line = text
            .trim_end_matches(['\r', '\n'])
            .replace(['\r', '\n'], " ");
        self.0.insert_str(visible(&line));
    }

    /// Runs one of the text field's commands. Returns whether it was one.
    pub fn run(&mut self, id: Id) -> bool {
        match id {
            Id::CharLeft => self.0.move_cursor(CursorMove::Back),
            Id::CharRight => self.0.move_cursor(CursorMove::Forward),
            Id::WordLeft => self.0.move_cursor(CursorMove::WordBack),
            Id::WordRight => self.0.move_cursor(CursorMove::WordForward),
            Id::LineStart => self.0.move_cursor(CursorMove::Head),
            Id::LineEnd => self.0.move_cursor(CursorMove::End),
            Id::DeleteLeft => drop(self.0.delete_char()),
            Id::DeleteRight => drop(self.0.delete_next_char()),
            Id::DeleteWord => drop(self.0.delete_word()),
            Id::ClearInput => {
                self.0.select_all();
                self.0.cut();
            }
            Id::UndoInput => drop(self.0.undo()),
            _ => return false,
        }
        true
    }

    /// The columns that text and cursor take, and a gap.
    pub fn width(&self) -> u16 {
        u16::try_from(self.text().width() + 3).unwrap_or(u16::MAX)
    }

    /// Draws the field with its cursor.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect) {
        frame.render_widget(&self.0, area);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_one_line_whatever_is_pasted() {
        let mut input = Input::new("a");
        input.paste("b\r\nc\nd\n");
        input.paste("\u{1b}[2J");
        assert_eq!(input.text().lines().count(), 1);
        assert!(input.text().starts_with("ab"), "{}", input.text());
        assert!(!input.text().contains('\u{1b}'));
    }

    #[test]
    fn clearing_can_be_undone() {
        let mut input = Input::new("tag:env=prod");
        input.run(Id::ClearInput);
        assert_eq!(input.text(), "");
        input.run(Id::UndoInput);
        assert_eq!(input.text(), "tag:env=prod");
    }
}
