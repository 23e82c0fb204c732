//! `iamscope snapshot` of a live account: what it fetches, and how it goes on after a stop.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use iamscope::iam::{Account, Field};
use iamscope::source::{Event, Mode, Source, Spec};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::live::{block_on, fetch_user, load, open};
use crate::support::moto::SMALL;
use crate::support::responder::{Answer, Call, Responder, page, users};

/// A folder that is home and workplace of the program.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn snapshot(&self, url: &str, args: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_iamscope"))
            .args(["snapshot", "--endpoint-url", url, "-o", "a.json"])
            .args(args)
            .current_dir(&self.0)
            .env_clear()
            .env("HOME", self.0.path())
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "any")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn run(&self, url: &str, args: &[&str]) -> (i32, String) {
        let output = self.snapshot(url, args).wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), stderr)
    }
}

async fn read(path: &Path) -> Account {
    let spec = Spec::File(path.to_owned());
    let source = Source::open(&spec, Mode::ReadOnly).await.unwrap();
    let (sink, mut events) = tokio::sync::mpsc::unbounded_channel::<Event>();
    source.load(None, sink).await;
    let mut account = Account::default();
    while let Some(event) = events.recv().await {
        event.apply(&mut account);
    }
    account
}

#[test]
fn a_live_account_comes_back_as_it_was() {
    let place = Place::new();
    let (code, stderr) = place.run(&SMALL.url, &["--details"]);
    assert_eq!(code, 0, "{stderr}");
    block_on(async {
        let back = read(&place.path("a.json")).await;
        let source = open(SMALL.options()).await.unwrap();
        let live = load(&source).await.account;
        assert_eq!(back.id, live.id);
        assert_eq!(back.aliases, live.aliases);
        assert_eq!(back.caller, live.caller);
        assert_eq!(back.groups(), live.groups());
        for user in live.users() {
            let whole = fetch_user(&source, &live, &user.name).await;
            assert_eq!(**back.user(&user.arn).unwrap(), whole);
        }
        // Texts are live ones: verbatim, white space and all.
        for role in live.roles() {
            let copy = back.role(&role.arn).unwrap();
            assert_eq!(copy.trust, role.trust);
            assert_eq!(copy.inline, role.inline);
            assert!(copy.details.complete());
        }
        for policy in live.policies() {
            assert_eq!(back.policy(&policy.arn).unwrap().versions, policy.versions);
        }
    });
}

#[test]
fn without_details_what_was_not_fetched_is_recorded_so() {
    let place = Place::new();
    let (code, stderr) = place.run(&SMALL.url, &[]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("not all details were fetched"), "{stderr}");
    block_on(async {
        let back = read(&place.path("a.json")).await;
        let live = load(&open(SMALL.options()).await.unwrap()).await.account;
        assert_eq!(back.users(), live.users());
        assert_eq!(back.groups(), live.groups());
        assert_eq!(back.roles(), live.roles());
        // Two streams bring the policies, now one first and now the other.
        let by_arn = |account: &Account| {
            let mut policies = account.policies().to_vec();
            policies.sort_by(|a, b| a.arn.cmp(&b.arn));
            policies
        };
        assert_eq!(by_arn(&back), by_arn(&live));
        assert!(
            back.users()
                .iter()
                .all(|u| u.details.access_keys.is_unknown())
        );
    });
}

