//! What the text fields of the view offer.

use std::sync::{Arc, LazyLock};

use crate::access::Condition;
use crate::catalog::{self, AccessLevel, Action, ConditionKey, KeyType};
use crate::iam::{Account, Kind};
use crate::tui::fuzzy;

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

/// What the resources are completed from.
#[derive(Debug, Clone, Copy)]
pub struct Resources<'a> {
    /// The account.
    pub account: &'a Account,
    /// The actions that are asked about.
    pub actions: &'a [String],
    /// What the account's policies name.
    pub named: &'a [String],
    /// What was asked about before, the latest first.
    pub recent: &'a [String],
}

impl Resources<'_> {
    /// The resources that a half-typed one may become.
    pub fn complete(&self, text: &str) -> Vec<Completion> {
        let mut all: Vec<Completion> = Vec::new();
        let mut add = |completion: Completion| {
            if !all.iter().any(|it| it.text == completion.text) {
                all.push(completion);
            }
        };
        add(Completion::new("*", "any", "any resource"));
        let recent = self.recent.iter();
        recent.for_each(|text| add(Completion::new(text, "recent", "")));
        let templates = self.templates();
        for (pattern, kind) in &templates {
            let mut completion = Completion::new(filled(pattern), "pattern", kind);
            completion.label = Some(pattern.clone());
            add(completion);
        }
        let patterns: Vec<&str> = templates.iter().map(|(it, _)| it.as_str()).collect();
        let fits = |arn: &str| patterns.is_empty() || patterns.iter().any(|it| is_like(it, arn));
        // They are many, and none is there twice.
        let mut rest = Vec::new();
        for kind in Kind::ALL {
            let arns = (0..self.account.count(kind)).filter_map(|at| arn(self.account, kind, at));
            let arns = arns.filter(|arn| fits(arn));
            rest.extend(arns.map(|arn| Completion::new(arn, kind.as_str(), "")));
        }
        let with_policy = self.account.resource_policies.keys();
        let with_policy = with_policy.filter(|arn| fits(arn));
        rest.extend(with_policy.map(|arn| Completion::new(&**arn, "resource", "has a policy")));
        let named = self.named.iter().filter(|text| fits(text));
        rest.extend(named.map(|text| Completion::new(text, "in policies", "")));
        let items = all.iter().chain(&rest);
        let items = items.map(|completion| (completion, completion.label()));
        let (found, _) = fuzzy::best(text.trim(), items, MOST);
        found.into_iter().cloned().collect()
    }

    /// How the ARNs of the resources look that the actions work on, with the account filled in, and
    /// what they are.
    fn templates(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let actions = self.actions.iter().take(FEW);
        let actions = actions.filter_map(|name| catalog::action(name));
        for resource in actions.flat_map(|action| action.resource_types()) {
            let kind = resource.resource_type();
            let pattern = kind.arn_pattern();
            let pattern = pattern.replace("${Partition}", self.account.partition.as_str());
            let pattern = match &self.account.id {
                Some(id) => pattern.replace("${Account}", id),
                None => pattern,
            };
            if !found.iter().any(|(it, _)| *it == pattern) {
                found.push((pattern, kind.name().to_owned()));
            }
        }
        found
    }
}

/// Of how many actions the kinds of resources are offered.
const FEW: usize = 20;

fn arn(account: &Account, kind: Kind, at: usize) -> Option<String> {
    Some(account.reference(kind, at)?.arn.to_string())
}

/// A pattern with `*` in place of what is to be filled in.
fn filled(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(start) = rest.find("${") {
        let end = rest[start..]
            .find('}')
            .map_or(rest.len(), |end| start + end + 1);
        out.push_str(&rest[..start]);
        out.push('*');
        rest = &rest[end..];
    }
    out + rest
}

/// Whether an ARN may be of a resource that looks so: service and kind of resource are the same.
fn is_like(pattern: &str, arn: &str) -> bool {
    let beginning = |text: &str| {
        let end = text.find("${").unwrap_or(text.len());
        text[..end].to_owned()
    };
    // Region and account may be anything in a policy; the kind of resource stands after them.
    let mut patterns = pattern.splitn(6, ':');
    let mut arns = arn.splitn(6, ':');
    for at in 0..6 {
        let (Some(pattern), Some(part)) = (patterns.next(), arns.next()) else {
            return false;
        };
        let fits = match at {
            2 => part == pattern || part == "*",
            5 => part.starts_with(&beginning(pattern)) || part.starts_with('*'),
            _ => true,
        };
        if !fits {
            return false;
        }
    }
    true
}

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
    fn a_pattern_fits_its_resources_alone() {
        let role = "arn:aws:iam::111122223333:role/${RoleNameWithPath}";
        assert!(is_like(role, "arn:aws:iam::111122223333:role/a/b"));
        assert!(is_like(role, "arn:aws:iam::*:role/*"));
        assert!(!is_like(role, "arn:aws:iam::111122223333:user/a"));
        assert!(!is_like(role, "arn:aws:s3:::b"));
        assert!(!is_like(role, "*"));
        assert_eq!(
            filled("arn:aws:s3:::${BucketName}/${ObjectName}"),
            "arn:aws:s3:::*/*"
        );
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
