//! Who may assume a role, as its trust policy says.

use super::sentence::conditions_in_words;
use super::{Document, Effect, Glob, Principals, Statement, Trustee, Value, Values};

/// One principal of one statement of a trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustEntry {
    /// The statement's effect; none where it has none that is valid.
    pub effect: Option<Effect>,
    /// Which statement, from zero.
    pub statement: usize,
    /// Who.
    pub who: Trustee,
    /// Whether the statement is for everyone *but* this principal (`NotPrincipal`).
    pub is_excepted: bool,
    /// The principal as written, with its place.
    pub value: Value,
    /// What must hold, in words: all of these.
    pub conditions: Vec<String>,
    /// The actions as written; of a `NotAction` with `not ` before each.
    pub actions: Vec<String>,
    /// Whether assuming the role is among the actions.
    pub assumes: bool,
}

impl TrustEntry {
    /// Whether it lets someone assume the role, conditions aside. `NotPrincipal` with Allow never
    /// does (`reference_policies_elements_notprincipal`).
    pub fn is_allow(&self) -> bool {
        self.effect == Some(Effect::Allow) && self.assumes && !self.is_excepted
    }
}

/// Every principal that a trust policy names, in its order.
pub fn trust_entries(document: &Document) -> Vec<TrustEntry> {
    let mut entries = Vec::new();
    for (index, statement) in document.statements.iter().enumerate() {
        let conditions = conditions_in_words(statement);
        let actions = actions(statement);
        let assumes = assumes(statement);
        let named = named(&statement.principal, false);
        for (principal, is_excepted) in named.chain(self::named(&statement.not_principal, true)) {
            entries.push(TrustEntry {
                effect: statement.effect,
                statement: index,
                who: Trustee::of(principal),
                is_excepted,
                value: principal.value.clone(),
                conditions: conditions.clone(),
                actions: actions.clone(),
                assumes,
            });
        }
    }
    entries
}

fn named(
    principals: &Option<Principals>,
    is_excepted: bool,
) -> impl Iterator<Item = (&super::Principal, bool)> {
    let list = principals.iter().flat_map(|principals| &principals.list);
    list.map(move |principal| (principal, is_excepted))
}

/// Who may assume, for a column: `OIDC github`, `glue`, `this account`, `anyone !`, `3 services`.
///
/// Denies are left out: what they take away is no single word. `!` marks a role that anyone may
/// assume without a condition, `~` one that anyone may assume under some.
pub fn trust_summary(document: &Document, own_account: Option<&str>) -> String {
    let entries = trust_entries(document);
    let mut trusted: Vec<&TrustEntry> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_allow()) {
        if entry.who == Trustee::Anyone {
            return anyone(&entries);
        }
        if !trusted.iter().any(|earlier| earlier.who == entry.who) {
            trusted.push(entry);
        }
    }
    match &trusted[..] {
        [] if document.faults.is_empty() => "nobody".to_owned(),
        [] => "unreadable".to_owned(),
        [one] => one.who.label(own_account),
        several => many(several, own_account),
    }
}

fn anyone(entries: &[TrustEntry]) -> String {
    let is_free = |entry: &TrustEntry| {
        entry.is_allow() && entry.who == Trustee::Anyone && entry.conditions.is_empty()
    };
    let sign = if entries.iter().any(is_free) {
        '!'
    } else {
        '~'
    };
    format!("anyone {sign}")
}

/// Two by name where both are short, more by kind, and mixed kinds by the first one.
fn many(trusted: &[&TrustEntry], own_account: Option<&str>) -> String {
    const WIDEST: usize = 24;
    let labels = trusted.iter().map(|entry| entry.who.label(own_account));
    let labels: Vec<_> = labels.collect();
    let joined = labels.join(", ");
    if labels.len() == 2 && joined.chars().count() <= WIDEST {
        return joined;
    }
    let count = trusted.len();
    let kind = trusted[0].who.plural();
    if trusted.iter().all(|entry| entry.who.plural() == kind) {
        return format!("{count} {kind}");
    }
    format!("{} +{}", labels[0], count - 1)
}

fn actions(statement: &Statement) -> Vec<String> {
    let texts = |values: &Option<Values>, not: &str| {
        let list = values.iter().flat_map(Values::texts);
        list.map(|text| format!("{not}{text}")).collect::<Vec<_>>()
    };
    let mut actions = texts(&statement.action, "");
    actions.extend(texts(&statement.not_action, "not "));
    actions
}

