//! The live source against an IAM that pages unevenly, throttles, breaks off, or is none.

use std::sync::Arc;
use std::time::Duration;

use iamscope::iam::{Account, Field, Kind, UserDetails};
use iamscope::source::{Entity, Event, StreamState};

use crate::support::live::{Loaded, block_on, fetch, fetch_user, go_on, load, open};
use crate::support::responder::{Answer, Call, Responder, denied, page, roles, throttled, users};

fn run(script: impl Fn(&Call) -> Option<Answer> + Send + Sync + 'static) -> (Responder, Loaded) {
    let responder = Responder::start(script);
    let loaded =
        block_on(async { load(&open(responder.options()).await.expect("it opens")).await });
    (responder, loaded)
}

/// Answers the pages of one filter, by how many came before.
fn pages(call: &Call, filter: &str, answer: impl Fn(usize) -> Answer) -> Option<Answer> {
    (call.filter() == filter).then(|| answer(call.nth))
}

fn user_names(account: &Account) -> Vec<&str> {
    account.users().iter().map(|u| u.name.as_str()).collect()
}

/// The tries that were told, such as `2/5 throttled`.
fn retries(loaded: &Loaded) -> Vec<String> {
    let tell = |event: &Event| match event {
        Event::Retrying {
            attempt, of, why, ..
        } => Some(format!("{attempt}/{of} {why}")),
        _ => None,
    };
    loaded.events.iter().filter_map(tell).collect()
}

fn recovered(loaded: &Loaded) -> usize {
    let events = loaded.events.iter();
    events
        .filter(|e| matches!(e, Event::Recovered { .. }))
        .count()
}

#[test]
fn pages_of_any_size_are_read_to_the_end() {
    let (responder, loaded) = run(|call| {
        pages(call, "User", |nth| match nth {
            0 => page(&users(&["a", "b", "c"]), Some("m/1")),
            1 => page("", Some("m+2")),
            2 => page(&users(&["d"]), Some("m=3&amp;x")),
            _ => page(&users(&["e", "f"]), None),
        })
    });
    loaded.assert_complete();
    assert_eq!(user_names(&loaded.account), ["a", "b", "c", "d", "e", "f"]);
    let calls = responder.calls();
    let markers: Vec<_> = calls
        .iter()
        .filter(|c| c.filter() == "User")
        .map(|c| c.get("Marker"))
        .collect();
    assert_eq!(markers, ["", "m/1", "m+2", "m=3&x"]);
    assert!(
        calls
            .iter()
            .all(|c| c.filter().is_empty() || c.get("MaxItems") == "1000")
    );
}

#[test]
fn a_document_comes_as_it_was_written() {
    let (_, loaded) = run(|call| pages(call, "Role", |_| page(&roles(&["r"], None), None)));
    let trust = loaded.account.roles()[0].trust.known().unwrap();
    assert_eq!(trust.as_str(), "{\"a\": \"x+y\"}");
}

#[test]
fn throttling_is_told_and_got_over() {
    let (_, loaded) = run(|call| {
        pages(call, "User", |nth| match nth {
            0..=2 => throttled(),
            _ => page(&users(&["a"]), None),
        })
    });
    loaded.assert_complete();
    assert_eq!(user_names(&loaded.account), ["a"]);
    assert_eq!(
        retries(&loaded),
        ["2/5 throttled", "3/5 throttled", "4/5 throttled"]
    );
    assert_eq!(recovered(&loaded), 1);
}

#[test]
fn throttling_for_good_keeps_what_came_and_goes_on_from_there() {
    let (responder, loaded) = run(|call| {
        if call.filter() == "Role" {
            return Some(page(&roles(&["r"], None), None));
        }
        pages(call, "User", |nth| match nth {
            0 => page(&users(&["a"]), Some("m1")),
            1..=5 => throttled(),
            _ => page(&users(&["b"]), None),
        })
    });
    let (problem, resume) = loaded.cut();
    let said = problem.to_string();
    assert!(said.contains("Rate exceeded"), "{said}");
    assert!(said.contains("what came is kept"), "{said}");
    assert_eq!(user_names(&loaded.account), ["a"]);
    assert_eq!(loaded.account.roles().len(), 1);
    let resume = resume.expect("something came");
    assert_eq!(resume.streams[0], StreamState::At("m1".into()));
    assert_eq!(resume.streams[2], StreamState::Done);

    let before = responder.count("GetAccountAuthorizationDetails");
    let loaded = block_on(async {
        let source = open(responder.options()).await.unwrap();
        go_on(&source, loaded.account, Some(resume)).await
    });
    loaded.assert_complete();
    assert_eq!(user_names(&loaded.account), ["a", "b"]);
    // Only the stream that was cut is read on.
    assert_eq!(
        responder.count("GetAccountAuthorizationDetails"),
        before + 1
    );
}

