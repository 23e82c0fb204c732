//! Opening a live account with the configuration that a machine has: environment, profiles,
//! helpers, proxies, certificates. Each test runs in a process of its own, see `in_child`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use iamscope::source::LiveOptions;
use tempfile::TempDir;

use crate::support::child::in_child;
use crate::support::live::{Loaded, block_on, load, open};
use crate::support::moto::Moto;
use crate::support::responder::{Answer, Responder, denied};

/// What no test may wait for: this machine's own metadata service.
const NO_METADATA: (&str, &str) = ("AWS_EC2_METADATA_DISABLED", "true");

/// Keys in the environment.
const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT"),
    ("AWS_SECRET_ACCESS_KEY", "any"),
];

fn with_profile(name: &str) -> LiveOptions {
    LiveOptions {
        profile: Some(name.to_owned()),
        ..LiveOptions::default()
    }
}

/// Opens, and tells how that went.
fn opened(options: LiveOptions) -> String {
    match block_on(open(options)) {
        Ok(source) => format!("opened {}", source.label()),
        Err(problem) => problem.to_string(),
    }
}

/// Opens and loads, and tells how that went.
fn loaded(options: LiveOptions) -> String {
    let outcome = block_on(async {
        let source = open(options).await.map_err(|problem| problem.to_string())?;
        let loaded: Loaded = load(&source).await;
        Ok::<_, String>(format!(
            "{:?} with {} users",
            loaded.outcome(),
            loaded.account.users().len()
        ))
    });
    outcome.unwrap_or_else(|problem| problem)
}

/// A home directory with AWS configuration.
fn home(config: &str) -> TempDir {
    let home = tempfile::tempdir().expect("a directory can be made");
    fs::create_dir(home.path().join(".aws")).expect("it can be filled");
    fs::write(home.path().join(".aws/config"), config).expect("it can be filled");
    home
}

fn assert_says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "no {part:?} in:\n{said}");
    }
}

#[test]
fn without_credentials_it_says_what_was_tried() {
    let home = home("[default]\nregion = eu-west-1\n");
    let test = "opening::without_credentials_it_says_what_was_tried";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        opened(LiveOptions::default())
    });
    let tried = [
        "AWS_ACCESS_KEY_ID",
        "profile default, which holds none",
        "instance",
    ];
    assert_says(&said, &tried);
    assert_says(&said, &["aws configure sso", "`iamscope --demo`"]);
}

#[test]
fn an_unknown_profile_lists_those_that_are_there() {
    let home = home("[default]\n[profile staging]\nregion = eu-west-1\n[profile prod]\na = b\n");
    let test = "opening::an_unknown_profile_lists_those_that_are_there";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        opened(with_profile("stagign"))
    });
    assert_says(
        &said,
        &["no profile named stagign", "prod, staging", "--demo"],
    );
}

#[test]
fn a_broken_configuration_file_is_told_with_its_line() {
    let home = home("[default]\nregion\n");
    let test = "opening::a_broken_configuration_file_is_told_with_its_line";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        opened(LiveOptions::default())
    });
    assert_says(
        &said,
        &[
            "cannot read the AWS configuration",
            "line 2",
            "/.aws/config",
        ],
    );
}

#[test]
fn a_role_with_mfa_says_what_to_run_first() {
    let home = home(
        "[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\n\
         source_profile = me\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n\
         [profile me]\naws_access_key_id = AKIAME\naws_secret_access_key = x\n",
    );
    let test = "opening::a_role_with_mfa_says_what_to_run_first";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        opened(with_profile("admin"))
    });
    let command = "aws configure export-credentials --profile admin --format env";
    assert_says(
        &said,
        &["arn:aws:iam::111122223333:mfa/me", command, "--demo"],
    );
}

#[test]
fn an_expired_sso_session_says_how_to_sign_in() {
    let home = home(
        "[profile work]\nsso_session = corp\nsso_account_id = 111122223333\n\
         sso_role_name = reader\nregion = eu-west-1\n\
         [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example\n",
    );
    // Tokens are cached under the SHA-1 of the session's name.
    let cache = home.path().join(".aws/sso/cache");
    fs::create_dir_all(&cache).unwrap();
    fs::write(
        cache.join("ee0bfd2552fbd840c02cc48b6e823320543c450f.json"),
        r#"{"accessToken": "x", "expiresAt": "2024-01-01T00:00:00Z",
            "region": "eu-west-1", "startUrl": "https://corp.example"}"#,
    )
    .unwrap();
    let test = "opening::an_expired_sso_session_says_how_to_sign_in";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        opened(with_profile("work"))
    });
    assert_says(
        &said,
        &["expired", "aws sso login --profile work", "--demo"],
    );
}

