//! The time that the who-can view takes on the large account, from the key to the built frame at
//! 120x36. `cargo bench --bench view`
//!
//! Measured is the CPU time of one thread that does the work of both: the interface's, and that of
//! whoever answers its questions. Where the interface's own part is measured, that is one update
//! and the frame after it. Ends with 1 where a limit is broken.

#[allow(dead_code, reason = "not every clock is needed here")]
mod cpu;
mod generate;
mod limits;
mod questions;
mod stage;
mod support;

use std::process::ExitCode;
use std::time::Duration;

use cpu::ThreadTime;
use criterion::measurement::Measurement;
use criterion::{BenchmarkGroup, Criterion};
use iamscope::iam::Account;
use iamscope::tui::who::fields::Part;
use limits::{Limits, ms};
use questions::Asked;
use stage::{Press, Stage};

/// The most milliseconds from a key to the frame with the answer to one action: by themselves,
/// and with chains of roles.
const DIRECT: f64 = 16.0;
const CHAINED: f64 = 50.0;

/// The most milliseconds for all actions of a service: until the first rows, and until all.
const FIRST: f64 = 50.0;
const SERVICE: f64 = 300.0;

/// The most milliseconds that the interface itself may take for a key, or for news.
const KEY: f64 = 5.0;

/// What is typed into the field of the actions.
const ACTIONS: [&str; 4] = ["s3:GetObject", "passrole", "get", "ec2:*instances"];

/// What is typed into the field of the context.
const CONTEXT: [&str; 2] = ["aws:PrincipalTag", "sourceip"];

/// What is typed into the filter of the rows.
const FILTERS: [&str; 6] = [
    "svc-prod",
    "tag:env=prod",
    "path:/svc/",
    "policy:Admin*",
    "unused:90d",
    "text:PassRole",
];

/// What rows are sorted and grouped by: the way there, the last key of which counts; and then the
/// order is turned round.
const ORDERS: [&str; 8] = [
    "s verdict",
    "s name",
    "s path",
    "s roles",
    "b verdict",
    "b type",
    "b path",
    "b tag",
];

/// What is done in the table.
const MOVES: [(&str, &[&str]); 5] = [
    ("down", &["j"]),
    ("half pages", &["ctrl-d"]),
    ("to the end and back", &["G", "g"]),
    ("those who cannot", &["d"]),
    ("those from outside", &["o"]),
];

fn main() -> ExitCode {
    let account = support::load(&support::large());
    let questions = questions::three(&account);
    let mut criterion = Criterion::default()
        .with_measurement(ThreadTime)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let mut bench = Bench {
        stage: Stage::new(account.clone(), 120, 36),
        limits: Limits::default(),
    };
    let mut group = criterion.benchmark_group("answers");
    for asked in &questions {
        bench.one_action(&mut group, asked);
    }
    bench.letters_of_an_action(&mut group, &questions[0].resource);
    bench.service(&mut group, &questions::bucket(&account));
    group.finish();
    let mut group = criterion.benchmark_group("keys");
    bench.fields(&mut group, &account);
    bench.table(&mut group, &questions[0]);
    group.finish();
    bench.limits.code()
}

type Group<'c> = BenchmarkGroup<'c, ThreadTime>;

struct Bench {
    stage: Stage,
    limits: Limits,
}

impl Bench {
    /// Empties the fields and fills them.
    fn fill(&mut self, action: &str, resource: &str) {
        self.stage.keys("esc esc esc esc 5 a ctrl-u");
        self.stage.text(action).keys("esc r ctrl-u").text(resource);
        let fields = &self.stage.app().who().fields;
        assert_eq!(fields.of(Part::Action).text(), action);
        assert_eq!(fields.of(Part::Resource).text(), resource);
    }

    /// The last letter of a resource, which asks about another.
    fn last_letter(&mut self, last: char) -> Press {
        self.stage.keys("backspace");
        self.stage.letter(last)
    }

