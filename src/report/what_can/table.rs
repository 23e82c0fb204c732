//! The answer as a text for people.
//!
//! Services of which everything is allowed alike are told together; of the others each access
//! level, and in it the actions that are allowed alike.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Instant;

use super::{Ability, Answer, May, Reached};
use crate::access::Decision;
use crate::catalog::Service;
use crate::report::words::{
    Style, coloured, extent_in_short, footer, name, plural, requirement_in_short, sign, wrapped,
};
use crate::visible::visible;

/// The width of lists where no terminal says another.
const WIDTH: usize = 100;

pub(super) fn write(
    answer: &Answer<'_>,
    start: Instant,
    style: Style,
    width: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = Table {
        answer,
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
    answer: &'t Answer<'t>,
    style: Style,
    width: Option<usize>,
}

/// What is allowed alike.
struct Group<'t> {
    may: &'t Rc<May>,
    actions: Vec<&'t Ability>,
}

impl Table<'_> {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        let answer = self.answer;
        let question = answer.question;
        let own = question.index.account().id.as_deref();
        writeln!(out, "What {} can do", name(&question.caller, own))?;
        writeln!(out, "{}\n", self.counts())?;
        if answer.abilities.is_empty() {
            writeln!(out, "nothing")?;
        }
        self.whole_services(out)?;
        for service in services(&answer.abilities) {
            if self.is_whole(service).is_none() {
                self.service(service, out)?;
            }
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

    fn of(&self, service: Service) -> Vec<&Ability> {
        let all = self.answer.abilities.iter();
        all.filter(|it| it.action.service() == service).collect()
    }

    /// How all that a service has is allowed, where that is alike.
    fn is_whole(&self, service: Service) -> Option<&Rc<May>> {
        let abilities = self.of(service);
        let first = abilities.first()?;
        let wanted = self.answer.question.wanted;
        let actions = service.actions();
        let count = actions
            .filter(|it| wanted.level.is_none_or(|level| level == it.access_level()))
            .count();
        let is_alike = abilities.iter().all(|it| is_alike(&it.may, &first.may));
        (abilities.len() == count && is_alike).then_some(&first.may)
    }

    /// Services of which everything is allowed, those that are alike together.
    fn whole_services(&self, out: &mut String) -> std::fmt::Result {
        let mut groups: Vec<(&Rc<May>, Vec<&str>)> = Vec::new();
        for service in services(&self.answer.abilities) {
            let Some(may) = self.is_whole(service) else {
                continue;
            };
            match groups.iter_mut().find(|(known, _)| is_alike(known, may)) {
                Some((_, names)) => names.push(service.prefix()),
                None => groups.push((may, vec![service.prefix()])),
            }
        }
        for (may, names) in groups {
            let what = match (self.answer.question.wanted.level, names.len()) {
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

    fn service(&self, service: Service, out: &mut String) -> std::fmt::Result {
        writeln!(out, "{} ({})", service.prefix(), service.title())?;
        let abilities = self.of(service);
        let mut levels: Vec<_> = abilities
            .iter()
            .map(|it| it.action.access_level())
            .collect();
        levels.sort_unstable();
        levels.dedup();
        for level in levels {
            let at_level = || {
                let all = abilities.iter().copied();
                all.filter(move |it| it.action.access_level() == level)
            };
            let there_are = service.actions().filter(|it| it.access_level() == level);
            let is_all = there_are.count() == at_level().count();
            let groups = groups(at_level());
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
        let mut lines = match may.is_separate {
            true => extent_in_short(&may.extent, "*"),
            false => Vec::new(),
        };
        if let Some(requirement) = &may.requires {
            lines.push(format!("only if {}", requirement_in_short(requirement)));
        }
        for line in lines {
            wrapped(&line, self.width, indent, out)?;
        }
        Ok(())
    }

    fn role(&self, reached: &Reached, out: &mut String) -> std::fmt::Result {
        let decision: Decision = reached.decision;
        let short = |arn: &str| visible(arn.rsplit('/').next().unwrap_or(arn)).into_owned();
        let hops = reached.hops.iter();
        let before: Vec<_> = hops.clone().map(|hop| short(&hop.to)).collect();
        let through = match &before[..] {
            [] | [_] => String::new(),
            [before @ .., _] => format!(", through {}", before.join(" → ")),
        };
        let line = format!("{}{through}", visible(&reached.arn));
        let sign = coloured(sign(decision), decision, self.style);
        let mut lines = String::new();
        wrapped(&line, self.width, 2, &mut lines)?;
        write!(out, "{sign} {}", lines.trim_start())?;
        for hop in hops {
            if let Some(requirement) = hop.told.requires() {
                let when = match before.len() {
                    1 => String::new(),
                    _ => format!("to assume {}: ", short(&hop.to)),
                };
                let line = format!("{when}only if {}", requirement_in_short(requirement));
                wrapped(&line, self.width, 4, out)?;
            }
        }
        Ok(())
    }
}

/// The services in order, each once.
fn services(abilities: &[Ability]) -> Vec<Service> {
    let mut services: Vec<_> = abilities.iter().map(|it| it.action.service()).collect();
    services.dedup();
    services
}

fn is_alike(one: &May, other: &May) -> bool {
    std::ptr::eq(one, other)
        || one.decision == other.decision
            && one.extent == other.extent
            && one.requires == other.requires
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
