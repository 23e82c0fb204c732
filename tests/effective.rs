//! The tab Effective: what a user or role can do, and the ways from there.

use std::collections::HashSet;
use std::sync::Arc;

use iamscope::access::{Chains, Decision, Index, Terms, Wanted, principal};
use iamscope::catalog;
use iamscope::iam::{Account, Batch, Field, Kind};
use iamscope::report::what_can::Question;
use iamscope::source::{Event, Outcome, Spec};
use iamscope::tui::{Effect, Setup};

use crate::support::driver::{Driver, load};

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 36)];

/// The tab of a user or role of the demo account.
fn tab(d: &mut Driver, list: &str, name: &str) {
    d.keys(list).keys("/").text(name).keys("enter");
    d.keys("enter l l");
    if list == "3" {
        d.keys("l");
    }
    d.shows("[Effective]");
}

fn of(list: &str, name: &str) -> Driver {
    let mut d = Driver::demo(170, 40);
    tab(&mut d, list, name);
    d
}

fn picture(name: &str, driver: &Driver, width: u16, height: u16) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), driver.screen());
    });
}

fn pictures(name: &str, story: impl Fn(&mut Driver)) {
    for (width, height) in SIZES {
        let mut driver = Driver::demo(width, height);
        story(&mut driver);
        // Both panes leave too little room to read conditions.
        driver.keys("z");
        picture(name, &driver, width, height);
    }
}

#[test]
fn an_ordinary_user() {
    pictures("effective-user", |d| {
        tab(d, "1", "nadia");
        d.shows("24 actions of 2 services");
    });
    pictures("effective-unfolded", |d| {
        tab(d, "1", "nadia");
        d.walk("j", "+ ◐ iam").keys("enter");
        d.walk("j", "+ ~ write").keys("enter");
        d.walk("j", "EnableMFADevice")
            .keys("space")
            .shows("only on");
    });
}

#[test]
fn an_administrator() {
    pictures("effective-administrator", |d| {
        tab(d, "1", "terraform");
        d.walk("j", "every action of");
    });
}

#[test]
fn one_with_a_boundary() {
    pictures("effective-bounded", |d| {
        tab(d, "3", "ci-deploy");
        d.shows("29 actions of 5 services");
    });
}

#[test]
fn one_who_can_do_nothing() {
    pictures("effective-nothing", |d| {
        tab(d, "1", "greta");
        d.shows("No action at all").hides("Actions");
    });
}

#[test]
fn what_is_under_way_is_told_to_be() {
    pictures("effective-waiting", |d| {
        d.busy = true;
        tab(d, "1", "nadia");
        d.shows("Being worked out…").hides("24 actions");
    });
}

#[test]
fn from_a_service_to_the_statement_and_back() {
    let mut d = of("1", "nadia");
    d.walk("j", "+ ◐ iam").keys("enter").shows("+ ~ write");
    d.walk("j", "+ ~ write").keys("enter");
    d.walk("j", "EnableMFADevice").keys("enter");
    d.shows("own policies: allows if more is met");
    d.walk("j", "statement");
    let before = (d.selected(), d.screen());
    d.keys("enter").shows("[Document]");
    assert!(d.selected().contains('{'), "{}", d.screen());
    // From there to another page, and back twice.
    d.keys("w").shows("iam:");
    d.keys("esc").shows("[Document]");
    d.keys("esc").shows("[Effective]");
    assert_eq!((d.selected(), d.screen()), before);
}

#[test]
fn folding_leaves_the_cursor_where_the_block_begins() {
    let mut d = of("1", "nadia");
    d.walk("j", "+ ◐ iam").keys("space j space");
    d.walk("j", "GetLoginProfile").keys("space j j space");
    assert!(d.selected().contains("GetLoginProfile"), "{}", d.screen());
    d.hides("own policies");
    d.walk("k", "- ◐ iam").keys("space").shows("+ ◐ iam");
    d.hides("GetLoginProfile");
}

#[test]
fn the_outline_unfolds_and_folds_all_services() {
    let mut d = of("1", "nadia");
    d.hides("+ ~ read");
    d.keys("o");
    d.shows("- ~ sts").shows("+ ~ read").hides("GetUser");
    d.keys("o").shows("+ ~ sts").hides("+ ~ read");
}

