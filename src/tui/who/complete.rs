//! What the text fields of the view offer.

mod resources;

use std::sync::{Arc, LazyLock};

use crate::access::Condition;
use crate::catalog::{self, AccessLevel, Action, ConditionKey, KeyType};
use crate::tui::fuzzy;
pub use resources::Resources;

/// The most entries that a field offers.
const MOST: usize = 200;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What stands in the field when it is taken.
    pub text: String,
    /// What is shown, where that is another text.
    pub label: Option<String>,
    /// A word beside it, such as an access level.
    pub kind: String,
    /// What it is.
    pub note: String,
}

impl Completion {
    fn new(text: impl Into<String>, kind: impl Into<String>, note: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            label: None,
            kind: kind.into(),
            note: note.into(),
        }
    }

    /// A key of the context that has a value already.
    pub fn given(text: String) -> Self {
        Self::new(
            text,
            "given",
            "enter changes it; without a value it is taken out",
        )
    }

    /// What is shown.
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.text)
    }
}

/// Every action with its name.
static ACTIONS: LazyLock<Vec<(Action, Box<str>)>> = LazyLock::new(|| {
    let actions = catalog::services().flat_map(|service| service.actions());
    actions
        .map(|action| (action, action.to_string().into_boxed_str()))
        .collect()
});

/// The actions that a half-typed one may become; after `service:@` the access levels.
pub fn actions(part: &str) -> Vec<Completion> {
    let part = part.trim();
    if let Some((service, level)) = part.split_once(":@") {
        return levels(service, level);
    }
    if part.is_empty() {
        return Vec::new();
    }
    if part.contains(['*', '?']) {
        let found = catalog::expand(part);
        let each = found.iter().take(MOST).map(|action| of_action(*action));
        return each.collect();
    }
    let items = ACTIONS.iter().map(|(action, name)| (*action, &**name));
    let (found, _) = fuzzy::best(part, items, MOST);
    found.into_iter().map(of_action).collect()
}

fn of_action(action: Action) -> Completion {
    Completion::new(
        action.to_string(),
        action.access_level().name(),
        action.description(),
    )
}

fn levels(service: &str, level: &str) -> Vec<Completion> {
    let word = |level: AccessLevel| level.name().to_ascii_lowercase().replace(' ', "-");
    let all = AccessLevel::ALL.into_iter();
    let fitting = all.filter(|it| word(*it).starts_with(&level.to_ascii_lowercase()));
    let found = catalog::service(service);
    fitting
        .map(|level| {
            let count = found.map(|service| {
                let actions = service.actions();
                actions.filter(|it| it.access_level() == level).count()
            });
            let note = count.map_or_else(String::new, |count| format!("{count} actions"));
            Completion::new(format!("{service}:@{}", word(level)), level.name(), note)
        })
        .collect()
}

/// Of how many actions the kinds of resources are offered.
const FEW: usize = 20;

/// A condition key that the context can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// What its values are, where the catalogue knows.
    pub key_type: Option<KeyType>,
    /// How it comes here, or what it holds.
    pub note: String,
    /// Whether a policy about this question looks at it.
    pub matters: bool,
    /// Values that policies compare it with.
    pub values: Vec<String>,
}

/// The keys that the context can have, those that matter first.
pub fn keys(conditions: &[Arc<Condition>], actions: &[String]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for condition in conditions {
        // Who asks determines these.
        if condition.is_of_principal() {
            continue;
        }
        let name = condition.key();
        let at = keys
            .iter()
            .position(|it| it.name.eq_ignore_ascii_case(name));
        let at = at.unwrap_or_else(|| {
            keys.push(Key {
                matters: true,
                ..key(name, catalog::condition_key(name))
            });
            keys.len() - 1
        });
        let values = &mut keys[at].values;
        for value in condition.texts() {
            if !values.iter().any(|it| it == value) && !value.contains("${") {
                values.push(value.to_string());
            }
        }
    }
    let first = keys.len();
    let actions = actions
        .iter()
        .take(FEW)
        .filter_map(|it| catalog::action(it));
    let of_actions = actions.flat_map(Action::all_condition_keys);
    for known in of_actions.chain(catalog::global_condition_keys()) {
        let name = known.name();
        if !keys.iter().any(|it| it.name.eq_ignore_ascii_case(name)) {
            keys.push(key(name, Some(known)));
        }
    }
    debug_assert!(keys[first..].iter().all(|it| !it.matters));
    keys
}

fn key(name: &str, known: Option<ConditionKey>) -> Key {
    Key {
        name: name.to_owned(),
        key_type: known.map(ConditionKey::key_type),
        note: known.map_or_else(String::new, |it| it.description().to_owned()),
        matters: false,
        values: Vec::new(),
    }
}

/// The keys, or for `key=` the values, that a half-typed text may become.
pub fn context(text: &str, keys: &[Key]) -> Vec<Completion> {
    let Some((name, value)) = text.split_once('=') else {
        let items = keys.iter().map(|key| (key, key.name.as_str()));
        let (found, _) = fuzzy::best(text.trim(), items, MOST);
        let of_key = |key: &Key| {
            let kind = key.key_type.map_or("", KeyType::name);
            let note = match key.matters {
                true => format!("policies look at it: {}", key.note),
                false => key.note.clone(),
            };
            let note = note.trim_end_matches(": ").to_owned();
            Completion::new(format!("{} = ", key.name), kind, note)
        };
        return found.into_iter().map(of_key).collect();
    };
    let (name, value) = (name.trim(), value.trim());
    let key = keys.iter().find(|it| it.name.eq_ignore_ascii_case(name));
    let found = key.and_then(|it| it.key_type);
    let mut values: Vec<String> = match found.or_else(|| {
        let known = catalog::condition_key(name)?;
        Some(known.key_type())
    }) {
        Some(KeyType::Bool) => vec!["true".into(), "false".into()],
        _ => Vec::new(),
    };
    let known = key.into_iter().flat_map(|it| &it.values);
    for value in known {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    let items = values.iter().map(|it| (it, it.as_str()));
    let (found, _) = fuzzy::best(value, items, MOST);
    let of_value = |value: &String| {
        let note = "";
        Completion::new(format!("{name} = {value}"), "value", note)
    };
    found.into_iter().map(of_value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_typed_action_is_completed_over_the_whole_catalogue() {
        let first = |text: &str| actions(text).first().map(|it| it.text.clone());
        assert_eq!(first("s3:GetObj").as_deref(), Some("s3:GetObject"));
        assert_eq!(first("passrole").as_deref(), Some("iam:PassRole"));
        assert_eq!(first("sts:assumerole").as_deref(), Some("sts:AssumeRole"));
        assert_eq!(actions("zzzzqqq"), []);
        let found = &actions("iam:PassRole")[0];
        assert_eq!(found.kind, "Write");
        assert!(!found.note.is_empty());
    }

    #[test]
    fn patterns_and_levels_say_what_they_stand_for() {
        let found = actions("iam:*LoginProfile");
        assert_eq!(found.len(), 4, "{found:?}");
        let found = actions("s3:@perm");
        assert_eq!(found[0].text, "s3:@permissions-management");
        assert!(found[0].note.ends_with(" actions"), "{found:?}");
    }

    #[test]
    fn the_values_of_a_boolean_are_offered() {
        let keys = keys(&[], &["s3:GetObject".to_owned()]);
        let found = context("aws:SecureTransport = t", &keys);
        assert_eq!(found[0].text, "aws:SecureTransport = true");
        let found = context("existingobj", &keys);
        assert!(
            found[0].text.starts_with("s3:ExistingObjectTag/"),
            "{found:?}"
        );
    }
}
