//! Who can do what the cursor is on.

use super::{App, Focus, Screen, Tone};
use crate::access::{self, Stored};
use crate::iam::{EntityRef, Kind};
use crate::policy::{Layout, Statement, Values};
use crate::tui::Effect;
use crate::tui::detail::{Subject, Tab};
use crate::tui::effective::Branch;
use crate::tui::page::{Body, Row, Target};
use crate::tui::who::fields::Part;

/// What is asked about something.
struct About {
    action: String,
    resource: String,
    /// The field that gets the keys, where the question is only a beginning.
    part: Option<Part>,
}

impl App {
    /// Asks who can do what the cursor is on.
    pub(super) fn who_can_here(&mut self) -> Vec<Effect> {
        match self.about_here() {
            Ok(about) => self.ask_about(&about.action, &about.resource, about.part),
            Err(why) => {
                self.say(Tone::Warning, why);
                Vec::new()
            }
        }
    }

    fn about_here(&mut self) -> Result<About, String> {
        if self.focus == Focus::Detail
            && let Some(row) = self.row()
            && let Some(about) = self.about_row(&row)
        {
            return about;
        }
        let entity = match (self.screen, self.focus) {
            (Screen::WhoCan, _) => {
                let arn = self.who.selected_arn().ok_or("nothing is selected")?;
                let entity = self.account.find(arn);
                entity.ok_or_else(|| format!("{arn} is not a user or role of this account"))?
            }
            (Screen::Lists, Focus::Detail) => {
                let subject = self.detail.subject().and_then(Subject::entity);
                subject.cloned().ok_or("nothing is selected")?
            }
            (Screen::Lists, _) => {
                let selection = self.list().selection(&self.account);
                selection.ok_or("nothing is selected")?
            }
        };
        Ok(about_entity(&entity))
    }

    /// What a row of the detail is about; none where that is what the detail is about.
    fn about_row(&self, row: &Row) -> Option<Result<About, String>> {
        if let Body::Code { layout, line, .. } = &row.body {
            let at = layout.statement_at_line(*line)?;
            let statement = layout.document().statements.get(at)?;
            let policy = match &row.target {
                Some(Target::Policy { name, .. }) => Some(name.as_str()),
                _ => None,
            };
            return Some(self.about_statement(statement, layout, *line, policy));
        }
        match &row.target {
            Some(Target::Statement(at)) => {
                let entity = self.detail.subject()?.entity()?;
                let text = self.account.policy(&entity.arn)?.document()?;
                let layout = self.layouts.of(text);
                let statement = layout.document().statements.get(*at)?;
                Some(self.about_statement(statement, &layout, usize::MAX, None))
            }
            Some(Target::Policy { name, statement }) => {
                let Stored::Text(text) = access::stored_as(&self.account, name) else {
                    return None;
                };
                let layout = self.layouts.of_str(text);
                let found = layout.document().statements.get(*statement)?;
                Some(self.about_statement(found, &layout, usize::MAX, Some(name)))
            }
            Some(Target::Entity(entity)) => Some(Ok(about_entity(entity))),
            _ if self.detail.tab() == Some(Tab::Effective) => {
                Some(about_branch(Branch::of(row.block?)?))
            }
            _ => None,
        }
    }

    /// What a statement, or a line of it, is about; `policy` names the policy where that is not what
    /// is shown.
    fn about_statement(
        &self,
        statement: &Statement,
        layout: &Layout,
        line: usize,
        policy: Option<&str>,
    ) -> Result<About, String> {
        let Some(actions) = &statement.action else {
            return Err(
                "the statement is about every action but some: a (action) asks about one".into(),
            );
        };
        let action = match on_line(actions, layout, line) {
            Some(action) => action.to_owned(),
            None => actions.texts().collect::<Vec<_>>().join(","),
        };
        if action.is_empty() {
            return Err("the statement names no action".into());
        }
        let shown = self.detail.subject().and_then(Subject::entity);
        let shown = shown.map(|entity| &*entity.arn);
        let role = policy.or(shown).and_then(|arn| self.account.role(arn));
        let resource = match (&statement.resource, &statement.principal, role) {
            // A trust policy is about its role.
            (None, Some(_), Some(role)) => role.arn.to_string(),
            (Some(resources), ..) => {
                let here = on_line(resources, layout, line);
                let first = || resources.texts().next();
                without_variables(here.or_else(first).unwrap_or("*"))
            }
            _ => "*".to_owned(),
        };
        Ok(About {
            action,
            resource,
            part: None,
        })
    }
}

/// What a part of the tab Effective is about: who else can do that.
fn about_branch(branch: Branch) -> Result<About, String> {
    let action = match branch {
        Branch::Action(action) => action.to_string(),
        Branch::Service(service) => format!("{service}:*"),
        Branch::Level(service, level) => {
            let level = level.name().to_ascii_lowercase().replace(' ', "-");
            format!("{service}:@{level}")
        }
        Branch::Alike(_) => return Err("unfold the services and ask about one of them".into()),
    };
    Ok(About {
        action,
        resource: "*".to_owned(),
        part: None,
    })
}

/// The question that is most worth asking about an entity: who can become it, or get hold of it.
fn about_entity(entity: &EntityRef) -> About {
    let (action, part) = match entity.kind {
        Kind::Role => ("sts:AssumeRole", None),
        Kind::User => ("iam:CreateAccessKey", Some(Part::Action)),
        Kind::Group => ("iam:AddUserToGroup", Some(Part::Action)),
        Kind::Policy => ("iam:CreatePolicyVersion", Some(Part::Action)),
    };
    About {
        action: action.to_owned(),
        resource: entity.arn.to_string(),
        part,
    }
}

/// The value that stands on a line, if it is the only one.
fn on_line<'v>(values: &'v Values, layout: &Layout, line: usize) -> Option<&'v str> {
    let on = |value: &&crate::policy::Value| layout.line_of(value.span.range().start) == line;
    let mut found = values.list.iter().filter(on);
    let first = found.next()?;
    found.next().is_none().then_some(first.text.as_str())
}

/// A resource with `*` in place of its variables.
fn without_variables(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((_, after)) = after.split_once('}') else {
            return out + "*";
        };
        out.push('*');
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stand_for_anything() {
        for (text, out) in [
            ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/*/*"),
            ("arn:aws:s3:::b/${a", "arn:aws:s3:::b/*"),
            ("*", "*"),
        ] {
            assert_eq!(without_variables(text), out);
        }
    }
}
