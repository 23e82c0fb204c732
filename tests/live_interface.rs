//! The program in a terminal, on a live account that is slow, throttled, cut, denied or changing.

mod faults;
mod moto;
mod slow;
mod starting;

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::support::pty::{Session, Start};
use crate::support::responder::{Answer, Call, Responder, page, users};

/// The screen counts as settled when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(300);

const ENTER: &str = "\r";
const ESC: &str = "\x1b";
const CTRL_E: &str = "\x05";
const CTRL_G: &str = "\x07";
const CTRL_R: &str = "\x12";
const CTRL_X: &str = "\x18";

/// The program at an endpoint, with keys in the environment and nothing else.
fn at(url: &str) -> Start {
    with_keys(url, "AKIAIOSFODNN7EXAMPLE", "any")
}

fn with_keys(url: &str, id: &str, secret: &str) -> Start {
    Start::new(120, 36)
        .args(["--endpoint-url", url])
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

fn responding(script: impl Fn(&Call) -> Option<Answer> + Send + Sync + 'static) -> Responder {
    Responder::start(script)
}

/// Users on two pages: the first is there at once, the second is what the test is about.
fn second_page(
    second: impl Fn(&Call) -> Answer + Send + Sync + 'static,
) -> impl Fn(&Call) -> Option<Answer> + Send + Sync + 'static {
    move |call| {
        (call.filter() == "User").then(|| match call.get("Marker") {
            "" => page(&users(&["anna", "ben"]), Some("second")),
            _ => second(call),
        })
    }
}

fn the_rest() -> Answer {
    page(&users(&["zoe"]), None)
}

fn shows(session: &Session, text: &str) -> bool {
    session.screen(|screen| screen.contents().contains(text))
}

/// Waits until a text has gone from the screen.
fn wait_without(session: &Session, text: &str) {
    session.wait_for(&format!("no {text:?}"), |screen| {
        !screen.contents().contains(text)
    });
}

/// Keeps answers waiting until the test lets them go.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn wait(&self) {
        let (open, changed) = &*self.0;
        let open = open.lock().unwrap();
        drop(changed.wait_while(open, |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}
