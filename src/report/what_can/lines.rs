//! The answer in lines: JSON, or comma-separated values.

use std::io::{self, Write};

use super::Answer;
use super::json::AbilityJson;
use crate::report::cells;
use crate::report::reasons::{ExtentJson, RequirementJson};

pub(super) fn jsonl(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for ability in &answer.abilities {
        serde_json::to_writer(&mut *out, &AbilityJson::new(ability))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The columns. Lists have a space between their parts, which no ARN holds.
const COLUMNS: [&str; 7] = [
    "action", "service", "level", "decision", "allow", "except", "requires",
];

pub(super) fn csv(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = csv::Writer::from_writer(out);
    cells::line(&mut lines, COLUMNS)?;
    for ability in &answer.abilities {
        let may = &ability.may;
        let (allow, except) = ExtentJson::new(&may.extent).in_words();
        let requires = match &may.requires {
            Some(requirement) => serde_json::to_string(&RequirementJson::new(requirement))?,
            None => String::new(),
        };
        let line = [
            ability.action.to_string(),
            ability.action.service().prefix().to_owned(),
            ability.action.access_level().name().to_owned(),
            may.decision.to_string(),
            allow,
            except,
            requires,
        ];
        cells::line(&mut lines, line)?;
    }
    lines.flush()
}
