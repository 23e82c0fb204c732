//! Which rows are shown, and in which order.

use std::collections::BTreeSet;

use iamscope::access::Decision;

use super::{PAYROLL, answer, ask, demo, heads, names, rows, say, short};
use crate::support::driver::Driver;

fn of_payroll() -> Driver {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    d
}

fn has(d: &Driver, decision: Decision) -> bool {
    rows(d).iter().any(|(_, it)| *it == decision)
}

#[test]
fn verdicts_are_shown_and_hidden() {
    let mut d = of_payroll();
    let counts = answer(&d).counts();
    assert_eq!(rows(&d).len(), counts.allowed + counts.conditional);
    d.keys("i").shows("~ 26").shows("(hidden)");
    assert_eq!(rows(&d).len(), counts.allowed);
    d.keys("d");
    assert!(has(&d, Decision::ImplicitDeny) && has(&d, Decision::ExplicitDeny));
    assert!(!has(&d, Decision::Conditional));
    d.keys("i");
    let all = counts.allowed + counts.conditional + counts.explicit_deny + counts.implicit_deny;
    assert_eq!(rows(&d).len(), all);
    d.keys("d").shows("denied (hidden)");
    assert_eq!(rows(&d).len(), counts.allowed + counts.conditional);
}

#[test]
fn those_from_outside_and_service_linked_roles_are_hidden() {
    let mut d = demo();
    ask(&mut d, "iam:*LoginProfile", "");
    let all = names(&d);
    d.keys("o").shows("no outsiders");
    let own =
        |arn: &str| arn.starts_with("arn:aws:iam::111122223333:") && !arn.contains("provider");
    assert!(rows(&d).iter().all(|(arn, _)| own(arn)), "{:?}", names(&d));
    assert!(
        names(&d).contains(&"root".to_owned()),
        "the root user is no outsider"
    );
    d.keys("L").shows("no service-linked");
    assert!(
        rows(&d)
            .iter()
            .all(|(arn, _)| !arn.contains("aws-service-role"))
    );
    d.keys("L o");
    assert_eq!(names(&d), all);
}

#[test]
fn rows_are_sorted_and_turned_round() {
    let mut d = of_payroll();
    let verdicts: Vec<Decision> = rows(&d).into_iter().map(|(_, it)| it).collect();
    assert!(verdicts.is_sorted(), "the best first: {verdicts:?}");
    d.keys("s").text("name").keys("enter");
    let sorted = names(&d);
    let own = rows(&d)
        .into_iter()
        .filter(|(arn, _)| arn.contains(":user/") || arn.contains(":role/"));
    let own: Vec<String> = own
        .filter(|(arn, _)| arn.contains("111122223333"))
        .map(|(arn, _)| short(&arn).to_lowercase())
        .collect();
    assert!(own.is_sorted(), "{own:?}");
    d.keys("S");
    let mut turned = names(&d);
    turned.reverse();
    assert_eq!(turned, sorted);
    // Sorting by the same again turns it round as well.
    d.keys("s").text("name").keys("enter");
    assert_eq!(names(&d), sorted);
    d.keys("s").text("path").keys("enter");
    let own = |arn: &&String| arn.contains(":111122223333:");
    let path = |arn: &str| match arn.split_once(":user/").or(arn.split_once(":role/")) {
        Some((_, name)) => name
            .rsplit_once('/')
            .map_or("", |(path, _)| path)
            .to_owned(),
        None => String::new(),
    };
    let all: Vec<String> = rows(&d).into_iter().map(|(arn, _)| arn).collect();
    let paths: Vec<String> = all.iter().filter(own).map(|arn| path(arn)).collect();
    assert!(paths.is_sorted(), "{paths:?}");
    assert!(!paths[paths.len() - 1].is_empty());
    d.keys("s").text("roles on").keys("enter");
    let hops = |name: &String| {
        let all = answer(&d).all();
        let found = all.filter(|(node, _)| answer(&d).arn(*node).map(short) == Some(name));
        found.map(|(_, standing)| standing.hops).min().unwrap()
    };
    assert!(names(&d).iter().map(hops).is_sorted());
    d.keys("s").text("type").keys("enter");
    let kinds: Vec<bool> = rows(&d)
        .iter()
        .map(|(arn, _)| arn.contains(":user/"))
        .collect();
    assert!(
        kinds.is_sorted_by(|a, b| a >= b),
        "users come first: {:?}",
        names(&d)
    );
}

#[test]
fn those_who_can_do_most_come_first() {
    let mut d = demo();
    ask(&mut d, "iam:*LoginProfile", "");
    d.keys("s").text("number").keys("enter");
    let answer = answer(&d);
    let able: Vec<u32> = rows(&d)
        .iter()
        .map(|(arn, _)| answer.standing(answer.find(arn).unwrap()).unwrap())
        .map(|it| it.allowed + it.conditional)
        .collect();
    assert!(able.is_sorted_by(|a, b| a >= b), "{able:?}");
    assert!(able.first() > able.last());
}

