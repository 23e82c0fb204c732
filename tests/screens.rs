//! Every screen at three sizes, with the facts that matter asserted beside the picture.

use iamscope::iam::{Account, Batch, Field, Kind, Partition, Tag, Taken, TakenBasis};
use iamscope::source::{Event, Outcome, Problem, Progress, Resume};
use iamscope::tui::{Msg, Setup};

use crate::support::driver::Driver;

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 36)];

/// Takes the picture of a screen at each size.
fn pictures(name: &str, story: impl Fn(&mut Driver)) {
    for (width, height) in SIZES {
        let mut driver = Driver::demo(width, height);
        story(&mut driver);
        picture(name, &driver, width, height);
    }
}

fn picture(name: &str, driver: &Driver, width: u16, height: u16) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), driver.screen());
    });
}

#[test]
fn the_lists() {
    for (key, name) in [
        ("1", "users"),
        ("2", "groups"),
        ("3", "roles"),
        ("4", "policies"),
    ] {
        pictures(name, |d| {
            d.keys(key).shows("NAME");
        });
    }
}

#[test]
fn a_users_tabs() {
    for (turns, tab) in [
        "overview",
        "permissions",
        "effective",
        "groups",
        "credentials",
        "tags",
        "json",
    ]
    .into_iter()
    .enumerate()
    {
        pictures(&format!("user-{tab}"), |d| {
            d.keys("/").text("nadia").keys("enter enter");
            for _ in 0..turns {
                d.keys("l");
            }
            d.shows("nadia");
        });
    }
}

#[test]
fn a_groups_tabs() {
    for (turns, tab) in ["overview", "members", "permissions"]
        .into_iter()
        .enumerate()
    {
        pictures(&format!("group-{tab}"), |d| {
            d.keys("2 /").text("data").keys("enter enter");
            for _ in 0..turns {
                d.keys("l");
            }
            d.shows("data");
        });
    }
}

#[test]
fn a_roles_tabs() {
    let tabs = [
        "overview",
        "trust",
        "permissions",
        "effective",
        "instances",
        "tags",
    ];
    for (turns, tab) in tabs.into_iter().enumerate() {
        pictures(&format!("role-{tab}"), |d| {
            d.keys("3 /").text("ci-deploy").keys("enter enter");
            for _ in 0..turns {
                d.keys("l");
            }
            d.shows("ci-deploy");
        });
    }
}

#[test]
fn a_policys_tabs() {
    let tabs = ["overview", "document", "versions", "attached", "tags"];
    for (turns, tab) in tabs.into_iter().enumerate() {
        pictures(&format!("policy-{tab}"), |d| {
            d.keys("4 /").text("deploy-base").keys("enter enter");
            for _ in 0..turns {
                d.keys("l");
            }
            d.shows("deploy-base");
        });
    }
}

#[test]
fn an_inline_policy() {
    pictures("inline-policy", |d| {
        d.keys("2 /").text("data").keys("enter enter l l");
        d.walk("j", "reports-from-office").keys("enter");
        d.shows("reports-from-office");
    });
}

#[test]
fn comparing_versions() {
    let to_versions = |d: &mut Driver| {
        d.keys("4 /").text("deploy-base").keys("enter enter l l");
        d.walk("j", "v5").keys("d").shows("v4 to v5");
    };
    pictures("compare-inline", to_versions);
    pictures("compare-side-by-side", |d| {
        to_versions(d);
        d.keys("z v");
    });
}

#[test]
fn what_lies_over_the_panes() {
    pictures("palette", |d| {
        d.keys(":").shows("Commands");
    });
    pictures("palette-found", |d| {
        d.keys(":").text("compare").shows("compare");
    });
    pictures("help", |d| {
        d.keys("?").shows("Help");
    });
    pictures("sort", |d| {
        d.keys("3 s").shows("Sort by");
    });
    pictures("goto", |d| {
        d.keys("ctrl-g").text("ci").shows("ci-deploy");
    });
    pictures("filter", |d| {
        d.keys("3 /").text("tag:env=prod").shows("37/60");
    });
    pictures("filter-wrong", |d| {
        d.keys("3 /").text("colour:red").shows("no term colour:");
    });
    pictures("filter-nothing", |d| {
        d.keys("3 /").text("zzzz").keys("enter");
        d.shows("None of the roles");
    });
    pictures("search", |d| {
        d.keys("4 /")
            .text("deploy-base")
            .keys("enter enter l /")
            .text("s3:");
        d.shows("Search s3:");
    });
}

#[test]
fn two_hundred_columns_are_used() {
    let mut d = Driver::demo(200, 50);
    d.keys("3 j").shows("CREATED").shows("PATH");
    picture("roles", &d, 200, 50);
}

fn live() -> Setup {
    Setup {
        label: "profile staging".into(),
        live: true,
        read_only: true,
        ..Setup::default()
    }
}

