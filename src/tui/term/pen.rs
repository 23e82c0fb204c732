//! How what is printed looks, and the shortest sequence from one look to another.

use std::io::Write;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What shows on a cell that holds a space.
pub(super) const SHOWS_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// The parameters that switch each modifier on.
const ON: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// The parameters that switch them off.
const OFF: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

/// Colours and modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    /// As the terminal prints by itself.
    pub(super) const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    /// The look of a cell.
    pub(super) fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// Whether a space that looks so shows nothing at all.
    pub(super) fn is_plain_on_blank(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(SHOWS_ON_BLANK)
    }

    /// Appends what changes this look into another: by what differs, or from nothing, whichever
    /// is shorter.
    pub(super) fn change(self, to: Self, out: &mut Vec<u8>) {
        if self == to {
            return;
        }
        let start = out.len();
        self.switch(to, out);
        let middle = out.len();
        if to != Self::PLAIN {
            out.extend_from_slice(b"0;");
            Self::PLAIN.switch(to, out);
        }
        // Every parameter brings a semicolon; that of the last gives way to the end.
        if out.len() - middle < middle - start {
            out.drain(start..middle);
        } else {
            out.truncate(middle);
        }
        out.pop_if(|last| *last == b';');
        out.splice(start..start, *b"\x1b[");
        out.push(b'm');
    }

    /// Appends the parameters of what differs.
    fn switch(self, to: Self, out: &mut Vec<u8>) {
        let mut modifier = self.modifier;
        for (modifiers, parameter) in OFF {
            if (modifier - to.modifier).intersects(modifiers) {
                put(out, format_args!("{parameter};"));
                // Bold and dim only go together.
                modifier -= modifiers;
            }
        }
        for (missing, parameter) in ON {
            if (to.modifier - modifier).contains(missing) {
                put(out, format_args!("{parameter};"));
            }
        }
        if to.fg != self.fg {
            colour(to.fg, 30, out);
        }
        if to.bg != self.bg {
            colour(to.bg, 40, out);
        }
    }
}

/// Appends the parameters of a colour; `base` is 30 for the letters and 40 for the ground.
fn colour(colour: Color, base: u8, out: &mut Vec<u8>) {
    let short = match colour {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(index) => return put(out, format_args!("{};5;{index};", base + 8)),
        Color::Rgb(r, g, b) => return put(out, format_args!("{};2;{r};{g};{b};", base + 8)),
    };
    put(out, format_args!("{};", base + short));
}

fn put(out: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    // Writing into memory cannot fail.
    drop(out.write_fmt(what));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(fg: Color, modifier: Modifier) -> Pen {
        Pen {
            fg,
            modifier,
            ..Pen::PLAIN
        }
    }

    fn change(from: Pen, to: Pen) -> String {
        let mut out = b"x".to_vec();
        from.change(to, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_shorter_way_is_taken() {
        use Color::{Red, Reset};
        let none = Modifier::empty();
        let (dim, bold) = (Modifier::DIM, Modifier::BOLD);
        let reversed = Modifier::REVERSED;
        for (from, to, sequence) in [
            (pen(Red, bold), pen(Red, bold), "x"),
            (pen(Red, bold), Pen::PLAIN, "x\x1b[m"),
            (Pen::PLAIN, pen(Red, bold), "x\x1b[1;31m"),
            (pen(Red, none), pen(Reset, bold), "x\x1b[0;1m"),
            (pen(Red, dim | reversed), pen(Red, reversed), "x\x1b[22m"),
            (pen(Reset, dim), pen(Reset, bold), "x\x1b[0;1m"),
            (pen(Red, dim), pen(Red, bold), "x\x1b[22;1m"),
            (
                pen(Color::DarkGray, none),
                pen(Color::Indexed(99), none),
                "x\x1b[38;5;99m",
            ),
            (
                Pen::PLAIN,
                pen(Color::Rgb(1, 2, 3), none),
                "x\x1b[38;2;1;2;3m",
            ),
        ] {
            assert_eq!(change(from, to), sequence, "{from:?} to {to:?}");
        }
    }
}
