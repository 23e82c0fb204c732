//! Answers that are none.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use iamscope::visible::is_hidden;

use super::{
    CTRL_E, CTRL_R, ENTER, ESC, QUIET, at, responding, second_page, the_rest, wait_without,
};
use crate::support::responder::{Answer, page, throttled};

// The waits before tries are random, and may be over before anybody could see them: so there are
// several, and any of them will do.

#[test]
fn throttling_is_told_and_forgotten() {
    let responder = responding(second_page(|call| match call.nth {
        1..=3 => throttled(),
        _ => the_rest(),
    }));
    let session = at(&responder.url).run();
    session.wait_for("a retry", |screen| {
        let contents = screen.contents();
        let told = |n| contents.contains(&format!("retrying {n}/5 GetAccountAuthorizationDetails"));
        (2..=4).any(told)
    });
    session.wait_for_text("zoe");
    wait_without(&session, "retrying");
    wait_without(&session, "loading");
}

#[test]
fn a_throttled_detail_is_told_beside_the_others() {
    let users = second_page(|_| the_rest());
    let well = Arc::new(AtomicBool::new(false));
    let is_well = well.clone();
    let responder = responding(move |call| match call.action.as_str() {
        "ListAccessKeys" if !is_well.load(Ordering::Relaxed) => Some(throttled()),
        _ => users(call),
    });
    let mut session = at(&responder.url).run();
    session.wait_for_text("anna");
    session.send(format!("{ENTER}llll"));
    session.wait_for("a retry beside what came", |screen| {
        let contents = screen.contents();
        [
            "ListAccessKeys: throttled",
            "none: cannot sign in",
            "loading…",
        ]
        .iter()
        .all(|text| contents.contains(text))
    });
    well.store(true, Ordering::Relaxed);
    wait_without(&session, "loading…");
    wait_without(&session, "retrying");
    assert!(!session.screen(|screen| screen.contents().contains("failed")));
}

#[test]
fn what_breaks_off_for_good_keeps_what_came_and_goes_on_from_there() {
    let failures: [(Answer, &str); 3] = [
        (throttled(), "Throttling"),
        (
            Answer::Error(503, "ServiceUnavailable", "down for now"),
            "ServiceUnavailable",
        ),
        (
            Answer::CutShort("<UserDetailList/>".repeat(9)),
            "connection",
        ),
    ];
    let runs = failures.map(|(failure, why)| {
        let healthy = Arc::new(AtomicBool::new(false));
        let well = healthy.clone();
        let responder = responding(second_page(move |_| {
            if well.load(Ordering::Relaxed) {
                the_rest()
            } else {
                failure.clone()
            }
        }));
        let session = at(&responder.url).run();
        (responder, session, healthy, why)
    });
    for (responder, mut session, healthy, why) in runs {
        session.wait_for_text("ctrl-r goes on, what came stays");
        for text in [why, "anna", "Users 2"] {
            session.wait_for_text(text);
        }
        let before = responder.calls().len();
        healthy.store(true, Ordering::Relaxed);
        session.send(CTRL_R);
        session.wait_for_text("zoe");
        session.wait_for_text("Users 3");
        wait_without(&session, "ctrl-r goes on");
        let calls = responder.calls().split_off(before);
        let read: Vec<_> = calls
            .iter()
            .filter(|call| call.action == "GetAccountAuthorizationDetails")
            .map(|call| (call.filter(), call.get("Marker")))
            .collect();
        assert_eq!(read, [("User", "second")], "only what lacks is read");
    }
}

#[test]
fn a_page_of_html_is_told_as_such() {
    let responder = responding(|call| {
        (call.action == "GetAccountAuthorizationDetails").then(|| {
            let html = "<html><body>Please sign in to the guest network</body></html>";
            Answer::Raw(200, "text/html", html.to_owned())
        })
    });
    let mut session = at(&responder.url).run();
    session.wait_for_text("HTTP 200, and no answer of IAM's");
    session.send(CTRL_E);
    session.wait_for_text("may stand in between");
    session.send("\x03");
    assert_eq!(session.exit_code(), 4);
    session.assert_given_back();
    session.wait_for_text("may stand in between");
}

