//! Keys: stories told by what is pressed, and the agreement of the table with what is shown.

use std::time::Duration;

use iamscope::iam::{Kind, User};
use iamscope::source::{Entity, Event, Outcome, Problem};
use iamscope::tui::command::{COMMANDS, Id, Scope};
use iamscope::tui::keymap::Keymap;
use iamscope::tui::{Effect, Focus, Setup, Timer};

use crate::support::driver::Driver;

fn demo() -> Driver {
    Driver::demo(120, 36)
}

/// A live account of which nothing came yet.
fn live() -> Driver {
    let setup = Setup {
        live: true,
        ..Setup::default()
    };
    Driver::new(setup, 120, 36)
}

#[test]
fn from_a_user_through_the_group_to_the_statement_and_back() {
    let mut d = demo();
    d.keys("/").text("omar").keys("enter enter l");
    d.shows("Through groups").shows("group data");
    // Down to the group, and into it.
    d.walk("j", "group data");
    d.keys("enter");
    assert_eq!(d.app().kind(), Kind::Group);
    d.shows("Users › omar › Permissions › data");
    // The tab stays where the group has it too.
    d.shows("[Permissions]");
    d.walk("j", "data-lake-access");
    d.keys("enter");
    d.shows("[Document]").shows("Allow ");
    d.keys("esc");
    assert!(d.selected().contains("data-lake-access"), "{}", d.screen());
    d.keys("esc");
    assert!(d.selected().contains("group data"), "{}", d.screen());
    d.keys("esc");
    assert_eq!(d.app().focus(), Focus::List);
    assert!(d.selected().starts_with("omar"), "{}", d.screen());
    d.keys("esc").hides("omar ›");
}

#[test]
fn from_a_policy_to_the_role_to_whom_it_trusts_and_back() {
    let mut d = demo();
    d.keys("4 /").text("deploy-base").keys("enter enter l l l");
    d.shows("[Attached]");
    d.walk("j", "ci-deploy");
    d.keys("enter l")
        .shows("[Trust]")
        .shows("Policies › deploy-base › Attached › ci-deploy");
    d.walk("j", "user/ci/release-bot\"");
    d.keys("enter");
    assert_eq!(d.app().kind(), Kind::User);
    d.keys("esc esc esc");
    assert_eq!(d.app().kind(), Kind::Policy);
    assert!(d.selected().contains("deploy-base"));
}

#[test]
fn the_facts_of_an_overview_lead_to_the_tab_that_tells_more() {
    for (list, name, fact, tab) in [
        ("1", "nadia", "Groups ", "[Groups]"),
        ("1", "nadia", "Access keys", "[Credentials]"),
        ("2", "data", "Members", "[Members]"),
        ("3", "ci-deploy", "Trusted by", "[Trust]"),
        ("4", "deploy-base", "Attached to", "[Attached]"),
        ("4", "deploy-base", "Default version", "[Document]"),
    ] {
        let mut d = demo();
        d.keys(list).keys("/").text(name).keys("enter enter");
        d.walk("j", fact).keys("enter");
        d.shows(tab);
        d.keys("esc").shows("[Overview]");
        assert!(d.selected().contains(fact), "{}", d.screen());
    }
}

#[test]
fn a_sentence_leads_to_its_statement() {
    let mut d = demo();
    d.keys("4 /").text("deploy-base").keys("enter enter");
    d.walk("j", "Allow iam:PassRole").keys("enter");
    d.shows("[Document]");
    assert!(d.selected().starts_with("35"), "{}", d.screen());
    d.keys("j");
    assert!(d.selected().contains("PassAppRoles"), "{}", d.screen());
    d.keys("esc").shows("[Overview]");
    assert!(d.selected().contains("iam:PassRole"), "{}", d.screen());
}

#[test]
fn a_match_is_found_though_its_line_is_broken() {
    let mut d = Driver::demo(100, 36);
    d.keys("3 /").text("ci-plan").keys("enter enter l /");
    d.text("oidc-provider/token.actions").keys("enter");
    d.hides("is not in this text");
    assert!(d.selected().contains("oidc-provid"), "{}", d.screen());
}

#[test]
fn the_role_behind_the_callers_session_is_found() {
    let mut d = demo();
    d.keys("I")
        .shows("you are arn:aws:sts::111122223333:assumed-role/");
    assert_eq!(d.app().kind(), Kind::Role);
    d.shows("iam-steward");
    let mut d = Driver::new(Setup::default(), 120, 36);
    d.keys("I").shows("it is not known who asked");
}

