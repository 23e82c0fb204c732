//! What is shown is always an answer to what the fields ask, however late answers come.

use iamscope::iam::Kind;
use iamscope::source::{Event, Outcome};
use iamscope::tui::who::State;
use iamscope::tui::who::fields::Reading;
use iamscope::tui::{Focus, Screen, Setup};

use super::{PAYROLL, answer, ask, demo, names, on_with, paste, people, rows};
use crate::naive::random::Random;
use crate::support::driver::Driver;

/// Holds what must be true at any time.
#[track_caller]
fn check(d: &Driver) {
    let who = d.app().who();
    if d.app().screen() != Screen::WhoCan {
        return;
    }
    let Some(answer) = who.answer() else {
        assert!(who.lines().is_empty() && who.why().is_none());
        assert_ne!(who.state, State::Answered);
        return;
    };
    let (question, _) = who.question.as_ref().unwrap();
    assert_eq!(&answer.question, question);
    assert_eq!(question.context, who.fields.given);
    assert_eq!(question.is_strict, who.fields.is_strict);
    assert_eq!(question.follows_chains, who.follows_chains);
    match who.fields.read(d.app().account()) {
        Reading::Asked {
            actions, resource, ..
        } => assert_eq!(
            (&question.actions, &question.resource),
            (&actions, &resource)
        ),
        other => panic!("an answer to {other:?}:\n{}", d.screen()),
    }
    if let Some(why) = who.why() {
        assert_eq!(Some(why.node), who.selected());
        let standing = answer.standing(why.node).unwrap();
        if answer.question.actions.len() == 1 && answer.is_whole() {
            assert_eq!(why.row.decision, standing.decision, "{}", d.screen());
        }
    }
}

#[test]
fn an_answer_that_comes_late_is_dropped() {
    let mut d = demo();
    d.hold = true;
    ask(&mut d, "organizations:LeaveOrganization", "");
    d.shows("asking…");
    d.keys("a ctrl-u").text("s3:GetObject");
    d.shows("asking…").hides("PRINCIPAL");
    // One after the other, the answers come to what was typed on the way.
    for _ in 0..100 {
        d.release_first();
        check(&d);
        if d.app().who().answer().is_some() {
            break;
        }
    }
    assert_eq!(answer(&d).question.actions, ["s3:GetObject"]);
    d.release();
    check(&d);
    assert!(names(&d).contains(&"lena".to_owned()));
}

#[test]
fn rows_of_the_answer_before_do_not_stay() {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    d.hold = true;
    d.keys("a").text("A");
    assert!(d.app().who().answer().is_none(), "{}", d.screen());
    d.hides("lena").shows("asking…");
    d.keys("backspace");
    check(&d);
}

#[test]
fn leaving_a_field_keeps_the_answer_that_was_seen() {
    let mut d = demo();
    d.keys("5").text("s3:getobj").keys("esc");
    assert_eq!(d.app().focus(), Focus::List);
    assert_eq!(answer(&d).question.actions, ["s3:GetObject"]);
    assert_eq!(d.app().who().fields.action.text(), "s3:GetObject");
}

#[test]
fn the_parts_of_an_answer_are_of_that_answer() {
    let mut d = demo();
    d.hold = true;
    paste(d.keys("5"), "iam:*LoginProfile").keys("enter");
    d.release_first();
    // Who can become whom is not known yet.
    d.shows("role chains follow…");
    let direct = rows(&d).len();
    check(&d);
    paste(d.keys("a ctrl-u"), "iam:PassRole").keys("enter");
    d.release_first();
    check(&d);
    assert!(
        d.app().who().answer().is_none(),
        "the rest of another answer"
    );
    d.hold = false;
    d.release();
    check(&d);
    assert_eq!(answer(&d).question.actions, ["iam:PassRole"]);
    ask(&mut d, "iam:*LoginProfile", "");
    assert!(rows(&d).len() > direct, "with roles there are more");
}

#[test]
fn another_tab_and_back() {
    let mut d = demo();
    d.hold = true;
    ask(&mut d, "s3:GetObject", PAYROLL).keys("1");
    d.release();
    assert_eq!(
        (d.app().screen(), d.app().kind()),
        (Screen::Lists, Kind::User)
    );
    d.shows("NAME").hides("PRINCIPAL");
    d.keys("5");
    d.hold = false;
    d.release();
    check(&d);
    assert_eq!(answer(&d).question.resource, PAYROLL);
}

#[test]
fn after_a_refresh_the_old_answer_is_gone() {
    let setup = Setup {
        live: true,
        ..Setup::default()
    };
    let mut d = on_with(people(5), setup, 120, 36);
    ask(&mut d, "s3:GetObject", "");
    assert_eq!(rows(&d).len(), 6, "with the root user");
    d.hold = true;
    d.keys("t t ctrl-r");
    d.event(Event::Whole(Box::new(people(2))));
    d.event(Event::Finished(Outcome::Complete));
    // What was asked before the account changed may still come.
    while d
        .app()
        .who()
        .answer()
        .is_none_or(|it| it.index.account().users().len() != 2)
    {
        assert!(d.app().who().lines().is_empty(), "{}", d.screen());
        d.release_first();
    }
    d.hold = false;
    d.release();
    assert_eq!(rows(&d).len(), 3);
    check(&d);
}

/// Keys and answers come as they like.
#[test]
fn keys_and_answers_in_any_order() {
    let keys = [
        "a",
        "r",
        "c",
        "esc",
        "enter",
        "tab",
        "shift-tab",
        "down",
        "up",
        "backspace",
        "ctrl-u",
        "x",
        "t",
        "d",
        "i",
        "p",
        "w",
        "j",
        "k",
        "G",
        "g",
        "l",
        "5",
        "1",
        "3",
        "b",
        "s",
        "S",
        "=",
        "v",
        "space",
        "/",
    ];
    let texts = [
        "s3:GetObject",
        "iam:pass",
        "iam:*LoginProfile",
        "sts:assume",
        "s3:@tagging",
        "zzz",
        PAYROLL,
        "*",
        "break",
        "aws:SourceIp=198.51.100.7",
        "aws:MultiFactorAuthPresent=true",
        "sourceip",
        ",",
    ];
    let mut random = Random::new(7);
    let mut d = Driver::demo(80, 24);
    d.hold = true;
    let mut answered = 0;
    for _ in 0..600 {
        if random.percent(10) {
            d.keys("esc 5 esc a ctrl-u");
            check(&d);
            paste(&mut d, random.pick(&texts[..5]));
        }
        match random.below(10) {
            0 => drop(paste(&mut d, random.pick(&texts))),
            1..=2 => d.release_first(),
            3..=5 => d.release(),
            _ => drop(d.keys(random.pick(&keys))),
        }
        check(&d);
        answered += usize::from(d.app().who().answer().is_some());
    }
    assert!(
        answered > 50,
        "something was answered on the way: {answered}"
    );
}