#[test]
fn a_credential_helper_finds_no_terminal_to_ask_on() {
    let home = home("[profile tool]\ncredential_process = sh ~/helper.sh 'a b' # ours\n");
    fs::write(
        home.path().join("helper.sh"),
        "read line && echo \"$line\" > ~/stolen\n\
         echo $1 > ~/argument\n\
         (: < /dev/tty) 2>/dev/null && echo tty > ~/stolen\n\
         cut -d' ' -f6 /proc/$$/stat > ~/session\n\
         echo '{\"Version\": 1, \"AccessKeyId\": \"AKIATOOL\", \"SecretAccessKey\": \"x\"}'\n",
    )
    .unwrap();
    let test = "opening::a_credential_helper_finds_no_terminal_to_ask_on";
    let said = in_child(
        test,
        home.path(),
        &[NO_METADATA],
        "typed by the user\n",
        || opened(with_profile("tool")),
    );
    assert_eq!(said, "opened profile tool");
    assert!(
        !home.path().join("stolen").exists(),
        "it read what was typed"
    );
    let argument = fs::read_to_string(home.path().join("argument")).unwrap();
    assert_eq!(argument, "a b\n");
    // Only Linux has a command that starts a session.
    if cfg!(target_os = "linux") {
        let session = fs::read_to_string(home.path().join("session")).unwrap();
        assert!(
            !said.contains(&format!("Pid({})", session.trim())),
            "{said}"
        );
        assert!(!session.trim().is_empty());
    }
}

#[test]
fn a_helper_is_run_once_for_a_whole_load() {
    let iam = Responder::start(|_| None);
    let home = home(&format!(
        "[profile tool]\ncredential_process = sh ~/helper.sh\nendpoint_url = {}\n",
        iam.url
    ));
    fs::write(
        home.path().join("helper.sh"),
        "echo run >> ~/runs\n\
         echo '{\"Version\": 1, \"AccessKeyId\": \"AKIATOOL\", \"SecretAccessKey\": \"x\"}'\n",
    )
    .unwrap();
    let test = "opening::a_helper_is_run_once_for_a_whole_load";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        loaded(with_profile("tool"))
    });
    assert_eq!(said, "Complete with 0 users");
    assert!(iam.calls().iter().all(|call| call.key == "AKIATOOL"));
    assert_eq!(
        fs::read_to_string(home.path().join("runs")).unwrap(),
        "run\n"
    );
}

#[test]
fn a_role_is_assumed_with_the_keys_of_its_source_profile() {
    let iam = Responder::start(|call| {
        (call.action == "AssumeRole").then(|| {
            Answer::Result(
                "<Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
                 <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                 <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
                    .to_owned(),
            )
        })
    });
    let home = home(
        "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/audit\n\
         external_id = northwind\nsource_profile = me\n\
         [profile me]\naws_access_key_id = AKIAME\naws_secret_access_key = x\n",
    );
    let test = "opening::a_role_is_assumed_with_the_keys_of_its_source_profile";
    let env = [NO_METADATA, ("AWS_ENDPOINT_URL", iam.url.as_str())];
    let said = in_child(test, home.path(), &env, "", || {
        loaded(with_profile("audit"))
    });
    assert_eq!(said, "Complete with 0 users");
    let (assumed, rest): (Vec<_>, Vec<_>) = iam
        .calls()
        .into_iter()
        .partition(|c| c.action == "AssumeRole");
    assert_eq!(assumed.len(), 1);
    assert_eq!(assumed[0].key, "AKIAME");
    assert_eq!(assumed[0].get("ExternalId"), "northwind");
    assert!(rest.iter().all(|call| call.key == "ASIAROLE"), "{rest:?}");
}

