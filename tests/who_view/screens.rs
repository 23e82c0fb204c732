//! Every state of the view at three sizes, with the facts that matter asserted beside the picture.

use iamscope::access::Decision;
use iamscope::report::questions::Question;
use iamscope::tui::who::State;
use iamscope::tui::{Focus, Msg, Setup};

use super::{
    PAYROLL, answer, ask, demo_with, heads, names, people, rows, say, short, verdict, walk,
};
use crate::support::driver::Driver;

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 36)];

/// Takes the picture of a state at each size.
fn pictures(name: &str, story: impl Fn(&mut Driver)) {
    for (width, height) in SIZES {
        let setup = Setup {
            label: "demo".into(),
            questions: Some("/somewhere/questions.toml".into()),
            ..Setup::default()
        };
        let mut driver = demo_with(setup, width, height);
        story(&mut driver);
        picture(name, &driver, width, height);
    }
}

fn picture(name: &str, driver: &Driver, width: u16, height: u16) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("who-{name}-{width}x{height}"), driver.screen());
    });
}

#[test]
fn nothing_is_asked() {
    pictures("empty", |d| {
        d.keys("5").shows("Type an action");
        assert_eq!(d.app().focus(), Focus::Fields);
    });
    pictures("empty-left", |d| {
        d.keys("5 esc").shows("Nothing is asked yet");
        assert_eq!(d.app().focus(), Focus::List);
    });
}

#[test]
fn an_action_is_half_typed() {
    pictures("typing", |d| {
        d.keys("5").text("s3:getobj");
        d.shows("asking about").shows("s3:GetObject");
        assert_eq!(answer(d).question.actions, ["s3:GetObject"]);
    });
    pictures("typing-resource", |d| {
        d.keys("5").text("iam:passrole").keys("tab").text("break");
        let question = &answer(d).question;
        assert_eq!(question.actions, ["iam:PassRole"]);
        assert!(
            question.resource.ends_with("role/ops/breakglass"),
            "{}",
            question.resource
        );
    });
    pictures("typing-levels", |d| {
        d.keys("5").text("s3:@");
        d.shows("s3:@list").shows("asking about s3");
    });
}

#[test]
fn an_answer() {
    pictures("answer", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        d.shows("12").shows("26");
        assert!(names(d).contains(&"carla".to_owned()));
    });
}

#[test]
fn what_a_verdict_hangs_on() {
    pictures("conditional", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        assert_eq!(verdict(d, "carla"), Decision::Conditional);
        walk(d, "carla").keys("enter").shows("can, if more");
    });
}

#[test]
fn a_denial_and_what_would_change_it() {
    pictures("denied", |d| {
        ask(d, "cloudtrail:StopLogging", "");
        d.keys("d /").text("backup-agent").keys("enter enter");
        assert_eq!(verdict(d, "backup-agent"), Decision::ExplicitDeny);
        d.shows("cannot");
    });
    pictures("not-allowed", |d| {
        ask(d, "s3:PutObject", PAYROLL);
        d.keys("d /").text("carla").keys("enter enter");
        assert_eq!(verdict(d, "carla"), Decision::ImplicitDeny);
        d.shows("cannot");
    });
}

#[test]
fn roles_that_lead_to_it() {
    pictures("chain", |d| {
        ask(
            d,
            "iam:PassRole",
            "arn:aws:iam::111122223333:role/ops/breakglass",
        );
        d.keys("/").text("paulo").keys("enter enter");
        assert_eq!(d.app().who().why().unwrap().row.paths[0].hops.len(), 1);
    });
}

#[test]
fn what_cannot_be_asked() {
    pictures("wrong-action", |d| {
        d.keys("5").text("s3:Gut*");
        d.shows("Action: ");
        assert!(matches!(d.app().who().state, State::Wrong(..)));
    });
    pictures("wrong-resource", |d| {
        d.keys("5")
            .text("s3:GetObject")
            .keys("tab")
            .text("qqqqzzzz");
        d.shows("Resource: ");
    });
    pictures("wrong-context", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        d.keys("c").text("aws:SourceIp = home").keys("enter");
        d.shows("is no value of aws:SourceIp");
        assert_eq!(d.app().focus(), Focus::Fields);
    });
}

#[test]
fn nobody_and_everybody() {
    pictures("nobody", |d| {
        ask(d, "organizations:LeaveOrganization", "");
        assert_eq!(rows(d), []);
        d.shows("Nobody can.").shows("d shows who cannot");
    });
    for (width, height) in SIZES {
        let mut d = Driver::on(people(12), width, height);
        ask(&mut d, "s3:GetObject", "");
        let counts = answer(&d).counts();
        assert_eq!(counts.allowed, 13, "twelve users and the root user");
        assert_eq!(
            counts.conditional + counts.explicit_deny + counts.implicit_deny,
            0
        );
        assert_eq!(rows(&d).len(), 13);
        picture("everybody", &d, width, height);
    }
}

