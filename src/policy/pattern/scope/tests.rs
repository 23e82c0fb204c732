use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::{Matched, Pattern, PatternKind, Variable};
use super::Scope;

fn none(_: &str) -> Variable<'static> {
    Variable::Missing
}

/// How a pattern relates to a scope; both ways of asking say the same.
#[track_caller]
fn covered(pattern: &str, scope: &str) -> Matched {
    let ready = Pattern::new(pattern, PatternKind::Resource, true);
    let scope = Scope::new(scope);
    let found = ready.matches_scope(&scope, none);
    assert_eq!(ready.scope(none).covers(&scope), found, "{pattern}");
    found
}

#[test]
fn ordinary_patterns() {
    let yes = [
        ("*", "*"),
        ("a", "a"),
        ("arn:aws:s3:::*", "arn:aws:s3:::b/*"),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*"),
        ("arn:aws:s3:::*/x/*", "arn:aws:s3:::b/x/y/*"),
        (
            "arn:aws:sqs:*:111122223333:q",
            "arn:aws:sqs:eu-*:111122223333:q",
        ),
        ("arn:*", "arn:aws:*"),
        ("a*b*c", "a*bb*c"),
    ];
    for (pattern, scope) in yes {
        assert_eq!(covered(pattern, scope), Matched::Yes, "{pattern} {scope}");
    }
    let some = [
        ("arn:aws:s3:::b/*", "*"),
        ("arn:aws:s3:::b/x", "arn:aws:s3:::b/*"),
        ("arn:aws:s3:::b/*.txt", "arn:aws:s3:::b/x*"),
        ("arn:aws:s3:::b", "arn:*:s3:::b"),
        ("a*b", "a*"),
    ];
    for (pattern, scope) in some {
        let found = covered(pattern, scope);
        assert_eq!(found, Matched::Unknown, "{pattern} {scope}");
    }
    let no = [
        ("arn:aws:s3:::a*", "arn:aws:s3:::b*"),
        ("arn:aws:s3:::*a", "arn:aws:s3:::*b"),
        ("arn:aws:s3:::c/d", "arn:aws:s3:::b/*"),
        ("arn:aws:s3:::c/d?", "arn:aws:s3:::b/*"),
    ];
    for (pattern, scope) in no {
        assert_eq!(covered(pattern, scope), Matched::No, "{pattern} {scope}");
    }
}

#[test]
fn wildcards_that_stop_at_colons() {
    assert_eq!(covered("a:b*c:d:e:f:*", "a:bxc:d:e:f:*"), Matched::Yes);
    assert_eq!(covered("a:b*c:d:e:f:*", "a:b?c:d:e:f:g"), Matched::Yes);
    assert_eq!(covered("a:b*c:d:e:f:g", "a:b:c:d:e:f:g"), Matched::No);
    assert_eq!(covered("a:b*c:d:e:f:g", "a:b*c:d:e:f:g"), Matched::Yes);
    // At the end of its segment a star crosses, which the other one does not.
    assert_eq!(covered("a:b*c:d:e:f:g", "a:b*:d:e:f:g"), Matched::Unknown);
    assert_eq!(covered("a:b*:d:e:f:g", "a:b*c:d:e:f:g"), Matched::Yes);
}

#[test]
fn question_marks() {
    assert_eq!(covered(":::::?*", ":::::*?"), Matched::Yes);
    assert_eq!(covered(":::::*?", ":::::?*"), Matched::Yes);
    assert_eq!(covered("*?", "?*"), Matched::Unknown, "the colons");
    assert_eq!(covered("?*", "*"), Matched::Unknown);
    assert_eq!(covered("a?", "a??"), Matched::No);
    assert_eq!(covered(":::::a*?", ":::::ab*"), Matched::Yes);
    assert_eq!(covered("*", "??"), Matched::Yes);
}

