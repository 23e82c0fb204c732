//! Why somebody can do something, or cannot: the way from the principal to the permission, what
//! every layer says, and the statements that decide.

use compact_str::CompactString;

use super::{Maker, dim, plain};
use crate::access::{self, Decision, Fact, LayerSays, Place, Said, Stored, is_assume_role};
use crate::iam::{EntityRef, Kind};
use crate::policy::{Document, Effect, Span};
use crate::report::denied::Agreement;
use crate::report::remedy;
use crate::report::who_can::{Path, Told, group_of, row_json};
use crate::report::words::{
    layer_in_words, name, near_in_words, place_in_words, policy_in_words, required,
};
use crate::tui::asker::{Answer, Question, Why};
use crate::tui::page::{Piece, Target, Tone};
use crate::tui::theme::Symbols;
use crate::tui::who::shown::verdict;
use crate::tui::who::{Simulated, Simulation, context};
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
        if let Some(remedy) = &why.remedy {
            let mut text = String::new();
            // A text takes whatever is written.
            let _ = remedy::in_words(remedy, &mut text);
            self.lines_of(&text);
        }
        let more = why.row.paths.len().saturating_sub(WAYS);
        if more > 0 {
            self.out.blank();
            self.out.line(dim(format!("and {more} more ways")));
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

    /// What came of it in the answer that is held beside this one.
    fn before(&mut self, why: &Why, answer: &Answer) {
        let Some(pinned) = &self.app.who().pinned else {
            return;
        };
        let text = match pinned.standing_of(answer, why.node) {
            Some(standing) => verdict(standing.decision),
            None => "was not asked",
        };
        let question = &pinned.question;
        let about = format!("pinned ({}): {text}", in_short(question));
        self.out.linked(dim(about), 2, None, None);
    }

    /// What the message said that posed the question, and how that goes together with the answer.
    fn message(&mut self, why: &Why, answer: &Answer) {
        let (Some(denied), Some(comparison)) = (&answer.question.denied, &why.comparison) else {
            return;
        };
        let says = match &denied.reason {
            Some(reason) => format!("The message says: {}", visible(&reason.to_string())),
            None => "The message gives no reason".to_owned(),
        };
        let (tone, word) = match comparison.agreement {
            Agreement::Agrees => (Tone::Good, "the policies say so, too"),
            Agreement::Open => (Tone::Warning, "that may be so"),
            Agreement::Differs => (Tone::Bad, "the policies say otherwise"),
        };
        self.out.heading(says);
        self.out.line(vec![(tone, format!("  {word}"))]);
        for finding in &comparison.findings {
            self.out
                .linked(plain(format!("  - {finding}")), 4, None, None);
        }
        for note in &denied.notes {
            self.out
                .linked(dim(format!("  - {}", visible(note))), 4, None, None);
        }
    }

    /// What AWS's own simulator says, beside ours, and what it is known to ignore.
    fn simulator(&mut self, why: &Why) {
        let simulated = self.app.who().simulated.as_ref();
        let is_it = |it: &&Simulated| it.node == why.node && it.action == why.action;
        let Some(simulated) = simulated.filter(is_it) else {
            return;
        };
        self.out.heading("AWS's own simulator");
        let answer = match &simulated.simulation {
            Simulation::Asking => {
                self.out.line(dim("  asking…"));
                return;
            }
            Simulation::Failed(problem) => {
                let text = format!("  {}", problem.one_line());
                self.out.linked(
                    vec![(Tone::Bad, visible(&text).into_owned())],
                    4,
                    None,
                    None,
                );
                for next in &problem.next {
                    self.out.linked(plain(format!("  {next}")), 4, None, None);
                }
                return;
            }
            Simulation::Answered(answer) => answer,
        };
        for (whose, decision) in [("ours", why.row.decision), ("AWS's", answer.decision)] {
            let (tone, symbol) = self.symbol(decision);
            let word = match decision {
                Decision::ExplicitDeny => "denied explicitly",
                Decision::ImplicitDeny => "denied implicitly",
                decision => verdict(decision),
            };
            let line = vec![
                (Tone::Dim, format!("  {whose:<6} ")),
                (tone, format!("{symbol} {word}")),
            ];
            self.out.linked(line, 9, None, None);
        }
        let by = [
            (answer.allowed_by_boundary, "the permissions boundary"),
            (
                answer.allowed_by_organizations,
                "the organisation's policies",
            ),
        ];
        for (allowed, what) in by {
            if let Some(allowed) = allowed {
                let verb = if allowed {
                    "allow it"
                } else {
                    "do not allow it"
                };
                self.out
                    .linked(plain(format!("  AWS's: {what} {verb}")), 4, None, None);
            }
        }
        for matched in &answer.matched {
            let text = format!(
                "  AWS's: {} ({}) matched",
                matched.policy_id, matched.policy_type
            );
            self.out.linked(plain(text), 4, None, None);
        }
        if !answer.missing.is_empty() {
            let keys = answer.missing.join(", ");
            let text = format!("  AWS's: keys that were not given: {keys}");
            self.out.linked(plain(text), 4, None, None);
        }
        for ignored in &why.ignored {
            self.out
                .linked(dim(format!("  - {}", visible(ignored))), 4, None, None);
        }
    }

    fn layer(&mut self, says: &LayerSays, is_trust: bool) {
        let symbols = &self.app.setup().theme.symbols;
        let (tone, symbol) = match says.said {
            Said::Allows => (Tone::Good, symbols.yes),
            Said::MayAllow => (Tone::Warning, symbols.maybe),
            Said::Denies | Said::Silent => (Tone::Bad, symbols.no),
            Said::DoesNotBind | Said::NotNeeded => (Tone::Dim, symbols.none),
        };
        let (name, said) = layer_in_words(says, is_trust);
        let line = vec![
            (tone, format!("{symbol} ")),
            (Tone::Strong, name),
            (Tone::Plain, format!("  {said}")),
        ];
        self.out.linked(line, 4, None, None);
        let mut seen = Vec::new();
        let may_deny = says.may_deny.iter().map(|place| (place, "may deny: "));
        for (place, lead) in says.because.iter().map(|it| (it, "")).chain(may_deny) {
            let statement = (&place.policy, place.statement, lead);
            if seen.contains(&statement) {
                continue;
            }
            seen.push(statement);
            let line = vec![
                (Tone::Plain, format!("    {lead}")),
                (Tone::Link, place_in_words(place)),
            ];
            self.out.linked(line, 6, Some(target_of(place)), None);
        }
        for miss in &says.near {
            let (statement, why) = near_in_words(miss);
            let line = vec![
                (Tone::Dim, "    near: ".to_owned()),
                (Tone::Link, statement),
            ];
            self.out.linked(line, 6, Some(target_of(&miss.place)), None);
            self.out.linked(dim(format!("      {why}")), 6, None, None);
        }
    }

    /// The statements that decide, as they are written, with what matched marked.
    fn statements(&mut self, told: &Told) {
        let mut done: Vec<(&CompactString, usize)> = Vec::new();
        let all: Vec<&Place> = told.explanation.because().collect();
        for place in &all {
            let statement = (&place.policy, place.statement);
            if done.contains(&statement) {
                continue;
            }
            done.push(statement);
            let same = all
                .iter()
                .filter(|it| (&it.policy, it.statement) == statement);
            let spans: Vec<Span> = same.map(|it| it.span).collect();
            self.statement(place, &spans);
        }
    }

    fn statement(&mut self, place: &Place, spans: &[Span]) {
        let Stored::Text(text) = access::stored_as(self.account, &place.policy) else {
            return;
        };
        self.out.heading(policy_in_words(&place.policy));
        let layout = self.app.layouts().of_str(text);
        let document = Document::parse(text);
        let written = document.statements.get(place.statement);
        let laid = layout.document().statements.get(place.statement);
        let marks = written.zip(laid).into_iter().flat_map(|(written, laid)| {
            let found = spans.iter().map(|span| written.place_in(laid, *span));
            found.flatten().collect::<Vec<_>>()
        });
        let marks = marks.collect();
        self.out
            .statement(&layout, place.statement, marks, &target_of(place));
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

    /// What is known of the request, and what the answer takes for granted.
    pub(super) fn request(&mut self) {
        let app = self.app;
        let (Some(why), Some(answer)) = (app.who().why(), app.who().answer()) else {
            self.out.line(dim("…"));
            return;
        };
        self.out.heading("Known of this request");
        for (key, fact) in &why.facts {
            let value = match fact {
                Fact::Values(values) if values.is_empty() => dim("not in the request"),
                Fact::Values(values) => plain(values.join(", ")),
                Fact::Beginning(text) => plain(format!("{text}…")),
                Fact::Missing => dim("not in the request"),
            };
            let mut line = vec![(Tone::Dim, format!("{} = ", visible(key)))];
            line.extend(value);
            self.out.linked(line, 4, None, None);
        }
        let unknown = app.who().unknown_keys();
        let title = match answer.question.is_strict {
            true => "Not known, and taken as missing (strict)",
            false => "Not known, and policies look at it",
        };
        if !unknown.is_empty() {
            self.out.heading(title);
            for key in unknown {
                self.out.line(plain(format!("  {key}")));
            }
        }
        if !answer.assumptions.is_empty() {
            self.out.heading("Taken for granted");
            for text in &answer.assumptions {
                self.out.linked(plain(format!("- {text}")), 2, None, None);
            }
        }
        let best = why.row.paths.first();
        let warnings = best
            .into_iter()
            .flat_map(|it| &it.last.explanation.warnings);
        for (at, warning) in warnings.enumerate() {
            if at == 0 {
                self.out.heading("Left out, since it cannot be evaluated");
            }
            let text = crate::report::words::warning(warning);
            self.out.linked(plain(format!("- {text}")), 2, None, None);
        }
    }
}

/// A question in a line.
fn in_short(question: &Question) -> String {
    let action = match &question.actions[..] {
        [action] => action.clone(),
        actions => format!("{} actions", actions.len()),
    };
    let mut text = action;
    if question.resource != "*" {
        text.push_str(&format!(" on {}", visible(&question.resource)));
    }
    let context = question.context.iter().map(context::written);
    let context: Vec<String> = context.collect();
    if !context.is_empty() {
        text.push_str(&format!(" with {}", visible(&context.join("; "))));
    }
    text
}

/// Where a place of an answer leads.
pub(super) fn target_of(place: &Place) -> Target {
    Target::Policy {
        name: place.policy.clone(),
        statement: place.statement,
    }
}
