//! The organisation and the policies of resources, as odd as can be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Random, TEXTS, parse, written};
use crate::iam::{Account, Level, NamedPolicy, Organization};
use crate::policy::PolicyText;

/// The texts that may be policies: those that begin with a brace.
fn texts() -> Vec<&'static str> {
    let texts = TEXTS.iter().copied();
    texts
        .filter(|it| it.trim_start().starts_with('{'))
        .collect()
}

impl Random {
    fn policy_text(&mut self) -> Arc<PolicyText> {
        let texts = texts();
        Arc::new(PolicyText::new(texts[self.below(texts.len())]))
    }

    fn named(&mut self) -> Vec<NamedPolicy> {
        self.list(|r, _| NamedPolicy {
            name: r.name().to_owned(),
            text: r.policy_text(),
        })
    }

    pub(super) fn organization(&mut self) -> Organization {
        let has_scps = self.below(2) == 0;
        let levels = (0..=self.below(3)).map(|_| Level {
            name: self.name().to_owned(),
            scps: has_scps.then(|| self.named()),
            rcps: self.named(),
        });
        Organization {
            levels: levels.collect(),
            id: self.perhaps(|r| r.name().to_owned()),
            management_account: self.perhaps(|r| r.name().to_owned()),
        }
    }

    pub(super) fn resource_policies(&mut self) -> BTreeMap<Arc<str>, Arc<PolicyText>> {
        let list = self.list(|r, i| {
            let arn = format!("arn:aws-cn:s3:::{}{i}", r.name());
            (arn.into(), r.policy_text())
        });
        list.into_iter().collect()
    }
}

#[test]
fn every_text_survives_and_stands_once() {
    let texts = texts();
    assert!(texts.len() > 10, "{texts:?}");
    for text in texts {
        let text = Arc::new(PolicyText::new(text));
        let mut account = Account::default();
        account
            .resource_policies
            .insert("arn:aws:s3:::b".into(), text.clone());
        let policy = NamedPolicy {
            name: "p".to_owned(),
            text: text.clone(),
        };
        let level = Level {
            rcps: vec![policy],
            ..Level::default()
        };
        account.organization = Some(Organization {
            levels: vec![level],
            ..Organization::default()
        });
        let json = written(&account);
        let back = parse(&json);
        assert_eq!(back.organization, account.organization, "{text:?}");
        assert_eq!(
            back.resource_policies, account.resource_policies,
            "{text:?}"
        );
        assert!(!json.contains("\"Texts\""), "{json}");
        let shared = &back.organization.unwrap().levels[0].rcps[0].text;
        assert!(Arc::ptr_eq(
            shared,
            &back.resource_policies["arn:aws:s3:::b"]
        ));
    }
}

#[test]
fn an_account_without_them_says_nothing_of_them() {
    let json = written(&Account::default());
    assert!(
        !json.contains("Organization") && !json.contains("ResourcePolicies"),
        "{json}"
    );
    let account = parse(r#"{"Iamscope": {"Format": 1, "Organization": null}}"#);
    assert_eq!(account.organization, None);
}

#[test]
fn objects_are_put_into_canonical_form_and_strings_stay() {
    let account = parse(
        r#"{"Iamscope": {"Format": 1, "ResourcePolicies": {
            "arn:aws:s3:::a": { "a" : "\u00e9" },
            "arn:aws:s3:::b": "{ \"a\" : \"\\u00e9\" }",
            "arn:aws:s3:::c": "%7B%22a%22%3A%22%C3%A9%22%7D"}}}"#,
    );
    let texts = account.resource_policies.values();
    let texts: Vec<&str> = texts.map(|text| text.as_str()).collect();
    assert_eq!(
        texts,
        ["{\"a\":\"é\"}", r#"{ "a" : "\u00e9" }"#, "{\"a\":\"é\"}"]
    );
}