fn identity(d: &mut Driver) {
    d.event(Event::Identity {
        account: Some("111122223333".into()),
        partition: Partition::new("aws-us-gov"),
        caller: Field::Unknown,
        taken: Taken {
            at: "2026-10-01T11:58:00Z".parse().unwrap(),
            basis: TakenBasis::Live,
        },
    });
}

fn some_users(n: usize) -> Batch {
    let demo = Driver::demo(80, 24);
    let users = demo.app().account().users();
    Batch {
        users: users.iter().take(n).map(|u| (**u).clone()).collect(),
        ..Batch::default()
    }
}

#[test]
fn loading_is_seen_and_the_panes_fill_meanwhile() {
    for (width, height) in SIZES {
        let mut d = Driver::new(live(), width, height);
        d.shows("Loading users");
        picture("loading-nothing-yet", &d, width, height);
        identity(&mut d);
        d.event(Event::Batch(some_users(7)));
        d.event(Event::Progress(Progress {
            done: [7, 0, 1_200, 3],
            total: [Some(41), Some(8), Some(10_000), Some(45)],
            aws_policies: 900,
            bytes: None,
        }));
        d.shows("READ-ONLY").shows("loading");
        d.keys("j j");
        picture("loading", &d, width, height);
        d.event(Event::Retrying {
            operation: "GetAccountAuthorizationDetails",
            attempt: 2,
            of: 5,
            why: "throttled".into(),
        });
        d.shows("retrying 2/5");
        picture("loading-throttled", &d, width, height);
    }
}

#[test]
fn a_load_that_breaks_off_keeps_what_came_and_offers_to_go_on() {
    for (width, height) in SIZES {
        let mut d = Driver::new(live(), width, height);
        identity(&mut d);
        d.event(Event::Batch(some_users(5)));
        d.event(Event::Finished(Outcome::Cut {
            problem: Problem::new("the load broke off", "connection reset by peer")
                .next("check the network"),
            resume: Some(Box::new(Resume::default())),
        }));
        d.shows("aisha").shows("goes on");
        d.keys("j").shows("goes on");
        picture("cut", &d, width, height);
        d.keys("ctrl-e").shows("broke off");
        d.keys("esc");
        d.keys("ctrl-r").shows("loading");
        d.event(Event::Batch(some_users(41)));
        d.event(Event::Finished(Outcome::Complete));
        d.shows("Users 41");
    }
}

#[test]
fn an_account_that_cannot_be_read_says_what_to_do() {
    for (width, height) in SIZES {
        let mut d = Driver::new(live(), width, height);
        d.event(Event::Finished(Outcome::Cut {
            problem: Problem::new(
                "cannot read the account",
                "no connection to https://iam.example.test",
            )
            .next("check the address given with --endpoint-url")
            .next("iamscope --demo shows the program without an account"),
            resume: None,
        }));
        d.keys("j").shows("cannot read the account");
        if height > 12 {
            d.shows("--demo");
        }
        picture("failed", &d, width, height);
        d.keys("ctrl-e").shows("Messages");
    }
}

#[test]
fn what_is_denied_says_which_permission_is_missing() {
    for (width, height) in SIZES {
        let mut d = Driver::new(live(), width, height);
        identity(&mut d);
        let mut batch = some_users(3);
        for user in &mut batch.users {
            user.details.access_keys = Field::Denied("iam:ListAccessKeys".into());
            user.details.mfa_devices = Field::Failed("the endpoint answered with HTML".into());
            user.details.login_profile = Field::Unknown;
        }
        d.event(Event::Batch(batch));
        d.event(Event::Gap(Problem::new(
            "cannot list the groups",
            "denied (iam:ListGroups)",
        )));
        d.event(Event::Finished(Outcome::Complete));
        d.keys("enter l l l l");
        d.walk("j", "denied (iam:ListAccessKeys)");
        picture("denied", &d, width, height);
        d.keys("esc 2")
            .shows("1 part of the account could")
            .shows("No groups were read");
        d.keys("ctrl-e").shows("denied (iam:ListGroups)");
    }
}