#[test]
fn rows_are_filtered_as_lists_are() {
    let mut d = of_payroll();
    d.keys("/").text("carl");
    assert_eq!(names(&d), ["carla"]);
    d.keys("enter").shows("/carl");
    assert_eq!(d.keys("esc").app().who().shown.filter, "");
    let all = names(&d).len();
    d.keys("/").text("tag:team=finance").keys("enter");
    let finance = names(&d);
    assert!(
        finance.contains(&"carla".to_owned()) && finance.len() < all,
        "{finance:?}"
    );
    d.keys("esc /").text("path:/finance/").keys("enter");
    assert!(rows(&d).iter().all(|(arn, _)| arn.contains("/finance/")));
    assert!(!rows(&d).is_empty());
    d.keys("esc /").text("colour:red").shows("no term colour:");
    d.keys("esc");
    assert_eq!(names(&d).len(), all, "what was typed is dropped");
    d.keys("/")
        .text("zzzz")
        .keys("enter")
        .shows("Nobody is shown.");
    d.shows("The filter zzzz hides others.");
}

#[test]
fn rows_stand_together_and_are_folded() {
    let mut d = of_payroll();
    let before: BTreeSet<String> = names(&d).into_iter().collect();
    let group = |d: &mut Driver, by: &str| {
        d.keys("b").text(by).keys("enter");
        let sum: usize = heads(d).iter().map(|(_, count)| count).sum();
        assert_eq!(
            sum,
            before.len(),
            "every row is in one group: {:?}",
            heads(d)
        );
        let titles: Vec<String> = heads(d).into_iter().map(|(title, _)| title).collect();
        titles
    };
    assert_eq!(group(&mut d, "verdict"), ["allowed", "conditional"]);
    let types = group(&mut d, "type");
    assert_eq!(types[..2], ["users", "roles"]);
    assert!(types.contains(&"root user".to_owned()), "{types:?}");
    let paths = group(&mut d, "path");
    assert!(paths.contains(&"/finance/".to_owned()), "{paths:?}");
    let tags = group(&mut d, "tag team");
    assert!(tags.contains(&"team = finance".to_owned()), "{tags:?}");
    assert!(tags.contains(&"no tag team".to_owned()), "{tags:?}");
    // A group is folded at its head, and unfolded there.
    group(&mut d, "verdict");
    let rows_before = names(&d).len();
    d.keys("g enter");
    let (allowed, conditional) = (heads(&d)[0].1, heads(&d)[1].1);
    assert_eq!(
        (names(&d).len(), allowed + conditional),
        (conditional, rows_before)
    );
    d.keys("g enter");
    assert_eq!(names(&d).len(), rows_before);
    d.keys("b").text("nothing").keys("enter");
    assert_eq!(heads(&d), []);
    let after: BTreeSet<String> = names(&d).into_iter().collect();
    assert_eq!(before, after);
}

#[test]
fn chains_are_followed_or_not() {
    let mut d = of_payroll();
    assert!(
        names(&d).contains(&"aisha".to_owned()),
        "by way of the role developer"
    );
    d.keys("x").shows("no chains");
    assert!(!names(&d).contains(&"aisha".to_owned()));
    assert!(names(&d).contains(&"lena".to_owned()));
    d.keys("x").hides("no chains");
    assert!(names(&d).contains(&"aisha".to_owned()));
}

#[test]
fn the_cursor_stays_on_whom_it_was() {
    let mut d = of_payroll();
    super::walk(&mut d, "olga");
    let on = |d: &Driver| d.app().who().selected_arn().map(short).map(str::to_owned);
    for keys in ["d", "d", "S", "S", "x", "x", "t", "o", "o"] {
        if !names(d.keys(keys)).contains(&"olga".to_owned()) {
            // Nothing is known of MFA, which is missing then.
            assert_eq!(keys, "t");
            d.keys("t");
            super::walk(&mut d, "olga");
        }
        assert_eq!(on(&d).as_deref(), Some("olga"), "after {keys}");
    }
    say(&mut d, "aws:SourceIp=198.51.100.7");
    assert_eq!(on(&d).as_deref(), Some("olga"));
}

#[test]
fn what_differs_from_the_pinned_answer() {
    let mut d = of_payroll();
    d.keys("=").shows("no answer is pinned");
    d.keys("p").shows("pinned");
    say(&mut d, "aws:SourceIp=203.0.113.7");
    // Whom the pinned answer would show is shown, though it is denied now.
    let carla = rows(&d).into_iter().find(|(arn, _)| short(arn) == "carla");
    assert_eq!(carla.unwrap().1, Decision::ExplicitDeny);
    d.keys("=");
    let (now, before) = (answer(&d), d.app().who().pinned.clone().unwrap());
    for (arn, decision) in rows(&d) {
        let there = before.standing(before.find(&arn).unwrap()).unwrap();
        assert_ne!(there.decision, decision, "{arn}");
    }
    assert_eq!(now.question.context.len(), 1);
    d.keys("p")
        .shows("nothing is pinned any more")
        .hides("PINNED");
}
