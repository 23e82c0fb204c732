//! Saved questions, copies, and files.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use iamscope::report::questions::Question;
use iamscope::tui::{Effect, Msg, Setup};
use serde_json::Value;

use super::{PAYROLL, answer, ask, demo_with, paste, rows, say, short, verdict};
use crate::questions::{code, run_with, stderr, stdout};
use crate::support::driver::Driver;
use crate::support::pty::Start;

fn demo() -> Driver {
    let setup = Setup {
        questions: Some("/somewhere/questions.toml".into()),
        ..Setup::default()
    };
    demo_with(setup, 120, 36)
}

fn saved(d: &Driver) -> &Question {
    let found = d.effects.iter().rev().find_map(|effect| match effect {
        Effect::SaveQuestion(question) => Some(&**question),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn a_question_is_saved_as_it_was_asked_and_asked_again() {
    let mut d = demo();
    ask(&mut d, "s3:Get*", PAYROLL);
    say(&mut d, "aws:SourceIp=198.51.100.7").keys("t x ctrl-s");
    paste(d.keys("ctrl-u"), "payroll").keys("enter");
    let question = saved(&d).clone();
    assert_eq!(
        (question.name.as_str(), &question.action[..]),
        ("payroll", &["s3:Get*".to_owned()][..])
    );
    assert_eq!(question.resource.as_deref(), Some(PAYROLL));
    assert_eq!(question.context[0].1, ["198.51.100.7"]);
    assert!(question.strict && !question.chains);
    let before = rows(&d);
    let mut d = demo();
    d.keys("ctrl-o");
    assert!(matches!(d.effects.last(), Some(Effect::ReadQuestions)));
    let other = Question::new("other", "iam:PassRole");
    d.send(Msg::Questions(Ok(vec![other, question])));
    d.text("payr").keys("enter");
    assert_eq!(rows(&d), before);
    d.shows("strict on").shows("no chains");
    // The name is offered again.
    d.keys("ctrl-s").shows("payroll");
}

#[test]
fn where_no_file_is_known_nothing_is_saved() {
    let mut d = super::demo();
    ask(&mut d, "s3:GetObject", "").keys("ctrl-s");
    d.shows("no file for them is known");
    d.keys("ctrl-o").shows("--questions FILE");
    let mut d = demo();
    d.keys("ctrl-s").hides("Save the question");
    d.send(Msg::Questions(Ok(Vec::new())));
    d.shows("no questions are saved yet");
}

#[test]
fn answers_are_copied_in_three_forms() {
    let mut d = demo();
    ask(&mut d, "s3:GetObject", PAYROLL);
    let copy = |d: &mut Driver, form: &str| {
        d.keys("E").text(&format!("copy as {form}")).keys("enter");
        d.copied().unwrap().to_owned()
    };
    let json: Value = serde_json::from_str(&copy(&mut d, "JSON")).unwrap();
    assert_eq!(json["principals"].as_array().unwrap().len(), rows(&d).len());
    let csv = copy(&mut d, "CSV");
    assert_eq!(csv.lines().count(), rows(&d).len() + 1);
    assert!(csv.contains("user/finance/carla"));
    assert!(copy(&mut d, "text").contains("finance/carla"));
    // Those who cannot come along where they are shown.
    d.keys("d");
    let json: Value = serde_json::from_str(&copy(&mut d, "JSON")).unwrap();
    assert_eq!(json["principals"].as_array().unwrap().len(), rows(&d).len());
    d.keys("y");
    assert_eq!(d.copied(), d.app().who().selected_arn());
}

#[test]
fn a_message_selects_who_was_denied_and_says_whether_it_agrees() {
    let message = |who: &str, why: &str| {
        format!(
            "User: arn:aws:iam::111122223333:user/{who} is not authorized to perform: \
             s3:GetObject on resource: \"{PAYROLL}\" {why}"
        )
    };
    let explicit = "with an explicit deny in an identity-based policy";
    let silent = "because no identity-based policy allows the s3:GetObject action";
    for (who, why, told) in [
        ("finance/carla", explicit, "that may be so"),
        ("svc/legacy-ftp", silent, "the policies say so, too"),
        ("lena", silent, "the policies say otherwise"),
    ] {
        let mut d = demo();
        paste(&mut d, &message(who, why));
        assert_eq!(answer(&d).question.actions, ["s3:GetObject"]);
        assert_eq!(answer(&d).question.resource, PAYROLL);
        let arn = d.app().who().selected_arn().unwrap();
        assert_eq!(
            short(arn),
            who.rsplit('/').next().unwrap(),
            "{}",
            d.screen()
        );
        d.shows("The message says").shows(told);
        // Once something else is asked, the message is forgotten.
        paste(d.keys("a ctrl-u"), "s3:PutObject").keys("enter");
        d.hides("The message says");
    }
    let mut d = demo();
    d.keys("D").shows("Message about a denied request");
    paste(&mut d, &message("finance/carla", explicit)).shows("The message says");
    assert!(verdict(&d, "carla").as_str().starts_with("cond"));
    paste(d.keys("D"), "hello there");
    d.hides("Message about a denied request");
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// By the program itself: what it writes is for its owner alone, and the command reads it.
#[test]
fn questions_and_answers_are_written_to_files() {
    let place = tempfile::tempdir().unwrap();
    let questions = place.path().join("deep/questions.toml");
    let out = place.path().join("answer.csv");
    let mut session = Start::new(120, 36)
        .args(["--demo", "--questions", questions.to_str().unwrap()])
        .run();
    session.wait_for_text("aisha");
    session.send("5iam:PassRole\r");
    session.wait_for_text("root user");
    session.send("\x13");
    session.wait_for_text("Save the question as");
    session.send("\x15who passes\r");
    session.wait_for_text("saved \"who passes\"");
    session.send("Ewrite CSV\r");
    session.wait_for_text("Write to");
    session.send(format!("\x15{}\r", out.display()));
    session.wait_for_text("wrote ");
    // A file that is there is not replaced.
    session.send("Ewrite CSV\r");
    session.wait_for_text("Write to");
    session.send(format!("\x15{}\r", out.display()));
    session.wait_for_text("there is one already");
    session.send("\x0f");
    session.wait_for_text("Saved questions");
    session.send("\r");
    session.wait_for_text("Action   iam:PassRole");
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    assert_eq!((mode(&questions), mode(&out)), (0o600, 0o600));
    let csv = std::fs::read_to_string(&out).unwrap();
    assert!(
        csv.starts_with("action,resource,arn") && csv.contains("user/lena"),
        "{csv:.200}"
    );
    let output = run_with(&["ask", "--demo", questions.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        stdout(&output).contains("who passes"),
        "{}",
        stdout(&output)
    );
}