#[test]
fn a_failing_server_is_tried_five_times() {
    let (responder, loaded) = run(|call| {
        pages(call, "Group", |_| {
            Answer::Error(503, "ServiceUnavailable", "down")
        })
    });
    let (problem, _) = loaded.cut();
    assert!(
        problem.to_string().contains("ServiceUnavailable: down"),
        "{problem}"
    );
    let tries = responder.calls();
    assert_eq!(tries.iter().filter(|c| c.filter() == "Group").count(), 5);
    assert_eq!(retries(&loaded)[3], "5/5 server error 503");
}

#[test]
fn a_connection_cut_within_a_page_is_tried_again() {
    let (_, loaded) = run(|call| {
        pages(call, "User", |nth| match nth {
            0 => Answer::CutShort(users(&["a", "b"])),
            1 => Answer::HangUp,
            _ => page(&users(&["a", "b"]), None),
        })
    });
    loaded.assert_complete();
    assert_eq!(user_names(&loaded.account), ["a", "b"]);
    assert_eq!(retries(&loaded).len(), 2, "{:?}", retries(&loaded));
    assert_eq!(recovered(&loaded), 1);
}

#[test]
fn a_connection_cut_for_good_offers_to_go_on() {
    let (_, loaded) = run(|call| {
        pages(call, "User", |nth| match nth {
            0 => page(&users(&["a"]), Some("m1")),
            _ => Answer::CutShort(users(&["b", "c", "d"])),
        })
    });
    let (problem, resume) = loaded.cut();
    let said = problem.to_string();
    assert!(said.contains("connection"), "{said}");
    assert!(said.contains("then go on"), "{said}");
    assert_eq!(user_names(&loaded.account), ["a"]);
    let resume = resume.expect("something came");
    assert_eq!(resume.streams[0], StreamState::At("m1".into()));
}

#[test]
fn a_page_of_html_is_told_as_what_it_is() {
    for status in [200, 403] {
        let (_, loaded) = run(move |call| {
            pages(call, "User", |_| {
                let html = "<html><body>Please sign in to the guest network</body></html>";
                Answer::Raw(status, "text/html", html.to_owned())
            })
        });
        let (problem, _) = loaded.cut();
        let said = problem.to_string();
        assert!(said.contains(&format!("HTTP {status}")), "{said}");
        assert!(said.contains("Please sign in"), "{said}");
        assert!(said.contains("stand in between"), "{said}");
    }
}

#[test]
fn a_boundary_that_the_pages_left_out_is_fetched_even_after_a_cut() {
    const EDGE: &str = "arn:aws:iam::111122223333:policy/edge";
    let script = |call: &Call| match (call.action.as_str(), call.filter()) {
        (_, "Role") => Some(page(&roles(&["r1", "r2"], Some(EDGE)), None)),
        (_, "User") if call.nth < 5 => Some(throttled()),
        ("GetPolicy", _) => Some(Answer::Result(format!(
            "<Policy><PolicyName>edge</PolicyName><Arn>{EDGE}</Arn>\
             <DefaultVersionId>v3</DefaultVersionId></Policy>"
        ))),
        ("GetPolicyVersion", _) => Some(Answer::Result(
            "<PolicyVersion><Document>%7B%7D</Document><VersionId>v3</VersionId>\
             <IsDefaultVersion>true</IsDefaultVersion></PolicyVersion>"
                .to_owned(),
        )),
        _ => None,
    };
    let (responder, loaded) = run(script);
    let (_, resume) = loaded.cut();
    assert_eq!(loaded.account.count(Kind::Policy), 0);
    let loaded = block_on(async {
        let source = open(responder.options()).await.unwrap();
        go_on(&source, loaded.account, resume).await
    });
    loaded.assert_complete();
    let edge = loaded.account.policy(EDGE).expect("the boundary is there");
    assert_eq!(edge.document().unwrap().as_str(), "{}");
    assert_eq!(loaded.account.attachments(EDGE).unwrap().bounded(), 2);
    assert_eq!(responder.count("GetPolicy"), 1);
}

