use super::*;

fn none(_: &str) -> Variable<'static> {
    Variable::Missing
}

fn fits(kind: PatternKind, pattern: &str, text: &str) -> bool {
    Pattern::new(pattern, kind, true).matches(text, none) == Matched::Yes
}

/// Wildcards by definition: what is left of the pattern against what is left of the text.
fn by_definition(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => {
            by_definition(rest, text) || (!text.is_empty() && by_definition(pattern, &text[1..]))
        }
        (['?', rest @ ..], [_, others @ ..]) => by_definition(rest, others),
        ([sign, rest @ ..], [other, others @ ..]) if sign == other => by_definition(rest, others),
        _ => false,
    }
}

#[test]
fn wildcards_mean_what_their_definition_says() {
    let alphabet = ['a', 'b', 'é', '*', '?', ':'];
    let texts: Vec<String> = words(&['a', 'b', 'é', ':'], 4);
    for pattern in words(&alphabet, 4) {
        let glob = Glob::new(&pattern);
        let signs: Vec<char> = pattern.chars().collect();
        for text in &texts {
            let chars: Vec<char> = text.chars().collect();
            let expected = by_definition(&signs, &chars);
            assert_eq!(glob.matches(text), expected, "{pattern} on {text}");
        }
    }
}

/// All words of up to so many letters.
fn words(letters: &[char], longest: u32) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut from = 0;
    for _ in 0..longest {
        let level = from..words.len();
        from = level.end;
        for at in level {
            for letter in letters {
                words.push(format!("{}{letter}", words[at]));
            }
        }
    }
    words
}

#[test]
fn a_long_pattern_takes_more_than_one_word_of_states() {
    for len in [62, 63, 64, 65, 127, 128, 129, 300] {
        let text = "x".repeat(len);
        let glob = Glob::new(&format!("{}*?", "?".repeat(len - 1)));
        assert!(glob.matches(&text), "{len}");
        assert!(glob.matches(&format!("{text}yy")), "{len}");
        assert!(!glob.matches(&text[1..]), "{len}");
    }
}