/// Twelve users.
fn backbone(call: &Call) -> Option<Answer> {
    let names: Vec<String> = (0..12).map(|i| format!("user{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (call.filter() == "User").then(|| page(&users(&names), None))
}

fn assert_partial(place: &Place) {
    assert!(!place.path("a.json").exists());
    let meta = fs::metadata(place.path("a.json.partial")).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o600);
}

fn assert_whole(place: &Place) {
    assert!(!place.path("a.json.partial").exists());
    let account = block_on(read(&place.path("a.json")));
    assert_eq!(account.users().len(), 12);
    for user in account.users() {
        assert!(user.details.complete(), "{:?}", user.details);
        assert!(matches!(user.details.access_keys, Field::Known(_)));
    }
    let files = fs::read_dir(place.0.path()).unwrap().count();
    assert_eq!(files, 1, "nothing else is left");
}

#[test]
fn an_interrupted_run_goes_on_where_it_was() {
    let responder = Responder::start(|call| {
        let slow = (call.action == "ListAccessKeys").then(|| {
            let empty = "<AccessKeyMetadata/><IsTruncated>false</IsTruncated>";
            let pause = Duration::from_millis(400);
            Answer::After(pause, Box::new(Answer::Result(empty.into())))
        });
        slow.or_else(|| backbone(call))
    });
    let place = Place::new();
    let run = place.snapshot(&responder.url, &["--details"]);
    let patience = Instant::now();
    while responder.count("ListAccessKeys") < 6 {
        assert!(
            patience.elapsed() < Duration::from_secs(60),
            "it never asks"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    kill_process(Pid::from_child(&run), Signal::INT).unwrap();
    let output = run.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("a.json.partial"), "{stderr}");
    assert_partial(&place);

    let before = responder.count("ListAccessKeys");
    assert!(before < 12, "it was to be stopped earlier");
    let (code, stderr) = place.run(&responder.url, &["--details"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("going on from a.json.partial"), "{stderr}");
    let again = responder.count("ListAccessKeys") - before;
    assert!((1..12).contains(&again), "{again} asked again");
    assert_whole(&place);
}

#[test]
fn calls_that_keep_failing_end_the_run_and_are_made_again_in_the_next() {
    let broken = Arc::new(AtomicBool::new(true));
    let script = broken.clone();
    let responder = Responder::start(move |call| {
        let fails = call.action == "ListAccessKeys" && script.load(Ordering::Relaxed);
        let error = Answer::Error(400, "ValidationError", "out of \u{1b}[1morder");
        fails.then_some(error).or_else(|| backbone(call))
    });
    let place = Place::new();
    let (code, stderr) = place.run(&responder.url, &["--details"]);
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("cannot fetch the details"), "{stderr}");
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
    assert!(responder.count("ListAccessKeys") < 12);
    assert_partial(&place);
    broken.store(false, Ordering::Relaxed);
    let (code, stderr) = place.run(&responder.url, &["--details"]);
    assert_eq!(code, 0, "{stderr}");
    assert_whole(&place);
}

#[test]
fn a_partial_file_of_another_account_is_not_mixed_in() {
    let place = Place::new();
    fs::write(
        place.path("a.json.partial"),
        r#"{"UserDetailList": [], "Iamscope": {"Format": 1, "AccountId": "999999999999"}}"#,
    )
    .unwrap();
    let responder = Responder::start(backbone);
    let (code, stderr) = place.run(&responder.url, &["--details"]);
    assert_eq!(code, 4, "{stderr}");
    assert!(
        stderr.contains("999999999999") && stderr.contains("111122223333"),
        "{stderr}"
    );
    assert!(!place.path("a.json").exists());
    assert!(place.path("a.json.partial").exists());
}

#[test]
fn a_load_that_is_cut_writes_nothing() {
    let responder = Responder::start(|call| {
        let cut = call.action == "GetAccountAuthorizationDetails";
        cut.then_some(Answer::Error(403, "ExpiredToken", "The token is expired"))
    });
    let place = Place::new();
    let (code, stderr) = place.run(&responder.url, &["--details"]);
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("nothing was written"), "{stderr}");
    assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 0);
}

#[test]
fn a_load_that_is_cut_on_its_way_writes_nothing_either() {
    let responder = Responder::start(|call| {
        (call.filter() == "User").then(|| match call.get("Marker") {
            "" => page(&users(&["anna"]), Some("second")),
            _ => Answer::Error(400, "ValidationError", "no such marker"),
        })
    });
    let place = Place::new();
    let (code, stderr) = place.run(&responder.url, &[]);
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("going on (1/"), "{stderr}");
    assert!(stderr.contains("nothing was written"), "{stderr}");
    assert_eq!(fs::read_dir(place.0.path()).unwrap().count(), 0);
}