#[test]
fn what_is_searched_for_is_found_though_it_is_folded_away() {
    let mut d = of("1", "nadia");
    d.keys("/").text("getaccesskeylast").keys("enter");
    let found = "GetAccessKeyLastUsed";
    assert!(d.selected().contains(found), "{}", d.screen());
    // The reasons would be asked for one by one.
    d.hides("own policies");
}

#[test]
fn who_else_can_is_asked_on_every_line() {
    let mut d = of("1", "nadia");
    let ask = |d: &mut Driver, action: &str| {
        let before = (d.selected(), d.screen());
        d.keys("w").shows("Who can").line(action);
        d.keys("esc").shows("[Effective]");
        assert_eq!((d.selected(), d.screen()), before, "{action}");
    };
    d.walk("j", "analyst");
    ask(&mut d, "sts:AssumeRole");
    d.walk("j", "+ ◐ iam");
    ask(&mut d, "iam:*");
    d.keys("enter").walk("j", "+ ~ write");
    ask(&mut d, "iam:@write");
    d.keys("enter").walk("j", "ChangePassword");
    ask(&mut d, "iam:ChangePassword");
    d.keys("enter").walk("j", "statement");
    ask(&mut d, "iam:ChangePassword");
}

#[test]
fn the_way_to_a_role_leads_back() {
    let mut d = of("1", "nadia");
    d.walk("j", "archive-reader");
    let before = d.screen();
    d.keys("enter").shows("/data/");
    d.keys("esc");
    assert_eq!(d.screen(), before);
}

#[test]
fn an_answer_about_somebody_else_is_not_shown() {
    let mut d = Driver::demo(120, 36);
    d.busy = true;
    d.keys("enter l l")
        .shows("aisha")
        .shows("Being worked out…");
    d.keys("tab j").shows("Being worked out…");
    let first = d.waiting.remove(0);
    assert_eq!(d.waiting.len(), 1, "{:?}", d.waiting);
    // The first one is answered all the same, too late.
    d.force(first);
    d.shows("Being worked out…");
    d.answer();
    d.hides("Being worked out…").shows("backup-agent");
    let page = d.line(" actions of ");
    // Back at the first one its own comes, not the other's.
    d.keys("k").shows("Being worked out…");
    d.answer();
    assert_ne!(d.line(" actions of "), page);
    // What is known is not asked for again.
    d.keys("j");
    assert!(d.waiting.is_empty(), "{:?}", d.waiting);
    assert_eq!(d.line(" actions of "), page);
}

#[test]
fn a_reason_is_asked_for_once() {
    let mut d = of("1", "nadia");
    d.busy = true;
    d.walk("j", "+ ◐ iam").keys("enter j enter j enter");
    d.shows("why: being worked out…");
    assert_eq!(d.waiting.len(), 1);
    d.keys("j k j k");
    assert_eq!(d.waiting.len(), 1);
    d.answer();
    d.hides("being worked out…").shows("own policies: ");
}

/// A live account whose details are fetched when they are shown.
fn live(account: &Account) -> Driver {
    let setup = Setup {
        live: true,
        ..Setup::default()
    };
    let mut d = Driver::new(setup, 120, 36);
    d.event(Event::Whole(Box::new(account.clone())));
    d.event(Event::Finished(Outcome::Complete));
    d
}

#[test]
fn what_is_not_read_is_told_and_a_change_is_worked_out_anew() {
    let mut account = load(&Spec::Demo);
    let arn = account.users().iter().find(|it| it.name == "greta");
    let mut user = (**arn.unwrap()).clone();
    let whole = user.clone();
    user.inline = Field::Unknown;
    user.groups = Field::Unknown;
    account.absorb(Batch {
        users: vec![user],
        ..Batch::default()
    });
    let mut d = live(&account);
    tab(&mut d, "1", "greta");
    d.shows("what the policies of 1 principal say that were not read is open");
    d.shows("all conditional");
    d.walk("j", "Roles it can assume");
    d.busy = true;
    let mut known = whole;
    known.groups = Field::Known(vec!["admins".into()]);
    d.send(iamscope::tui::Msg::Fetched(Batch {
        users: vec![known],
        ..Batch::default()
    }));
    d.shows("Being worked out…").hides("all conditional");
    d.answer();
    d.hides("Being worked out…").hides("not read");
    d.shows("every service but");
    // The cursor has waited meanwhile, and is not thrown back to the first line.
    assert!(!d.selected().contains("actions of"), "{}", d.screen());
}

