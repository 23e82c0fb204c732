//! What the field of the resource offers: patterns of what the actions work on, what was asked
//! about before, and every resource that the account or its policies name.

use crate::catalog;
use crate::iam::{Account, Kind};
use crate::tui::fuzzy;

use super::{Completion, FEW, MOST};

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

/// Something that may be offered, as it stands where it comes from: they are many.
#[derive(Clone, Copy)]
enum Candidate<'c> {
    Made(&'c Completion),
    Known {
        text: &'c str,
        kind: &'static str,
        note: &'static str,
    },
}

impl<'c> Candidate<'c> {
    fn known(text: &'c str, kind: &'static str, note: &'static str) -> Self {
        Self::Known { text, kind, note }
    }

    fn label(self) -> &'c str {
        match self {
            Self::Made(completion) => completion.label(),
            Self::Known { text, .. } => text,
        }
    }

    fn completion(self) -> Completion {
        match self {
            Self::Made(completion) => completion.clone(),
            Self::Known { text, kind, note } => Completion::new(text, kind, note),
        }
    }
}

impl Resources<'_> {
    /// The resources that a half-typed one may become.
    pub fn complete(&self, text: &str) -> Vec<Completion> {
        let templates = self.templates();
        let made = self.made(&templates);
        let forms: Vec<Form> = templates
            .iter()
            .filter_map(|(it, _)| Form::of(it))
            .collect();
        // They are many, and none is there twice.
        let account = Kind::ALL.into_iter().flat_map(|kind| {
            let all = 0..self.account.count(kind);
            let arns = all.filter_map(move |at| arn(self.account, kind, at));
            arns.map(move |arn| Candidate::known(arn, kind.as_str(), ""))
        });
        let with_policy = self.account.resource_policies.keys();
        let with_policy = with_policy.map(|arn| Candidate::known(arn, "resource", "has a policy"));
        let named = self.named.iter();
        let named = named.map(|text| Candidate::known(text, "in policies", ""));
        let known = account.chain(with_policy).chain(named);
        let known = known.filter(|it| templates.is_empty() || is_any(&forms, it.label()));
        let all = made.iter().map(Candidate::Made).chain(known);
        let (found, _) = fuzzy::best(text.trim(), all.map(|it| (it, it.label())), MOST);
        found.into_iter().map(Candidate::completion).collect()
    }

    /// What stands before what is known: any resource, what was asked about, and patterns.
    fn made(&self, templates: &[(String, String)]) -> Vec<Completion> {
        let any = Completion::new("*", "any", "any resource");
        let recent = self.recent.iter();
        let recent = recent.map(|text| Completion::new(text, "recent", ""));
        let patterns = templates.iter().map(|(pattern, kind)| Completion {
            label: Some(pattern.clone()),
            ..Completion::new(filled(pattern), "pattern", kind)
        });
        let mut all: Vec<Completion> = Vec::new();
        for completion in [any].into_iter().chain(recent).chain(patterns) {
            if !all.iter().any(|it| it.text == completion.text) {
                all.push(completion);
            }
        }
        all
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

fn arn(account: &Account, kind: Kind, at: usize) -> Option<&str> {
    Some(match kind {
        Kind::User => &account.users().get(at)?.arn,
        Kind::Group => &account.groups().get(at)?.arn,
        Kind::Role => &account.roles().get(at)?.arn,
        Kind::Policy => &account.policies().get(at)?.arn,
    })
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

/// How the ARN of a kind of resource looks: its service, and how the resource begins. Region and
/// account may be anything in a policy; the kind of resource stands after them.
struct Form<'p> {
    service: &'p str,
    beginning: &'p str,
}

impl<'p> Form<'p> {
    fn of(pattern: &'p str) -> Option<Self> {
        let (service, resource) = ends(pattern)?;
        let end = resource.find("${").unwrap_or(resource.len());
        Some(Self {
            service,
            beginning: &resource[..end],
        })
    }
}

/// Whether an ARN may be of a resource that looks like one of these.
fn is_any(forms: &[Form<'_>], arn: &str) -> bool {
    let Some((service, resource)) = ends(arn) else {
        return false;
    };
    let fits = |form: &Form<'_>| {
        (service == form.service || service == "*")
            && (resource.starts_with(form.beginning) || resource.starts_with('*'))
    };
    forms.iter().any(fits)
}

/// The service and the resource of an ARN: the third of its parts and all after the fifth.
fn ends(arn: &str) -> Option<(&str, &str)> {
    let mut colons = arn.bytes().enumerate().filter(|(_, byte)| *byte == b':');
    let mut next = || colons.next().map(|(at, _)| at);
    let (_, before, after) = (next()?, next()?, next()?);
    let (_, last) = (next()?, next()?);
    Some((&arn[before + 1..after], &arn[last + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_its_resources_alone() {
        let role = "arn:aws:iam::111122223333:role/${RoleNameWithPath}";
        let forms = [Form::of(role).unwrap()];
        assert!(is_any(&forms, "arn:aws:iam::111122223333:role/a/b"));
        assert!(is_any(&forms, "arn:aws:iam::*:role/*"));
        assert!(is_any(&forms, "arn:aws:iam::111122223333:*"));
        assert!(!is_any(&forms, "arn:aws:iam::111122223333:user/a"));
        assert!(!is_any(&forms, "arn:aws:s3:::b"));
        assert!(!is_any(&forms, "arn:aws:iam::role/a"));
        assert!(!is_any(&forms, "*"));
        assert_eq!(
            filled("arn:aws:s3:::${BucketName}/${ObjectName}"),
            "arn:aws:s3:::*/*"
        );
    }
}
