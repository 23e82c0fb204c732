//! The who-can view, as a person sees it and by what it holds.

mod agree;
mod context;
mod hostile;
mod rows;
mod screens;
mod simulator;
mod stale;
mod stories;
mod terminal;
mod working;

use iamscope::access::Decision;
use iamscope::iam::{Account, Batch, Field, User};
use iamscope::source::{Event, Outcome};
use iamscope::tui::asker::Answer;
use iamscope::tui::who::shown::Line;
use iamscope::tui::{Msg, Setup};

use crate::support::driver::Driver;

/// A file that only the finance people read, from their office.
const PAYROLL: &str = "arn:aws:s3:::northwind-finance/payroll/2026-08.csv";

/// The view on the demo account, wide and high.
fn demo() -> Driver {
    Driver::demo(120, 36)
}

/// The demo account with other settings.
fn demo_with(setup: Setup, width: u16, height: u16) -> Driver {
    let account: Account = (**Driver::demo(width, height).app().account()).clone();
    on_with(account, setup, width, height)
}

/// An account with other settings.
fn on_with(account: Account, setup: Setup, width: u16, height: u16) -> Driver {
    let mut driver = Driver::new(setup, width, height);
    driver.event(Event::Whole(Box::new(account)));
    driver.event(Event::Finished(Outcome::Complete));
    driver
}

/// Asks a question, and goes to its answer.
fn ask<'d>(d: &'d mut Driver, action: &str, resource: &str) -> &'d mut Driver {
    paste(d.keys("5 esc a ctrl-u"), action);
    paste(d.keys("tab ctrl-u"), resource).keys("enter")
}

/// Says something about the request, and goes to the answer.
fn say<'d>(d: &'d mut Driver, context: &str) -> &'d mut Driver {
    paste(d.keys("c"), context).keys("enter enter")
}

/// Puts a text into a field in one go.
fn paste<'d>(d: &'d mut Driver, text: &str) -> &'d mut Driver {
    d.send(Msg::Paste(text.to_owned()));
    d
}

/// Goes down to a row.
#[track_caller]
fn walk<'d>(d: &'d mut Driver, name: &str) -> &'d mut Driver {
    d.keys("g");
    for _ in 0..300 {
        if d.app().who().selected_arn().map(short) == Some(name) {
            return d;
        }
        d.keys("j");
    }
    panic!("{name} has no row:\n{}", d.screen());
}

/// The answer that is shown.
#[track_caller]
fn answer(d: &Driver) -> &Answer {
    match d.app().who().answer() {
        Some(answer) => answer,
        None => panic!("nothing is answered:\n{}", d.screen()),
    }
}

/// The name of a user or role in an ARN; the ARN itself of others.
fn short(arn: &str) -> &str {
    match arn.strip_prefix("arn:aws:iam::111122223333:") {
        Some(rest) => rest.rsplit('/').next().unwrap_or(rest),
        None => arn,
    }
}

/// The rows in their order, with their verdicts.
#[track_caller]
fn rows(d: &Driver) -> Vec<(String, Decision)> {
    let answer = answer(d);
    let nodes = d.app().who().lines().iter().filter_map(Line::node);
    let row = |node| {
        let arn = answer.arn(node).unwrap();
        (arn.to_owned(), answer.standing(node).unwrap().decision)
    };
    nodes.map(row).collect()
}

/// The names in the rows.
#[track_caller]
fn names(d: &Driver) -> Vec<String> {
    let rows = rows(d).into_iter();
    rows.map(|(arn, _)| short(&arn).to_owned()).collect()
}

/// The verdict of a row.
#[track_caller]
fn verdict(d: &Driver, name: &str) -> Decision {
    let found = rows(d).into_iter().find(|(arn, _)| short(arn) == name);
    found
        .unwrap_or_else(|| panic!("{name} has no row:\n{}", d.screen()))
        .1
}

/// The heads of the groups, with how many rows they have.
fn heads(d: &Driver) -> Vec<(String, usize)> {
    let lines = d.app().who().lines().iter();
    lines
        .filter_map(|line| match line {
            Line::Head { title, count, .. } => Some((title.clone(), *count)),
            Line::Row(_) => None,
        })
        .collect()
}

/// An account of administrators.
fn people(count: usize) -> Account {
    let demo = Driver::demo(80, 24);
    let account = demo.app().account();
    let users = account.users();
    let model = users.iter().find(|user| user.name == "olga").unwrap();
    let all = "arn:aws:iam::aws:policy/AdministratorAccess";
    let user = |at: usize| User {
        name: format!("person-{at:05}").into(),
        arn: format!("arn:aws:iam::111122223333:user/person-{at:05}").into(),
        id: format!("AIDA{at:017}").into(),
        groups: Field::Known(Vec::new()),
        attached: Field::Known(vec![all.into()]),
        inline: Field::Known(Vec::new()),
        boundary: Field::Known(None),
        ..(**model).clone()
    };
    let policies = account.policies().iter().filter(|it| &*it.arn == all);
    let mut people = Account::default();
    people.id = account.id.clone();
    people.partition = account.partition.clone();
    people.taken = account.taken;
    people.absorb(Batch {
        users: (0..count).map(user).collect(),
        policies: policies.map(|it| (**it).clone()).collect(),
        ..Batch::default()
    });
    people
}