#[test]
fn a_denied_boundary_is_a_gap_and_no_failure() {
    let (_, loaded) = run(|call| match (call.action.as_str(), call.filter()) {
        (_, "Role") => Some(page(
            &roles(&["r"], Some("arn:aws:iam::111122223333:policy/edge")),
            None,
        )),
        ("GetPolicy", _) => Some(denied()),
        _ => None,
    });
    loaded.assert_complete();
    assert!(
        loaded.gaps()[0].contains("denied (iam:GetPolicy)"),
        "{:?}",
        loaded.gaps()
    );
}

#[test]
fn who_asks_may_be_denied_without_harm() {
    let (_, loaded) = run(|call| match (call.action.as_str(), call.filter()) {
        ("GetCallerIdentity" | "GetAccountSummary" | "ListAccountAliases", _) => Some(denied()),
        (_, "User") => Some(page(&users(&["a"]), None)),
        _ => None,
    });
    loaded.assert_complete();
    let account = &loaded.account;
    assert_eq!(
        account.caller,
        Field::Denied("sts:GetCallerIdentity".into())
    );
    assert_eq!(
        account.summary,
        Field::Denied("iam:GetAccountSummary".into())
    );
    assert_eq!(
        account.aliases,
        Field::Denied("iam:ListAccountAliases".into())
    );
    assert_eq!(user_names(account), ["a"]);
}

#[test]
fn a_session_is_traced_to_its_role() {
    let (_, loaded) = run(|call| pages(call, "Role", |_| page(&roles(&["admin"], None), None)));
    let principal = loaded
        .account
        .caller_principal()
        .expect("the caller is known");
    assert_eq!(&*principal.arn, "arn:aws:iam::111122223333:role/admin");
}

#[test]
fn an_expired_session_is_told_as_such() {
    let (_, loaded) = run(|call| match call.action.as_str() {
        "GetAccountAuthorizationDetails" => Some(Answer::Error(
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
        )),
        _ => None,
    });
    let (problem, _) = loaded.cut();
    assert!(problem.to_string().contains("aws sso login"), "{problem}");
}

#[test]
fn one_denied_detail_leaves_the_others() {
    let responder = Responder::start(|call| match (call.action.as_str(), call.filter()) {
        (_, "User") => Some(page(&users(&["a"]), None)),
        ("ListAccessKeys", _) => Some(denied()),
        ("ListMFADevices", _) => Some(Answer::Error(400, "ValidationError", "odd")),
        ("GetUser", _) if call.nth == 0 => Some(throttled()),
        _ => None,
    });
    block_on(async {
        let source = open(responder.options()).await.unwrap();
        let account = load(&source).await.account;
        let user = account.users()[0].clone();
        let (batch, events) = fetch(&source, Entity::User(user)).await;
        let details = &batch.users[0].details;
        assert!(details.complete());
        assert_eq!(
            details.access_keys,
            Field::Denied("iam:ListAccessKeys".into())
        );
        assert_eq!(
            details.mfa_devices,
            Field::Failed("ValidationError: odd".into())
        );
        assert_eq!(details.login_profile, Field::Known(None));
        assert_eq!(details.ssh_keys, Field::Known(Vec::new()));
        // A fetch tells its retries to its own sink.
        let told = events.iter().any(|event| {
            matches!(
                event,
                Event::Retrying {
                    operation: "GetUser",
                    attempt: 2,
                    of: 5,
                    ..
                }
            )
        });
        assert!(told, "{events:?}");
    });
}

#[test]
fn what_is_known_is_not_asked_for_again() {
    let responder = Responder::start(|call| pages(call, "User", |_| page(&users(&["a"]), None)));
    block_on(async {
        let source = open(responder.options()).await.unwrap();
        let account = load(&source).await.account;
        let full = fetch_user(&source, &account, "a").await;
        let before = responder.calls().len();
        let (batch, _) = fetch(&source, Entity::User(Arc::new(full.clone()))).await;
        // GetUser answered without a user, which is a failure and no reason to ask again.
        assert_eq!(batch.users[0], full);
        assert_eq!(responder.calls().len(), before);
    });
}

#[test]
fn a_load_that_is_dropped_asks_nothing_more() {
    let responder = Responder::start(|call| {
        (call.action == "GetAccountAuthorizationDetails").then(|| {
            let more = page("", Some(&format!("m{}", call.nth)));
            Answer::After(Duration::from_millis(50), Box::new(more))
        })
    });
    block_on(async {
        let source = open(responder.options()).await.unwrap();
        let endless = tokio::time::timeout(Duration::from_millis(400), load(&source)).await;
        assert!(endless.is_err(), "these pages have no end");
        // The answers under way arrive; nobody asks for the next pages.
        tokio::time::sleep(Duration::from_millis(150)).await;
        let settled = responder.calls().len();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(responder.calls().len(), settled);
    });
}

