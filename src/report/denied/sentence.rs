//! The sentence that messages have in common: `User: … is not authorized to perform: … on
//! resource: … because no … policy allows the … action`, or `… with an explicit deny in a …`.
//!
//! Where a line break stands within an ARN or a word, the words that must follow tell: what lies
//! between two parts of the sentence is one value, however it is broken.

use super::text::Text;
use super::{Denied, PolicyKind, Reason};
use crate::catalog;

const CORE: &str = "not authorized to perform";

/// How far a part of a sentence may be from the part before. No ARN is longer than 2048 signs, and
/// no key of S3 longer than 1024.
const NEAR: usize = 4096;

/// What may come after a value.
const AFTER_ACTION: [&str; 4] = [
    "on resource",
    "on the resource",
    "on the following",
    "on this",
];
const REASONS: [&str; 5] = [
    "because no ",
    "because the ",
    "with an explicit deny",
    "due to an explicit deny",
    "as no ",
];
const TRAILERS: [&str; 9] = [
    "(Service:",
    "(RequestToken",
    "(service:",
    "Encoded authorization",
    "status code:",
    "request id:",
    "\", \"",
    "\",\"",
    "at com.",
];

/// Reads the first sentence of a text; says so where others tell of something else.
pub(super) fn read(text: &Text) -> Denied {
    let mut found: Vec<Denied> = Vec::new();
    let mut nameless = None;
    let mut from = 0;
    // A log may have thousands of them, and the first is what is explained.
    const MOST: usize = 20;
    while let Some(core) = text.find(CORE, from)
        && found.len() < MOST
    {
        let next = text.find(CORE, core.end).map_or(usize::MAX, |it| it.start);
        let end = next.min(core.end + NEAR).min(text.as_str().len());
        let end = (core.end..=end)
            .rev()
            .find(|at| text.as_str().is_char_boundary(*at));
        let one = Sentence {
            text,
            end: end.unwrap_or(core.end),
        };
        let one = one.read(core.start, core.end, from);
        if one.action.is_none() {
            nameless.get_or_insert(one);
        } else if !found.contains(&one) {
            found.push(one);
        }
        from = core.end;
    }
    let others = found.len().saturating_sub(1);
    // Some services put `null` for the action; who asked is worth something even so.
    let mut first = found.into_iter().next().or(nameless).unwrap_or_default();
    if others > 0 {
        let others = match others {
            1 => "another denial".to_owned(),
            others => format!("{others} other denials"),
        };
        let note = format!("the text tells of {others}, too: only the first is explained");
        first.notes.push(note);
    }
    first
}

/// A sentence with the place where it ends at the latest.
struct Sentence<'t> {
    text: &'t Text,
    end: usize,
}

