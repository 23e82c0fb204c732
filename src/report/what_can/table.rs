//! The answer as a text for people.
//!
//! Services of which everything is allowed alike are told together; of the others each access
//! level, and in it the actions that are allowed alike.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use super::{Ability, Answer, May, OfService, Question, Reached, by_service, is_alike};
use crate::access::Decision;
use crate::report::words::{Style, coloured, footer, name, plural, sign, wrapped};
use crate::visible::visible;

/// The width of lists where no terminal says another.
const WIDTH: usize = 100;

pub(super) fn write(
    question: &Question<'_>,
    answer: &Answer,
    start: Instant,
    style: Style,
    width: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = Table {
        question,
        answer,
        services: by_service(&answer.abilities, question.wanted.level),
        style,
        width,
    };
    let mut text = String::new();
    // A text takes whatever is written.
    let _ = table.write(&mut text);
    let seconds = start.elapsed().as_secs_f64();
    let actions = plural(answer.abilities.len(), "action");
    let _ = writeln!(text, "\n{actions} in {seconds:.2} s");
    out.write_all(text.as_bytes())
}

struct Table<'t> {
    question: &'t Question<'t>,
    answer: &'t Answer,
    services: Vec<OfService>,
    style: Style,
    width: Option<usize>,
}

/// What is allowed alike.
struct Group<'t> {
    may: &'t Arc<May>,
    actions: Vec<&'t Ability>,
}

impl Table<'_> {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        let (question, answer) = (self.question, self.answer);
        let own = question.index.account().id.as_deref();
        writeln!(out, "What {} can do", name(&question.caller, own))?;
        writeln!(out, "{}\n", self.counts())?;
        if answer.abilities.is_empty() {
            writeln!(out, "nothing")?;
        }
        self.whole_services(out)?;
        for service in self.services.iter().filter(|it| it.whole.is_none()) {
            self.service(service, out)?;
        }
        if !answer.roles.is_empty() {
            writeln!(out, "\nRoles that it can assume")?;
        }
        for reached in &answer.roles {
            self.role(reached, out)?;
        }
        footer(&answer.warnings, &answer.assumptions, self.width, out)
    }

    fn counts(&self) -> String {
        let abilities = &self.answer.abilities;
        let is_sure = |it: &&Ability| it.may.decision == Decision::Allowed;
        let allowed = abilities.iter().filter(is_sure).count();
        let conditional = abilities.len() - allowed;
        let roles = plural(self.answer.roles.len(), "role");
        format!("{allowed} actions allowed, {conditional} conditional, {roles} to assume")
    }

    /// Services of which everything is allowed, those that are alike together.
    fn whole_services(&self, out: &mut String) -> std::fmt::Result {
        let mut groups: Vec<(&Arc<May>, Vec<&str>)> = Vec::new();
        for of_service in &self.services {
            let (Some(may), name) = (&of_service.whole, of_service.service.prefix()) else {
                continue;
            };
            match groups.iter_mut().find(|(known, _)| is_alike(known, may)) {
                Some((_, names)) => names.push(name),
                None => groups.push((may, vec![name])),
            }
        }
        for (may, names) in groups {
            let what = match (self.question.wanted.level, names.len()) {
                (None, count) => format!("everything of {}", plural(count, "service")),
                (Some(level), count) => {
                    format!("all {level} actions of {}", plural(count, "service"))
                }
            };
            writeln!(out, "{} {what}", self.sign(may))?;
            self.names(&names, 4, out)?;
            self.conditions(may, 4, out)?;
        }
        Ok(())
    }

    fn service(&self, of_service: &OfService, out: &mut String) -> std::fmt::Result {
        let service = of_service.service;
        writeln!(out, "{} ({})", service.prefix(), service.title())?;
        for of_level in &of_service.levels {
            let level = of_level.level;
            let all = &self.answer.abilities;
            let places = of_level.abilities.iter();
            let groups = groups(places.filter_map(|at| all.get(*at as usize)));
            let is_all = of_level.total == of_level.abilities.len();
            for group in &groups {
                let count = group.actions.len();
                let what = match (is_all && groups.len() == 1, count) {
                    (true, 1) => "its only action".to_owned(),
                    (true, count) => format!("all {count} actions"),
                    (false, count) => plural(count, "action"),
                };
                writeln!(out, "  {} {level}: {what}", self.sign(group.may))?;
                let names: Vec<_> = group.actions.iter().map(|it| it.action.name()).collect();
                self.names(&names, 6, out)?;
                self.conditions(group.may, 6, out)?;
            }
        }
        Ok(())
    }

    fn sign(&self, may: &May) -> String {
        coloured(sign(may.decision), may.decision, self.style)
    }

    /// A list of names, wrapped.
    fn names(&self, names: &[&str], indent: usize, out: &mut String) -> std::fmt::Result {
        let room = self.width.unwrap_or(WIDTH).max(indent + 20) - indent;
        let space = " ".repeat(indent);
        let mut line = String::new();
        for (at, name) in names.iter().enumerate() {
            let comma = if at + 1 < names.len() { "," } else { "" };
            if !line.is_empty() && line.len() + 1 + name.len() + comma.len() > room {
                writeln!(out, "{space}{line}")?;
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            write!(line, "{name}{comma}")?;
        }
        writeln!(out, "{space}{line}")
    }

    fn conditions(&self, may: &May, indent: usize, out: &mut String) -> std::fmt::Result {
        for line in may.in_words() {
            wrapped(&line, self.width, indent, out)?;
        }
        Ok(())
    }

    fn role(&self, reached: &Reached, out: &mut String) -> std::fmt::Result {
        let decision: Decision = reached.decision;
        let before: Vec<_> = reached.through().map(visible).collect();
        let through = match &before[..] {
            [] => String::new(),
            before => format!(", through {}", before.join(" → ")),
        };
        let line = format!("{}{through}", visible(&reached.arn));
        let sign = coloured(sign(decision), decision, self.style);
        let mut lines = String::new();
        wrapped(&line, self.width, 2, &mut lines)?;
        write!(out, "{sign} {}", lines.trim_start())?;
        for line in reached.in_words() {
            wrapped(&line, self.width, 4, out)?;
        }
        Ok(())
    }
}

/// Actions that are allowed alike, together.
fn groups<'t>(abilities: impl Iterator<Item = &'t Ability>) -> Vec<Group<'t>> {
    let mut groups: Vec<Group<'t>> = Vec::new();
    for ability in abilities {
        match groups.iter_mut().find(|it| is_alike(it.may, &ability.may)) {
            Some(group) => group.actions.push(ability),
            None => groups.push(Group {
                may: &ability.may,
                actions: vec![ability],
            }),
        }
    }
    groups
}