#[test]
fn sorting_by_any_column_and_turning_it_round() {
    let mut d = demo();
    d.keys("3 s").shows("Sort by");
    d.text("used").keys("enter").shows("USED ↑");
    let first = d.app().list().rows().to_vec();
    d.keys("S").shows("USED ↓");
    let second = d.app().list().rows().to_vec();
    assert_ne!(first, second);
    assert_eq!(first.len(), second.len());
}

#[test]
fn goto_takes_an_arn_a_name_an_id_and_an_access_key() {
    let role = "arn:aws:iam::111122223333:role/ci/ci-deploy";
    let session = "arn:aws:sts::111122223333:assumed-role/ci-deploy/run-7";
    let user = Driver::demo(120, 36).app().account().users()[3].clone();
    for (text, name) in [
        (role, "ci-deploy"),
        (session, "ci-deploy"),
        ("breakglass", "breakglass"),
        (&*user.id, &*user.name),
        ("AKIACDSDUV7GGEXAMPLE", "nadia"),
    ] {
        let mut d = demo();
        d.keys("ctrl-g").text(text).keys("enter");
        let shown = d.app().detail().subject().map(|s| s.name().to_owned());
        assert_eq!(shown.as_deref(), Some(name), "{text}\n{}", d.screen());
        assert_eq!(d.app().focus(), Focus::Detail);
        d.keys("esc").shows("[1 Users]");
    }
    let mut d = demo();
    d.keys("ctrl-g").text("AKIACDSDUV7GGEXAMPLE").keys("enter");
    d.shows("[Credentials]").shows("AKIACDSDUV7GGEXAMPLE");
    let mut d = demo();
    d.keys(":").text("goto auditor").keys("enter");
    d.shows("AROA");
    let mut d = demo();
    d.keys("ctrl-g")
        .text("no-such-thing-at-all")
        .shows("Nothing in this account");
}

#[test]
fn an_unknown_access_key_is_asked_for_where_the_account_is_live() {
    let mut d = live();
    d.keys("ctrl-g").text("AKIA0000000000000000").keys("enter");
    let asked = d
        .effects
        .iter()
        .any(|e| matches!(e, Effect::FindKey(id) if id.len() == 20));
    assert!(asked);
}

#[test]
fn copying_takes_the_arn_and_the_json() {
    let mut d = demo();
    d.keys("3 y");
    assert_eq!(
        d.copied(),
        Some("arn:aws:iam::111122223333:role/data/analyst"),
        "{}",
        d.screen()
    );
    d.shows("copied arn:aws:iam");
    d.keys("Y");
    let json: serde_json::Value = serde_json::from_str(d.copied().unwrap()).unwrap();
    assert_eq!(json["RoleName"], "analyst");
    // On a document it is the document.
    d.keys("enter l Y");
    let json: serde_json::Value = serde_json::from_str(d.copied().unwrap()).unwrap();
    assert!(json["Statement"].is_array(), "{json}");
}

#[test]
fn versions_are_compared_inline_and_side_by_side() {
    let mut d = demo();
    d.keys("4 /").text("deploy-base").keys("enter enter l l");
    d.shows("[Versions]").shows("v5").shows("in force");
    d.walk("j", "v5");
    d.keys("d").shows("v4 to v5").shows("+ ");
    d.keys("z v").shows(" │ ");
    d.keys("esc esc").shows("v5");
    // Any two: mark one, compare with another.
    d.walk("j", "v1");
    d.keys("space").shows("* v1");
    d.walk("k", "v3");
    d.keys("d").shows("v1 to v3");
    d.keys("esc").hides("v1 to v3");
    // A version opens its own text.
    d.walk("j", "v2");
    d.keys("enter").shows("Version v2, not in force");
    d.keys("esc").shows("[Versions]");
}

#[test]
fn documents_fold_search_and_outline() {
    let mut d = demo();
    d.keys("4 /").text("deploy-base").keys("enter enter l");
    d.keys("o").shows("… 8 lines");
    d.keys("o").hides("… 8 lines");
    d.keys("/").text("dashboards").keys("enter");
    assert!(d.selected().contains("PublishDashboards"), "{}", d.screen());
    d.keys("space").shows("lines");
    d.keys("/").text("s3:").keys("enter");
    let first = d.selected();
    d.keys("n");
    assert_ne!(d.selected(), first);
    d.keys("N");
    assert_eq!(d.selected(), first);
    d.keys("/").text("zzz").shows("`zzz` is not in this text");
}