#[test]
fn several_actions() {
    pictures("actions", |d| {
        ask(d, "iam:*LoginProfile", "");
        d.shows("4 actions");
        assert_eq!(answer(d).question.actions.len(), 4);
    });
    pictures("actions-each", |d| {
        ask(d, "iam:*LoginProfile", "");
        d.keys("enter G");
        d.shows("iam:UpdateLoginProfile");
    });
}

#[test]
fn two_answers_side_by_side() {
    pictures("pinned", |d| {
        say(
            ask(d, "s3:GetObject", PAYROLL).keys("p"),
            "aws:SourceIp=198.51.100.7",
        );
        assert_eq!(verdict(d, "carla"), Decision::Allowed);
        let pinned = d.app().who().pinned.clone().unwrap();
        assert!(pinned.question.context.is_empty());
        walk(d, "carla");
    });
    pictures("pinned-different", |d| {
        say(
            ask(d, "s3:GetObject", PAYROLL).keys("p"),
            "aws:SourceIp=198.51.100.7",
        );
        d.keys("=").hides("lena");
        assert!(names(d).contains(&"carla".to_owned()));
    });
}

#[test]
fn rows_stand_together() {
    pictures("grouped", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        d.keys("b").text("type").keys("enter g");
        assert_eq!(heads(d)[0].0, "users");
        d.shows("users ");
    });
    pictures("grouped-folded", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        d.keys("b").text("verdict").keys("enter g enter");
        d.hides("lena").shows("conditional");
    });
}

#[test]
fn something_is_said_of_the_request() {
    pictures("context", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        d.keys("c").text("source");
        d.shows("aws:SourceIp");
    });
    pictures("context-value", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        d.keys("c").text("aws:MultiFactorAuthPresent=t");
        let offered = d.app().who().fields.highlighted().unwrap();
        assert_eq!(offered.text, "aws:MultiFactorAuthPresent = true");
    });
    pictures("context-given", |d| {
        say(ask(d, "s3:GetObject", PAYROLL), "aws:SecureTransport=true");
        say(d, "aws:SourceIp=203.0.113.7").keys("t");
        d.shows("strict on").shows("aws:SecureTr");
        assert_eq!(answer(d).question.context.len(), 2);
    });
}

#[test]
fn what_the_answer_takes_for_granted() {
    pictures("request", |d| {
        ask(d, "s3:GetObject", PAYROLL);
        walk(d, "carla").keys("enter ]");
        d.shows("Known of this request");
    });
}

#[test]
fn what_lies_over_the_view() {
    pictures("sort", |d| {
        ask(d, "s3:GetObject", PAYROLL).keys("s").shows("Sort by");
    });
    pictures("export", |d| {
        ask(d, "s3:GetObject", PAYROLL)
            .keys("E")
            .shows("copy the command");
    });
    pictures("saved", |d| {
        let long = "who reads the salaries of everybody in the company, from wherever they are";
        let saved = vec![
            Question::new("who passes any role", "iam:PassRole"),
            Question {
                resource: Some(PAYROLL.into()),
                ..Question::new(long, "s3:GetObject")
            },
        ];
        d.keys("5 esc ctrl-o");
        d.send(Msg::Questions(Ok(saved)));
        d.shows("who passes any role");
    });
    pictures("save", |d| {
        ask(d, "s3:GetObject", PAYROLL).keys("ctrl-s");
        d.shows("Save the question as");
    });
    pictures("denial", |d| {
        let text = "An error occurred (AccessDenied) when calling the GetObject operation: User: \
            arn:aws:iam::111122223333:user/finance/carla is not authorized to perform: s3:GetObject on \
            resource: \"arn:aws:s3:::northwind-finance/payroll/2026-08.csv\" with an explicit deny \
            in an identity-based policy";
        d.send(Msg::Paste(text.into()));
        assert_eq!(d.app().who().selected_arn().map(short), Some("carla"));
        assert!(d.app().who().why().unwrap().comparison.is_some());
        d.keys("enter");
    });
}

#[test]
fn ten_thousand_rows() {
    let mut d = Driver::on(people(10_000), 40, 12);
    ask(&mut d, "s3:GetObject", "");
    assert_eq!(rows(&d).len(), 10_001);
    d.keys("j ctrl-f");
    for (width, height) in SIZES {
        d.resize(width, height);
        d.shows("10,001").shows("person-000");
        picture("many", &d, width, height);
    }
    d.keys("G").shows("root");
}
