//! The demo account: it loads, it is sound by IAM's own rules, and it holds what a tour of it
//! promises.

#![allow(clippy::unwrap_used)]

mod perimeter;
mod sound;
mod tour;

use std::sync::{Arc, LazyLock};

use iamscope::iam::{Account, Field, ManagedPolicy, Role, User};
use iamscope::policy::PolicyText;
use iamscope::source::{Event, Mode, Outcome, Source, Spec};
use serde_json::Value;

const ACCOUNT: &str = "111122223333";

static DEMO: LazyLock<Account> = LazyLock::new(load);

/// Loads the demo account the way the program does.
fn load() -> Account {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (sink, mut events) = tokio::sync::mpsc::unbounded_channel();
    runtime.block_on(async {
        let source = Source::open(&Spec::Demo, Mode::ReadOnly).await.unwrap();
        source.load(None, sink).await;
    });
    let mut whole = None;
    let mut outcome = None;
    while let Ok(event) = events.try_recv() {
        match event {
            Event::Whole(account) => whole = Some(account),
            Event::Finished(end) => outcome = Some(end),
            _ => {}
        }
    }
    assert!(matches!(outcome, Some(Outcome::Complete)), "{outcome:?}");
    *whole.expect("the account comes as a whole")
}

fn user(name: &str) -> &'static User {
    let found = DEMO.users().iter().find(|u| u.name == name);
    found.unwrap_or_else(|| unreachable!("no user {name}"))
}

fn role(name: &str) -> &'static Role {
    let found = DEMO.roles().iter().find(|r| r.name == name);
    found.unwrap_or_else(|| unreachable!("no role {name}"))
}

fn policy(name: &str) -> &'static ManagedPolicy {
    let found = DEMO.policies().iter().find(|p| p.name == name);
    found.unwrap_or_else(|| unreachable!("no policy {name}"))
}

/// The value of a field that the demo account must know.
fn known<T>(field: &Field<T>) -> &T {
    field.known().expect("the demo account knows all of itself")
}

/// A document as JSON, read by a parser that is not our own.
fn json(text: &Arc<PolicyText>) -> Value {
    serde_json::from_str(text.as_str()).unwrap()
}

/// The document in force of a managed policy.
fn document(name: &str) -> Value {
    json(policy(name).document().unwrap())
}

/// The trust policy of a role.
fn trust(name: &str) -> Value {
    json(known(&role(name).trust))
}

/// The statement with the given Sid.
fn statement<'a>(document: &'a Value, sid: &str) -> &'a Value {
    let all = document["Statement"].as_array().unwrap();
    let found = all.iter().find(|s| s["Sid"] == sid);
    found.unwrap_or_else(|| unreachable!("no statement {sid}"))
}

/// One or many strings, as IAM lets both stand.
fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The names of the policies attached to something.
fn attached(field: &Field<Vec<Arc<str>>>) -> Vec<&'static str> {
    let arns = known(field).iter();
    arns.map(|arn| DEMO.policy(arn).expect("every attached policy is there"))
        .map(|p| p.name.as_str())
        .collect()
}