#[test]
fn a_role_that_may_not_be_assumed_is_told_in_the_words_of_sts() {
    let sts = Responder::start(|_| Some(denied()));
    let home = home(
        "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = me\n\
         [profile me]\naws_access_key_id = AKIAME\naws_secret_access_key = x\n",
    );
    let test = "opening::a_role_that_may_not_be_assumed_is_told_in_the_words_of_sts";
    let env = [NO_METADATA, ("AWS_ENDPOINT_URL", sts.url.as_str())];
    let said = in_child(test, home.path(), &env, "", || {
        opened(with_profile("audit"))
    });
    assert_says(
        &said,
        &[
            "profile audit",
            "AccessDenied: User is not authorized",
            "--demo",
        ],
    );
}

#[test]
fn a_failing_helper_is_told_with_its_words() {
    let home = home("[profile tool]\ncredential_process = echo no luck today >&2; exit 3\n");
    let test = "opening::a_failing_helper_is_told_with_its_words";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        opened(with_profile("tool"))
    });
    assert_says(&said, &["profile tool", "no luck today", "--demo"]);
}

#[test]
fn a_profile_of_aws_login_says_how_to_hand_it_over() {
    let home = home("[profile me]\nlogin_session = arn:aws:iam::111122223333:user/me\n");
    let test = "opening::a_profile_of_aws_login_says_how_to_hand_it_over";
    let said = in_child(test, home.path(), &[NO_METADATA], "", || {
        opened(with_profile("me"))
    });
    let command = "aws configure export-credentials --profile me --format env";
    assert_says(&said, &["aws login", command, "--demo"]);
}

#[test]
fn the_environment_is_enough() {
    let home = home("");
    let (iam, sts) = (Responder::start(|_| None), Responder::start(|_| None));
    let test = "opening::the_environment_is_enough";
    let endpoints = [
        ("AWS_ENDPOINT_URL_IAM", iam.url.as_str()),
        ("AWS_ENDPOINT_URL_STS", sts.url.as_str()),
    ];
    let env = [&KEYS[..], &endpoints].concat();
    let said = in_child(test, home.path(), &env, "", || {
        format!(
            "{}; {}",
            opened(LiveOptions::default()),
            loaded(LiveOptions::default())
        )
    });
    let host = iam.url.trim_start_matches("http://");
    let expected = format!("opened environment at {host}; Complete with 0 users");
    assert_eq!(said, expected);
    assert_eq!(sts.count("GetCallerIdentity"), 1);
    assert_eq!(iam.count("GetAccountAuthorizationDetails"), 5);
    assert!(iam.calls().iter().all(|call| call.key == "AKIAENVIRONMENT"));
}

#[test]
fn a_profile_of_the_command_line_wins_over_the_environment() {
    let iam = Responder::start(|_| None);
    let home = home(&format!(
        "[profile me]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = x\n\
         endpoint_url = {}\n",
        iam.url
    ));
    let test = "opening::a_profile_of_the_command_line_wins_over_the_environment";
    let said = in_child(test, home.path(), &KEYS, "", || {
        format!(
            "{}; {}",
            opened(with_profile("me")),
            loaded(with_profile("me"))
        )
    });
    let host = iam.url.trim_start_matches("http://");
    let expected = format!("opened profile me at {host}; Complete with 0 users");
    assert_eq!(said, expected);
    assert!(iam.calls().iter().all(|call| call.key == "AKIAPROFILE"));
    // The endpoint covers STS too.
    assert_eq!(iam.count("GetCallerIdentity"), 1);
}

#[test]
fn an_endpoint_that_is_none_is_refused_at_once() {
    let home = home("");
    let test = "opening::an_endpoint_that_is_none_is_refused_at_once";
    let said = in_child(test, home.path(), &KEYS, "", || {
        opened(LiveOptions {
            endpoint_url: Some("localhost:4566".into()),
            ..LiveOptions::default()
        })
    });
    assert_says(&said, &["localhost:4566 is no endpoint", "http://"]);
}

/// A proxy that refuses everything and remembers what it was asked for.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = asked.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut line = String::new();
            let read = BufReader::new(&stream).read_line(&mut line);
            log.lock().unwrap().push(line.trim().to_owned());
            // A client that is gone already has no use for the answer.
            let _ = read.and_then(|_| {
                stream
                    .write_all(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            });
        }
    });
    (url, asked)
}