#[test]
fn an_empty_account_is_not_a_blank_screen() {
    for (width, height) in SIZES {
        let mut d = Driver::on(Account::default(), width, height);
        d.keys("2").shows("This account has no groups.");
        picture("empty", &d, width, height);
    }
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_recovers() {
    let mut d = Driver::demo(20, 5);
    d.shows("too small");
    for (width, height) in [(1, 1), (3, 2), (29, 8), (30, 7), (200, 2)] {
        d.resize(width, height);
        d.keys("j enter l G ? esc : esc / esc esc");
    }
    d.resize(80, 24);
    d.shows("NAME");
}

#[test]
fn no_size_panics_on_any_screen() {
    for width in [30, 31, 41, 59, 60, 99, 100, 101, 250] {
        for height in [8, 9, 12, 17, 18, 60] {
            let mut d = Driver::demo(width, height);
            d.keys(
                "j enter l l l l l G esc 4 G enter l o o l d v z ? pgdn esc : esc ctrl-g esc s esc",
            );
            d.keys("3 enter l G esc 2 enter l l");
        }
    }
}

#[test]
fn a_refresh_keeps_the_old_data_and_says_what_changed() {
    let mut d = Driver::new(live(), 120, 36);
    identity(&mut d);
    d.event(Event::Batch(some_users(10)));
    d.event(Event::Finished(Outcome::Complete));
    d.keys("j j j");
    let selected = d.selected();
    d.keys("ctrl-r").shows("refreshing").shows("Users 10");
    let mut batch = some_users(12);
    batch.users.remove(0);
    batch.users[2].tags = Field::Known(vec![Tag {
        key: "new".into(),
        value: "yes".into(),
    }]);
    d.event(Event::Batch(batch));
    d.shows("Users 10");
    d.event(Event::Finished(Outcome::Complete));
    d.shows("Users 11")
        .shows("2 new")
        .shows("1 changed")
        .shows("1 gone (user aisha)");
    assert_eq!(d.selected(), selected, "the cursor stays on what it was on");
}

#[test]
fn a_message_leaves_room_for_what_goes_on() {
    let mut d = Driver::new(live(), 120, 36);
    d.event(Event::Batch(some_users(4)));
    d.event(Event::Progress(Progress {
        done: [4, 0, 0, 0],
        total: [Some(8), Some(0), Some(0), Some(0)],
        ..Progress::default()
    }));
    d.keys("y");
    let line = d.line("copied arn:aws:iam");
    assert!(line.contains("loading") && line.ends_with("50 %"), "{line}");
}

#[test]
fn stopping_a_load_keeps_what_came() {
    let mut d = Driver::new(live(), 120, 36);
    d.event(Event::Batch(some_users(4)));
    d.keys("ctrl-x").shows("stopped").shows("Users 4");
    d.event(Event::Batch(some_users(41)));
    d.shows("Users 4");
}

#[test]
fn hostile_text_is_made_visible_wherever_it_stands() {
    let evil = "a\u{1b}[31mb\u{9b}2Jc\u{202e}d\u{200b}e\u{7f}f\u{feff}g\nh";
    let mut account = Account::default();
    let demo = Driver::demo(80, 24);
    let from = demo.app().account();
    let mut batch = Batch {
        users: vec![(*from.users()[0]).clone()],
        roles: vec![(*from.roles()[0]).clone()],
        policies: vec![(*from.policies()[0]).clone()],
        ..Batch::default()
    };
    let user = &mut batch.users[0];
    user.name = evil.into();
    user.path = evil.into();
    user.tags = Field::Known(vec![Tag {
        key: evil.into(),
        value: evil.into(),
    }]);
    user.groups = Field::Known(vec![evil.into()]);
    user.details.access_keys = Field::Failed(evil.into());
    let role = &mut batch.roles[0];
    role.details.description = Field::Known(evil.into());
    let text = format!("{{\"Statement\": [{{\"Sid\": \"{evil}\", \"Effect\": \"Allow\"}}]}}");
    role.trust = Field::Known(std::sync::Arc::new(iamscope::policy::PolicyText::new(text)));
    batch.policies[0].description = Field::Known(evil.into());
    account.aliases = Field::Known(vec![evil.into()]);
    account.absorb(batch);
    for (width, height) in SIZES {
        let mut d = Driver::on(account.clone(), width, height);
        let mut seen = String::new();
        for key in [
            "1", "enter", "l", "l", "l", "l", "l", "3", "enter", "l", "4", "enter", "l",
        ] {
            d.keys(key);
            seen.push_str(&d.screen());
        }
        d.send(Msg::Notice(evil.into()));
        seen.push_str(&d.screen());
        let bad: Vec<_> = seen
            .chars()
            .filter(|c| *c != '\n' && iamscope::visible::is_hidden(*c))
            .collect();
        assert!(bad.is_empty(), "{bad:?}");
        assert!(
            seen.contains("\\x1b"),
            "what is hidden is shown as an escape"
        );
    }
}

#[test]
fn ascii_where_the_locale_is_not_utf8_and_no_colour_where_it_is_not_wanted() {
    let setup = Setup {
        label: "demo".into(),
        theme: iamscope::tui::theme::Theme::new(false, false),
        ..Setup::default()
    };
    let mut d = Driver::new(setup, 120, 36);
    let demo = Driver::demo(80, 24);
    d.event(Event::Whole(Box::new((**demo.app().account()).clone())));
    d.event(Event::Finished(Outcome::Complete));
    d.keys("3 j enter l");
    let odd: Vec<_> = d.screen().chars().filter(|c| !c.is_ascii()).collect();
    assert!(odd.is_empty(), "{odd:?}\n{}", d.screen());
    assert!(d.colours().is_empty(), "{:?}", d.colours());
    assert_eq!(d.app().kind(), Kind::Role);
}