#[test]
fn keys_that_come_fast_leave_the_detail_where_it_is_until_they_rest() {
    let mut d = demo();
    d.keys("3 j");
    let before = d.app().detail().subject().cloned();
    for _ in 0..5 {
        d.text("j");
    }
    assert_eq!(d.app().detail().subject().cloned(), before);
    let resting = |e: &Effect| matches!(e, Effect::Timer(Timer::Rest, _));
    assert_eq!(d.effects.iter().filter(|e| resting(e)).count(), 5);
    d.wait(Duration::from_millis(150));
    d.send(iamscope::tui::Msg::Timer(Timer::Rest));
    assert_ne!(d.app().detail().subject().cloned(), before);
}

#[test]
fn a_text_field_takes_every_printable_key_and_help_still_opens() {
    let mut d = demo();
    d.keys("/").text("q1?:").shows("/q1?:");
    d.keys("F1").shows("Help: what can be done here");
    d.keys("esc").shows("/q1?:");
    d.keys("ctrl-c").hides("/q1?:");
}

#[test]
fn help_and_palette_show_every_command_with_its_keys() {
    let map = Keymap::default();
    let mut d = Driver::demo(120, 36);
    d.keys("?");
    let mut seen = d.screen();
    for _ in 0..40 {
        d.keys("pgdn");
        seen.push_str(&d.screen());
    }
    for command in COMMANDS {
        let keys: Vec<_> = map
            .keys(command.id)
            .iter()
            .map(ToString::to_string)
            .collect();
        let head: String = command.sentence.chars().take(30).collect();
        assert!(seen.contains(&keys.join(" ")), "{}", command.name);
        assert!(seen.contains(&head), "{}", command.name);
    }
    for command in COMMANDS
        .iter()
        .filter(|c| c.scope <= Scope::Detail && c.id != Id::Palette)
    {
        let mut d = demo();
        d.keys(":").text(command.name);
        // What is typed in full comes first, so that enter runs it.
        let first = d.palette_choice();
        assert_eq!(first, command.name, "{}", d.screen());
    }
}

#[test]
fn the_hint_line_shows_only_what_can_be_done_and_never_wraps() {
    for width in [40, 80, 120, 200] {
        let d = Driver::demo(width, 24);
        let hints = d.screen().lines().last().unwrap_or_default().to_owned();
        assert!(hints.contains("? help"), "{hints}");
        assert!(
            !hints.contains("refresh"),
            "a file cannot be read again: {hints}"
        );
    }
}

#[test]
fn a_command_that_cannot_run_says_why() {
    let mut d = demo();
    d.keys("ctrl-r")
        .shows("only a live account can be read again");
    d.keys(":")
        .text("compare")
        .shows("versions are compared in the tab");
}

#[test]
fn the_users_own_keys_take_effect_everywhere() {
    let keymap = Keymap::parse("[list]\nfilter = \"F3\"\n").unwrap();
    let mut d = Driver::new(
        Setup {
            keymap,
            ..Setup::default()
        },
        120,
        36,
    );
    d.event(Event::Finished(Outcome::Complete));
    d.shows("F3 filter");
    d.keys("F3").shows("/");
}

#[test]
fn a_source_that_holds_nothing_and_cannot_be_asked_again_ends_the_program() {
    let cut = || {
        Event::Finished(Outcome::Cut {
            problem: Problem::new("cannot read account.json", "line 3, column 7: broken"),
            resume: None,
        })
    };
    let failed = |d: &Driver| {
        d.effects
            .iter()
            .any(|e| matches!(e, Effect::Fail(p) if p.exit.code() == 4))
    };
    let mut d = Driver::new(Setup::default(), 120, 36);
    d.event(cut());
    assert!(failed(&d));
    // A live account can be tried again; whoever leaves instead is told once more.
    let mut d = live();
    d.event(cut());
    assert!(!failed(&d));
    d.keys("ctrl-r").shows("loading");
    d.event(cut());
    d.keys("q");
    assert!(failed(&d));
}

#[test]
fn details_are_asked_for_once_when_they_are_shown() {
    let mut d = live();
    let account = Driver::demo(80, 24).app().account().clone();
    let batch = iamscope::iam::Batch {
        users: account
            .users()
            .iter()
            .map(|u| User {
                details: Default::default(),
                ..(**u).clone()
            })
            .collect(),
        ..Default::default()
    };
    d.event(Event::Batch(batch));
    d.event(Event::Finished(Outcome::Complete));
    d.keys("j j k");
    let asked: Vec<_> = d
        .effects
        .iter()
        .filter_map(|e| match e {
            Effect::Fetch(Entity::User(user)) => Some(user.name.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(asked, ["aisha", "backup-agent", "bedrock-notebook"]);
    d.shows("loading…");
}
