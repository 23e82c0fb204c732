//! Whatever is pasted, reading it ends soon, and nothing is made up.

use iamscope::report::denied;

use super::events::{decoded, event};
use crate::naive::random::Random;

/// Messages that mean something, to be spoiled.
fn good() -> Vec<String> {
    let sentence = "User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: \
                    s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in an \
                    identity-based policy: arn:aws:iam::111122223333:policy/p";
    vec![
        sentence.to_owned(),
        format!("│ {}", sentence.replace(' ', "\n│ ")),
        format!("<Error><Code>AccessDenied</Code><Message>{sentence}</Message></Error>"),
        format!("{{\"Message\": {sentence:?}}}"),
        "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
            .into(),
        "operation error S3: HeadBucket, https response error StatusCode: 403".into(),
        "x (UnauthorizedOperation) Encoded authorization failure message: aaaa\nbbbb\ncccc".into(),
        event(serde_json::json!({})).to_string(),
        decoded(false).to_string(),
    ]
}

/// Reads a text, and holds what must be true of whatever comes out.
fn exercise(text: &str) {
    let Ok(denied) = denied::parse(text) else {
        return;
    };
    let parts = [
        &denied.principal,
        &denied.action,
        &denied.resource,
        &denied.operation,
    ];
    for part in parts.into_iter().flatten() {
        assert!(
            !part.is_empty() && part.len() <= text.len() + 8,
            "{part:?} of {text:?}"
        );
    }
    for (key, _) in &denied.context {
        assert!(key.contains(':'), "{key:?} of {text:?}");
    }
    assert!(denied.notes.len() < 100 || text.len() > 1_000, "{text:?}");
}

const PIECES: [&str; 20] = [
    "User:",
    " is ",
    "not authorized to perform",
    ":",
    "on resource:",
    "\"",
    "because no ",
    "explicit deny",
    "in a ",
    "policy",
    "\n",
    "│",
    "\x1b[",
    "\\\"",
    "&quot;",
    "<",
    "</Message>",
    "{",
    "é\u{202e}",
    "Encoded authorization failure message:",
];

#[test]
fn spoiled_messages_are_read_or_refused() {
    let good = good();
    let good: Vec<&str> = good.iter().map(String::as_str).collect();
    for seed in 0..6_000 {
        let mut random = Random::new(seed);
        let mut bytes = random.pick(&good).as_bytes().to_vec();
        for _ in 0..1 + random.below(5) {
            let len = bytes.len().max(1);
            let from = random.below(len).min(bytes.len());
            let to = (from + random.below(60)).min(bytes.len());
            match random.below(6) {
                0 => drop(bytes.drain(from..to)),
                1 => bytes.truncate(from),
                2 => {
                    let piece = bytes[from..to].to_vec();
                    bytes.splice(from..from, piece);
                }
                3 if from < bytes.len() => bytes[from] = random.below(256) as u8,
                _ => {
                    let piece = random.pick(&PIECES).bytes();
                    bytes.splice(from..from, piece);
                }
            }
        }
        exercise(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn every_beginning_and_every_end_is_read_or_refused() {
    for text in good() {
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            exercise(&text[..at]);
            exercise(&text[at..]);
        }
    }
}

#[test]
fn texts_that_are_made_to_hurt_take_no_time() {
    const LONG: usize = 200_000;
    const { assert!(LONG < denied::LIMIT) };
    let long = |piece: &str| piece.repeat(LONG / piece.len());
    let start = std::time::Instant::now();
    for piece in PIECES {
        exercise(&long(piece));
        exercise(&format!(
            "AccessDenied {}",
            long(piece).replace(long("x").as_str(), "")
        ));
    }
    for text in [
        long("not authorized to perform: s3:GetObject on resource: "),
        long("User: User: is not authorized "),
        long("is is is not authorized to perform "),
        long("n\n"),
        long(" \n"),
        long("a\n"),
        format!("Encoded authorization failure message: {}", long("a\n")),
        "[".repeat(100_000),
        format!("{{\"a\":{}", "[".repeat(100_000)),
        long("\"{\\\"a\\\":\\\"b\\\"}\",").replacen('"', "[\"", 1),
        long("s3://b/k "),
        format!("</Message>{}", long("<a")),
        long("&amp;&amp;\\\\"),
        long("\x1b[\x1b[31"),
        long("operation error : "),
    ] {
        exercise(&text);
    }
    // Generous: the builds of tests are slow, and machines are busy.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