#[test]
fn a_detail_gets_its_turn_while_a_slow_load_goes_on() {
    let responder = Responder::start(|call| {
        (call.action == "GetAccountAuthorizationDetails").then(|| {
            let more = page(&users(&["a"]), Some(&format!("m{}", call.nth)));
            Answer::After(Duration::from_millis(60), Box::new(more))
        })
    });
    block_on(async {
        let source = open(responder.options()).await.expect("it opens");
        let (sink, mut news) = tokio::sync::mpsc::unbounded_channel();
        let endless = source.load(None, sink);
        let asked = async {
            loop {
                if let Some(Event::Batch(batch)) = news.recv().await {
                    let user = Arc::new(batch.users[0].clone());
                    return fetch(&source, Entity::User(user)).await.0;
                }
            }
        };
        let answered = tokio::time::timeout(Duration::from_secs(5), async {
            tokio::select! {
                () = endless => panic!("these pages have no end"),
                batch = asked => batch,
            }
        });
        let batch = answered
            .await
            .expect("the load does not keep the details waiting");
        assert_eq!(batch.users[0].details.access_keys, Field::Known(Vec::new()));
    });
}

#[test]
fn at_most_five_calls_are_under_way() {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    static NOW: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let (_, loaded) = run(|call| {
        MOST.fetch_max(NOW.fetch_add(1, SeqCst) + 1, SeqCst);
        std::thread::sleep(Duration::from_millis(40));
        NOW.fetch_sub(1, SeqCst);
        (call.filter() == "User").then(|| match call.nth {
            0..4 => page("", Some(&call.nth.to_string())),
            _ => page("", None),
        })
    });
    loaded.assert_complete();
    assert_eq!(MOST.load(SeqCst), 5);
}

#[test]
fn an_endpoint_where_nothing_listens_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let options = crate::support::moto::options(&url, "AKIAIOSFODNN7EXAMPLE", "any");
    let loaded = block_on(async { load(&open(options).await.unwrap()).await });
    let (problem, resume) = loaded.cut();
    assert_eq!(
        resume, None,
        "nothing came, so that there is nowhere to go on"
    );
    let said = problem.to_string();
    assert!(said.contains(&url), "{said}");
    assert!(said.contains("refused"), "{said}");
    assert!(said.contains("--demo"), "{said}");
    assert!(
        retries(&loaded).contains(&"5/5 no connection".to_owned()),
        "{:?}",
        retries(&loaded)
    );
}

#[test]
fn a_detail_is_told_while_others_are_awaited() {
    let responder = Responder::start(|call| match (call.action.as_str(), call.filter()) {
        (_, "User") => Some(page(&users(&["a"]), None)),
        ("ListSSHPublicKeys", _) => {
            let late = Duration::from_millis(500);
            Some(Answer::After(late, Box::new(denied())))
        }
        ("GetAccessKeyLastUsed", _) => Some(throttled()),
        ("ListAccessKeys", _) => Some(Answer::Result(
            "<AccessKeyMetadata><member><AccessKeyId>AKIAX</AccessKeyId></member>\
             </AccessKeyMetadata><IsTruncated>false</IsTruncated>"
                .to_owned(),
        )),
        _ => None,
    });
    let (batch, events) = block_on(async {
        let source = open(responder.options()).await.unwrap();
        let user = load(&source).await.account.users()[0].clone();
        fetch(&source, Entity::User(user)).await
    });
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Batch(batch) => Some(&batch.users[0].details),
            _ => None,
        })
        .collect();
    // The others are there while the keys' last use is tried five times, and the slow one waits.
    let early = |details: &&UserDetails| {
        details.ssh_keys.is_unknown()
            && details.mfa_devices == Field::Known(Vec::new())
            && matches!(&details.access_keys, Field::Known(keys)
                if keys[0].last_used.is_unknown())
    };
    assert!(told.iter().any(early), "{told:#?}");
    let details = &batch.users[0].details;
    assert_eq!(told.last(), Some(&details), "the last news is the whole");
    assert_eq!(
        details.ssh_keys,
        Field::Denied("iam:ListSSHPublicKeys".into())
    );
    let key = &details.access_keys.known().unwrap()[0];
    assert!(matches!(key.last_used, Field::Failed(_)), "{key:?}");
}
