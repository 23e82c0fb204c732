use super::*;

fn texts(values: &Option<Values>) -> Vec<&str> {
    values.iter().flat_map(|values| values.texts()).collect()
}

fn messages(document: &Document) -> Vec<String> {
    document.faults.iter().map(ToString::to_string).collect()
}

const FULL: &str = r#"{
  "Version": "2012-10-17",
  "Id": "x",
  "Statement": [
    {
      "Sid": "One",
      "Effect": "Allow",
      "Principal": {"AWS": ["111122223333", "*"], "Service": "lambda.amazonaws.com"},
      "Action": ["s3:Get*", "s3:List*"],
      "NotResource": "arn:aws:s3:::secret/*",
      "Condition": {
        "Bool": {"aws:SecureTransport": true},
        "NumericLessThan": {"aws:MultiFactorAuthAge": [3600, "7200"]}
      }
    },
    {"Effect": "Deny", "NotPrincipal": "*", "NotAction": "iam:*", "Resource": "*"}
  ]
}"#;

#[test]
fn reads_every_element_with_its_place() {
    let document = Document::parse(FULL);
    assert_eq!(messages(&document), [""; 0]);
    assert_eq!(document.version.as_ref().unwrap().text, "2012-10-17");
    let [one, two] = &document.statements[..] else {
        panic!("{document:?}")
    };
    assert_eq!(one.name(), Some("One"));
    assert_eq!(one.effect, Some(Effect::Allow));
    assert_eq!(texts(&one.action), ["s3:Get*", "s3:List*"]);
    assert_eq!(texts(&one.not_resource), ["arn:aws:s3:::secret/*"]);
    let kinds: Vec<_> = one.principal.as_ref().unwrap().list.iter().collect();
    assert_eq!(kinds[0].kind, PrincipalKind::Aws);
    assert!(kinds[1].is_anyone());
    assert_eq!(kinds[2].kind, PrincipalKind::Service);
    assert_eq!(two.effect, Some(Effect::Deny));
    assert!(two.not_principal.as_ref().unwrap().list[0].is_anyone());

    let age = &one.conditions[1];
    assert_eq!(age.operator.text, "NumericLessThan");
    assert_eq!(age.operator.span.of(FULL), "\"NumericLessThan\"");
    assert_eq!(
        age.span.of(FULL),
        r#""aws:MultiFactorAuthAge": [3600, "7200"]"#
    );
    assert_eq!(age.values.list[0].text, "3600");
    assert_eq!(age.values.list[1].span.of(FULL), "\"7200\"");
    assert_eq!(one.conditions[0].values.list[0].text, "true");
    assert!(one.span.of(FULL).starts_with("{\n      \"Sid\""));
    assert_eq!(one.action.as_ref().unwrap().key.of(FULL), "\"Action\"");
}

#[test]
fn a_single_statement_needs_no_list() {
    let document = Document::parse(r#"{"Statement":{"Effect":"Allow","Action":"*"}}"#);
    assert_eq!(document.statements.len(), 1);
    assert_eq!(messages(&document), [""; 0]);
}

#[test]
fn names_count_in_their_exact_case_only() {
    let document = Document::parse(
        r#"{"version":"2012-10-17","Statement":[{"effect":"Allow","Actions":"*","Principal":{"aws":"1"}}]}"#,
    );
    assert_eq!(document.version, None);
    assert_eq!(document.statements[0].effect, None);
    assert_eq!(
        messages(&document),
        [
            "version must be written Version",
            "effect must be written Effect",
            "IAM knows no element Actions here",
            "aws must be written AWS"
        ]
    );
}

#[test]
fn wrong_types_are_reported_and_the_rest_is_read() {
    let document = Document::parse(
        r#"{"Version":1,"Statement":[7,{"Effect":"allow","Action":["a",["b"],null],
            "Principal":"arn:aws:iam::1:root","Resource":5,
            "Condition":{"StringEquals":"x","Bool":{"k":null}}}]}"#,
    );
    let statement = &document.statements[0];
    assert_eq!(texts(&statement.action), ["a"]);
    assert_eq!(statement.effect, None);
    assert_eq!(statement.effect_value.as_ref().unwrap().text, "allow");
    assert_eq!(
        statement.principal.as_ref().unwrap().list[0].kind,
        PrincipalKind::Other
    );
    assert_eq!(statement.conditions.len(), 1);
    assert_eq!(
        messages(&document),
        [
            "Version must be a string",
            "a statement must be an object",
            "Effect is Allow or Deny, not allow",
            "Action must be a string or a list of strings",
            "Action must be a string or a list of strings",
            "Principal is \"*\" or an object, not arn:aws:iam::1:root",
            "Resource must be a string or a list of strings",
            "StringEquals must be an object of condition keys",
            "k must be a string, number or boolean"
        ]
    );
}

#[test]
fn a_broken_text_yields_what_can_be_read() {
    let cut = &FULL[..FULL.find("\"NotResource\"").unwrap()];
    let document = Document::parse(cut);
    assert_eq!(document.statements.len(), 1);
    assert_eq!(texts(&document.statements[0].action).len(), 2);
    assert_eq!(document.faults.len(), 1);
    assert!(document.faults[0].is_syntax());

    for text in ["", "null", "[]", "\"*\"", "nonsense", "\u{0}"] {
        let document = Document::parse(text);
        assert_eq!(document.statements, []);
        assert!(!document.faults.is_empty(), "{text:?}");
    }
}

#[test]
fn the_last_of_two_elements_counts_and_both_conditions_do() {
    let document = Document::parse(
        r#"{"Statement":{"Effect":"Deny","Effect":"Allow",
            "Condition":{"Bool":{"a":"true"},"Bool":{"a":"false"}}}}"#,
    );
    let statement = &document.statements[0];
    assert_eq!(statement.effect, Some(Effect::Allow));
    assert_eq!(statement.conditions.len(), 2);
    assert_eq!(document.faults.len(), 2);
}

#[test]
fn depth_is_no_danger() {
    let deep = format!("{{\"Statement\":{}", "[".repeat(1_000_000));
    assert_eq!(Document::parse(&deep).statements, []);
    let objects = "{\"Statement\":".repeat(200_000);
    assert_eq!(Document::parse(&objects).statements.len(), 1);
}

#[test]
fn a_statement_knows_whether_it_is_whole_and_has_variables() {
    let document = Document::parse(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":7},{"Effect":"Deny"}]}"#,
    );
    let facts = document.statements.iter();
    let facts: Vec<_> = facts.map(|it| (it.is_faulty, it.has_variables)).collect();
    assert_eq!(facts, [(true, true), (false, true)]);
    let old = Document::parse(r#"{"Statement":{}}"#);
    assert!(!old.statements[0].has_variables);
}