/// A matcher that goes back would take years for each of these; the test would not end.
#[test]
fn a_hostile_pattern_takes_linear_time() {
    let text = "a".repeat(100_000);
    for pattern in [
        "*a".repeat(1_000) + "b",
        "*a?".repeat(1_000) + "b",
        "a*".repeat(2_000) + "?*b",
        format!("*{}b*", "a".repeat(2_000)),
    ] {
        assert!(!Glob::new(&pattern).matches(&text));
    }
    assert!(Glob::new(&"*a".repeat(1_000)).matches(&text));
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
#[test]
fn wildcards_in_resources_stop_at_colons_in_the_first_five_segments() {
    let instance = "arn:aws:ec2:us-east-1:111122223333:instance/i-1";
    for (pattern, text, expected) in [
        ("*", instance, true),
        ("arn:aws:ec2:*:instance/i-1", instance, true),
        ("arn:aws:ec2:*", instance, true),
        ("arn:*:instance/i-1", instance, true),
        ("arn:aws:ec2:us-*:111122223333:instance/*", instance, true),
        ("arn:aws:ec2:*-1:111122223333:instance/*", instance, true),
        ("arn:aws:ec2:*3:instance/*", instance, false),
        ("arn:aws:ec2:us*33:instance/i-1", instance, false),
        ("arn:aws:e?2:*:instance/i-1", instance, true),
        (
            "arn:aws:ec2:us-east-1?111122223333:instance/i-1",
            instance,
            false,
        ),
        ("arn:aws:ec2:*-1:*:i-1", instance, false),
        ("*instance/i-1", instance, false),
        ("arn:aws:s?s:*:b:c", "arn:aws:sqs:r:a:b:c", true),
        ("arn:aws:s3:::*", "arn:aws:s3:::b/k", true),
        ("arn:aws:s3:*", "arn:aws:s3:::b/k", true),
        ("arn:aws:s3:::b/?/x*y", "arn:aws:s3:::b/:/x:/y", true),
        (
            "arn:aws:logs:*:*:log-group:a*z:*",
            "arn:aws:logs:r:1:log-group:a:b:z:s",
            true,
        ),
        ("arn:aws:s3:::B/k", "arn:aws:s3:::b/k", false),
    ] {
        assert_eq!(
            fits(PatternKind::Resource, pattern, text),
            expected,
            "{pattern} on {text}"
        );
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[test]
fn arns_in_conditions_are_matched_component_by_component() {
    let topic = "arn:aws:sns:us-east-1:111122223333:topic:a";
    for (pattern, text, expected) in [
        ("arn:aws:sns:*:111122223333:topic:*", topic, true),
        ("arn:aws:sns:*:*:*", topic, true),
        ("arn:*:*:*:*:*:a", topic, true),
        ("arn:aws:sns:*:topic:a", topic, false),
        ("arn:aws:sns:*", topic, false),
        ("arn:aws:s?s:us-*-1:*:t*a", topic, true),
        ("*", topic, true),
        ("*", "no arn", true),
        ("arn:aws:sns:us-east-1:111122223333:topic:a", topic, true),
        ("arn:aws:sns:*:*:*", "arn:aws:sns:x", false),
    ] {
        assert_eq!(
            fits(PatternKind::Arn, pattern, text),
            expected,
            "{pattern} on {text}"
        );
    }
}

#[test]
fn what_is_filled_in_is_no_wildcard() {
    let pattern = Pattern::new("home/${aws:username}/*", PatternKind::Like, true);
    let star = |_: &str| Variable::Value("*");
    assert_eq!(pattern.matches("home/*/x", star), Matched::Yes);
    assert_eq!(pattern.matches("home/bob/x", star), Matched::No);
    assert_eq!(pattern.matches("home/bob/x", none), Matched::No);
    assert_eq!(pattern.variables().collect::<Vec<_>>(), ["aws:username"]);
    let plain = Pattern::new("home/${aws:username}", PatternKind::Like, false);
    assert_eq!(plain.matches("home/${aws:username}", none), Matched::Yes);
}

#[test]
fn defaults_stand_in_for_what_is_missing() {
    let pattern = Pattern::new("t-${k, 'all'}", PatternKind::Exact, true);
    assert_eq!(pattern.matches("t-all", none), Matched::Yes);
    assert_eq!(
        pattern.matches("t-x", |_| Variable::Value("x")),
        Matched::Yes
    );
    assert_eq!(pattern.matches("t-all", |_| Variable::Several), Matched::No);
    assert_eq!(
        pattern.matches("t-all", |_| Variable::Unknown),
        Matched::Unknown
    );
}

#[test]
fn escaped_signs_are_themselves() {
    assert!(fits(PatternKind::Like, "a${*}b", "a*b"));
    assert!(!fits(PatternKind::Like, "a${*}b", "axb"));
    assert!(fits(PatternKind::Exact, "${$}${?}", "$?"));
    assert!(fits(
        PatternKind::Resource,
        "arn:aws:s3:::b/${*}*",
        "arn:aws:s3:::b/*x"
    ));
}

#[test]
fn an_unknown_variable_leaves_open_only_what_could_match() {
    let unknown = |_: &str| Variable::Unknown;
    let of = |kind, text: &str| {
        Pattern::new("arn:aws:s3:::b/${aws:username}/*", kind, true).matches(text, unknown)
    };
    for kind in [PatternKind::Resource, PatternKind::Arn, PatternKind::Like] {
        assert_eq!(of(kind, "arn:aws:s3:::b/bob/x"), Matched::Unknown);
        assert_eq!(of(kind, "arn:aws:s3:::c/bob/x"), Matched::No);
    }
    for kind in [PatternKind::Exact, PatternKind::ExactIgnoreCase] {
        let whole = Pattern::new("${aws:SourceArn}", kind, true);
        assert_eq!(
            whole.matches("arn:aws:s3:::b", unknown),
            Matched::Unknown,
            "a value may hold colons"
        );
    }
    let exact = Pattern::new("u-${aws:username}", PatternKind::ExactIgnoreCase, true);
    assert_eq!(exact.matches("U-bob", unknown), Matched::Unknown);
    assert_eq!(exact.matches("V-bob", unknown), Matched::No);
}

#[test]
fn a_known_beginning_decides_what_it_can() {
    for (pattern, expected) in [
        ("AROA1:*", Matched::Yes),
        ("*", Matched::Yes),
        ("AROA1:bob", Matched::Unknown),
        ("AROA1:b*", Matched::Unknown),
        ("*:bob", Matched::Unknown),
        ("AROA2:*", Matched::No),
        ("AROA2", Matched::No),
    ] {
        let pattern = Pattern::new(pattern, PatternKind::Like, true);
        assert_eq!(pattern.matches_prefix("AROA1:"), expected, "{pattern:?}");
    }
}

#[test]
fn a_known_beginning_counts_in_any_case_where_case_does_not() {
    let of = |text: &str| {
        let pattern = Pattern::new(text, PatternKind::ExactIgnoreCase, true);
        pattern.matches_prefix("AROA1:")
    };
    assert_eq!(of("aroa1:Bob"), Matched::Unknown);
    assert_eq!(of("aroa2:Bob"), Matched::No);
}

#[test]
fn a_known_beginning_leaves_other_patterns_open() {
    for (pattern, kind) in [
        ("arn:aws:*:r:1:x", PatternKind::Arn),
        ("${aws:username}:*", PatternKind::Like),
        ("AROA1:?*", PatternKind::Like),
    ] {
        let pattern = Pattern::new(pattern, kind, true);
        assert_eq!(pattern.matches_prefix("AROA1:"), Matched::Unknown);
    }
}

#[test]
fn what_is_known_is_filled_in_for_showing() {
    let name = |key: &str| match key {
        "aws:username" => Variable::Value("bob"),
        "missing" => Variable::Missing,
        _ => Variable::Unknown,
    };
    let text = "a/${aws:username}/${missing, 'none'}/${other, 'x'}/${*}*";
    let filled = "a/bob/none/${other, 'x'}/**";
    assert_eq!(filled_in(text, name), filled);
    assert_eq!(
        Pattern::new(text, PatternKind::Like, true).filled_in(name),
        filled
    );
    assert_eq!(filled_in("plain*", name), "plain*");
}

#[test]
fn case_is_folded_where_it_does_not_count() {
    assert!(fits(PatternKind::ExactIgnoreCase, "ÄB*", "äb*"));
    assert!(!fits(PatternKind::ExactIgnoreCase, "ab*", "abc"));
    assert!(!fits(PatternKind::Exact, "AB", "ab"));
}

/// What is decided at a glance is decided as the whole pattern would be.
#[test]
fn a_pattern_with_variables_means_what_it_means_filled_in() {
    for pattern in words(&['a', '*', '?', ':', '\u{1}'], 4) {
        let pattern = pattern.replace('\u{1}', "${k}");
        for value in ["", "a", "*", "a:"] {
            for kind in [PatternKind::Like, PatternKind::Resource, PatternKind::Exact] {
                let varying = Pattern::new(&pattern, kind, true);
                // The same with the value written out, its signs as themselves.
                let escaped = value.replace('*', "${*}");
                let written = Pattern::new(&pattern.replace("${k}", &escaped), kind, true);
                for text in words(&['a', '*', ':'], 3) {
                    let found = varying.matches(&text, |_| Variable::Value(value));
                    let expected = written.matches(&text, none);
                    assert_eq!(found, expected, "{pattern} with {value} on {text}");
                }
            }
        }
    }
}
