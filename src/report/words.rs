//! What answers say in words, and how texts for people are set off.

mod requirement;

use std::fmt::{self, Write};

use compact_str::CompactString;
use unicode_width::UnicodeWidthStr;

use super::principal::kind;
use crate::access::{
    Apart, Caller, Decision, Extent, Layer, LayerSays, NamedAs, Near, NearMiss, Place, Said,
    Warning,
};
use crate::iam::Arn;
use crate::visible::visible;

pub use requirement::requirement_in_short;
pub(super) use requirement::{condition_in_words, requirement_lines, unmet_condition_in_words};

/// How a text for people is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// By words and signs alone.
    Plain,
    /// With the terminal's colours in addition.
    Coloured,
}

/// What one layer says, and where.
pub(super) fn layer(says: &LayerSays, is_trust: bool, out: &mut String) -> fmt::Result {
    let (name, said) = layer_in_words(says, is_trust);
    writeln!(out, "  {name}: {said}")?;
    places(&says.because, "", out)?;
    places(&says.may_deny, "may deny: ", out)?;
    for miss in &says.near {
        let (statement, why) = near_in_words(miss);
        writeln!(out, "    near: {statement}\n      {why}")?;
    }
    Ok(())
}

/// What a layer is called, and what it says.
pub fn layer_in_words(says: &LayerSays, is_trust: bool) -> (String, String) {
    let name = match says.layer {
        Layer::Identity => "own policies".to_owned(),
        Layer::Boundary => "permissions boundary".to_owned(),
        Layer::Session => "session policy".to_owned(),
        Layer::Resource if is_trust => "trust policy".to_owned(),
        Layer::Resource => "resource policy".to_owned(),
        Layer::Scp(level) => format!("SCPs, level {}", level + 1),
        Layer::Rcp(level) => format!("RCPs, level {}", level + 1),
    };
    let said = match says.said {
        Said::Denies => "denies",
        Said::Allows if matches!(says.layer, Layer::Rcp(_)) => "do not deny",
        Said::Allows => "allows",
        Said::MayAllow => "allows if more is met",
        Said::Silent => "no statement allows",
        Said::DoesNotBind => "does not bind this request",
        Said::NotNeeded => "the root user needs none",
    };
    let named = match says.named_as {
        Some(NamedAs::Itself) => ", naming the principal itself",
        Some(NamedAs::Anyone) => ", naming everyone",
        Some(NamedAs::Role) => ", naming the role",
        Some(NamedAs::Account) => ", naming the account",
        None => "",
    };
    (name, format!("{said}{named}"))
}

/// On which resources, and what else must be met.
pub fn required(apart: &Apart, asked: &str, out: &mut String) -> fmt::Result {
    // Where the two hang together, the requirement speaks of the resources.
    if let Some(extent) = apart.extent.as_ref().filter(|_| apart.is_separate) {
        let mut list = |title: &str, patterns: &[CompactString]| {
            writeln!(out, "\n{title}")?;
            patterns
                .iter()
                .try_for_each(|pattern| writeln!(out, "  {}", visible(pattern)))
        };
        let is_limited = extent.allow != [asked];
        if is_limited {
            list("Only on", &extent.allow)?;
        }
        match &extent.except[..] {
            [] => {}
            patterns if is_limited => list("but not on", patterns)?,
            patterns => list("Not on", patterns)?,
        }
    }
    if let Some(requirement) = &apart.requires {
        writeln!(out, "\nOnly if")?;
        requirement_lines(requirement, 1, out)?;
    }
    Ok(())
}

/// The sign of a decision.
pub(super) fn sign(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "✓",
        Decision::Conditional => "?",
        Decision::ExplicitDeny | Decision::ImplicitDeny => "✗",
    }
}

/// A text in the colour of a decision.
pub(super) fn coloured(text: &str, decision: Decision, style: Style) -> String {
    let colour = match decision {
        Decision::Allowed => "32",
        Decision::Conditional => "33",
        Decision::ExplicitDeny | Decision::ImplicitDeny => "31",
    };
    match style {
        Style::Plain => text.to_owned(),
        Style::Coloured => format!("\x1b[{colour};1m{text}\x1b[m"),
    }
}

/// A decision in a line, with its sign.
pub(super) fn headline(decision: Decision, is_on_some: bool, style: Style) -> String {
    let words = match decision {
        Decision::Allowed => "allowed",
        Decision::Conditional if is_on_some => "conditional: allowed only on some resources",
        Decision::Conditional => "conditional: allowed only if more is met",
        Decision::ExplicitDeny => "denied explicitly",
        Decision::ImplicitDeny => "denied implicitly: nothing allows it",
    };
    coloured(&format!("{} {words}", sign(decision)), decision, style)
}

/// What an answer leaves out and takes for granted.
pub(super) fn footer(
    warnings: &[Warning],
    assumptions: &[String],
    width: Option<usize>,
    out: &mut String,
) -> fmt::Result {
    let warnings: Vec<String> = warnings.iter().map(warning).collect();
    let assumptions: Vec<_> = assumptions
        .iter()
        .map(|text| visible(text).into())
        .collect();
    for (title, list) in [
        ("Left out, since it cannot be evaluated", warnings),
        ("Taken for granted", assumptions),
    ] {
        if !list.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for text in list {
            let mut lines = String::new();
            wrapped(&text, width, 4, &mut lines)?;
            out.push_str("  - ");
            out.push_str(lines.trim_start());
        }
    }
    Ok(())
}

