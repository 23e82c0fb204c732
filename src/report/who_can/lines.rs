//! The answer in lines: JSON, or comma-separated values.

use std::io::{self, Write};

use serde::Serialize;

use super::Question;
use super::json::{RowJson, extent};
use super::row::{Path, Row};
use crate::report::cells;
use crate::report::principal::kind;
use crate::report::reasons::RequirementsJson;

#[derive(Serialize)]
struct Line<'a> {
    action: &'a str,
    resource: &'a str,
    #[serde(flatten)]
    row: RowJson<'a>,
}

pub(super) fn jsonl(question: &Question<'_>, out: &mut dyn Write) -> io::Result<()> {
    question.each(|result| {
        for row in &result.rows {
            let line = Line {
                action: result.action,
                resource: &result.resource,
                row: RowJson::new(row),
            };
            serde_json::to_writer(&mut *out, &line)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    })
}

/// The columns. Lists have a space between their parts, which no ARN holds.
const COLUMNS: [&str; 9] = [
    "action", "resource", "arn", "type", "decision", "via", "allow", "except", "requires",
];

pub(super) fn csv(question: &Question<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = csv::Writer::from_writer(out);
    cells::line(&mut lines, COLUMNS)?;
    question.each(|result| {
        for row in &result.rows {
            let first = [result.action, &result.resource];
            let rest = cells_of(row)?;
            let all = first.into_iter().chain(rest.iter().map(String::as_str));
            cells::line(&mut lines, all)?;
        }
        Ok(())
    })?;
    lines.flush()
}

/// The cells of a row after action and resource.
fn cells_of(row: &Row) -> io::Result<[String; 7]> {
    let best = row.paths.first();
    let via = best.into_iter().flat_map(Path::via).collect::<Vec<_>>();
    let (allow, except) = best
        .and_then(|path| extent(&path.last))
        .map(|it| it.in_words())
        .unwrap_or_default();
    let requires = best.map_or_else(Vec::new, Path::requires);
    let requires = match requires.is_empty() {
        true => String::new(),
        false => serde_json::to_string(&RequirementsJson(requires))?,
    };
    Ok([
        row.caller.arn.to_string(),
        kind(&row.caller).to_owned(),
        row.decision.to_string(),
        via.join(" "),
        allow,
        except,
        requires,
    ])
}
