//! Two versions of a policy compared, inline or side by side.

use std::ops::Range;

use similar::{ChangeTag, DiffOp, TextDiff};
use unicode_width::UnicodeWidthStr;

use super::{Maker, dim};
use crate::iam::ManagedPolicy;
use crate::tui::detail::Comparison;
use crate::tui::page::{Piece, Tone};
use crate::visible::visible;

/// How many equal lines stand before and after a change.
const AROUND: usize = 3;

/// The narrowest page on which two texts side by side can be read.
const SIDE_BY_SIDE: usize = 60;

impl Maker<'_> {
    pub(super) fn comparison(&mut self, policy: &ManagedPolicy, comparison: &Comparison) {
        let Comparison { old, new } = comparison;
        let texts = (
            self.version_text(policy, old),
            self.version_text(policy, new),
        );
        let (Some(before), Some(after)) = texts else {
            self.out.line(dim("One of the two versions was not read."));
            return;
        };
        let diff = TextDiff::from_lines(&before, &after);
        let count = |tag| diff.iter_all_changes().filter(|c| c.tag() == tag).count();
        let (added, removed) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
        self.out.line(vec![
            (Tone::Strong, format!("{old} to {new}")),
            (Tone::Added, format!("  +{added}")),
            (Tone::Removed, format!("  -{removed}")),
            (Tone::Dim, " lines".into()),
        ]);
        if added + removed == 0 {
            self.out.line(dim("The two say the same."));
            return;
        }
        if self.app.side_by_side() && self.out.width() >= SIDE_BY_SIDE {
            self.beside(&before, &after, diff.ops());
        } else {
            for op in diff.ops() {
                let hidden = hidden(op, before.lines().count());
                for (i, change) in diff.iter_changes(op).enumerate() {
                    if hidden.contains(&i) {
                        self.skipped(i == hidden.start, hidden.len());
                        continue;
                    }
                    let (sign, tone) = match change.tag() {
                        ChangeTag::Insert => ("+ ", Tone::Added),
                        ChangeTag::Delete => ("- ", Tone::Removed),
                        ChangeTag::Equal => ("  ", Tone::Dim),
                    };
                    let text = visible(change.value().trim_end_matches('\n')).into_owned();
                    let line = vec![(tone, format!("{sign}{text}"))];
                    self.out.linked(line, 4, None, None);
                }
            }
        }
        self.out.json(
            diff.unified_diff()
                .header(old.as_str(), new.as_str())
                .context_radius(3)
                .to_string(),
        );
    }

    /// Says, once, how many lines are left out.
    fn skipped(&mut self, first: bool, lines: usize) {
        if first {
            let more = self.app.setup().theme.symbols.folded;
            self.out
                .line(dim(format!("  {more} {lines} lines are the same")));
        }
    }

    fn beside(&mut self, before: &str, after: &str, ops: &[DiffOp]) {
        let before: Vec<&str> = before.lines().collect();
        let after: Vec<&str> = after.lines().collect();
        let half = (self.out.width() - 3) / 2;
        for op in ops {
            let (old, new) = (op.old_range(), op.new_range());
            let same = matches!(op, DiffOp::Equal { .. });
            let tones = if same {
                (Tone::Dim, Tone::Dim)
            } else {
                (Tone::Removed, Tone::Added)
            };
            let hidden = hidden(op, before.len());
            for i in 0..old.len().max(new.len()) {
                if hidden.contains(&i) {
                    self.skipped(i == hidden.start, hidden.len());
                    continue;
                }
                let left = old.clone().nth(i).and_then(|at| before.get(at));
                let right = new.clone().nth(i).and_then(|at| after.get(at));
                self.two_columns(left, right, tones, same, half);
            }
        }
    }

    /// A pair of lines, both wrapped to their half.
    fn two_columns(
        &mut self,
        left: Option<&&str>,
        right: Option<&&str>,
        tones: (Tone, Tone),
        same: bool,
        half: usize,
    ) {
        let bar = self.app.setup().theme.symbols.vertical;
        let signs = if same { (" ", " ") } else { ("-", "+") };
        let left = left
            .map(|l| chunks(&format!("{} {}", signs.0, visible(l)), half))
            .unwrap_or_default();
        let right = right
            .map(|r| chunks(&format!("{} {}", signs.1, visible(r)), half))
            .unwrap_or_default();
        for i in 0..left.len().max(right.len()) {
            let text = left.get(i).map_or("", String::as_str);
            let pad = " ".repeat(half.saturating_sub(text.width()));
            let line: Vec<Piece> = vec![
                (tones.0, format!("{text}{pad}")),
                (Tone::Dim, format!(" {bar} ")),
                (tones.1, right.get(i).cloned().unwrap_or_default()),
            ];
            self.out.line(line);
        }
    }
}

/// Which lines of an operation are left out: of a long run of equal ones, all but those next to
/// a change.
fn hidden(op: &DiffOp, lines: usize) -> Range<usize> {
    let DiffOp::Equal { old_index, len, .. } = *op else {
        return 0..0;
    };
    let before = if old_index == 0 { 0 } else { AROUND };
    let after = if old_index + len == lines { 0 } else { AROUND };
    if len > before + after + 1 {
        before..len - after
    } else {
        0..0
    }
}

/// A line cut into parts of a width.
fn chunks(text: &str, width: usize) -> Vec<String> {
    use unicode_segmentation::UnicodeSegmentation;
    let mut parts = vec![String::new()];
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let columns = grapheme.width();
        if used + columns > width {
            parts.push(String::new());
            used = 0;
        }
        used += columns;
        if let Some(last) = parts.last_mut() {
            last.push_str(grapheme);
        }
    }
    parts
}
