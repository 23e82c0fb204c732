//! Conditions in words.
//!
//! The rules of missing keys decide the words
//! (`reference_policies_elements_condition_operators`): a plain clause asks for the key, "is not"
//! holds without it as the negated operators do, and what else holds without it says so.

use super::keys::{noun, truth, value_of};
use super::resources::resource;
use super::words::{Room, all, either, visible};
use crate::policy::{Comparison, Condition, Operator, Quantifier, Relation, Statement};

/// A condition in words.
pub(super) struct Clause {
    /// What must hold.
    pub(super) text: String,
    /// What must not hold, where the condition is the exact opposite of a plain clause.
    pub(super) unless: Option<String>,
}

impl Clause {
    fn plain(text: String) -> Self {
        Self { text, unless: None }
    }
}

/// The conditions of a statement, in their order.
pub(super) fn clauses(statement: &Statement, room: &Room) -> Vec<Clause> {
    let vars = statement.has_variables;
    let conditions = statement.conditions.iter();
    conditions.map(|it| clause(it, vars, room)).collect()
}

/// All conditions as the end of a sentence: `, if …` or ` unless …`; counted where the room is
/// too small for them.
pub(super) fn as_suffix(statement: &Statement, room: &Room) -> String {
    let count = statement.conditions.len();
    if count == 0 {
        return String::new();
    }
    if count > room.conditions {
        return counted(statement, room);
    }
    let clauses = clauses(statement, room);
    let unless: Option<Vec<_>> = clauses.iter().map(|it| it.unless.clone()).collect();
    match unless {
        // Not A and not B is: unless A or B.
        Some(unless) => format!(" unless {}", unless.join(", or ")),
        None => {
            let texts: Vec<_> = clauses.into_iter().map(|it| it.text).collect();
            format!(", if {}", texts.join(" and "))
        }
    }
}

/// How many conditions there are, and on which keys.
fn counted(statement: &Statement, room: &Room) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for condition in &statement.conditions {
        let key = condition.key.text.as_str();
        if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            keys.push(key);
        }
    }
    let named = keys.iter().map(|key| visible(key, room.width));
    let named = all(named, "nothing", room);
    match statement.conditions.len() {
        1 => format!(", if a condition on {named} holds"),
        count => format!(", if {count} conditions hold (on {named})"),
    }
}

fn clause(condition: &Condition, vars: bool, room: &Room) -> Clause {
    let key = condition.key.text.as_str();
    let Some(operator) = Operator::parse(&condition.operator.text) else {
        let operator = visible(&condition.operator.text, room.width);
        let key = visible(key, room.width);
        return Clause::plain(format!("{key} meets the unknown operator {operator}"));
    };
    match operator.comparison {
        Comparison::Null => null(condition, room),
        Comparison::Bool if operator.quantifier.is_none() => boolean(condition, operator, room),
        _ => compared(condition, operator, vars, room),
    }
}

fn null(condition: &Condition, room: &Room) -> Clause {
    let subject = noun(&condition.key.text, room.width);
    let is = |text: &str| {
        condition
            .values
            .texts()
            .all(|it| it.eq_ignore_ascii_case(text))
    };
    match condition.values.list.is_empty() {
        false if is("true") => Clause {
            text: format!("{subject} is absent"),
            unless: Some(format!("{subject} is present")),
        },
        false if is("false") => Clause::plain(format!("{subject} is present")),
        _ => {
            let values = condition.values.texts().map(|it| visible(it, room.width));
            let values: Vec<_> = values.collect();
            let values = either(values.into_iter(), "nothing", room);
            Clause::plain(format!("the absence of {subject} is {values}"))
        }
    }
}

fn boolean(condition: &Condition, operator: Operator, room: &Room) -> Clause {
    let key = &condition.key.text;
    let value = match &condition.values.list[..] {
        [value] if value.text.eq_ignore_ascii_case("true") => true,
        [value] if value.text.eq_ignore_ascii_case("false") => false,
        _ => return compared(condition, operator, false, room),
    };
    let says = truth(key, value, room.width);
    if !operator.if_exists {
        return Clause::plain(says);
    }
    if value {
        return Clause::plain(format!("{says} (if known)"));
    }
    // False or absent is the exact opposite of true.
    let opposite = truth(key, true, room.width);
    let text = if key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent") {
        "MFA is not present".to_owned()
    } else {
        format!("{says} (if known)")
    };
    Clause {
        text,
        unless: Some(opposite),
    }
}

