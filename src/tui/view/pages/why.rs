//! Why somebody can do something, or cannot: the way from the principal to the permission, what
//! every layer says, and the statements that decide.

mod beside;
mod layers;
mod request;

use compact_str::CompactString;

use super::super::words::counted;
use super::{Maker, dim, plain};
use crate::access::{Decision, Place, is_able, is_assume_role};
use crate::iam::{EntityRef, Kind};
use crate::policy::Effect;
use crate::report::remedy;
use crate::report::who_can::{Path, Told, group_of, row_json};
use crate::report::words::{name, place_in_words, required};
use crate::tui::asker::Why;
use crate::tui::page::{Piece, Target, Tone};
use crate::tui::theme::Symbols;
use crate::tui::who::shown::verdict;
use crate::visible::visible;

/// How many of the ways are told in full.
const WAYS: usize = 3;

impl Maker<'_> {
    /// The page of the selected principal.
    pub(super) fn why(&mut self) {
        let app = self.app;
        let Some(why) = app.who().why() else {
            self.out.line(dim("…"));
            return;
        };
        let Some(answer) = app.who().answer() else {
            return;
        };
        let Some(action) = answer.question.actions.get(why.action) else {
            return;
        };
        self.headline(why, action);
        self.before(why, answer);
        self.message(why, answer);
        self.simulator(why);
        for (at, path) in why.row.paths.iter().take(WAYS).enumerate() {
            if at > 0 {
                self.out.heading("Another way");
            } else {
                self.out.blank();
            }
            self.tree(why, path, action);
            self.path(why, path, action, at == 0);
        }
        if let Some(remedy) = why.remedy.as_ref().filter(|_| !is_able(why.row.decision)) {
            let mut text = String::new();
            // A text takes whatever is written.
            let _ = remedy::in_words(remedy, &mut text);
            self.lines_of(&text);
        }
        let more = why.row.paths.len().saturating_sub(WAYS);
        if more > 0 {
            self.out.blank();
            self.out
                .line(dim(format!("and {}", counted(more, "more way"))));
        }
        self.each_action(why, &answer.question.actions);
        if let Ok(json) = row_json(&why.row) {
            self.out.json(json);
        }
    }

    fn symbol(&self, decision: Decision) -> (Tone, &'static str) {
        let symbols: &Symbols = &self.app.setup().theme.symbols;
        match decision {
            Decision::Allowed => (Tone::Good, symbols.yes),
            Decision::Conditional => (Tone::Warning, symbols.maybe),
            Decision::ExplicitDeny | Decision::ImplicitDeny => (Tone::Bad, symbols.no),
        }
    }

    fn headline(&mut self, why: &Why, action: &str) {
        let (tone, symbol) = self.symbol(why.row.decision);
        let words = match why.row.decision {
            Decision::Allowed => "can",
            Decision::Conditional => "can, if more is met:",
            Decision::ExplicitDeny | Decision::ImplicitDeny => "cannot",
        };
        let own = self.account.id.as_deref();
        let who = name(&why.row.caller, own);
        let on = match why.resource.as_str() {
            "*" => String::new(),
            resource => format!(" on {}", visible(resource)),
        };
        let line = vec![
            (tone, format!("{symbol} ")),
            (Tone::Strong, who),
            (Tone::Plain, format!(" {words} {action}{on}")),
        ];
        let target = self.account.find(&why.row.caller.arn).map(Target::Entity);
        self.out
            .linked(line, 2, target, Some(why.row.caller.arn.as_str().into()));
        let what = match why.row.decision {
            Decision::ExplicitDeny => "a statement denies it",
            Decision::ImplicitDeny => "nothing allows it",
            Decision::Conditional => "conditional: what it needs stands below",
            Decision::Allowed => return,
        };
        self.out.line(dim(format!("  {what}")));
    }

    /// From the principal down to the statement, role by role.
    fn tree(&mut self, why: &Why, path: &Path, action: &str) {
        let mut depth = 0;
        for hop in &path.hops {
            let role = hop.to.rsplit('/').next().unwrap_or(&hop.to);
            let (tone, symbol) = self.symbol(hop.told.explanation.verdict.decision);
            let target = self.account.find(&hop.to).map(Target::Entity);
            let line = vec![
                (tone, format!("{symbol} ")),
                (Tone::Plain, "may assume role ".to_owned()),
                (Tone::Link, visible(role).into_owned()),
            ];
            self.branch(depth, line, target);
            self.decisive(depth + 1, &hop.told, &hop.from);
            depth += 1;
        }
        let (tone, symbol) = self.symbol(path.last.explanation.verdict.decision);
        let line = vec![
            (tone, format!("{symbol} ")),
            (
                Tone::Plain,
                format!(
                    "{} {action}",
                    verdict(path.last.explanation.verdict.decision)
                ),
            ),
        ];
        self.branch(depth, line, None);
        let who = path
            .hops
            .last()
            .map_or(&*why.row.caller.arn, |hop| &*hop.to);
        self.decisive(depth + 1, &path.last, who);
    }

    fn branch(&mut self, depth: usize, mut line: Vec<Piece>, target: Option<Target>) {
        let branch = self.app.setup().theme.symbols.branch;
        line.insert(0, (Tone::Dim, format!("{}{branch}", "  ".repeat(depth))));
        self.out.linked(line, depth * 2 + 4, target, None);
    }

    /// The statements that decide a request of somebody, each a link; below the groups that they
    /// come by.
    fn decisive(&mut self, depth: usize, told: &Told, who: &str) {
        let mut seen: Vec<(&CompactString, usize)> = Vec::new();
        let mut last = None;
        for place in told.explanation.deciding() {
            let statement = (&place.policy, place.statement);
            if seen.contains(&statement) {
                continue;
            }
            seen.push(statement);
            let group = group_of(self.account, who, place);
            if let Some(group) = &group
                && last.as_ref() != Some(group)
            {
                let named = self.account.group_named(group);
                let target =
                    named.map(|it| Target::Entity(EntityRef::new(Kind::Group, it.arn.clone())));
                let line = vec![
                    (Tone::Plain, "group ".to_owned()),
                    (Tone::Link, visible(group).into_owned()),
                ];
                self.branch(depth, line, target);
            }
            let depth = depth + usize::from(group.is_some());
            last = group;
            let mut line = vec![(Tone::Link, place_in_words(place))];
            let (tone, word) = match place.effect {
                Effect::Allow => (Tone::Good, "  Allow"),
                Effect::Deny => (Tone::Bad, "  Deny"),
            };
            line.push((tone, word.to_owned()));
            self.branch(depth, line, Some(target_of(place)));
        }
        if seen.is_empty() {
            let words = match told.explanation.verdict.decision {
                Decision::Allowed => "no policy is needed",
                Decision::Conditional => "policies that are not known",
                Decision::ExplicitDeny | Decision::ImplicitDeny => "no statement allows it",
            };
            self.branch(depth, dim(words), None);
        }
    }

    /// What the requests of a way need, and what every layer says to the last.
    fn path(&mut self, why: &Why, path: &Path, action: &str, is_full: bool) {
        let asked: Vec<(String, &Told, &str)> = {
            let hops = path.hops.iter().map(|hop| {
                let role = hop.to.rsplit('/').next().unwrap_or(&hop.to);
                (format!("To assume {}", visible(role)), &*hop.told, &*hop.to)
            });
            let last = (format!("For {action}"), &*path.last, why.resource.as_str());
            hops.chain([last]).collect()
        };
        let several = asked.len() > 1;
        for (title, told, resource) in &asked {
            let Some(apart) = &told.apart else { continue };
            let mut text = String::new();
            // A text takes whatever is written.
            let _ = required(apart, resource, &mut text);
            if several && !text.is_empty() {
                self.out.heading(title);
            }
            self.lines_of(&text);
        }
        if !is_full {
            return;
        }
        let is_trust = is_assume_role(&action.to_ascii_lowercase());
        let title = match path.hops.last() {
            Some(hop) => {
                let role = hop.to.rsplit('/').next().unwrap_or(&hop.to);
                format!("What each layer says to role {}", visible(role))
            }
            None => "What each layer says".to_owned(),
        };
        self.out.heading(title);
        for says in &path.last.explanation.layers {
            self.layer(says, is_trust);
        }
        self.statements(&path.last);
        for hop in &path.hops {
            self.statements(&hop.told);
        }
    }

    /// Lines for people, as answers have them: titles at the left, the rest set in.
    fn lines_of(&mut self, text: &str) {
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            match indent {
                _ if line.is_empty() => self.out.blank(),
                0 => self.out.line(vec![(Tone::Strong, line.to_owned())]),
                _ => self.out.linked(plain(line), indent + 2, None, None),
            }
        }
    }

    /// Where several actions were asked about: what comes of each.
    fn each_action(&mut self, why: &Why, actions: &[String]) {
        if actions.len() < 2 {
            return;
        }
        self.out
            .heading(format!("Each of {} actions", actions.len()));
        if why.by_action.is_empty() {
            let text = "too many actions and principals to keep what comes of each";
            self.out.line(dim(text));
            return;
        }
        let wanted = [
            Decision::Allowed,
            Decision::Conditional,
            Decision::ExplicitDeny,
            Decision::ImplicitDeny,
        ];
        for decision in wanted {
            let each = actions.iter().zip(&why.by_action).enumerate();
            for (at, (action, _)) in each.filter(|(_, (_, it))| **it == decision) {
                let (tone, symbol) = self.symbol(decision);
                let line = vec![
                    (tone, format!("{symbol} ")),
                    (Tone::Link, action.clone()),
                    (Tone::Dim, format!("  {}", verdict(decision))),
                ];
                let copy = Some(action.as_str().into());
                self.out.linked(line, 4, Some(Target::Action(at)), copy);
            }
        }
    }
}

/// Where a place of an answer leads.
pub(super) fn target_of(place: &Place) -> Target {
    Target::Policy {
        name: place.policy.clone(),
        statement: place.statement,
    }
}
