//! The time that questions about a whole account take: who can do this, what can one do, and what
//! if a policy were another. `cargo bench --bench who`
//!
//! Measured is the CPU time of the thread on the large account, warm; for making the index ready,
//! user time against the same yardstick as for loading. Ends with 1 where a limit is broken.
//!
//! With `--answers` nothing is held against a limit: the three questions are asked as
//! `benches/compare/who.py` asks another evaluator, and times and answers are written as JSON.

mod baseline;
#[allow(dead_code, reason = "criterion's clock is not needed here")]
mod cpu;
mod generate;
mod limits;
mod questions;
mod support;
mod ticks;
mod unindexed;

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use iamscope::access::{Chains, Index, Row, Terms, Wanted, WhoCan, principal, what_can};
use iamscope::catalog;
use iamscope::iam::{Account, Batch, Field};
use iamscope::policy::PolicyText;
use limits::{Limits, ms};
use questions::Asked;
use serde_json::{Map, Value, json};
use unindexed::Everybody;

/// How many times longer than the yardstick a file may take to an index.
const READY: f64 = 2.0;

/// How often both are run for that.
const TURNS: u32 = 10;

/// The most milliseconds that a question about everybody may take; without an index, with
/// everything prepared; and with chains of roles.
const DIRECT: f64 = 1.0;
const UNINDEXED: f64 = 60.0;
const CHAINED: f64 = 20.0;

/// How many times faster the index must make it.
const FASTER: f64 = 50.0;

/// How many varied questions are asked.
const VARIED: usize = 5_000;

/// How many times the median the 99th percentile of them may take.
const SPREAD: f64 = 10.0;

/// The most milliseconds for who can assume which role, altogether.
const REACH: f64 = 1_000.0;

/// The most milliseconds for every action of S3 on one bucket.
const SERVICE: f64 = 300.0;

/// The most milliseconds for all that one principal can do, and how many are tried.
const WHAT: f64 = 5.0;
const SAMPLE: usize = 300;

/// Policies of AWS whose holders are tried in any case, some of each: they have the most to tell.
const BROAD: [&str; 4] = [
    "AdministratorAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "PowerUserAccess",
];
const HOLDERS: usize = 5;

fn main() -> ExitCode {
    let path = support::large();
    if std::env::args().any(|argument| argument == "--answers") {
        println!("{}", answers(&path));
        return ExitCode::SUCCESS;
    }
    let mut limits = Limits::default();
    ready(&path, &mut limits);
    let account = Arc::new(support::load(&path));
    let index = Index::new(account.clone());
    println!("users and roles: {}", index.len());
    let three = questions::three(&account);
    direct(&index, &three, &mut limits);
    varied(&index, &mut limits);
    chained(&index, &three, &mut limits);
    service(&index, &mut limits);
    what(&account, &mut limits);
    what_if(&index, &three[0]);
    limits.code()
}

/// The three questions with what came of them for everybody, keys that nobody knows being missing.
fn answers(path: &Path) -> Value {
    let index = Index::new(Arc::new(support::load(path)));
    let account = index.account();
    let users = account.users().iter().map(|it| &it.arn);
    let arns: Vec<_> = users
        .chain(account.roles().iter().map(|it| &it.arn))
        .collect();
    let terms = Terms {
        is_strict: true,
        ..Terms::default()
    };
    let answers = questions::three(account).map(|Asked { action, resource, .. }| {
        let time = cpu::median(101, || {
            black_box(index.ask(&terms, &action, &resource).able());
        });
        let survey = index.ask(&terms, &action, &resource);
        let decisions = survey.decisions().zip(&arns);
        let decisions = decisions.map(|(row, arn)| (arn.to_string(), row.decision.as_str().into()));
        let decisions: Map<String, Value> = decisions.collect();
        let seconds = time.as_secs_f64();
        json!({"action": action, "resource": resource, "seconds": seconds, "decisions": decisions})
    });
    json!({"account": path, "answers": answers})
}