#[test]
fn nobody_is_asked_about_before_the_account_is_read() {
    let account = load(&Spec::Demo);
    let setup = Setup {
        live: true,
        ..Setup::default()
    };
    let mut d = Driver::new(setup, 120, 36);
    d.event(Event::Whole(Box::new(account)));
    d.keys("enter l l")
        .shows("Worked out once the account is read.");
    d.keys("ctrl-x");
    d.shows("The account was not read to its end");
    assert!(!d.effects.iter().any(|it| matches!(it, Effect::Ask(_))));
}

/// The numbers on the screen: actions, services, conditional ones.
fn numbers(line: &str) -> (usize, usize, usize) {
    let number = |before: &str| {
        let (left, _) = line.split_once(before)?;
        let digits: Vec<char> = left.chars().rev().collect();
        let digits = digits
            .iter()
            .take_while(|it| it.is_ascii_digit() || **it == ',')
            .filter(|it| **it != ',');
        let digits: String = digits.collect::<Vec<_>>().into_iter().rev().collect();
        digits.parse().ok()
    };
    let actions = number(" action").unwrap_or(0);
    let conditional = match line.contains("all conditional") {
        true => actions,
        false => number(" conditional").unwrap_or(0),
    };
    (actions, number(" service").unwrap_or(0), conditional)
}

#[test]
fn the_numbers_are_those_of_the_command_for_everybody() {
    let account = Arc::new(load(&Spec::Demo));
    let index = Index::new(account.clone());
    let terms = Terms {
        now: Some("2026-10-01T12:00:00Z".parse().unwrap()),
        ..Terms::default()
    };
    let chains = Chains::new(&index, &terms);
    let mut some = HashSet::new();
    for (list, count) in [
        ("1", account.count(Kind::User)),
        ("3", account.count(Kind::Role)),
    ] {
        let mut d = Driver::demo(160, 60);
        d.keys(list).keys("enter l l").keys(match list {
            "1" => "tab",
            _ => "l tab",
        });
        for _ in 0..count {
            let subject = d.app().detail().subject().unwrap();
            let name = subject.entity().unwrap().arn.to_string();
            let caller = principal(&account, &name).unwrap();
            let question = Question {
                index: &index,
                terms: &terms,
                caller,
                wanted: Wanted::default(),
                no_chains: false,
            };
            let mut answer = question.direct();
            question.follow(&chains, &mut answer);
            let is_open = |it: &&_| is_conditional(it);
            let services: HashSet<_> = answer
                .abilities
                .iter()
                .map(|it| it.action.service())
                .collect();
            let expected = (
                answer.abilities.len(),
                services.len(),
                answer.abilities.iter().filter(is_open).count(),
            );
            let line = d.screen();
            let line = line.lines().find(|line| line.contains(" action")).unwrap();
            assert_eq!(numbers(line), expected, "{name}:\n{}", d.screen());
            some.insert(expected);
            d.keys("j");
        }
    }
    assert!(some.len() > 20, "{some:?}");
}

fn is_conditional(ability: &iamscope::report::what_can::Ability) -> bool {
    ability.may.decision == Decision::Conditional
}

#[test]
fn the_lines_add_up() {
    let account = load(&Spec::Demo);
    let user = account.users().iter().find(|it| it.name == "bjorn");
    assert!(user.is_some());
    let mut d = of("1", "bjorn");
    let (actions, services, _) = numbers(&d.line(" actions of "));
    d.keys("z o").resize(120, 2000);
    let lines = d.screen();
    let per_service = lines.lines().filter_map(|line| {
        let words: Vec<_> = line.trim().strip_prefix("- ")?.split_whitespace().collect();
        let prefix = *words.get(1)?;
        catalog::service(prefix)?;
        let count = match words[2..] {
            ["all", count, ..] | [count, "of", ..] => count.replace(',', ""),
            ["its", ..] => "1".to_owned(),
            _ => return None,
        };
        Some(count.parse::<usize>().unwrap())
    });
    let counts: Vec<usize> = per_service.collect();
    assert_eq!(counts.len(), services);
    assert_eq!(counts.iter().sum::<usize>(), actions);
}
