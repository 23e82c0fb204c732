//! The actions: services, access levels, and single ones.

use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::super::Maker;
use crate::catalog;
use crate::report::what_can::{Ability, Answer, May, OfLevel, OfService, is_alike};
use crate::tui::effective::{Branch, Known};
use crate::tui::page::{Piece, Rank, Tone};
use crate::tui::view::words::{counted, grouped};

/// The most services that are named as the ones that are left out.
const BUT: usize = 5;

/// How the columns of services are laid out.
struct Columns {
    name: usize,
    count: usize,
    conditional: usize,
}

/// The words for how something is allowed. Neighbours are most often allowed alike.
#[derive(Default)]
struct Words {
    last: Option<(Arc<May>, String)>,
}

impl Words {
    fn of(&mut self, may: &Arc<May>) -> &str {
        let is_same = |(known, _): &(Arc<May>, String)| Arc::ptr_eq(known, may);
        if !self.last.as_ref().is_some_and(is_same) {
            self.last = None;
        }
        let make = || (may.clone(), may.in_words().join("; "));
        &self.last.get_or_insert_with(make).1
    }
}

/// What the rows are made from.
struct Tree<'t> {
    known: &'t Known,
    answer: &'t Answer,
    words: Words,
}

impl Maker<'_> {
    /// Services of which everything is allowed alike in a line, and a line for each other one.
    pub(super) fn actions(&mut self, known: &Known, answer: &Answer) {
        let mut tree = Tree {
            known,
            answer,
            words: Words::default(),
        };
        let services = &known.effective.services;
        let columns = Columns::of(services, self.out.width());
        let groups = alike(services);
        let mut told = vec![false; services.len()];
        for group in groups.iter().filter(|group| group.len() > 1) {
            self.alike(&mut tree, group, &columns);
            group.iter().for_each(|at| told[*at] = true);
        }
        for (service, _) in services.iter().zip(told).filter(|(_, told)| !told) {
            self.service(&mut tree, service, &columns, 0);
        }
    }

    fn alike(&mut self, tree: &mut Tree<'_>, group: &[usize], columns: &Columns) {
        let services = &tree.known.effective.services;
        let Some(first) = group.first().and_then(|at| services.get(*at)) else {
            return;
        };
        let Some(may) = &first.whole else { return };
        let block = Branch::Alike(first.service).block();
        let is_folded = self.detail.folds.is_folded(block, Rank::Outer);
        let named: Vec<_> = group.iter().map(|at| services[*at].service).collect();
        let text = format!("every action of {}", which(&named));
        let mut line = vec![
            marker(is_folded, 0),
            self.sign(may.decision),
            (Tone::Strong, format!(" {text}")),
        ];
        line.extend(condition(tree.words.of(may)));
        self.out.head(block, line, text.into());
        if !is_folded {
            for at in group {
                self.service(tree, &services[*at], columns, 2);
            }
        }
    }

    fn service(
        &mut self,
        tree: &mut Tree<'_>,
        of_service: &OfService,
        columns: &Columns,
        indent: usize,
    ) {
        let service = of_service.service;
        let block = Branch::Service(service).block();
        let is_folded = self.detail.folds.is_folded(block, Rank::Outer);
        let able = of_service.able();
        let mut line = vec![
            marker(is_folded, indent),
            self.sign_of(of_service.allowed, able, of_service.total),
            (
                Tone::Strong,
                format!(" {:<width$}  ", service.prefix(), width = columns.name),
            ),
            (
                Tone::Plain,
                format!(
                    "{:<width$}",
                    extent(able, of_service.total),
                    width = columns.count
                ),
            ),
        ];
        if columns.conditional > 0 {
            let text = conditional(of_service.conditional, able);
            let width = columns.conditional;
            line.push((Tone::Warning, format!("  {text:<width$}")));
        }
        let levels = of_service.levels.iter().map(|it| {
            let name = it.level.name().to_lowercase();
            format!("  {name} {}", it.abilities.len())
        });
        line.push((Tone::Dim, levels.collect()));
        self.out.head(block, line, service.prefix().into());
        if is_folded {
            return;
        }
        for level in &of_service.levels {
            self.level(tree, of_service, level, indent + 2);
        }
    }

    fn level(
        &mut self,
        tree: &mut Tree<'_>,
        of_service: &OfService,
        of_level: &OfLevel,
        indent: usize,
    ) {
        let block = Branch::Level(of_service.service, of_level.level).block();
        let is_folded = self.detail.folds.is_folded(block, Rank::Nested);
        let able = of_level.abilities.len();
        let mut line = vec![
            marker(is_folded, indent),
            self.sign_of(able - of_level.conditional, able, of_level.total),
            (
                Tone::Strong,
                format!(" {}  ", of_level.level.name().to_lowercase()),
            ),
            (Tone::Plain, extent(able, of_level.total)),
        ];
        let text = conditional(of_level.conditional, able);
        if !text.is_empty() {
            line.push((Tone::Warning, format!("  {text}")));
        }
        if let Some(may) = &of_level.whole {
            line.extend(condition(tree.words.of(may)));
        }
        let copy = of_level.level.name();
        self.out.head(block, line, copy.into());
        if is_folded {
            return;
        }
        let all = &tree.answer.abilities;
        for at in &of_level.abilities {
            if let Some(ability) = all.get(*at as usize) {
                self.action(tree, ability, indent + 2);
            }
        }
    }

    fn action(&mut self, tree: &mut Tree<'_>, ability: &Ability, indent: usize) {
        let action = ability.action;
        let block = Branch::Action(action).block();
        let is_folded = self.detail.folds.is_folded(block, Rank::Closed);
        let mut line = vec![
            marker(is_folded, indent),
            self.sign(ability.may.decision),
            (Tone::Plain, format!(" {}", action.name())),
        ];
        line.extend(condition(tree.words.of(&ability.may)));
        let copy = format!("{}:{}", action.service(), action.name());
        self.out.head(block, line, copy.into());
        if !is_folded {
            self.reason(tree.known, ability, block, indent + 4);
        }
    }

    /// The sign of several actions: all for sure, none for sure, or some.
    fn sign_of(&self, allowed: usize, able: usize, total: usize) -> Piece {
        let symbols = &self.app.setup().theme.symbols;
        match allowed {
            0 => (Tone::Warning, symbols.maybe.to_owned()),
            _ if allowed == total => (Tone::Good, symbols.yes.to_owned()),
            _ if allowed < able => (Tone::Warning, symbols.some.to_owned()),
            _ => (Tone::Good, symbols.some.to_owned()),
        }
    }
}