/// From a file to an index that can be asked.
fn ready(path: &Path, limits: &mut Limits) {
    let ours = || Index::new(Arc::new(support::load(path)));
    let times = ticks::compare(TURNS, ours, || baseline::load(path));
    println!(
        "user time from the file to the index: {:.0} ms; serde_json into owned structs: {:.0} ms",
        times.ours, times.theirs
    );
    limits.at_most("from the file to the index", times.ratio(), READY, "times");
}

/// The three questions, by the index and without one.
fn direct(index: &Index, three: &[Asked], limits: &mut Limits) {
    let everybody = Everybody::new(index.account());
    for asked in three {
        let Asked {
            action,
            resource,
            terms,
        } = asked;
        let questions = everybody.ask(terms, action, resource);
        let trust = everybody.trust(action, resource);
        let layers = everybody.layers(trust.as_ref());
        let expected = unindexed::decisions(&questions, &layers);
        let rows = index.ask(terms, action, resource);
        let found: Vec<_> = rows.decisions().map(|row: Row| row.decision).collect();
        assert_eq!(found, expected, "{action} on {resource}");

        let ours = cpu::median(101, || {
            black_box(index.ask(terms, action, resource).able());
        });
        let theirs = cpu::median(5, || {
            black_box(unindexed::decisions(&questions, &layers));
        });
        let (able, counts) = index.ask(terms, action, resource).able();
        println!("{action} on {resource}: {} can; {counts:?}", able.len());
        limits.time("  who can, directly", ours, DIRECT);
        limits.time("  the same without an index, prepared", theirs, UNINDEXED);
        limits.at_least("  times faster", ms(theirs) / ms(ours), FASTER, "times");
    }
}

/// Questions of all kinds: none may be much slower than the others.
fn varied(index: &Index, limits: &mut Limits) {
    let questions = questions::varied(index.account(), VARIED, 1);
    // The lesser of two turns: the machine does other things, too.
    let time = |asked: &Asked| {
        let once = || {
            cpu::time(|| {
                index
                    .ask(&asked.terms, &asked.action, &asked.resource)
                    .able()
            })
        };
        once().min(once())
    };
    let mut times: Vec<_> = questions.iter().map(|asked| (time(asked), asked)).collect();
    times.sort_unstable_by_key(|(time, _)| *time);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].0;
    let (slowest, asked) = times[times.len() - 1];
    println!(
        "{VARIED} varied questions: median {:.3} ms, p90 {:.3} ms, p99 {:.3} ms, slowest {:.3} ms \
         ({} on {}{}, {} keys given)",
        ms(at(50)),
        ms(at(90)),
        ms(at(99)),
        ms(slowest),
        asked.action,
        asked.resource,
        if asked.terms.is_strict {
            ", strict"
        } else {
            ""
        },
        asked.terms.context.len(),
    );
    let spread = ms(at(99)) / ms(at(50));
    limits.at_most("  p99 against the median", spread, SPREAD, "times");
}

/// The three questions with chains of roles, and what the first of them costs more.
fn chained(index: &Index, three: &[Asked], limits: &mut Limits) {
    let terms = Terms::default();
    let chains = Chains::new(index, &terms);
    let ask = |index: &Index, chains: &Chains<'_>, asked: &Asked| {
        WhoCan::new(index, &terms, Some(chains), &asked.action, &asked.resource).all()
    };
    let warm = three.iter().map(|asked| {
        let time = cpu::median(15, || {
            black_box(ask(index, &chains, asked));
        });
        let (_, counts) = ask(index, &chains, asked);
        println!("{} on {}: {counts:?}", asked.action, asked.resource);
        limits.time("  who can, with chains of roles", time, CHAINED);
        time
    });
    let warm: Vec<Duration> = warm.collect();
    let mut first: Vec<_> = (0..3)
        .map(|_| {
            let fresh = Index::new(index.account().clone());
            let chains = Chains::new(&fresh, &terms);
            cpu::time(|| ask(&fresh, &chains, &three[0]))
        })
        .collect();
    first.sort_unstable();
    let reach = first[1].saturating_sub(warm[0]);
    limits.time("who can assume which role, once", reach, REACH);
}