#[test]
fn values_are_plain_and_unknown_ones_may_be_anything() {
    let pattern = Pattern::new("s/${aws:username}/*", PatternKind::Resource, true);
    let star = |_: &str| Variable::Value("*");
    let bob = |_: &str| Variable::Value("bob");
    let unknown = |_: &str| Variable::Unknown;
    let ask = |scope: &str, value: fn(&str) -> Variable<'static>| {
        let scope = Scope::new(scope);
        let found = pattern.matches_scope(&scope, value);
        assert_eq!(pattern.scope(value).covers(&scope), found);
        found
    };
    assert_eq!(ask("s/x/*", star), Matched::No);
    assert_eq!(ask("s/*", star), Matched::Unknown);
    assert_eq!(ask("s/bob/*", bob), Matched::Yes);
    assert_eq!(ask("s/bob/*", none), Matched::No);
    assert_eq!(ask("s/bob/*", unknown), Matched::Unknown);
    assert_eq!(ask("t/*", unknown), Matched::No);
    assert_eq!(ask("s/*/x", unknown), Matched::Unknown);
    assert_eq!(pattern.scope(star).text(), "s/${*}/*");
    assert_eq!(pattern.scope(bob).text(), "s/bob/*");
    assert_eq!(pattern.scope(unknown).text(), "s/${aws:username}/*");
}

#[test]
fn what_is_written_reads_back_as_the_same() {
    for text in ["a${*}b*", "${?}?", "${$}{x}*", "$LATEST:*", "a:b?c:d:e:f:*"] {
        let pattern = Pattern::new(text, PatternKind::Resource, true);
        let scope = pattern.scope(none);
        assert_eq!(scope.text(), text);
        let again = Pattern::new(scope.text(), PatternKind::Resource, true);
        assert_eq!(again.scope(none), scope);
        assert_eq!(again, pattern);
    }
}

/// The sign that stands for `*` while patterns are compared is one that a pattern may have.
#[test]
fn no_sign_is_taken_for_a_star() {
    assert_eq!(covered("a\u{ffff}b", "a*b"), Matched::Unknown);
    assert_eq!(covered("*\u{ffff}*", "a*b"), Matched::Unknown);
    assert_eq!(covered("*\u{ffff}*", "a\u{ffff}b*"), Matched::Yes);
}

#[test]
fn what_takes_too_long_is_not_said() {
    let many = "?*a".repeat(300);
    let scope = format!("{}b", "*a?".repeat(300));
    assert_eq!(covered(&many, &scope), Matched::No, "the ends differ");
    let hard = format!("*a{}", "?".repeat(40));
    let found = covered(&hard, &format!("*a{}*", "?".repeat(40)));
    assert_eq!(found, Matched::Unknown);
}

/// Every text of up to so many characters.
fn texts(longest: u32) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut from = 0;
    for _ in 0..longest {
        let level = from..words.len();
        from = level.end;
        for at in level {
            // One that no pattern has stands for all others.
            for letter in ['a', ':', 'o'] {
                words.push(format!("{}{letter}", words[at]));
            }
        }
    }
    words
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_121_017),
        ..ProptestConfig::default()
    })]

    /// The first five segments have rules of their own: most of them are given.
    #[test]
    fn patterns_relate_as_their_texts_do(
        lead in prop::sample::select(vec!["", "::", ":::", "::::", ":::::"]),
        pattern in "[a:*?]{0,4}",
        scope in "[a:*?]{0,4}",
    ) {
        let (pattern, scope) = (format!("{lead}{pattern}"), format!("{lead}{scope}"));
        let ready = Pattern::new(&pattern, PatternKind::Resource, true);
        let of_scope = Scope::new(&scope);
        let (mut all, mut some) = (true, false);
        for text in texts(6) {
            let text = format!("{lead}{text}");
            if of_scope.contains(&text) == Matched::Yes {
                let is_matched = ready.matches(&text, none) == Matched::Yes;
                all &= is_matched;
                some |= is_matched;
            }
        }
        let expected = match (all, some) {
            (_, false) => Matched::No,
            (true, true) => Matched::Yes,
            (false, true) => Matched::Unknown,
        };
        prop_assert_eq!(covered(&pattern, &scope), expected, "{} {}", pattern, scope);
    }
}