impl Sentence<'_> {
    /// Reads the sentence whose middle stands at `core..after`; what comes before begins at `from`.
    fn read(&self, core: usize, after: usize, from: usize) -> Denied {
        let principal = self.principal(core, from);
        let (action, at) = self.action(after);
        let (resource, at) = self.resource(at);
        Denied {
            principal,
            action,
            resource,
            reason: self.reason(at),
            ..Denied::default()
        }
    }

    /// What stands between `User:` and `is not authorized`.
    fn principal(&self, core: usize, from: usize) -> Option<String> {
        let from = from.max(core.saturating_sub(NEAR));
        let near = self.text.find_last("is", core.saturating_sub(8)..core);
        let before = near.map_or(core, |it| it.start);
        let before = match self.text.end_of("is not", before) {
            Some(_) => before,
            None => core,
        };
        let value = match self.text.find_last("User:", from..before) {
            Some(user) => {
                let value = self.text.slice(user.end..before);
                value.split_whitespace().collect::<String>()
            }
            // Some messages begin with the ARN itself.
            None => {
                let words = self.text.slice(from..before);
                let last = words.split_whitespace().next_back()?;
                last.starts_with("arn:").then(|| last.to_owned())?
            }
        };
        let value = value.trim_matches(['"', '\'', '`', '[', ']']);
        match value {
            "" => None,
            "anonymous" | "Anonymous" | "ANONYMOUS" => Some("*".to_owned()),
            value => Some(value.to_owned()),
        }
    }

    /// The action from `at` on, and where it ends.
    fn action(&self, at: usize) -> (Option<String>, usize) {
        let all = self.text.slice(at..self.end);
        let lead = [":", "[", "\"", "'", "`", " ", "\n"];
        let mut rest = all;
        loop {
            let shorter = lead.iter().find_map(|it| rest.strip_prefix(it));
            let shorter = shorter.or_else(|| rest.strip_prefix("the "));
            let shorter = shorter.or_else(|| rest.strip_prefix("action "));
            match shorter {
                Some(shorter) => rest = shorter,
                None => break,
            }
        }
        let mut value = String::new();
        let mut end = at + (all.len() - rest.len());
        for _ in 0..4 {
            let rest = self.text.slice(end..self.end);
            let is_part = |c: char| c.is_ascii_alphanumeric() || "-_:*".contains(c);
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(length);
            value.push_str(word);
            end += length;
            // A line break may stand within the name: the rest of it stands on the next line.
            if !after.starts_with('\n') || self.is_follower(end) || !wants_more(&value, after) {
                break;
            }
            end += 1;
        }
        let value = value.trim_end_matches(':');
        let is_action = value.split_once(':').is_some_and(|(service, name)| {
            !service.is_empty() && !name.is_empty() && !name.contains(':')
        });
        (is_action.then(|| value.to_owned()), end)
    }

    fn is_follower(&self, at: usize) -> bool {
        self.text.has_any(&AFTER_ACTION, at)
            || self.text.has_any(&REASONS, at)
            || self.text.has_any(&TRAILERS, at)
    }

    /// The resource from `at` on, and where it ends.
    fn resource(&self, at: usize) -> (Option<String>, usize) {
        let gap = self.text.slice(at..self.end);
        let skipped = gap.len()
            - gap
                .trim_start_matches([']', '"', '\'', '`', ' ', '\n'])
                .len();
        let at = at + skipped;
        const LEADS: [&str; 5] = [
            "on the following resources:",
            "on the following resource:",
            "on resources:",
            "on the resource",
            "on resource",
        ];
        let lead = LEADS.iter().find_map(|lead| self.text.end_of(lead, at));
        let bare = || {
            let end = self.text.end_of("on", at)?;
            let is_arn = self.text.has_any(&["arn:", "\"arn:", ": arn:"], end);
            is_arn.then_some(end)
        };
        let Some(start) = lead.or_else(bare) else {
            return (None, at);
        };
        let rest = self.text.slice(start..self.end);
        let value = rest.trim_start_matches([':', ' ', '\n', '[']);
        let start = start + (rest.len() - value.len());
        if let Some(quoted) = value.strip_prefix('"')
            && let Some((inside, _)) = quoted.split_once('"')
        {
            return (tidy(inside), start + inside.len() + 2);
        }
        let value = value.strip_prefix('"').unwrap_or(value);
        let start = self.end - value.len();
        let end = self.end_of_resource(start, value);
        (tidy(self.text.slice(start..end)), end)
    }

    /// Where a resource ends that no quotes enclose: before the reason, or with the word.
    fn end_of_resource(&self, start: usize, value: &str) -> usize {
        let find = |phrase: &&str| self.text.find_within(phrase, start..self.end);
        let reason = REASONS.iter().filter_map(find).map(|it| it.start).min();
        let trailer = TRAILERS.iter().filter_map(find).map(|it| it.start).min();
        let between = |end: usize| self.text.slice(start..end);
        // A sentence that ends before is another's reason.
        let is_one = |end: usize| !between(end).contains(". ");
        match (reason, trailer) {
            (Some(reason), Some(trailer)) if trailer < reason && is_one(trailer) => trailer,
            (Some(reason), _) if is_one(reason) => reason,
            (None, Some(trailer)) if !between(trailer).trim_end().contains(' ') => trailer,
            _ => {
                let mut words = value.split_inclusive([' ', '\n']);
                let first = words.next().unwrap_or_default();
                let named = is_kind(first.trim()).then(|| words.next().unwrap_or_default());
                start + first.len() + named.map_or(0, str::len)
            }
        }
    }

    /// Why, from `at` on.
    fn reason(&self, at: usize) -> Option<Reason> {
        let find = |phrase| {
            let found = self.text.find_within(phrase, at..self.end);
            found.map(|place| place.end)
        };
        if let Some(end) = find("explicit deny") {
            let articles = ["in an ", "in a ", "in the ", "in one of "];
            let kind = articles.iter().find_map(|it| self.text.end_of(it, end));
            let kind = kind.and_then(|at| self.kind(at));
            let policy = kind.and_then(|(_, end)| self.policy(end));
            return Some(Reason {
                is_explicit: true,
                kind: kind.map(|(kind, _)| kind),
                policy,
            });
        }
        let end = find("because no ").or_else(|| find("as no "))?;
        let (kind, _) = self.kind(end)?;
        Some(Reason {
            is_explicit: false,
            kind: Some(kind),
            policy: None,
        })
    }

    fn kind(&self, at: usize) -> Option<(PolicyKind, usize)> {
        PolicyKind::ALL.into_iter().find_map(|(kind, name)| {
            let many = name.strip_suffix('y').map(|stem| format!("{stem}ies"));
            let end = self.text.end_of(name, at);
            let end = end.or_else(|| self.text.end_of(&many?, at))?;
            Some((kind, end))
        })
    }

    /// The ARN or name that newer messages have after the kind of a policy that denies.
    fn policy(&self, at: usize) -> Option<String> {
        let rest = self.text.slice(at..self.end).strip_prefix(':')?;
        let word = rest.split_whitespace().next()?;
        let word = word.split(['"', ')', '}', '(']).next()?;
        let word = word.trim_end_matches(['.', ',', ';']);
        (!word.is_empty()).then(|| word.to_owned())
    }
}