/// Every action of S3 on one bucket.
fn service(index: &Index, limits: &mut Limits) {
    let bucket = questions::bucket(index.account());
    let terms = Terms::default();
    let actions = catalog::expand("s3:*");
    let names: Vec<String> = actions.iter().map(ToString::to_string).collect();
    let time = cpu::median(5, || {
        for name in &names {
            black_box(index.ask(&terms, name, &bucket).able());
        }
    });
    let what = format!("who can, for each of the {} actions of S3", names.len());
    limits.time(&what, time, SERVICE);
}

/// All that one principal can do.
fn what(account: &Account, limits: &mut Limits) {
    let terms = Terms::default();
    let mut slowest = (Duration::ZERO, "", 0);
    let mut times = Vec::new();
    for arn in sample(account) {
        let caller = principal(account, arn).expect("it is there");
        let ask = || what_can(account, &terms, &caller, Wanted::default());
        let time = cpu::median(3, || {
            black_box(ask());
        });
        times.push(time);
        slowest = slowest.max((time, arn, ask().abilities.len()));
    }
    times.sort_unstable();
    let (time, arn, count) = slowest;
    println!(
        "what one can do, for {} principals: median {:.3} ms, slowest {arn} with {count} actions",
        times.len(),
        ms(times[times.len() / 2]),
    );
    limits.time("  the slowest", time, WHAT);
}

/// Some principals: holders of broad policies, and others from all over the account.
fn sample(account: &Account) -> Vec<&str> {
    let users = account.users().iter().map(|it| (&*it.arn, &it.attached));
    let roles = account.roles().iter().map(|it| (&*it.arn, &it.attached));
    let all: Vec<_> = users.chain(roles).collect();
    let mut chosen = Vec::new();
    for name in BROAD {
        let holders = all.iter().filter(|(_, attached)| {
            let attached = attached.known().expect("the account was read");
            attached
                .iter()
                .any(|arn| arn.ends_with(&format!("/{name}")))
        });
        let holders: Vec<_> = holders.take(HOLDERS).map(|(arn, _)| *arn).collect();
        assert_eq!(holders.len(), HOLDERS, "holders of {name}");
        chosen.extend(holders);
    }
    let others = SAMPLE - chosen.len();
    let step = all.len() / others;
    chosen.extend(all.iter().step_by(step).take(others).map(|(arn, _)| *arn));
    chosen
}

/// A question about the account as it would be with another policy.
fn what_if(index: &Index, asked: &Asked) {
    let account = Arc::new(with_another_policy(index.account()));
    let ask = |index: &Index| {
        let survey = index.ask(&asked.terms, &asked.action, &asked.resource);
        survey.able()
    };
    assert_eq!(
        ask(&index.what_if(account.clone())),
        ask(&Index::new(account.clone()))
    );
    let made = cpu::median(9, || {
        black_box(index.what_if(account.clone()));
    });
    let what_if = index.what_if(account.clone());
    let before = index.ask(&asked.terms, &asked.action, &asked.resource);
    let again = || {
        let after = before.again(&what_if, &asked.terms, &asked.resource);
        after.differences(&before)
    };
    let other = again().len();
    let time = cpu::median(9, || {
        black_box(again());
    });
    println!(
        "what if a policy were another: {:.3} ms for the account, and for whom one answer is \
         another ({other}) {:.3} ms",
        ms(made),
        ms(time)
    );
}

/// The account with the policy changed that most have attached: what it allowed it denies.
fn with_another_policy(account: &Account) -> Account {
    let mut account = account.clone();
    let held = |arn: &str| account.attachments(arn).map_or(0, |it| it.attached());
    let own = account.policies().iter().filter(|it| !it.is_aws_managed());
    let policy = own
        .max_by_key(|it| held(&it.arn))
        .expect("there are policies");
    let mut policy = (**policy).clone();
    let in_force = policy.default_version.clone();
    let Field::Known(versions) = &mut policy.versions else {
        return account;
    };
    for version in versions.iter_mut().filter(|it| it.id == in_force) {
        let text = version.document.known().expect("the account was read");
        let text = text.as_str().replace("\"Allow\"", "\"Deny\"");
        version.document = Field::Known(Arc::new(PolicyText::new(text)));
    }
    account.absorb(Batch {
        policies: vec![policy],
        ..Batch::default()
    });
    account
}