/// The elements of statements, a statement after the other.
pub(super) fn places(places: &[Place], lead: &str, out: &mut String) -> fmt::Result {
    let mut last = None;
    for place in places {
        let statement = (&place.policy, place.statement);
        if last != Some(statement) {
            writeln!(out, "    {lead}{}", place_in_words(place))?;
            last = Some(statement);
        }
        let text = visible(&place.text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let of = condition_of(place).map(|it| format!("{} ", visible(&it)));
        writeln!(
            out,
            "      {:<12} {}{text}",
            place.element,
            of.unwrap_or_default()
        )?;
    }
    Ok(())
}

/// The operator and key of a condition, which its pointer ends with.
pub(super) fn condition_of(place: &Place) -> Option<String> {
    if place.element != "Condition" {
        return None;
    }
    let mut names = place.pointer.rsplit('/');
    let plain = |name: &str| name.replace("~1", "/").replace("~0", "~");
    let (key, operator) = (names.next()?, names.next()?);
    Some(format!("{} {}", plain(operator), plain(key)))
}

/// A policy and a statement of it, as people call them.
pub fn place_in_words(place: &Place) -> String {
    let policy = policy_in_words(&place.policy);
    statement_in_words(policy, place.statement, place.sid.as_deref())
}

/// A statement of a policy, which is in words already.
pub(super) fn statement_in_words(policy: String, statement: usize, sid: Option<&str>) -> String {
    let sid = sid.map(|sid| format!(" ({})", visible(sid)));
    format!(
        "{policy}, statement {}{}",
        statement + 1,
        sid.unwrap_or_default()
    )
}

/// A policy as people call it: the kind and name, with its owner where it is an inline policy; that
/// of a resource outside IAM by the resource's ARN.
pub fn policy_in_words(name: &str) -> String {
    let (arn, inline) = match name.split_once(' ') {
        Some((arn, inline)) if arn.starts_with("arn:") => (arn, Some(inline)),
        _ => (name, None),
    };
    let Ok(parsed) = Arn::parse(arn) else {
        return visible(name).into_owned();
    };
    if parsed.service != "iam" {
        return format!("policy of {}", visible(name));
    }
    let (kind, owner) = (parsed.resource_type(), visible(parsed.name()));
    match (inline, kind) {
        (Some(inline), _) => format!("inline policy {} of {kind} {owner}", visible(inline)),
        (None, "role") => format!("trust policy of role {owner}"),
        (None, "policy") if parsed.account == "aws" => format!("AWS managed policy {owner}"),
        (None, _) => format!("policy {owner}"),
    }
}

/// A statement that comes close, and what is missing.
pub fn near_in_words(miss: &NearMiss) -> (String, String) {
    let statement = place_in_words(&miss.place);
    let why = match &miss.near {
        Near::Condition {
            operator,
            key,
            values,
            found,
        } => {
            let asked = condition_in_words(operator, key, values);
            let found = match &found[..] {
                [] => "is not in the request".to_owned(),
                values => format!("is {}", visible(&values.join(", "))),
            };
            format!(
                "one condition is not met: {asked}; {} {found}",
                visible(key)
            )
        }
        Near::Resource { pattern } => format!("for another resource: {}", visible(pattern)),
        Near::Principal => "for another principal".to_owned(),
        Near::Action { pattern } => format!("for another action: {}", visible(pattern)),
    };
    (statement, why)
}

/// A statement that is left out, and why.
pub fn warning(warning: &Warning) -> String {
    let policy = policy_in_words(&warning.policy);
    let why = visible(&warning.refused.why.to_string()).into_owned();
    match warning.refused.statement {
        Some(statement) => format!("{policy}, statement {}: {why}", statement + 1),
        None => format!("{policy}: {why}"),
    }
}

/// A principal as people call it: kind and name, the ARN where it is of another account than
/// `own`.
pub fn name(caller: &Caller, own: Option<&str>) -> String {
    let kind = kind(caller);
    if caller.arn == "*" {
        return "anyone".to_owned();
    }
    let is_own = caller.account.as_deref() == own;
    let name = match (kind, Arn::parse(&caller.arn)) {
        ("root", _) if is_own => return "root user".to_owned(),
        ("account", Ok(arn)) => arn.account.to_owned(),
        (_, Ok(arn)) if is_own => {
            let resource = arn.resource;
            let name = resource.split_once('/').map_or(resource, |(_, name)| name);
            name.to_owned()
        }
        _ => caller.arn.to_string(),
    };
    format!("{kind} {}", visible(&name))
}

/// Whether a line fits into the terminal's width, if it has one; some columns are taken already.
pub(super) fn fits(line: &str, width: Option<usize>, taken: usize) -> bool {
    width.is_none_or(|width| line.width() + taken <= width)
}

/// Writes a text with an indent, cut into lines between its words where the terminal has a width.
/// What is longer than a line by itself stays whole.
pub(super) fn wrapped(
    text: &str,
    width: Option<usize>,
    indent: usize,
    out: &mut String,
) -> fmt::Result {
    let space = " ".repeat(indent);
    if fits(text, width, indent) {
        return writeln!(out, "{space}{text}");
    }
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && !fits(&format!("{line} {word}"), width, indent) {
            writeln!(out, "{space}{line}")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    writeln!(out, "{space}{line}")
}

/// On which resources something is so, in a line each; nothing where that is all that is asked.
pub(super) fn extent_in_short(extent: &Extent, asked: &str) -> Vec<String> {
    let list = |patterns: &[CompactString]| {
        let patterns: Vec<_> = patterns.iter().map(|it| visible(it)).collect();
        patterns.join(", ")
    };
    let mut lines = Vec::new();
    if extent.allow != [asked] {
        lines.push(format!("only on {}", list(&extent.allow)));
    }
    if !extent.except.is_empty() {
        lines.push(format!("not on {}", list(&extent.except)));
    }
    lines
}

/// A count with its word, in the right number.
pub(super) fn plural(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    }
}
