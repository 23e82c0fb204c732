//! Stories by keys: from an answer to the policy behind it and back; what is asked about the thing
//! that the cursor is on.

use iamscope::access::Decision;
use iamscope::iam::Kind;
use iamscope::tui::detail::Subject;
use iamscope::tui::who::fields::Part;
use iamscope::tui::{Focus, Screen};

use super::{PAYROLL, answer, ask, demo, names, rows, short, verdict, walk};
use crate::support::driver::Driver;

/// Whoever reads a statement in a bucket's policy asks who can do that, sees that a group grants
/// it, reads the group's policy at that statement, and comes back to the same answer.
#[test]
fn from_a_statement_of_a_bucket_to_the_group_that_grants_it_and_back() {
    let mut d = demo();
    ask(
        &mut d,
        "s3:GetObject",
        "arn:aws:s3:::reports/2026/august.csv",
    );
    walk(&mut d, "finance-viewer").keys("enter");
    d.walk("j", "arn:aws:s3:::reports, statement").keys("enter");
    let stored = matches!(d.app().detail().subject(), Some(Subject::Stored(_)));
    assert!(stored, "{}", d.screen());
    d.walk("j", "s3:GetObject").keys("w");
    // Two actions stand on that line, and two resources on another: the first is asked about.
    let question = &answer(&d).question;
    assert_eq!(question.actions, ["s3:GetObject", "s3:ListBucket"]);
    assert_eq!(question.resource, "arn:aws:s3:::reports");

    ask(&mut d, "s3:GetObject", PAYROLL);
    walk(&mut d, "carla").keys("enter");
    let before = (rows(&d), d.app().who().selected_arn().map(str::to_owned));
    d.walk("j", "policy finance-reports, statement 2")
        .keys("enter");
    assert_eq!(
        (d.app().screen(), d.app().kind()),
        (Screen::Lists, Kind::Policy)
    );
    d.shows("finance-reports").shows("[Document]");
    d.keys("j");
    assert!(d.selected().contains("Invoices"), "{}", d.screen());
    d.keys("esc");
    assert_eq!(d.app().screen(), Screen::WhoCan);
    assert_eq!(d.app().focus(), Focus::Detail);
    assert!(d.screen().contains("policy finance-reports, statement 2"));
    let after = (rows(&d), d.app().who().selected_arn().map(str::to_owned));
    assert_eq!(before, after);
    d.keys("esc");
    assert_eq!(d.app().focus(), Focus::List);
    d.keys("j k");
    assert_eq!(d.app().who().selected_arn().map(short), Some("carla"));
}

/// The explanation names the group, and a link leads to it.
#[test]
fn the_group_is_a_link_of_its_own() {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    walk(&mut d, "carla").keys("enter");
    d.walk("j", "group finance").keys("enter");
    assert_eq!(d.app().kind(), Kind::Group);
    d.keys("esc");
    assert_eq!(d.app().screen(), Screen::WhoCan);
    assert_eq!(verdict(&d, "carla"), Decision::Conditional);
}

#[track_caller]
fn asks(d: &Driver, action: &str, resource: &str) {
    assert_eq!(d.app().screen(), Screen::WhoCan);
    let question = &answer(d).question;
    assert_eq!(question.actions.join(","), action, "{}", d.screen());
    assert_eq!(question.resource, resource);
}

#[test]
fn who_can_assume_the_role_that_the_cursor_is_on() {
    let mut d = demo();
    d.keys("3").walk("j", "ci-deploy").keys("w");
    asks(
        &d,
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/ci/ci-deploy",
    );
    d.keys("esc");
    assert_eq!(d.app().kind(), Kind::Role);
    assert!(d.selected().starts_with("ci-deploy"), "{}", d.screen());
}

/// What is asked about users, groups and policies is only a beginning: the action is being typed.
#[test]
fn who_can_change_what_the_cursor_is_on() {
    for (list, name, action, resource) in [
        ("1", "nadia", "iam:CreateAccessKey", "user/nadia"),
        (
            "2",
            "finance",
            "iam:AddUserToGroup",
            "group/finance/finance",
        ),
        (
            "4",
            "finance-reports",
            "iam:CreatePolicyVersion",
            "policy/finance/finance-reports",
        ),
    ] {
        let mut d = demo();
        d.keys(list).keys("/").text(name).keys("enter");
        let arn = format!("arn:aws:iam::111122223333:{resource}");
        d.keys("w");
        assert_eq!(d.app().focus(), Focus::Fields);
        assert_eq!(d.app().who().fields.part, Part::Action);
        asks(&d, action, &arn);
        d.keys("esc esc");
        assert_eq!(d.app().screen(), Screen::Lists);
    }
}

#[test]
fn who_can_do_what_a_statement_says() {
    let mut d = demo();
    d.keys("4 /").text("deploy-base").keys("enter enter l");
    d.walk("j", "PassAppRoles").keys("w");
    assert_eq!(answer(&d).question.actions, ["iam:PassRole"]);
    let resource = answer(&d).question.resource.clone();
    assert!(
        resource.starts_with("arn:aws:iam::111122223333:role/"),
        "{resource}"
    );
    d.keys("esc");
    assert!(d.selected().contains("PassAppRoles"), "{}", d.screen());
    // The sentence about it asks the same.
    d.keys("h").walk("j", "Allow iam:PassRole").keys("w");
    asks(&d, "iam:PassRole", &resource);
}

#[test]
fn who_can_do_what_a_line_of_an_inline_policy_says() {
    let mut d = demo();
    d.keys("2 /").text("data").keys("enter enter l l");
    d.walk("j", "reports-from-office").keys("enter");
    // Two actions stand on one line.
    d.walk("j", "s3:GetObject").keys("w");
    assert_eq!(
        answer(&d).question.actions,
        ["s3:GetObject", "s3:ListBucket"]
    );
}

#[test]
fn who_can_come_in_by_an_entry_of_a_trust_policy() {
    let mut d = demo();
    d.keys("3 /").text("iam-steward").keys("enter enter l");
    d.shows("[Trust]");
    d.walk("j", "StewardWithFreshMfa").keys("w");
    asks(
        &d,
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/eng/iam-steward",
    );
    assert_eq!(names(&d), ["nadia"]);
}

#[test]
fn who_can_become_a_row_of_the_answer() {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    walk(&mut d, "developer").keys("w");
    asks(
        &d,
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/eng/developer",
    );
    d.keys("esc");
    asks(&d, "s3:GetObject", PAYROLL);
    assert_eq!(d.app().who().selected_arn().map(short), Some("developer"));
    // Of the root user, and of those from outside, nothing is asked.
    walk(&mut d, "root").keys("w");
    d.shows("is not a user or role of this account");
    asks(&d, "s3:GetObject", PAYROLL);
}

/// One of several actions is asked about by itself, and esc comes back to all of them.
#[test]
fn one_of_several_actions_and_back() {
    let mut d = demo();
    ask(&mut d, "iam:*LoginProfile", "").keys("enter");
    d.walk("j", "iam:GetLoginProfile").keys("enter");
    asks(&d, "iam:GetLoginProfile", "*");
    d.keys("esc");
    assert_eq!(answer(&d).question.actions.len(), 4);
    assert!(d.selected().contains("iam:GetLoginProfile") || d.screen().contains("4 actions"));
}
