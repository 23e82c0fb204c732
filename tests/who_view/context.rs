//! What is said about the request: keys and values, checked as they are typed.

use iamscope::access::Decision;
use iamscope::tui::Focus;
use iamscope::tui::who::fields::Part;

use super::{PAYROLL, answer, ask, demo, names, paste, say, verdict};
use crate::support::driver::Driver;

fn of_payroll() -> Driver {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    d
}

fn given(d: &Driver) -> Vec<String> {
    let given = answer(d).question.context.iter();
    given
        .map(|(key, values)| format!("{key}={}", values.join(",")))
        .collect()
}

#[test]
fn values_of_a_wrong_type_are_refused_and_those_of_the_right_are_taken() {
    for (wrong, expected, right) in [
        (
            "aws:SourceIp=home",
            "an address or a network",
            "203.0.113.0/24",
        ),
        ("aws:MultiFactorAuthPresent=yes", "true or false", "true"),
        ("aws:MultiFactorAuthAge=old", "a number", "60"),
        (
            "aws:CurrentTime=tomorrow",
            "a time such as",
            "2026-01-31T12:00:00Z",
        ),
        (
            "aws:SourceArn=topic",
            "an ARN",
            "arn:aws:sns:eu-west-1:111122223333:orders",
        ),
    ] {
        let mut d = of_payroll();
        paste(d.keys("c"), wrong).keys("enter");
        d.shows("is no value of").shows(expected);
        assert_eq!(given(&d), Vec::<String>::new());
        let key = wrong.split('=').next().unwrap();
        paste(d.keys("ctrl-u"), &format!("{key}={right}")).keys("enter");
        assert_eq!(given(&d), [format!("{key}={right}")]);
    }
}

#[test]
fn keys_that_matter_come_first() {
    let mut d = of_payroll();
    d.keys("c");
    let offers = &d.app().who().fields.offers;
    let matters = |note: &str| note.starts_with("policies look at it");
    let first = offers.iter().take_while(|it| matters(&it.note)).count();
    assert!(first >= 3, "{first}");
    assert!(offers.iter().skip(first).all(|it| !matters(&it.note)));
    let names: Vec<&str> = offers.iter().map(|it| it.text.as_str()).collect();
    assert!(names[..first].contains(&"aws:SourceIp = "), "{names:?}");
}

#[test]
fn a_key_is_chosen_then_its_value_then_changed_and_taken_out() {
    let mut d = of_payroll();
    d.keys("c").text("sourceip").keys("down up");
    let offers = d
        .app()
        .who()
        .fields
        .offers
        .iter()
        .position(|it| it.text == "aws:SourceIp = ");
    for _ in 0..offers.unwrap() {
        d.keys("down");
    }
    d.keys("enter");
    assert_eq!(d.app().who().fields.context.text(), "aws:SourceIp = ");
    // The office of the policies is offered.
    d.shows("aws:SourceIp = 198.51.100.0/24");
    paste(&mut d, "198.51.100.7").keys("enter");
    assert_eq!(given(&d), ["aws:SourceIp=198.51.100.7"]);
    assert_eq!(verdict(&d, "carla"), Decision::Allowed);
    paste(&mut d, "aws:sourceip=203.0.113.7").keys("enter");
    assert_eq!(given(&d), ["aws:sourceip=203.0.113.7"]);
    paste(&mut d, "aws:SourceIp=").keys("enter");
    assert_eq!(given(&d), Vec::<String>::new());
    d.keys("enter");
    assert_eq!(d.app().focus(), Focus::List);
}

#[test]
fn an_empty_field_takes_nothing_by_itself() {
    let mut d = of_payroll();
    d.keys("c enter");
    assert_eq!(d.app().focus(), Focus::List);
    d.keys("c tab");
    assert_eq!(d.app().who().fields.context.text(), "");
    assert_eq!(given(&d), Vec::<String>::new());
    say(&mut d, "aws:SourceIp=198.51.100.7");
    assert_eq!(d.app().focus(), Focus::List);
    assert_eq!(given(&d), ["aws:SourceIp=198.51.100.7"]);
}

#[test]
fn strict_takes_what_is_not_said_as_missing() {
    let mut d = of_payroll();
    assert_eq!(verdict(&d, "olga"), Decision::Conditional);
    d.keys("t").shows("strict on");
    assert!(answer(&d).question.is_strict);
    assert_eq!(answer(&d).counts().conditional, 0);
    assert!(!names(&d).contains(&"carla".to_owned()));
    d.keys("t").shows("strict off");
    assert_eq!(verdict(&d, "olga"), Decision::Conditional);
}

#[test]
fn the_fields_are_gone_through_by_tab() {
    let mut d = of_payroll();
    let at = |d: &Driver| (d.app().focus(), d.app().who().fields.part);
    d.keys("a");
    assert_eq!(at(&d), (Focus::Fields, Part::Action));
    d.keys("tab");
    assert_eq!(at(&d), (Focus::Fields, Part::Resource));
    d.keys("tab");
    assert_eq!(at(&d), (Focus::Fields, Part::Context));
    d.keys("tab");
    assert_eq!(d.app().focus(), Focus::List);
    d.keys("tab tab");
    assert_eq!(at(&d), (Focus::Fields, Part::Action));
    d.keys("tab shift-tab");
    assert_eq!(at(&d), (Focus::Fields, Part::Action));
    d.keys("shift-tab");
    assert_eq!(d.app().focus(), Focus::Detail);
    assert_eq!(answer(&d).question.resource, PAYROLL, "nothing was changed");
    for (key, part) in [
        ("a", Part::Action),
        ("r", Part::Resource),
        ("c", Part::Context),
    ] {
        d.keys("esc").keys(key);
        assert_eq!(at(&d), (Focus::Fields, part));
        d.keys("esc");
    }
}

#[test]
fn the_resource_offers_what_the_action_works_on() {
    let mut d = demo();
    paste(d.keys("5"), "iam:PassRole").keys("tab");
    let offers = &d.app().who().fields.offers;
    let label = |at: usize| offers[at].label().to_owned();
    assert_eq!(label(0), "*");
    assert_eq!(
        label(1),
        "arn:aws:iam::111122223333:role/${RoleNameWithPath}"
    );
    assert_eq!(offers[1].text, "arn:aws:iam::111122223333:role/*");
    let roles = offers.iter().filter(|it| it.kind == "role").count();
    assert_eq!(roles, 60);
    assert!(offers.iter().all(|it| it.kind != "user"));
    // What was asked about comes back as recent.
    d.keys("esc");
    ask(&mut d, "s3:GetObject", PAYROLL);
    ask(&mut d, "s3:PutObject", "");
    d.keys("r");
    let offers = &d.app().who().fields.offers;
    assert_eq!(
        (offers[1].text.as_str(), offers[1].kind.as_str()),
        (PAYROLL, "recent")
    );
}
