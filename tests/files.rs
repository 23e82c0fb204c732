//! Accounts in files, as people have them: good, broken, cut off, foreign, packed, hostile, large.

#[path = "../benches/generate/mod.rs"]
pub mod generate;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use generate::Size;
use iamscope::iam::{Account, TakenBasis};
use iamscope::source::{Event, ExitCode, Mode, Outcome, Problem, Source, Spec};
use tempfile::TempDir;

/// Loads a file as the program does; gives the events that were news, too.
async fn load(spec: &Spec) -> (Result<Account, Problem>, Vec<Event>) {
    let source = match Source::open(spec, Mode::ReadOnly).await {
        Ok(source) => source,
        Err(problem) => return (Err(problem), Vec::new()),
    };
    let (sink, mut events) = tokio::sync::mpsc::unbounded_channel::<Event>();
    source.load(None, sink).await;
    let mut account = Account::default();
    let mut news = Vec::new();
    while let Some(event) = events.recv().await {
        news.extend(event.apply(&mut account));
    }
    let result = match news.pop() {
        Some(Event::Finished(Outcome::Complete)) => Ok(account),
        Some(Event::Finished(Outcome::Cut { problem, resume })) => {
            assert!(resume.is_none(), "a file cannot go on");
            Err(problem)
        }
        other => panic!("ended with {other:?}"),
    };
    (result, news)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

fn read(path: &Path) -> Result<Account, Problem> {
    run(load(&Spec::File(path.to_owned()))).0
}

/// A folder for one test, and a file in it.
fn file(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account.json");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn refused(content: impl AsRef<[u8]>) -> Problem {
    let (_folder, path) = file(content);
    let problem = read(&path).unwrap_err();
    assert!(problem.what.contains("account.json"), "{problem}");
    assert_eq!(problem.exit, ExitCode::Failed);
    assert!(
        problem.next.iter().any(|line| line.contains("--demo")),
        "{problem}"
    );
    problem
}

/// An account of this size, as a file has it.
pub fn generated(size: Size) -> Vec<u8> {
    let mut text = Vec::new();
    generate::write(size, 5, &mut text).unwrap();
    text
}

fn small() -> Vec<u8> {
    generated(Size::large_by(100))
}

#[test]
fn a_generated_account_is_read_whole() {
    let (_folder, path) = file(small());
    let account = read(&path).unwrap();
    assert_eq!(account.users().len(), 50);
    assert_eq!(account.groups().len(), 5);
    assert_eq!(account.roles().len(), 100);
    assert_eq!(account.policies().len(), 40 + 24);
    assert_eq!(account.id.as_deref(), Some("111122223333"));
    assert!(account.gaps.is_empty(), "{:?}", account.gaps);
    assert!(
        account
            .roles()
            .iter()
            .all(|role| role.trust.known().is_some())
    );
}

#[test]
fn the_same_seed_gives_the_same_account() {
    assert_eq!(small(), small());
}

#[test]
fn zstd_is_known_by_its_content() {
    let plain = small();
    let packed = zstd::encode_all(plain.as_slice(), 1).unwrap();
    let ((_a, a), (_b, b)) = (file(&plain), file(&packed));
    let (a, b) = (read(&a).unwrap(), read(&b).unwrap());
    assert_eq!(a.roles(), b.roles());
    assert_eq!(a.policies(), b.policies());
    let cut = &packed[..packed.len() / 2];
    assert!(refused(cut).why.contains("in the middle"));
    let mut broken = packed;
    let middle = broken.len() / 2;
    broken[middle..middle + 64].fill(0xff);
    assert!(refused(broken).why.contains("zstd"));
}

#[test]
fn utf16_of_a_windows_shell_is_read() {
    let text = r#"{"UserDetailList": [{"Arn": "arn:aws:iam::111122223333:user/zoë"}]}"#;
    let little: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [little, format!("\u{feff}{text}").into_bytes()] {
        let (_folder, path) = file(bytes);
        assert_eq!(read(&path).unwrap().users()[0].name, "zoë");
    }
}

#[test]
fn broken_json_is_told_with_its_place() {
    let problem = refused("{\n  \"UserDetailList\": [\n    {\"Path\": \"/\" \"Arn\": 1}\n  ]\n}");
    assert!(
        problem.why.starts_with("line 3, column 18:"),
        "{}",
        problem.why
    );
    let problem = refused("{\n  \"UserDetailList\": 12\n}");
    assert!(
        problem.why.starts_with("line 2, column "),
        "{}",
        problem.why
    );
    assert!(problem.why.contains("expected a list"), "{}", problem.why);
    let problem = refused("{\"UserDetailList\": []} {}");
    assert!(
        problem.why.starts_with("line 1, column 24:"),
        "{}",
        problem.why
    );
    let problem = refused(b"{\n\"UserDetailList\": \"\xff\"}");
    assert!(
        problem.why.starts_with("line 2, column 20:"),
        "{}",
        problem.why
    );
}

#[test]
fn a_file_that_is_cut_off_is_told_so() {
    let whole = small();
    let cut = refused(&whole[..whole.len() - 1000]);
    let lines = whole[..whole.len() - 1000].split(|&b| b == b'\n').count();
    assert!(
        cut.why
            .contains(&format!("ends in the middle, at line {lines},")),
        "{}",
        cut.why
    );
}

#[test]
fn what_is_not_ours_is_told_by_what_it_holds() {
    let problem = refused(r#"{"name": "x", "lockfileVersion": 3}"#);
    assert!(
        problem.why.contains("its keys are name, lockfileVersion"),
        "{}",
        problem.why
    );
    for (content, holds) in [
        ("[1, [2]]", "an array"),
        ("\"x\"", "a string"),
        ("null", "null"),
        ("{}", "empty"),
    ] {
        let problem = refused(content);
        assert!(
            problem.why.contains("it is JSON, but") && problem.why.contains(holds),
            "{problem}"
        );
    }
    assert!(refused("<html>").why.starts_with("line 1, column 1:"));
    assert!(refused("").why.contains("empty"));
    assert!(refused(" \n").why.contains("empty"));
    assert!(refused([0x1f, 0x8b, 8, 0]).why.contains("gzip"));
}

#[test]
fn what_cannot_be_opened_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: PathBuf| run(Source::open(&Spec::File(path), Mode::ReadOnly)).unwrap_err();
    let problem = open(folder.path().join("none.json"));
    assert!(problem.why.contains("no such file"), "{problem}");
    assert!(problem.next.iter().any(|line| line.contains("--demo")));
    assert!(open(folder.path().to_owned()).why.contains("directory"));
}

#[test]
fn a_foreign_file_is_as_old_as_its_last_change() {
    let (_folder, path) = file(small());
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
    let taken = read(&path).unwrap().taken.unwrap();
    assert_eq!(taken.at.as_second(), 1_700_000_000);
    assert_eq!(taken.basis, TakenBasis::FileModified);
}

#[test]
fn the_demo_states_its_time_and_is_no_live_account() {
    let (account, _) = run(load(&Spec::Demo));
    let account = account.unwrap();
    assert_eq!(account.taken.unwrap().basis, TakenBasis::Stated);
    assert!(account.users().len() > 30);
    let source = run(Source::open(&Spec::Demo, Mode::ReadOnly)).unwrap();
    assert!(!source.is_live());
}

#[test]
fn percent_encoded_documents_are_read_verbatim() {
    let document = "{\n  \"Statement\": [{\"Sid\": \"a b+c\\u00e9 日本\"}]\n}";
    let encoded: String = document.bytes().map(|b| format!("%{b:02X}")).collect();
    let text = format!(
        r#"{{"RoleDetailList": [{{"Arn": "arn:aws:iam::111122223333:role/r",
            "AssumeRolePolicyDocument": "{encoded}"}}]}}"#
    );
    let (_folder, path) = file(text);
    let account = read(&path).unwrap();
    assert_eq!(account.roles()[0].trust.known().unwrap().as_str(), document);
}