/// Whether one of the three calls that assume a role is meant.
fn assumes(statement: &Statement) -> bool {
    const CALLS: [&str; 3] = [
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
    ];
    let listed = |values: &Values, call: &str| {
        values
            .texts()
            .any(|pattern| Glob::new(&pattern.to_ascii_lowercase()).matches(call))
    };
    CALLS.iter().any(|call| {
        let meant = statement.action.as_ref().map(|it| listed(it, call));
        let excepted = statement.not_action.as_ref().map(|it| listed(it, call));
        meant.or(excepted.map(|it| !it)).unwrap_or(false)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(statements: &str) -> String {
        let document = Document::parse(&format!("{{\"Statement\":[{statements}]}}"));
        trust_summary(&document, Some("111122223333"))
    }

    fn allow(principal: &str) -> String {
        format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}"#)
    }

    #[test]
    fn a_summary_names_the_one_who_is_trusted() {
        for (principal, expected) in [
            (r#"{"Service":"glue.amazonaws.com"}"#, "glue"),
            (r#"{"Service":"ec2.amazonaws.com.cn"}"#, "ec2"),
            (r#"{"AWS":"333344445555"}"#, "333344445555"),
            (
                r#"{"AWS":"arn:aws:iam::111122223333:root"}"#,
                "this account",
            ),
            (
                r#"{"AWS":"arn:aws:iam::111122223333:role/ci/ci-deploy"}"#,
                "role ci-deploy",
            ),
            (
                r#"{"AWS":"arn:aws:iam::333344445555:user/eve"}"#,
                "user eve (333344445555)",
            ),
            (r#"{"AWS":"AROAEXAMPLEID1234567"}"#, "deleted role"),
            (r#"{"AWS":"*"}"#, "anyone !"),
            (r#""*""#, "anyone !"),
            (
                r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#,
                "OIDC github",
            ),
            (
                r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/okta"}"#,
                "SAML okta",
            ),
            (
                r#"{"Service":["a.amazonaws.com","b.amazonaws.com"]}"#,
                "a, b",
            ),
            (
                r#"{"Service":["a.amazonaws.com","b.amazonaws.com","c.amazonaws.com"]}"#,
                "3 services",
            ),
            (
                r#"{"Service":["glue.amazonaws.com","glue.amazonaws.com"]}"#,
                "glue",
            ),
            (
                r#"{"Service":"glue.amazonaws.com","AWS":["333344445555","444455556666"]}"#,
                "glue +2",
            ),
        ] {
            assert_eq!(summary(&allow(principal)), expected, "{principal}");
        }
    }

    #[test]
    fn a_summary_tells_nobody_from_unreadable_and_free_from_bound() {
        assert_eq!(summary(""), "nobody");
        assert_eq!(
            summary(r#"{"Effect":"Deny","Principal":"*","Action":"*"}"#),
            "nobody"
        );
        let tag = r#"{"Effect":"Allow","Principal":"*","Action":"sts:TagSession"}"#;
        assert_eq!(summary(tag), "nobody");
        assert_eq!(trust_summary(&Document::parse("{"), None), "unreadable");
        let bound = r#"{"Effect":"Allow","Principal":"*","Action":"sts:*",
            "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}"#;
        assert_eq!(summary(bound), "anyone ~");
        assert_eq!(summary(&format!("{bound},{}", allow("\"*\""))), "anyone !");
    }

    #[test]
    fn entries_have_the_place_the_actions_and_the_conditions() {
        let text = r#"{"Statement":[
            {"Effect":"Allow","Principal":{"AWS":"333344445555","Service":"ec2.amazonaws.com"},
             "Action":["sts:AssumeRole","sts:TagSession"],
             "Condition":{"StringEquals":{"sts:ExternalId":"s3cret"}}},
            {"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"NotAction":"sts:A*"}]}"#;
        let entries = trust_entries(&Document::parse(text));
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[0].who, Trustee::Account("333344445555".to_owned()));
        assert_eq!(entries[0].value.span.of(text), "\"333344445555\"");
        assert_eq!(entries[0].conditions, ["the external id is s3cret"]);
        assert_eq!(entries[1].who, Trustee::Service("ec2".to_owned()));
        assert!(entries[0].assumes && !entries[2].assumes);
        assert!(entries[2].is_excepted);
        assert_eq!(entries[2].statement, 1);
        assert_eq!(entries[2].actions, ["not sts:A*"]);
    }
}
