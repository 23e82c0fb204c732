//! Which statements are about an action.
//!
//! A pattern that stands in a thousand statements is looked at once a question. Most name one
//! action and are found by it; those with wildcards are tried, by service where that is written
//! out.

use compact_str::CompactString;

use super::Map;
use super::grouped::Grouped;
use crate::policy::Glob;

/// The patterns of `Action` and `NotAction` elements, and the statements that have them.
#[derive(Debug, Default)]
pub(super) struct Actions {
    /// By pattern, in lower case.
    ids: Map<CompactString, u32>,
    /// Those with wildcards in the name of the action alone, by service.
    by_service: Map<CompactString, Vec<(u32, Glob)>>,
    /// Those with wildcards before that.
    anywhere: Vec<(u32, Glob)>,
    /// The statements, by pattern.
    statements: Grouped<u32>,
    /// The statements with `NotAction`, each with the range of its patterns in `excepted`.
    negated: Vec<(u32, u32, u32)>,
    excepted: Vec<u32>,
}

/// Takes in one statement after the other.
#[derive(Debug, Default)]
pub(super) struct Builder {
    actions: Actions,
    /// Patterns, and beside each a statement that has it.
    patterns: Vec<u32>,
    statements: Vec<u32>,
}

impl Builder {
    /// Takes in the patterns of a statement.
    pub(super) fn add<'t>(
        &mut self,
        statement: u32,
        is_negated: bool,
        patterns: impl Iterator<Item = &'t str>,
    ) {
        let first = self.actions.excepted.len() as u32;
        for pattern in patterns {
            let id = self.id(pattern);
            if is_negated {
                self.actions.excepted.push(id);
            } else {
                self.patterns.push(id);
                self.statements.push(statement);
            }
        }
        if is_negated {
            let end = self.actions.excepted.len() as u32;
            self.actions.negated.push((statement, first, end));
        }
    }

    fn id(&mut self, pattern: &str) -> u32 {
        let mut lower = CompactString::from(pattern);
        lower.make_ascii_lowercase();
        if let Some(id) = self.actions.ids.get(&lower) {
            return *id;
        }
        let id = self.actions.ids.len() as u32;
        if lower.contains(['*', '?']) {
            let glob = Glob::new(&lower);
            match lower.split_once(':') {
                Some((service, _)) if !service.contains(['*', '?']) => {
                    let list = self.actions.by_service.entry(service.into());
                    list.or_default().push((id, glob));
                }
                _ => self.actions.anywhere.push((id, glob)),
            }
        }
        self.actions.ids.insert(lower, id);
        id
    }

    /// Sorts the statements by their patterns.
    pub(super) fn finish(self) -> Actions {
        let mut actions = self.actions;
        let statements = self.statements.into_iter();
        actions.statements = Grouped::new(actions.ids.len(), &self.patterns, statements);
        actions
    }
}

impl Actions {
    /// Calls `found` with every statement about an action, which must be in lower case; with some
    /// of them more than once.
    pub(super) fn about(&self, action: &str, found: impl FnMut(u32)) {
        let service = action.split(':').next().unwrap_or_default();
        self.of_service(service).about(action, found);
    }

    /// What there is about the actions of a service, in lower case: for going through all of them.
    pub(super) fn of_service(&self, service: &str) -> OfService<'_> {
        let wild = self.by_service.get(service);
        OfService {
            actions: self,
            wild: wild.map_or(&[], Vec::as_slice),
            hits: Vec::new(),
        }
    }

    /// Whether there is a pattern that can match actions of any service.
    pub(super) fn is_wide(&self) -> bool {
        !self.anywhere.is_empty() || !self.negated.is_empty()
    }

    /// The services that the patterns name, in lower case.
    pub(super) fn services(&self) -> impl Iterator<Item = &str> {
        let named = self
            .ids
            .keys()
            .filter_map(|pattern| pattern.split_once(':'));
        named.map(|(service, _)| service)
    }
}

/// What there is about the actions of one service.
pub(super) struct OfService<'a> {
    actions: &'a Actions,
    wild: &'a [(u32, Glob)],
    hits: Vec<u32>,
}

impl OfService<'_> {
    /// Calls `found` with every statement about an action of the service, in lower case; with
    /// some of them more than once.
    pub(super) fn about(&mut self, action: &str, mut found: impl FnMut(u32)) {
        let actions = self.actions;
        let wild = self.wild.iter().chain(&actions.anywhere);
        let wild = wild.filter(|(_, glob)| glob.matches(action));
        let exact = actions.ids.get(action).copied();
        self.hits.clear();
        self.hits
            .extend(exact.into_iter().chain(wild.map(|(id, _)| *id)));
        for id in &self.hits {
            let statements = actions.statements.of(*id);
            statements.iter().copied().for_each(&mut found);
        }
        for (statement, first, end) in &actions.negated {
            let excepted = &actions.excepted[*first as usize..*end as usize];
            if !excepted.iter().any(|id| self.hits.contains(id)) {
                found(*statement);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_found_by_action() {
        let mut builder = Builder::default();
        let lists: [(bool, &[&str]); 7] = [
            (false, &["s3:GetObject", "sqs:*"]),
            (false, &["S3:Get*", "s3:getobject"]),
            (false, &["*"]),
            (false, &["s?:*"]),
            (true, &["s3:Get*", "iam:*"]),
            (true, &["iam:*"]),
            (false, &[]),
        ];
        for (statement, (is_negated, list)) in lists.iter().enumerate() {
            builder.add(statement as u32, *is_negated, list.iter().copied());
        }
        let actions = builder.finish();
        let about = |action: &str| {
            let mut found = Vec::new();
            actions.about(action, |it| found.push(it));
            found.sort_unstable();
            found.dedup();
            found
        };
        assert_eq!(about("s3:getobject"), [0, 1, 2, 3, 5]);
        assert_eq!(about("s3:putobject"), [2, 3, 4, 5]);
        assert_eq!(about("sqs:sendmessage"), [0, 2, 4, 5]);
        assert_eq!(about("iam:getuser"), [2]);
        assert_eq!(about("unheard:of"), [2, 4, 5]);
    }
}
