//! The rules of policy evaluation, a test each, told by the hand-written cases.
//!
//! The cases and the rules' numbers are those of `tests/cases/README.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use iamscope::report::simulate::Case;
use serde_json::Value;

/// A line of a file of cases.
pub struct Line {
    /// The file's name and the line's number.
    pub place: String,
    /// The line as it stands.
    pub text: String,
    /// The line as JSON.
    pub case: Value,
}

/// Every line of every file of cases.
pub fn lines() -> Vec<Line> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        for (at, text) in text.lines().enumerate() {
            let place = format!("{name}, line {}", at + 1);
            let case = serde_json::from_str(text).unwrap_or_else(|why| panic!("{place}: {why}"));
            let text = text.to_owned();
            lines.push(Line { place, text, case });
        }
    }
    lines
}

/// The numbers of the rules that a case shows; none where it names none or something else.
fn rules(case: &Value) -> Option<Vec<u64>> {
    match &case["rule"] {
        Value::Array(list) if !list.is_empty() => list.iter().map(Value::as_u64).collect(),
        one => Some(vec![one.as_u64()?]),
    }
}

/// Holds every case of a rule against the program, of which there must be so many at least.
#[track_caller]
fn holds(rule: u64, least: usize) {
    let lines = lines();
    let about = |line: &&Line| rules(&line.case).is_some_and(|rules| rules.contains(&rule));
    let about: Vec<_> = lines.iter().filter(about).collect();
    assert!(about.len() >= least, "rule {rule}: {} cases", about.len());
    let wrong = about.iter().filter_map(|line| {
        let case = Case::read(line.text.as_bytes()).unwrap_or_else(|why| {
            panic!("{}: {why}", line.place);
        });
        let expected = case.expect().unwrap();
        let found = case.answer(false).decision();
        let (place, why, id) = (&line.place, &line.case["why"], case.name());
        (found != expected).then(|| format!("{place}: {id} is {found} and not {expected}: {why}"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "rule {rule}:\n{}", wrong.join("\n"));
}

#[test]
fn every_case_is_used_and_says_what_it_shows() {
    let lines = lines();
    assert!(lines.len() >= 300, "{} cases", lines.len());
    let mut ids = BTreeSet::new();
    for Line { place, case, .. } in &lines {
        let id = case["id"].as_str().unwrap_or_else(|| panic!("{place}: id"));
        assert!(ids.insert(id), "{place}: {id} stands twice");
        let rules = rules(case).unwrap_or_else(|| panic!("{place}: {id}: rule"));
        assert!(
            rules.iter().all(|it| (1..=30).contains(it)),
            "{place}: {id}: {rules:?}"
        );
        let why = case["why"].as_str().unwrap_or_default();
        assert!(why.split(' ').count() >= 2, "{place}: {id}: why");
        let expect = case["expect"].as_str().unwrap_or_default();
        let is_verdict = ["allowed", "explicitDeny", "implicitDeny"].contains(&expect);
        assert!(is_verdict, "{place}: {id}: expect");
    }
}

/// Of a key that the request does not have, a positive operator is false and a negated one true.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[test]
fn rule_01_a_missing_key_fails_a_positive_operator_and_meets_a_negated_one() {
    holds(1, 40);
}

/// `…IfExists` is met where the key is missing, whichever operator it stands behind and whatever
/// the effect.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists>
#[test]
fn rule_02_if_exists_is_met_by_a_missing_key_in_a_deny_as_well() {
    holds(2, 40);
}

/// Where there is no value to ask about, `ForAllValues` is true and `ForAnyValue` false.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn rule_03_for_all_values_is_met_by_no_value_and_for_any_value_is_not() {
    holds(3, 12);
}

/// `ForAnyValue` asks for a value that matches, with `IfExists` or without.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn rule_04_for_any_value_does_not_heed_if_exists() {
    holds(4, 4);
}

/// One of several values must match (of a negated operator none may), and every key of every
/// operator.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
#[test]
fn rule_05_values_are_alternatives_and_keys_and_operators_add_up() {
    holds(5, 20);
}

/// Under a set operator with a negated one, each value of the request is held against all values of
/// the policy.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
#[test]
fn rule_06_a_negated_set_operator_asks_each_value_to_match_nothing() {
    holds(6, 12);
}

/// ARN operators compare the six parts one by one, with wildcards in each, whichever of their names
/// is used.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
#[test]
fn rule_07_arn_equals_is_arn_like() {
    holds(7, 24);
}

/// Dates come as ISO 8601 or as seconds since 1970, and are compared as what they mean.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>
#[test]
fn rule_08_dates_are_instants_however_they_are_written() {
    holds(8, 35);
}

/// `0.0.0.0/0` is every IPv4 address and no IPv6 address, and an address without a prefix is a
/// range of one.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress>
#[test]
fn rule_09_addresses_lie_in_ranges_of_their_own_family() {
    holds(9, 28);
}

/// `Null` asks whether the key is there, whatever its value is.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null>
#[test]
fn rule_10_null_asks_for_presence_alone() {
    holds(10, 12);
}

/// Key names ignore case, tags within them too; booleans, numbers and base64 are compared as what
/// they mean.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>
#[test]
fn rule_11_key_names_ignore_case_and_values_are_read_by_type() {
    holds(11, 30);
}

/// A statement with an operator that IAM does not have never matches.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[test]
fn rule_12_every_operator_works_and_an_unknown_one_never_matches() {
    holds(12, 150);
}

/// Under a version other than 2012-10-17, `${…}` is text like any other.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
#[test]
fn rule_13_only_the_newer_version_has_variables() {
    holds(13, 6);
}

/// A variable of a key that is missing matches nothing, unless it has a default.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-default-values>
#[test]
fn rule_14_a_variable_without_a_value_matches_nothing() {
    holds(14, 40);
}

/// A variable needs a key of one value; `${*}`, `${?}` and `${$}` are these very characters.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars>
#[test]
fn rule_15_a_key_of_several_values_is_no_variable() {
    holds(15, 10);
}

/// Resources and string, ARN and Bool conditions take variables; other operators, actions and
/// principals do not.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse>
#[test]
fn rule_16_variables_stand_in_resources_and_texts_only() {
    holds(16, 11);
}

/// Actions are the same in upper and lower case; resources and values are not.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>
#[test]
fn rule_17_actions_ignore_case_and_resources_keep_it() {
    holds(17, 40);
}

/// A `*` crosses every slash, and of the colons of an ARN only those after the fifth, unless it
/// ends its part.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
#[test]
fn rule_18_a_star_crosses_slashes_and_few_colons() {
    holds(18, 56);
}

/// `NotAction` and `NotResource` cover what they do not list; of wildcards a principal takes only
/// `*` alone.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html>
#[test]
fn rule_19_not_elements_cover_the_rest_and_principals_take_no_wildcards() {
    holds(19, 45);
}

/// However many stars a pattern has, matching ends soon: the cases here are the worst of their
/// kind.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
#[test]
fn rule_20_patterns_of_many_stars_take_no_time() {
    holds(20, 6);
}

/// A deny of any layer outdoes every allow, and is named even where nothing allows.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html>
#[test]
fn rule_21_an_explicit_deny_decides_in_any_layer() {
    holds(21, 50);
}

/// Every level of SCPs must allow the principal; RCPs deny at the resource; service-linked roles
/// are free of both.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
#[test]
fn rule_22_organisations_bound_the_principal_and_guard_the_resource() {
    holds(22, 80);
}

/// Within an account, a grant to the user, the session or everyone stands alone; one to the role is
/// bounded; one to the account delegates.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[test]
fn rule_23_whom_a_resource_policy_names_decides_what_binds() {
    holds(23, 80);
}

/// Nobody uses a KMS key or takes on a role unless its own policy allows, in the same account
/// neither.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
#[test]
fn rule_24_keys_and_roles_need_their_own_policy_to_allow() {
    holds(24, 60);
}

/// In another account a request needs the allow of both, and the caller's bounds hold.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
#[test]
fn rule_25_across_accounts_both_sides_must_allow() {
    holds(25, 45);
}

/// The root user needs no policy at home, but SCPs and key policies bind it, and it cannot assume a
/// role.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html>
#[test]
fn rule_26_the_root_user_is_bound_by_scps_and_key_policies_alone() {
    holds(26, 22);
}

/// A session policy never widens; without one a federated user has only what names it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html>
#[test]
fn rule_27_a_session_policy_narrows_and_a_federated_user_needs_one() {
    holds(27, 34);
}

/// A deny of an account or role hits what is below it; `NotPrincipal` spares only whom it lists on
/// every level, and nobody with a boundary.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
#[test]
fn rule_28_a_deny_hits_sessions_and_not_principal_spares_few() {
    holds(28, 50);
}

/// What a case does not say of the principal is missing: the keys of a request are given, not
/// guessed.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
#[test]
fn rule_29_in_a_case_nothing_is_filled_in() {
    holds(29, 3);
}

/// Services, anonymous callers and providers' users have no policies of their own, and no SCPs;
/// RCPs bind them.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[test]
fn rule_30_services_and_strangers_have_the_resource_policy_alone() {
    holds(30, 45);
}
