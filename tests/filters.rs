//! Filters, as they are typed.

use std::collections::BTreeSet;

use iamscope::iam::{Batch, Field, ManagedPolicy, User};
use iamscope::source::{Event, Outcome};
use iamscope::tui::{Msg, Setup};

use crate::support::driver::Driver;

fn demo() -> Driver {
    Driver::demo(120, 36)
}

#[test]
fn the_filter_answers_while_it_is_typed_and_escape_brings_the_old_one_back() {
    let mut d = demo();
    d.keys("3 /").text("tag:env=prod");
    d.shows("Roles 37/60");
    d.keys("enter").shows("Roles 37/60  tag:env=prod");
    d.keys("/").text(" auditor");
    d.hides("Roles 37/60");
    d.keys("esc").shows("Roles 37/60  tag:env=prod");
    d.keys("esc").shows("Roles 60");
}

#[test]
fn a_wrong_filter_says_so_and_keeps_the_list() {
    let mut d = demo();
    d.keys("/").text("colour:red").shows("no term colour:");
    d.shows("aisha");
    d.keys("ctrl-u").text("unused:soon").shows("write 90d");
}

#[test]
fn every_term_of_the_filter_finds_what_it_should() {
    for (tab, filter, count) in [
        ("1", "!path:/", "Users 0/41"),
        ("3", "kind:aws", "/60"),
        ("4", "kind:aws", "Policies 30/75"),
        ("4", "!kind:aws", "Policies 45/75"),
        ("4", "policy:deploy-*", "Policies 2/75"),
        ("4", "unused:0d", "legacy-s3-full"),
        ("3", "unused:400d", "lambda-thumbnailer"),
        ("3", "text:PassRole", "build-agent"),
        ("2", "!unused:1d", "Groups 8/8"),
        ("1", "tag:team", "Users"),
    ] {
        let mut d = demo();
        d.keys(tab).keys("/").text(filter).keys("enter");
        d.shows(count);
    }
}

/// Typed letter by letter each result follows from the one before; pasted it is found at once.
#[test]
fn a_filter_finds_the_same_typed_or_pasted() {
    let found = |tab: &str, put: &dyn Fn(&mut Driver)| {
        let mut d = demo();
        d.keys(tab).keys("/");
        put(&mut d);
        let mut rows = d.app().list().rows().to_vec();
        rows.sort_unstable();
        (rows, d.app().list().unknown())
    };
    for tab in ["1", "2", "3", "4"] {
        for filter in [
            "text:PassRole",
            "text:s3 unused:30d text:Get",
            "!text:PassRole text:lambda",
            "text:logs:Create tag:team",
            "unused:30d text:ec2:",
        ] {
            let pasted = found(tab, &|d| d.send(Msg::Paste(filter.to_owned())));
            let typed = found(tab, &|d| {
                d.text(filter);
            });
            assert_eq!(typed, pasted, "{tab} {filter}");
            let corrected = found(tab, &|d| {
                d.text(filter)
                    .text("xyz")
                    .keys("backspace backspace backspace");
            });
            assert_eq!(corrected, pasted, "{tab} {filter}");
        }
    }
}

/// Where only lists may be read, documents come one by one.
#[test]
fn a_text_is_unknown_where_documents_are() {
    let mut d = demo();
    let demo = d.app().account().clone();
    let mut batch = Batch::default();
    for policy in demo.policies() {
        batch.policies.push(ManagedPolicy {
            versions: Field::Unknown,
            ..(**policy).clone()
        });
    }
    for user in demo.users().iter().take(3) {
        // Names and groups are in the lists; policies are not.
        batch.users.push(User {
            inline: Field::Unknown,
            ..(**user).clone()
        });
    }
    batch.users.push((*demo.users()[3]).clone());
    d = Driver::new(Setup::default(), 120, 36);
    d.event(Event::Batch(batch));
    d.event(Event::Finished(Outcome::Complete));
    let all = demo.policies().len();
    d.keys("4 /").text("text:PassRole");
    d.shows(&format!("Policies 0/{all}"));
    d.shows(&format!("what is not known of {all} of them"));
    d.keys("enter").shows(&format!("{all} unknown"));
    d.keys("esc 1 /").text("!text:PassRole");
    // The last has no policies of its own; the one attached to it is not known either.
    d.shows("Users 0/4").shows("not known of 4 of them");
    d.keys("esc 4 /").text("!text:PassRole");
    d.shows(&format!("Policies 0/{all}"));
}

#[test]
fn two_texts_are_two_searches() {
    let rows = |filter: &str| {
        let mut d = demo();
        d.keys("4 /").text(filter);
        let rows = d.app().list().rows();
        rows.iter().copied().collect::<BTreeSet<_>>()
    };
    let (one, other) = (rows("text:PassRole"), rows("text:logs:"));
    let both: BTreeSet<_> = one.intersection(&other).copied().collect();
    assert!(!both.is_empty() && both != one && both != other);
    assert_eq!(rows("text:PassRole text:logs:"), both);
    assert_eq!(rows("text:logs: text:PassRole"), both);
}
