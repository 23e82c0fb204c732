//! What the painter sends is played to a terminal emulator, which must then show the frame.

use std::num::NonZeroU16;

use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style, Stylize};
use ratatui::text::Line;

use super::*;

struct Played {
    painter: Painter,
    emulator: vt100::Parser,
    size: Size,
}

impl Played {
    fn new(width: u16, height: u16) -> Self {
        let (rows, columns) = (height.try_into().unwrap(), width.try_into().unwrap());
        let mut emulator = vt100::Parser::new(rows, columns, 0);
        emulator.process(b"\x1b[?25l");
        let size = Size::new(width, height);
        Self {
            painter: Painter::new(size),
            emulator,
            size,
        }
    }

    /// Draws a frame, plays it, checks that the emulator shows it, and returns its bytes.
    fn frame(&mut self, cursor: Option<Position>, draw: impl FnOnce(&mut Buffer)) -> String {
        let mut frame = Buffer::empty(self.size.into());
        draw(&mut frame);
        self.painter.paint(&frame);
        self.painter.put_cursor(cursor);
        let bytes = std::mem::take(self.painter.painted());
        self.emulator.process(&bytes);
        self.assert_shows(&frame);
        let screen = self.emulator.screen();
        assert_eq!(screen.hide_cursor(), cursor.is_none());
        if let Some(cursor) = cursor {
            assert_eq!(screen.cursor_position(), (cursor.y, cursor.x));
        }
        String::from_utf8(bytes).unwrap()
    }

    fn assert_shows(&self, wanted: &Buffer) {
        let mut skip = 0;
        for (index, cell) in wanted.content.iter().enumerate() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = cell.cell_width().saturating_sub(1);
            let (x, y) = wanted.pos_of(index);
            let shown = self.emulator.screen().cell(y, x).unwrap();
            let symbol = match shown.contents() {
                "" => " ",
                symbol => symbol,
            };
            assert_eq!(symbol, cell.symbol(), "at {x},{y}");
            assert_eq!(shown.bgcolor(), emulated(cell.bg), "ground at {x},{y}");
            let inverse = cell.modifier.contains(Modifier::REVERSED);
            assert_eq!(shown.inverse(), inverse, "inverse at {x},{y}");
            if symbol != " " {
                assert_eq!(shown.fgcolor(), emulated(cell.fg), "letter at {x},{y}");
                // The emulator knows one intensity at a time.
                let intensity = cell.modifier & (Modifier::BOLD | Modifier::DIM);
                if intensity != Modifier::BOLD | Modifier::DIM {
                    let (bold, dim) = (Modifier::BOLD, Modifier::DIM);
                    assert_eq!(shown.bold(), intensity == bold, "bold at {x},{y}");
                    assert_eq!(shown.dim(), intensity == dim, "dim at {x},{y}");
                }
            }
        }
    }
}

fn emulated(colour: Color) -> vt100::Color {
    match colour {
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

/// A small generator of numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

fn scribble(dice: &mut Dice, buffer: &mut Buffer) {
    let texts = [
        "iam:PassRole",
        "                    ",
        "日本語",
        "a  b   c          d",
        "│ e\u{301} ✓ ─ ",
        "x",
    ];
    let colours = [
        Color::Reset,
        Color::Reset,
        Color::Red,
        Color::LightBlue,
        Color::Indexed(99),
        Color::Rgb(1, 20, 255),
    ];
    let modifiers = [
        Modifier::empty(),
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::REVERSED,
        Modifier::BOLD.union(Modifier::REVERSED),
    ];
    for _ in 0..dice.below(40) {
        let style = Style::new()
            .fg(dice.pick(&colours))
            .bg(dice.pick(&colours))
            .add_modifier(dice.pick(&modifiers));
        let x = u16::try_from(dice.below(u64::from(buffer.area.width))).unwrap();
        let y = u16::try_from(dice.below(u64::from(buffer.area.height))).unwrap();
        buffer.set_string(x, y, dice.pick(&texts), style);
    }
}

#[test]
fn any_frame_after_any_other_is_shown_as_it_is() {
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let mut played = Played::new(40, 8);
        for _ in 0..12 {
            let cursor = (dice.below(2) == 0).then(|| Position::new(3, 2));
            played.frame(cursor, |buffer| scribble(&mut dice, buffer));
        }
    }
}

#[test]
fn a_frame_that_changes_nothing_is_empty() {
    let mut played = Played::new(40, 8);
    let cursor = Some(Position::new(5, 1));
    for cursor in [None, cursor] {
        assert_ne!(
            played.frame(cursor, |b| Line::from("Users").red().draw(b)),
            ""
        );
        assert_eq!(
            played.frame(cursor, |b| Line::from("Users").red().draw(b)),
            ""
        );
        played.frame(None, |_| {});
    }
}

#[test]
fn only_the_cursor_costs_only_its_move() {
    let mut played = Played::new(40, 8);
    played.frame(Some(Position::new(5, 1)), |_| {});
    let moved = played.frame(Some(Position::new(6, 1)), |_| {});
    assert_eq!(moved, "\x1b[C");
    assert_eq!(played.frame(None, |_| {}), "\x1b[?25l");
}

#[test]
fn the_shortest_way_is_taken() {
    let mut played = Played::new(60, 8);
    let text = "one line that is quite long, and then another";
    let first = played.frame(None, |b| Line::from(text).draw(b));
    assert_eq!(first, format!("\x1b[1;1H{text}"));
    // The rest of the line goes in one stroke, in the middle too.
    assert_eq!(
        played.frame(None, |b| Line::from("one").draw(b)),
        "\x1b[1;5H\x1b[K"
    );
    played.frame(None, |b| {
        Line::from("left of a big hole        right").draw(b)
    });
    let hole = played.frame(None, |b| {
        Line::from("left                      right").draw(b)
    });
    assert_eq!(hole, "\x1b[1;6H\x1b[13X");
    // Short codes, and only what differs.
    let styled = played.frame(None, |b| {
        Line::from(vec!["left".red(), " ".into(), "x".red().bold(), "y".bold()]).draw(b);
    });
    assert_eq!(
        styled,
        "\x1b[1;1H\x1b[31mleft \x1b[1mx\x1b[39my\x1b[19C\x1b[K\x1b[m"
    );
}

#[test]
fn a_new_size_starts_from_a_cleared_screen() {
    let mut played = Played::new(40, 8);
    played.frame(None, |b| {
        Line::from("a line that is longer than twenty").draw(b)
    });
    played.size = Size::new(20, 5);
    let columns = NonZeroU16::new(20).unwrap();
    played
        .emulator
        .screen_mut()
        .set_size(NonZeroU16::new(5).unwrap(), columns);
    let bytes = played.frame(None, |b| Line::from("short").draw(b));
    assert_eq!(bytes, "\x1b[2J\x1b[1;1Hshort");
}

#[test]
fn the_smallest_screens_are_drawn() {
    for (width, height) in [(1, 1), (2, 1), (1, 5), (20, 5)] {
        let mut played = Played::new(width, height);
        played.frame(Some(Position::new(0, 0)), |b| {
            b.set_string(0, 0, "日本語", Style::new());
            b.set_string(0, height - 1, "x".repeat(usize::from(width)), Style::new());
        });
    }
}

trait Draw {
    fn draw(self, buffer: &mut Buffer);
}

impl Draw for Line<'_> {
    fn draw(self, buffer: &mut Buffer) {
        let area = Rect {
            height: 1,
            ..buffer.area
        };
        ratatui::widgets::Widget::render(self, area, buffer);
    }
}
