//! A local IAM: moto's server, installed and started by the tests themselves.
//!
//! It is installed once per target directory, into a virtual environment of its own. What that
//! takes is Python 3 with its `venv` module, and PyPI the first time.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use iamscope::source::{Explicit, LiveOptions};

/// A running server. It ends with this value; and with the test process however that ends, since
/// its standard input then closes.
pub struct Moto {
    process: Child,
    /// Where it listens.
    pub url: String,
    keys: BTreeMap<String, (String, String)>,
}

#[derive(serde::Deserialize)]
struct Started {
    url: String,
    keys: BTreeMap<String, (String, String)>,
}

/// A server with the small seed, for tests that change nothing.
pub static SMALL: LazyLock<Moto> = LazyLock::new(|| Moto::start("small"));

/// The same, with permissions checked.
pub static ENFORCING: LazyLock<Moto> = LazyLock::new(|| Moto::launch(&["--enforce"]));

impl Moto {
    /// Starts a server with a seed of `moto_server.py`, such as `small`.
    pub fn start(seed: &str) -> Self {
        Self::launch(&["--seed", seed])
    }

    /// Starts a server that checks permissions, with a user `guest` who has those of a policy.
    pub fn with_guest(policy: &Path) -> Self {
        let policy = policy.to_str().expect("a file with a plain name");
        Self::launch(&["--guest", policy, "--enforce"])
    }

    /// Starts a server that speaks HTTPS, with a certificate of its own making.
    pub fn with_tls(directory: &Path) -> Self {
        let directory = directory.to_str().expect("a directory with a plain name");
        Self::launch(&["--tls", directory])
    }

    fn launch(arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/moto_server.py");
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moto.log");
        let mut process = Command::new(python())
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("the target directory can be written"))
            .spawn()
            .expect("moto's Python runs");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("its output is a pipe");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it says where it listens");
        let started: Started = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("moto did not start ({error}); see {log:?}"));
        Self {
            process,
            url: started.url,
            keys: started.keys,
        }
    }

    /// A client that may write, to change the account behind the program's back.
    pub fn client(&self) -> aws_sdk_iam::Client {
        let config = aws_sdk_iam::Config::builder()
            .behavior_version_latest()
            .endpoint_url(&self.url)
            .region(aws_sdk_iam::config::Region::new("us-east-1"))
            .credentials_provider(aws_sdk_iam::config::Credentials::new(
                "seed", "seed", None, None, "test",
            ))
            .build();
        aws_sdk_iam::Client::from_conf(config)
    }

    /// How to open the account as anyone.
    pub fn options(&self) -> LiveOptions {
        options(&self.url, "AKIAIOSFODNN7EXAMPLE", "any")
    }

    /// How to open the account as one of the users with keys.
    pub fn options_of(&self, user: &str) -> LiveOptions {
        let (id, secret) = &self.keys[user];
        options(&self.url, id, secret)
    }
}

/// Options that read nothing of the machine and hardly wait between tries.
pub fn options(url: &str, id: &str, secret: &str) -> LiveOptions {
    LiveOptions {
        endpoint_url: Some(url.to_owned()),
        explicit: Some(Explicit {
            access_key_id: id.to_owned(),
            secret_access_key: secret.to_owned(),
            session_token: None,
            backoff: std::time::Duration::from_millis(10),
        }),
        ..LiveOptions::default()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const PACKAGE: &str = "moto[server]==5.2.5";

/// The Python that has moto, which is installed where that was not done yet.
fn python() -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(base).expect("the target directory can be written");
    let lock = File::create(base.join("moto.lock")).expect("a lock file can be made");
    lock.lock().expect("one test at a time installs moto");
    let venv = base.join("moto-5.2.5");
    let python = venv.join("bin/python");
    let complete = venv.join("complete");
    if !complete.exists() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv", "--clear"]).arg(&venv);
        run(
            &mut make,
            "The live tests need Python 3 with its venv module (Debian: python3-venv).",
        );
        let mut install = Command::new(&python);
        install.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        install.arg(PACKAGE);
        run(&mut install, "The live tests need moto from PyPI.");
        fs::write(&complete, PACKAGE).expect("the virtual environment can be written");
    }
    python
}

fn run(command: &mut Command, needed: &str) {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{needed}\ncannot run {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{needed}\n{command:?} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