fn compared(condition: &Condition, operator: Operator, vars: bool, room: &Room) -> Clause {
    let key = condition.key.text.as_str();
    let negated = operator.comparison.is_negated();
    let words = Values::of(condition, operator.comparison, vars, room);
    let subject = match operator.quantifier {
        None => noun(key, room.width),
        Some(Quantifier::ForAllValues) => format!("every {} (if any)", value_of(key, room.width)),
        Some(Quantifier::ForAnyValue) => format!("some {}", value_of(key, room.width)),
    };
    if operator.quantifier.is_none()
        && let Some(clause) = special(key, &words, operator, negated)
    {
        return clause;
    }
    let is = format!("{subject} {}", words.positive());
    if negated {
        return Clause {
            text: format!("{subject} {}", words.negative()),
            unless: operator.quantifier.is_none().then_some(is),
        };
    }
    // Without a value, ForAllValues holds by itself and ForAnyValue does not.
    let note = if operator.if_exists && operator.quantifier.is_none() {
        " (if present)"
    } else {
        ""
    };
    Clause::plain(is + note)
}

/// The clauses that read better than `the key is …`.
fn special(key: &str, words: &Values<'_>, operator: Operator, negated: bool) -> Option<Clause> {
    let note = if operator.if_exists && !negated {
        " (if known)"
    } else {
        ""
    };
    if key.eq_ignore_ascii_case("aws:SourceIp")
        && matches!(operator.comparison, Comparison::Ip { .. })
    {
        let from = format!("the request comes from {}", words.either());
        let text = if negated {
            format!("the request does not come from {}", words.either())
        } else {
            format!("{from}{note}")
        };
        let unless = negated.then_some(from);
        return Some(Clause { text, unless });
    }
    if key.eq_ignore_ascii_case("token.actions.githubusercontent.com:sub") && !negated {
        let [single] = words.raw[..] else {
            return None;
        };
        let text = github(single, words.like)?;
        return Some(Clause::plain(text + note));
    }
    None
}

/// What a GitHub job's `sub` claim says:
/// <https://docs.github.com/en/actions/reference/security/oidc>
///
/// A wildcard crosses every `:`, so that parts are told apart only where one stands at the very
/// end, if at all.
fn github(sub: &str, like: bool) -> Option<String> {
    let rest = sub.strip_prefix("repo:")?;
    let body = if like {
        rest.strip_suffix('*').unwrap_or(rest)
    } else {
        rest
    };
    let (repo, what) = rest.split_once(':')?;
    if body.contains(['*', '?', '$']) || repo.contains('*') {
        return None;
    }
    let detail = if what == "*" && like {
        return Some(format!("repo is {repo}"));
    } else if let Some(branch) = what.strip_prefix("ref:refs/heads/") {
        named_or_any("branch", branch, like)
    } else if let Some(tag) = what.strip_prefix("ref:refs/tags/") {
        named_or_any("tag", tag, like)
    } else if let Some(environment) = what.strip_prefix("environment:") {
        named_or_any("environment", environment, like)
    } else if what == "pull_request" {
        "it runs for a pull request".to_owned()
    } else {
        return None;
    };
    Some(format!("repo is {repo} and {detail}"))
}

fn named_or_any(what: &str, name: &str, like: bool) -> String {
    if like && name.ends_with('*') {
        format!("{what} matches {name}")
    } else {
        format!("{what} is {name}")
    }
}

/// The values of a condition in words.
struct Values<'a> {
    raw: Vec<&'a str>,
    shown: Vec<String>,
    comparison: Comparison,
    /// Whether one of them is a pattern and is compared as one.
    like: bool,
    room: &'a Room,
}

