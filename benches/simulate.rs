//! How many cases of `iamscope simulate` a thread answers, and how long one question takes once
//! its policies are prepared. `cargo bench --bench simulate`
//!
//! Measured is the CPU time of the thread, since machines are noisy. A case is read, decided and
//! its answer written, as the command does it; no two cases share a policy. Ends with 1 where a
//! limit is broken.
//!
//! With `--profile` the cases are gone through for a while and nothing is measured: for a profiler.

#[allow(dead_code, reason = "criterion's clock is not needed here")]
mod cpu;
mod generate;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use generate::cases::{self, Kind};
use iamscope::access::{
    Caller, Decision, Facts, Layers, PolicyUse, Prepared, Request, ResourcePolicy, Rest, Stated,
    decide,
};
use iamscope::report::simulate::Case;

/// How many cases are gone through in one run.
const CASES: usize = 2_000;

/// How often each run is measured, and how often it is run before that.
const RUNS: usize = 15;

/// The least number of cases a second.
const LEAST: f64 = 20_000.0;

/// The most that a prepared question may take.
const MOST: Duration = Duration::from_micros(1);

/// How often a question is asked in one run.
const ASKED: u32 = 10_000;

fn main() -> ExitCode {
    let lines = cases::lines(Kind::Usual, CASES, 1);
    if std::env::args().any(|argument| argument == "--profile") {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            black_box(answer_all(&lines));
        }
        return ExitCode::SUCCESS;
    }
    let is_fast = throughput(&lines);
    let is_quick = questions();
    if is_fast && is_quick {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Measures the cases. Gives whether the limit is kept.
fn throughput(lines: &[Vec<u8>]) -> bool {
    let count = |decision| {
        let answers = lines.iter().map(|line| read(line).answer(false).decision());
        answers.filter(|it| *it == decision).count()
    };
    let bytes: usize = lines.iter().map(Vec::len).sum();
    println!(
        "{CASES} cases of {} bytes: {} allowed, {} denied explicitly, {} implicitly",
        bytes / CASES,
        count(Decision::Allowed),
        count(Decision::ExplicitDeny),
        count(Decision::ImplicitDeny),
    );
    let seconds = |time: Duration| time.as_secs_f64();
    let reading = cpu::median(RUNS, || {
        for line in lines {
            black_box(read(black_box(line)));
        }
    });
    let all = cpu::median(RUNS, || {
        black_box(answer_all(black_box(lines)));
    });
    let rate = CASES as f64 / seconds(all);
    println!(
        "cases a second: {rate:.0}, {:.0} MB/s (limit {LEAST} cases); {:.1} µs a case, of which \
         reading the line takes {:.1}",
        bytes as f64 / seconds(all) / 1e6,
        seconds(all) * 1e6 / CASES as f64,
        seconds(reading) * 1e6 / CASES as f64,
    );
    rate >= LEAST
}

fn read(line: &[u8]) -> Case<'_> {
    Case::read(line).expect("generated cases are cases")
}

/// What the command does with each line.
fn answer_all(lines: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * lines.len());
    for line in lines {
        let case = read(line);
        let answer = case.answer(false);
        answer
            .write(&mut out)
            .expect("memory takes what is written");
    }
    out
}