/// Loads for a moment: a proxy that refuses is tried again with real waits.
fn loaded_for_a_moment() -> String {
    block_on(async {
        let source = match open(LiveOptions::default()).await {
            Ok(source) => source,
            Err(problem) => return problem.to_string(),
        };
        let loaded = tokio::time::timeout(Duration::from_secs(1), load(&source)).await;
        match loaded {
            Ok(loaded) => format!("{:?}", loaded.outcome()),
            Err(_) => "still trying".to_owned(),
        }
    })
}

#[test]
fn https_goes_through_the_proxy_of_the_environment() {
    let (url, asked) = proxy();
    let home = home("");
    let test = "opening::https_goes_through_the_proxy_of_the_environment";
    let env = [&KEYS[..], &[("HTTPS_PROXY", url.as_str())]].concat();
    in_child(test, home.path(), &env, "", loaded_for_a_moment);
    let asked = asked.lock().unwrap();
    let iam = "CONNECT iam.amazonaws.com:443 HTTP/1.1".to_owned();
    assert!(asked.contains(&iam), "{asked:?}");
    assert!(
        asked.iter().any(|line| line.starts_with("CONNECT sts.")),
        "{asked:?}"
    );
}

#[test]
fn what_no_proxy_names_is_called_directly() {
    let (url, asked) = proxy();
    let iam = Responder::start(|_| None);
    let home = home("");
    let test = "opening::what_no_proxy_names_is_called_directly";
    let env = [
        &KEYS[..],
        &[
            ("HTTP_PROXY", url.as_str()),
            ("NO_PROXY", "localhost,127.0.0.1"),
            ("AWS_ENDPOINT_URL", iam.url.as_str()),
        ],
    ]
    .concat();
    let said = in_child(test, home.path(), &env, "", loaded_for_a_moment);
    assert_eq!(said, "Complete");
    assert!(asked.lock().unwrap().is_empty());

    let said = {
        let without: Vec<_> = env
            .iter()
            .filter(|(name, _)| *name != "NO_PROXY")
            .copied()
            .collect();
        in_child(test, home.path(), &without, "", loaded_for_a_moment)
    };
    assert_ne!(said, "Complete");
    assert!(asked.lock().unwrap()[0].starts_with(&format!("POST {}", iam.url)));
}

#[test]
fn a_bundle_of_certificates_makes_a_private_endpoint_trusted() {
    // Built in the parent only: the child finds its address in the environment.
    let directory = tempfile::tempdir().unwrap();
    let moto = std::env::var_os("AWS_ENDPOINT_URL")
        .is_none()
        .then(|| Moto::with_tls(directory.path()));
    let url = moto.as_ref().map_or(String::new(), |m| m.url.clone());
    let bundle = directory.path().join("certificate.pem");
    let home = home("");
    let test = "opening::a_bundle_of_certificates_makes_a_private_endpoint_trusted";
    let plain = [&KEYS[..], &[("AWS_ENDPOINT_URL", url.as_str())]].concat();
    let trusting = [&plain[..], &[("AWS_CA_BUNDLE", bundle.to_str().unwrap())]].concat();
    let said = in_child(test, home.path(), &trusting, "", || {
        loaded(LiveOptions::default())
    });
    assert_eq!(said, "Complete with 5 users");
    let said = in_child(test, home.path(), &plain, "", || {
        loaded(LiveOptions::default())
    });
    assert_says(&said, &["UnknownIssuer", "AWS_CA_BUNDLE"]);
}

#[test]
fn a_bundle_that_is_none_is_told_at_once() {
    let home = home("");
    let test = "opening::a_bundle_that_is_none_is_told_at_once";
    let said_of = |bundle: &Path| {
        let env = [&KEYS[..], &[("AWS_CA_BUNDLE", bundle.to_str().unwrap())]].concat();
        in_child(test, home.path(), &env, "", || {
            opened(LiveOptions::default())
        })
    };
    let missing = home.path().join("nowhere.pem");
    assert_says(
        &said_of(&missing),
        &["nowhere.pem", "No such file", "--demo"],
    );
    let config = home.path().join(".aws/config");
    assert_says(
        &said_of(&config),
        &["holds no certificate", "AWS_CA_BUNDLE"],
    );
}