    /// One of the three questions: warm, after another context, and from the beginning.
    fn one_action(&mut self, group: &mut Group<'_>, asked: &Asked) {
        let last = asked.resource.chars().next_back().expect("it has a name");
        let action = &asked.action;
        self.fill(action, &asked.resource);
        for (what, limit) in [("with chains", CHAINED), ("directly", DIRECT)] {
            let name = format!("{action}, {what}");
            let time = measure(group, &name, || whole(self.last_letter(last)));
            self.limits.time(&name, time, limit);
            self.stage.keys("esc x r");
        }
        let (mut first, mut all) = (Vec::new(), Vec::new());
        for _ in 0..5 {
            self.stage.keys("esc");
            let press = self.stage.key("t");
            first.push(rows(press));
            all.push(whole(press));
            self.stage.keys("r");
        }
        let name = format!("{action} in another context, those who can directly");
        self.limits.time(&name, middle(first), DIRECT);
        println!("  and with chains: {:.1} ms", ms(middle(all)));
        let (mut first, mut all) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            self.stage.keys("backspace").forget();
            let press = self.stage.letter(last);
            first.push(rows(press));
            all.push(whole(press));
        }
        println!(
            "{action}, the first question of all: directly {:.1} ms, with chains {:.1} ms",
            ms(middle(first)),
            ms(middle(all))
        );
    }

    /// The slowest letter while an action is typed: each asks about what it may become.
    fn letters_of_an_action(&mut self, group: &mut Group<'_>, resource: &str) {
        for resource in [resource, ""] {
            for (what, limit) in [("with chains", CHAINED), ("directly", DIRECT)] {
                self.fill("s3:ListBucket", resource);
                self.stage.keys("esc a");
                for text in ["s3:GetObject", "iam:PassRole"] {
                    let on = if resource.is_empty() {
                        "*"
                    } else {
                        "an object"
                    };
                    let name = format!("{text} on {on} while it is typed, {what}");
                    let time = measure(group, &name, || {
                        self.slowest(text, |press| press.whole.unwrap_or_default())
                    });
                    self.limits.time(&name, time, limit);
                }
                self.stage.keys("esc x");
            }
        }
    }

    /// Every action of S3.
    fn service(&mut self, group: &mut Group<'_>, bucket: &str) {
        for resource in [bucket, ""] {
            self.fill("s3:GetObject", resource);
            self.stage.keys("esc a ctrl-u").text("s3:*");
            let mut press = || {
                self.stage.keys("backspace");
                self.stage.letter('*')
            };
            let name = format!("s3:* on {resource:?}");
            let time = measure(group, &name, || whole(press()));
            let first = cpu::median_of(5, || rows(press()));
            self.limits.time(&name, time, SERVICE);
            self.limits.time("  the first rows", first, FIRST);
        }
    }

    /// The slowest letter of a text in an empty field, by what counts of each.
    fn slowest(&mut self, text: &str, counts: impl Fn(Press) -> Duration) -> Duration {
        self.stage.keys("ctrl-u");
        let letters = text.chars().map(|letter| counts(self.stage.letter(letter)));
        letters.max().unwrap_or_default()
    }

    /// The interface's own part of typing in the fields.
    fn fields(&mut self, group: &mut Group<'_>, account: &Account) {
        let role = &*account.roles()[account.roles().len() / 2].arn;
        let resource = |action| (action, "esc r", vec![role, "arn:aws:s3:::b*"]);
        let fields = [
            ("s3:GetObject", "esc a", ACTIONS.to_vec()),
            resource("iam:PassRole"),
            resource("ec2:DescribeInstances"),
            resource("s3:*"),
            ("s3:GetObject", "esc c", CONTEXT.to_vec()),
        ];
        for (action, way, texts) in fields {
            self.fill(action, "");
            self.stage.keys(way);
            for text in texts {
                let name = format!("{action}, {way}, {text}");
                let time = measure(group, &name, || self.slowest(text, |press| press.busy));
                self.limits.time(&name, time, KEY);
            }
        }
    }

    /// The interface's own part of what is done in a table of everybody.
    fn table(&mut self, group: &mut Group<'_>, asked: &Asked) {
        self.fill(&asked.action, &asked.resource);
        self.stage.keys("esc d");
        let count = self.stage.app().who().lines().len();
        assert!(count > 15_000, "everybody is shown: {count}");
        for (name, keys) in MOVES {
            let mut keys = keys.iter().cycle();
            let time = measure(group, name, || {
                let key = keys.next().expect("they go on");
                self.stage.key(key).busy
            });
            self.limits.time(name, time, KEY);
        }
        for order in ORDERS {
            let (key, text) = order.split_once(' ').expect("a key and a text");
            self.stage.keys(key).text(text);
            let enter = self.stage.key("enter").busy;
            let time = measure(group, order, || self.stage.key("S").busy);
            self.limits.time(order, time.max(enter), KEY);
        }
        self.stage.keys("b n o t h i n g enter");
        self.stage.keys("/");
        for text in FILTERS {
            let time = measure(group, text, || self.slowest(text, |press| press.busy));
            self.limits.time(text, time, KEY);
        }
    }
}

/// The median, for criterion and for the limits.
fn measure(group: &mut Group<'_>, name: &str, mut run: impl FnMut() -> Duration) -> Duration {
    group.bench_function(name, |b| {
        b.iter_custom(|times| {
            let times = (0..times).map(|_| run());
            times.fold(ThreadTime.zero(), |sum, time| sum + time)
        });
    });
    cpu::median_of(11, run)
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn rows(press: Press) -> Duration {
    press.rows.expect("it has rows")
}

fn whole(press: Press) -> Duration {
    press.whole.expect("it is answered")
}
