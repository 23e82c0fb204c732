//! The answer as a text for people.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Instant;

use unicode_width::UnicodeWidthStr;

use super::Question;
use super::row::{Path, Result, Row};
use crate::access::is_assume_role;
use crate::report::hops::{Hop, Told};
use crate::report::words::{
    Style, coloured, extent_in_short, fits, footer, layer, name, places, plural,
    requirement_in_short, sign, wrapped,
};
use crate::visible::visible;

pub(super) fn write(
    question: &Question<'_>,
    style: Style,
    width: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let start = Instant::now();
    let mut shown = 0;
    let mut principals = 0;
    let several = question.actions.len() > 1;
    question.each(|result| {
        principals = result.counts.all();
        // Of many actions, those that nobody can do need no lines.
        if several && result.rows.is_empty() {
            return Ok(());
        }
        if shown > 0 {
            writeln!(out)?;
        }
        shown += 1;
        let table = Table {
            question,
            style,
            width,
            result: &result,
        };
        out.write_all(table.text().as_bytes())
    })?;
    let mut end = String::new();
    if several {
        let actions = question.actions.len();
        let _ = writeln!(
            end,
            "{}{actions} actions; {} of them somebody can do",
            if shown > 0 { "\n" } else { "" },
            shown
        );
    }
    // A text takes whatever is written.
    let _ = footer(
        &question.warnings(),
        &question.assumptions(),
        width,
        &mut end,
    );
    let seconds = start.elapsed().as_secs_f64();
    let principals = plural(principals, "principal");
    let _ = writeln!(
        end,
        "\n{principals}, {actions} in {seconds:.2} s",
        actions = plural(question.actions.len(), "action")
    );
    out.write_all(end.as_bytes())
}

struct Table<'t> {
    question: &'t Question<'t>,
    style: Style,
    width: Option<usize>,
    result: &'t Result<'t>,
}

impl Table<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        // A text takes whatever is written.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let result = self.result;
        let resource = visible(&result.resource);
        let on = match resource.as_ref() {
            "*" => "anything".into(),
            _ => resource,
        };
        writeln!(out, "Who can {} on {on}", result.action)?;
        writeln!(out, "{}\n", self.counts())?;
        let own = self.question.index.account().id.as_deref();
        let names: Vec<String> = result
            .rows
            .iter()
            .map(|row| name(&row.caller, own))
            .collect();
        let widest = names.iter().map(|name| name.width()).max().unwrap_or(0);
        let most = self.width.map_or(44, |width| (width / 2).clamp(12, 44));
        for (row, name) in result.rows.iter().zip(&names) {
            self.row(row, name, widest.min(most), out)?;
        }
        if result.rows.is_empty() {
            writeln!(out, "nobody")?;
        }
        Ok(())
    }

    fn counts(&self) -> String {
        let counts = &self.result.counts;
        let parts = [
            (counts.allowed, "allowed"),
            (counts.conditional, "conditional"),
            (counts.explicit_deny, "denied explicitly"),
            (counts.implicit_deny, "denied implicitly"),
        ];
        let parts = parts.map(|(count, word)| format!("{count} {word}"));
        parts.join(", ")
    }

    fn row(&self, row: &Row, name: &str, width: usize, out: &mut String) -> std::fmt::Result {
        let how = row.at_best();
        let sign = coloured(sign(row.decision), row.decision, self.style);
        let pad = " ".repeat(width.saturating_sub(name.width()));
        let line = format!("{name}{pad}  {how}");
        if fits(&line, self.width, 2) {
            writeln!(out, "{sign} {line}")?;
        } else {
            writeln!(out, "{sign} {name}")?;
            wrapped(&how, self.width, 4, out)?;
        }
        let Some(path) = row.paths.first() else {
            return Ok(());
        };
        for line in conditions(path, &self.result.resource) {
            wrapped(&line, self.width, 4, out)?;
        }
        if self.question.wanted.explain {
            for path in &row.paths {
                self.explain(path, out)?;
            }
        }
        Ok(())
    }

    fn explain(&self, path: &Path, out: &mut String) -> std::fmt::Result {
        for hop in &path.hops {
            let Hop {
                from, to, action, ..
            } = hop;
            let (from, to) = (visible(from), visible(to));
            writeln!(out, "  {action} on {to}\n    by {from}")?;
            told(&hop.told, true, out)?;
        }
        let action = self.result.action.to_ascii_lowercase();
        if let Some(last) = path.hops.last() {
            writeln!(out, "  {} by {}", self.result.action, visible(&last.to))?;
        }
        told(&path.last, is_assume_role(&action), out)
    }
}

/// What a path requires, in words, a line each.
pub fn conditions(path: &Path, resource: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(apart) = path.last.apart.as_ref().filter(|it| it.is_separate)
        && let Some(extent) = &apart.extent
    {
        lines.extend(extent_in_short(extent, resource));
    }
    let several = !path.hops.is_empty();
    for (requirement, at) in path.requires() {
        let when = match (several, path.hops.get(at)) {
            (false, _) => String::new(),
            (true, Some(hop)) => {
                let name = hop.to.rsplit('/').next().unwrap_or(&hop.to);
                format!("to assume {}: ", visible(name))
            }
            (true, None) => "with the role: ".to_owned(),
        };
        lines.push(format!(
            "{when}only if {}",
            requirement_in_short(requirement)
        ));
    }
    lines
}

/// What every layer says to a request.
fn told(told: &Told, is_trust: bool, out: &mut String) -> std::fmt::Result {
    if told.is_full {
        for says in &told.explanation.layers {
            layer(says, is_trust, out)?;
        }
        return Ok(());
    }
    let because: Vec<_> = told.explanation.because().cloned().collect();
    places(&because, "", out)
}