/// Whether a name that a line break ends goes on after it.
fn wants_more(value: &str, after: &str) -> bool {
    let next = after.trim_start();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-:*".contains(c);
    let length = next.find(|c| !is_name(c)).unwrap_or(next.len());
    let joined = format!("{value}{}", &next[..length]);
    catalog::action(&joined).is_some() || value.is_empty() || catalog::action(value).is_none()
}

/// Whether a word is what IAM calls a kind of its resources by, before their names.
fn is_kind(word: &str) -> bool {
    matches!(word, "role" | "user" | "group" | "policy")
}

/// A resource without what breaks and ends it; nothing where nothing is left.
fn tidy(value: &str) -> Option<String> {
    let value = value.trim();
    let value = match value.split_once(['\n', ' ']) {
        Some((kind, name)) if is_kind(kind) => {
            format!("{kind} {}", name.split_whitespace().collect::<String>())
        }
        _ => value.replace('\n', ""),
    };
    let value = value.trim_matches(['"', '\'', '`', ']', '[', ' ']);
    let value = value.trim_end_matches(['.', ',', ';', ')', '}', '"']);
    (!value.is_empty()).then(|| value.to_owned())
}

/// The part that only AWS can decode.
pub(super) fn encoded(text: &Text) -> Option<String> {
    let lead = text.find("Encoded authorization failure message:", 0);
    let Some(lead) = lead else {
        return whole(text);
    };
    let rest = text.slice(lead.end..text.as_str().len());
    let mut out = String::new();
    for line in rest.trim_start().lines() {
        let word = line.split(' ').next().unwrap_or_default();
        let word = word.trim_end_matches(['.', ',', '"', '}', ')', '\'']);
        if !is_encoded(word) {
            break;
        }
        let is_alone = word.len() == line.trim_end_matches(['.', ',', '"', '}', ')']).len();
        if !out.is_empty() && !is_alone {
            break;
        }
        out.push_str(word);
        if !is_alone {
            break;
        }
    }
    (!out.is_empty()).then_some(out)
}

/// A text that is nothing but an encoded message.
fn whole(text: &Text) -> Option<String> {
    const SHORTEST: usize = 100;
    let joined: String = text.as_str().split_whitespace().collect();
    (joined.len() >= SHORTEST && is_encoded(&joined)).then_some(joined)
}

fn is_encoded(word: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte);
    !word.is_empty() && word.bytes().all(is_sign)
}