#[test]
fn hostile_names_and_tags_come_through_unchanged() {
    let name = "a\u{1b}[2J\u{202e}\u{200b}\u{9b}m";
    let json = serde_json::to_string(name).unwrap();
    let text = format!(
        r#"{{"UserDetailList": [{{"Arn": "arn:aws:iam::111122223333:user/x", "UserName": {json},
            "Tags": [{{"Key": {json}, "Value": {json}}}]}}]}}"#
    );
    let (_folder, path) = file(text);
    let account = read(&path).unwrap();
    let user = &account.users()[0];
    assert_eq!(user.name, name);
    assert_eq!(user.tags.known().unwrap()[0].value, name);
}

/// A file of 100 MB: one generated page over and over, with other ARNs in each.
fn huge(path: &Path) -> usize {
    let page = String::from_utf8(generated(Size::large_by(50))).unwrap();
    let roles = page.find("    \"RoleDetailList\": [").unwrap();
    let start = page[roles..].find('\n').unwrap() + roles;
    let end = page.find("\n    ],\n    \"Policies\"").unwrap();
    let page = &page[start..end];
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all(b"{\"RoleDetailList\": [").unwrap();
    let mut written = 0;
    let mut pages = 0;
    while written < 100_000_000 {
        let text = page.replace(":role/", &format!(":role/p{pages}/"));
        if pages > 0 {
            out.write_all(b",").unwrap();
        }
        out.write_all(text.as_bytes()).unwrap();
        written += text.len();
        pages += 1;
    }
    out.write_all(b"]}").unwrap();
    out.flush().unwrap();
    pages
}

#[test]
fn a_file_of_100_mb_is_read_with_progress_and_can_be_cancelled() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("huge.json");
    let pages = huge(&path);
    assert!(fs::metadata(&path).unwrap().len() > 100_000_000);
    let spec = Spec::File(path);
    let (account, news) = run(load(&spec));
    assert_eq!(account.unwrap().roles().len(), pages * 200);
    let ratios: Vec<_> = news
        .iter()
        .filter_map(|event| match event {
            Event::Progress(progress) => progress.ratio(),
            _ => None,
        })
        .collect();
    assert!(ratios.len() > 20 && ratios.is_sorted(), "{ratios:?}");
    assert!(ratios[ratios.len() - 1] > 0.9);

    // The future is dropped at the first progress; the thread then stops by itself and says no
    // more.
    run(async {
        let source = Source::open(&spec, Mode::ReadOnly).await.unwrap();
        let (sink, mut events) = tokio::sync::mpsc::unbounded_channel();
        tokio::select! {
            () = source.load(None, sink) => panic!("it should take longer"),
            first = events.recv() => assert!(matches!(first, Some(Event::Progress(_)))),
        }
        let mut later = 0;
        while let Some(event) = events.recv().await {
            assert!(matches!(event, Event::Progress(_)), "{event:?}");
            later += 1;
        }
        assert!(later < 3, "{later} more");
    });
}