impl<'a> Values<'a> {
    fn of(condition: &'a Condition, comparison: Comparison, vars: bool, room: &'a Room) -> Self {
        let raw: Vec<_> = condition.values.texts().collect();
        let accepts = matches!(
            comparison,
            Comparison::String { like: true, .. } | Comparison::Arn { .. }
        );
        let like = accepts && raw.iter().any(|text| text.contains(['*', '?']));
        let shown = raw.iter().map(|text| {
            let service = service(&condition.key.text, text);
            service.map_or_else(|| value(text, comparison, vars, room), str::to_owned)
        });
        Self {
            shown: shown.collect(),
            like,
            raw,
            comparison,
            room,
        }
    }

    fn either(&self) -> String {
        either(self.shown.iter().cloned(), "nothing", self.room)
    }

    fn positive(&self) -> String {
        let verb = match (self.comparison, self.like) {
            (_, true) => "matches",
            (Comparison::Ip { .. }, _) => "is in",
            (
                Comparison::String {
                    ignore_case: true, ..
                },
                _,
            ) => "is (in any case)",
            (Comparison::Numeric(relation), _) => match relation {
                Relation::Equal | Relation::NotEqual => "is",
                Relation::Less => "is less than",
                Relation::LessOrEqual => "is at most",
                Relation::Greater => "is more than",
                Relation::GreaterOrEqual => "is at least",
            },
            (Comparison::Date(relation), _) => match relation {
                Relation::Equal | Relation::NotEqual => "is",
                Relation::Less => "is before",
                Relation::LessOrEqual => "is not after",
                Relation::Greater => "is after",
                Relation::GreaterOrEqual => "is not before",
            },
            _ => "is",
        };
        format!("{verb} {}", self.either())
    }

    fn negative(&self) -> String {
        let verb = match self.comparison {
            _ if self.like => "does not match",
            Comparison::Ip { .. } => "is not in",
            Comparison::String {
                ignore_case: true, ..
            } => "is not (in any case)",
            _ => return self.is_not(),
        };
        format!("{verb} {}", self.either())
    }

    fn is_not(&self) -> String {
        match &self.shown[..] {
            [single] => format!("is not {single}"),
            [one, other] if self.room.items > 1 => format!("is neither {one} nor {other}"),
            several => {
                let names = all(several.iter().cloned(), "nothing", self.room);
                format!("is none of {names}")
            }
        }
    }
}

/// The short name of a service principal, where the key is about nothing else.
fn service<'a>(key: &str, text: &'a str) -> Option<&'a str> {
    const ABOUT_SERVICES: [&str; 4] = [
        "iam:PassedToService",
        "iam:AWSServiceName",
        "aws:CalledVia",
        "aws:PrincipalServiceName",
    ];
    let name = text.strip_suffix(".amazonaws.com")?;
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let known = ABOUT_SERVICES.iter().any(|it| it.eq_ignore_ascii_case(key));
    (plain && known && name.len() <= 32).then_some(name)
}

fn value(text: &str, comparison: Comparison, vars: bool, room: &Room) -> String {
    // Variables count in these only (`reference_policies_variables`).
    let replaces = matches!(
        comparison,
        Comparison::String { .. } | Comparison::Arn { .. } | Comparison::Bool
    );
    if vars
        && replaces
        && let Some(key) = variable(text)
    {
        let noun = noun(key, room.width);
        if key.eq_ignore_ascii_case("aws:username") {
            return "the caller's own user name".to_owned();
        }
        // A key without words of its own must not look like a plain text.
        if noun.starts_with("the ") {
            return noun;
        }
    }
    if text.is_empty() {
        return "empty".to_owned();
    }
    // Elsewhere the signs of a pattern are plain characters.
    if matches!(comparison, Comparison::String { like: false, .. }) && text.contains(['*', '?']) {
        return format!("literally {}", visible(text, room.width));
    }
    if matches!(comparison, Comparison::Date(_)) {
        return visible(text.strip_suffix("T00:00:00Z").unwrap_or(text), room.width);
    }
    resource(text, vars && replaces, room.width)
}

/// The key of a text that is one variable and nothing else, without a default.
fn variable(text: &str) -> Option<&str> {
    let key = text.strip_prefix("${")?.strip_suffix('}')?;
    let plain = !key.contains(['{', '}', '$', ',', '*', '?']) && key.contains(':');
    plain.then(|| key.trim())
}
