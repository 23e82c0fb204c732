//! Lines broken to a width.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::page::{Piece, Tone};
use crate::visible::visible;

/// The byte ranges into which a line splits at a width. An empty line is one empty part.
pub(super) fn split(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut used) = (0, 0);
    // Where the line can be broken so that no word is: after a space, late in the line.
    let mut good = None;
    for (at, grapheme) in text.grapheme_indices(true) {
        let columns = visible(grapheme).width();
        if used + columns > width && at > start {
            let end = good.take().map_or(at, |(end, _)| end);
            parts.push(start..end);
            used = visible(&text[end..at]).width();
            start = end;
        }
        used += columns;
        if grapheme == " " && used * 3 >= width * 2 {
            good = Some((at + 1, used));
        }
    }
    parts.push(start..text.len());
    parts
}

/// Breaks pieces into lines of a width, at a space where there is one in the line's last third;
/// lines after the first are indented by `hang`.
pub(super) fn wrap(pieces: Vec<Piece>, width: usize, hang: usize) -> Vec<Vec<Piece>> {
    let total: usize = pieces.iter().map(|(_, text)| text.width()).sum();
    if total <= width {
        return vec![pieces];
    }
    let hang = hang.min(width / 2);
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    let mut line: Vec<(Tone, &str)> = Vec::new();
    let mut used = 0;
    let flush = |line: &mut Vec<(Tone, &str)>, lines: &mut Vec<Vec<Piece>>| {
        let mut out: Vec<Piece> = Vec::new();
        if !lines.is_empty() && hang > 0 {
            out.push((Tone::Plain, " ".repeat(hang)));
        }
        for (tone, text) in line.drain(..) {
            match out.last_mut() {
                Some((last, so_far)) if *last == tone => so_far.push_str(text),
                _ => out.push((tone, text.to_owned())),
            }
        }
        lines.push(out);
    };
    for (tone, text) in &pieces {
        for grapheme in text.graphemes(true) {
            let columns = grapheme.width();
            if used + columns > width && !line.is_empty() {
                let space = line.iter().rposition(|(_, g)| *g == " ");
                let keep = space
                    .filter(|&at| at * 3 >= line.len() * 2)
                    .map_or(line.len(), |at| at + 1);
                let rest = line.split_off(keep);
                flush(&mut line, &mut lines);
                line = rest;
                used = hang + line.iter().map(|(_, g)| g.width()).sum::<usize>();
            }
            line.push((*tone, grapheme));
            used += columns;
        }
    }
    flush(&mut line, &mut lines);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: Vec<Vec<Piece>>) -> Vec<String> {
        lines
            .into_iter()
            .map(|line| line.into_iter().map(|(_, text)| text).collect())
            .collect()
    }

    #[test]
    fn wrapping_loses_nothing_and_fits() {
        let arn = "arn:aws:iam::111122223333:role/a/very/long/path/that/does/not/end/deploy";
        for width in 8..60 {
            let lines = texts(wrap(vec![(Tone::Plain, arn.into())], width, 2));
            assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
            let whole: String = lines.iter().map(|line| line.trim_start()).collect();
            assert_eq!(whole, arn);
        }
    }

    #[test]
    fn wrapping_prefers_a_space() {
        let lines = texts(wrap(
            vec![(Tone::Plain, "allow three actions of s3".into())],
            14,
            0,
        ));
        assert_eq!(lines, ["allow three ", "actions of s3"]);
    }

    #[test]
    fn a_wide_character_is_never_cut() {
        assert_eq!(split("日本語", 3), [0..3, 3..6, 6..9]);
        assert_eq!(split("", 3), std::iter::once(0..0).collect::<Vec<_>>());
    }

    #[test]
    fn a_line_of_code_breaks_between_words_where_it_can() {
        let text = "[\"s3:GetObject\", \"s3:PutObject\"]";
        let parts: Vec<_> = split(text, 24)
            .into_iter()
            .map(|part| &text[part])
            .collect();
        assert_eq!(parts, ["[\"s3:GetObject\", ", "\"s3:PutObject\"]"]);
    }
}