/// Ten statements, half of them with conditions, of three action patterns each.
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:List*"],"Resource":["arn:aws:s3:::reports","arn:aws:s3:::reports/*"]},
{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query","dynamodb:BatchGet*"],"Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders-*"},
{"Effect":"Allow","Action":["sqs:SendMessage","sqs:ReceiveMessage","sqs:Get*"],"Resource":"arn:aws:sqs:*:111122223333:jobs-*"},
{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents","logs:Describe*"],"Resource":"arn:aws:logs:*:*:log-group:/apps/*:*"},
{"Effect":"Allow","Action":["lambda:InvokeFunction","lambda:GetFunction*","lambda:List*"],"Resource":"arn:aws:lambda:eu-west-1:111122223333:function:payments-*"},
{"Effect":"Allow","Action":["s3:DeleteObject","s3:DeleteObjectVersion","s3:PutObject*"],"Resource":"arn:aws:s3:::home/${aws:username}/*","Condition":{"Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":["10.20.0.0/16","192.0.2.0/24"]}}},
{"Effect":"Allow","Action":["ec2:StartInstances","ec2:StopInstances","ec2:Reboot*"],"Resource":"arn:aws:ec2:*:111122223333:instance/*","Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}},
{"Effect":"Allow","Action":["sns:Publish","sns:Subscribe","sns:Get*"],"Resource":"arn:aws:sns:eu-west-1:111122223333:alarms-*","Condition":{"StringLike":{"aws:PrincipalTag/team":["search-*","pay*"]},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/*"}}},
{"Effect":"Deny","Action":["s3:*","sqs:*","dynamodb:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]},"DateGreaterThan":{"aws:CurrentTime":"2025-01-01T00:00:00Z"}}},
{"Effect":"Deny","Action":["iam:*","organizations:*","account:*"],"Resource":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"},"ForAnyValue:StringLike":{"aws:TagKeys":["owner","cost-*"]}}}
]}"#;

/// What is asked: the action, the resource, and what comes of it.
const QUESTIONS: [(&str, &str, Decision); 8] = [
    // The first statement, one in the middle, and the last; then what none is about.
    (
        "s3:getobject",
        "arn:aws:s3:::reports/2026/q1.csv",
        Decision::Allowed,
    ),
    (
        "logs:putlogevents",
        "arn:aws:logs:eu-west-1:111122223333:log-group:/apps/api:log-stream:x",
        Decision::Allowed,
    ),
    (
        "s3:deleteobject",
        "arn:aws:s3:::home/alice/notes.txt",
        Decision::Allowed,
    ),
    (
        "ec2:stopinstances",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d",
        Decision::Allowed,
    ),
    (
        "sns:publish",
        "arn:aws:sns:eu-west-1:111122223333:alarms-night",
        Decision::Allowed,
    ),
    (
        "iam:createuser",
        "arn:aws:iam::111122223333:user/bob",
        Decision::ExplicitDeny,
    ),
    (
        "s3:getobject",
        "arn:aws:s3:::salaries/2026/q1.csv",
        Decision::ImplicitDeny,
    ),
    (
        "route53:changeresourcerecordsets",
        "arn:aws:route53:::hostedzone/Z1",
        Decision::ImplicitDeny,
    ),
];

/// Measures questions to a prepared policy. Gives whether the limit is kept.
fn questions() -> bool {
    let prepared = Prepared::of(POLICY, PolicyUse::Identity);
    assert!(prepared.refused.is_empty(), "{:?}", prepared.refused);
    let layers = Layers {
        identity: vec![Stated {
            name: "ten statements",
            text: POLICY,
            policy: Some(&prepared),
        }],
        boundary: None,
        session: None,
        resource: ResourcePolicy::Absent,
        scps: None,
        rcps: None,
    };
    let caller = Caller::parse("arn:aws:iam::111122223333:user/alice").expect("a user's ARN");
    let facts = facts();
    let mut worst = (Duration::ZERO, "");
    for (action, resource, expected) in QUESTIONS {
        let request = Request {
            caller: &caller,
            action,
            resource,
            scope: None,
            resource_account: Some("111122223333"),
            facts: &facts,
        };
        let decision = decide(&request, &layers).decision;
        assert_eq!(decision, expected, "{action} on {resource}");
        let time = cpu::median(2 * RUNS, || {
            for _ in 0..ASKED {
                black_box(decide(black_box(&request), black_box(&layers)));
            }
        });
        let each = time / ASKED;
        println!("{each:>8.0?}  {action} on {resource}: {expected}");
        worst = worst.max((each, action));
    }
    println!(
        "slowest prepared question: {:?} ({}), limit {MOST:?}",
        worst.0, worst.1
    );
    worst.0 <= MOST
}

/// The keys of a request as a call brings them.
fn facts() -> Facts {
    let mut facts = Facts::new(Rest::Missing);
    for (key, value) in [
        ("aws:CurrentTime", "2026-03-05T12:30:00Z"),
        ("aws:EpochTime", "1772713800"),
        ("aws:MultiFactorAuthAge", "7200"),
        ("aws:MultiFactorAuthPresent", "true"),
        ("aws:PrincipalAccount", "111122223333"),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/alice"),
        ("aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        ("aws:PrincipalTag/team", "payments"),
        ("aws:PrincipalType", "User"),
        ("aws:RequestedRegion", "eu-west-1"),
        ("aws:ResourceTag/team", "payments"),
        ("aws:SecureTransport", "true"),
        ("aws:SourceIp", "10.20.30.40"),
        ("aws:TagKeys", "cost-center"),
        ("aws:userid", "AIDACKCEVSQ6C2EXAMPLE"),
        ("aws:username", "alice"),
    ] {
        facts.set_value(key, value);
    }
    facts
}