/// What must not reach a terminal, as it stands in XML, where ESC itself cannot be.
const EVIL: &str = "x\u{9b}31mA\u{9d}0;t\u{9c}B\u{202e}C\u{2066}D\u{200b}E\u{feff}F\u{7f}G\u{ad}H";

#[test]
fn hostile_text_from_the_network_never_reaches_the_terminal() {
    let evil_json = format!(
        "{{\"Statement\": [{{\"Sid\": \"\\u001b]0;t\\u0007{EVIL}\", \"Effect\": \"Allow\", \
         \"Action\": \"\u{1b}[2J{EVIL}\", \"Resource\": \"*\"}}]}}"
    );
    let encoded: String = evil_json.bytes().map(|b| format!("%{b:02X}")).collect();
    let responder = responding(move |call| match (call.action.as_str(), call.filter()) {
        (_, "User") => Some(page(
            &format!(
                "<UserDetailList><member><Path>/{EVIL}/</Path><UserName>evil{EVIL}</UserName>\
                 <UserId>AIDA{EVIL}</UserId><Arn>arn:aws:iam::111122223333:user/evil{EVIL}</Arn>\
                 <UserPolicyList><member><PolicyName>own{EVIL}</PolicyName>\
                 <PolicyDocument>{encoded}</PolicyDocument></member></UserPolicyList>\
                 <GroupList><member>group{EVIL}</member></GroupList>\
                 <Tags><member><Key>key{EVIL}</Key><Value>value{EVIL}</Value></member></Tags>\
                 </member></UserDetailList>"
            ),
            None,
        )),
        (_, "Role") => Some(page(
            &format!(
                "<RoleDetailList><member><Path>/</Path><RoleName>role{EVIL}</RoleName>\
                 <RoleId>AROA</RoleId><Arn>arn:aws:iam::111122223333:role/role{EVIL}</Arn>\
                 <AssumeRolePolicyDocument>{encoded}</AssumeRolePolicyDocument></member>\
                 </RoleDetailList>"
            ),
            None,
        )),
        ("ListAccountAliases", _) => Some(Answer::Result(format!(
            "<AccountAliases><member>alias{EVIL}</member></AccountAliases>\
             <IsTruncated>false</IsTruncated>"
        ))),
        ("ListAccessKeys", _) => {
            let words = Box::leak(format!("words{EVIL}").into_boxed_str());
            Some(Answer::Error(400, "ValidationError", words))
        }
        ("GetAccountSummary", _) => {
            let words = Box::leak(format!("summary{EVIL}").into_boxed_str());
            Some(Answer::Error(400, "ValidationError", words))
        }
        _ => None,
    });
    let mut session = at(&responder.url).run();
    session.wait_for_text("evil");
    for keys in [
        ENTER, "l", "l", "l", "l", "l", "3", ENTER, "l", "l", "/", "\\x1b", ENTER, "1", "/",
        "evil", ENTER, CTRL_E, ESC, "\x07evil", ESC, "Y", "y",
    ] {
        session.send(keys);
        session.settle(QUIET / 6);
    }
    session.send("q");
    assert_eq!(session.exit_code(), 0);
    let output = String::from_utf8(session.output()).expect("what is sent is UTF-8");
    assert!(output.contains("evil") && output.contains("\\x9b"));
    // Bells end our own clipboard sequences; lines end nowhere but in the driver of the terminal.
    let ours = ['\x1b', '\x07', '\r', '\n'];
    let raw: Vec<_> = output
        .chars()
        .filter(|c| is_hidden(*c) && !ours.contains(c))
        .collect();
    assert!(raw.is_empty(), "{raw:?}");
    for sequence in ["\x1b]0", "\x1b[2J\u{fffd}", "\x1b[31mA"] {
        assert!(!output.contains(sequence), "{sequence:?}");
    }
}