impl Columns {
    fn of(services: &[OfService], width: usize) -> Self {
        let widest = |text: &dyn Fn(&OfService) -> String| {
            let widths = services.iter().map(|it| text(it).width());
            widths.max().unwrap_or(0)
        };
        Self {
            name: widest(&|it| it.service.prefix().to_owned()).min(width / 3),
            count: widest(&|it| extent(it.able(), it.total)),
            conditional: widest(&|it| conditional(it.conditional, it.able())),
        }
    }
}

/// The services of which everything is allowed, those together that are allowed alike.
fn alike(services: &[OfService]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(&Arc<May>, Vec<usize>)> = Vec::new();
    for (at, service) in services.iter().enumerate() {
        let Some(may) = &service.whole else { continue };
        match groups.iter_mut().find(|(known, _)| is_alike(known, may)) {
            Some((_, group)) => group.push(at),
            None => groups.push((may, vec![at])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Services in words: those that are left out, where they are few.
fn which(services: &[catalog::Service]) -> String {
    let missing = catalog::services().len() - services.len();
    if missing > BUT {
        return counted(services.len(), "service");
    }
    let others = catalog::services().filter(|it| services.binary_search(it).is_err());
    let others: Vec<_> = others.map(catalog::Service::prefix).collect();
    match others.is_empty() {
        true => "every service".to_owned(),
        false => format!("every service but {}", others.join(", ")),
    }
}

/// How many of so many.
fn extent(able: usize, total: usize) -> String {
    match able == total {
        true if total == 1 => "its only action".to_owned(),
        true => format!("all {} actions", grouped(total)),
        false => format!("{} of {} actions", grouped(able), grouped(total)),
    }
}

/// How many of these hang on conditions; nothing where none does.
fn conditional(conditional: usize, able: usize) -> String {
    match conditional {
        0 => String::new(),
        1 if able == 1 => "conditional".to_owned(),
        _ if conditional == able => "all conditional".to_owned(),
        _ => format!("{} conditional", grouped(conditional)),
    }
}

/// What must be met, behind what it is about.
fn condition(words: &str) -> Option<Piece> {
    (!words.is_empty()).then(|| (Tone::Dim, format!("  {words}")))
}

/// Whether a block is folded, at its depth.
fn marker(is_folded: bool, indent: usize) -> Piece {
    let mark = if is_folded { '+' } else { '-' };
    (Tone::Dim, format!("{:indent$}{mark} ", ""))
}
