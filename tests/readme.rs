//! The README says what the program does.
//!
//! What can be made from the program is made from it (see [`generated`](crate::generated)); here
//! the rest is held against it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use iamscope::cli::Cli;
use iamscope::report::simulate::Case;
use iamscope::source::aws::READS;
use iamscope::source::organization;
use iamscope::source::{Entity, ExitCode};
use iamscope::tui::keymap::Keymap;

use crate::generated::read;
use crate::support::driver::Driver;
use crate::support::live::{block_on, fetch, load, open};
use crate::support::moto::Moto;

/// The part of the README between `<!-- name -->` and `<!-- /name -->`.
#[track_caller]
fn part(name: &str) -> String {
    let readme = read("README.md");
    let (_, rest) = readme.split_once(&format!("<!-- {name} -->\n")).unwrap();
    let (part, _) = rest.split_once(&format!("<!-- /{name} -->")).unwrap();
    part.to_owned()
}

/// The code block in a part.
#[track_caller]
fn code(name: &str) -> String {
    let part = part(name);
    let (_, rest) = part.split_once("```").unwrap();
    let (_, code) = rest.split_once('\n').unwrap();
    code.split_once("```").unwrap().0.to_owned()
}

/// The first cells of a part's table, without the quotes of code.
fn first_cells(name: &str) -> Vec<String> {
    let table = part(name);
    let rows = table.lines().skip(2);
    rows.filter_map(|row| row.split('|').nth(1))
        .map(|cell| cell.trim().trim_matches('`').to_owned())
        .collect()
}

/// The permissions that a text names.
fn actions(text: &str) -> BTreeSet<String> {
    text.split(['"', '`'])
        .filter(|word| word.starts_with("iam:") || word.starts_with("sts:"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_permissions_are_those_that_the_program_asks_for() {
    let made: BTreeSet<_> = READS
        .iter()
        .map(|operation| match *operation {
            "GetCallerIdentity" | "DecodeAuthorizationMessage" => format!("sts:{operation}"),
            _ => format!("iam:{operation}"),
        })
        .collect();
    let (policy, fallback) = (actions(&code("policy")), actions(&part("fallback")));
    assert!(policy.is_disjoint(&fallback));
    let optional = actions(&part("optional"));
    assert!(optional.is_disjoint(&policy) && optional.is_disjoint(&fallback));
    assert_eq!(&(&policy | &fallback) | &optional, made);
}

#[test]
fn the_policy_shows_everything() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(code("policy").as_bytes()).unwrap();
    let moto = Moto::with_guest(file.path());
    block_on(async {
        let source = open(moto.options_of("guest")).await.unwrap();
        let loaded = load(&source).await;
        loaded.assert_complete();
        assert_eq!(loaded.gaps(), [""; 0]);
        let account = &loaded.account;
        let mut seen = format!("{account:?}");
        let users = account.users().iter().cloned().map(Entity::User);
        let groups = account.groups().iter().cloned().map(Entity::Group);
        let roles = account.roles().iter().cloned().map(Entity::Role);
        let policies = account.policies().iter().cloned().map(Entity::Policy);
        for entity in users.chain(groups).chain(roles).chain(policies) {
            let (batch, _) = fetch(&source, entity).await;
            seen.push_str(&format!("{batch:?}"));
        }
        let denied: BTreeSet<_> = seen
            .split("Denied(")
            .skip(1)
            .map(|s| s.split(')').next())
            .collect();
        assert!(denied.is_empty(), "{denied:?}");
        assert!(seen.contains("AccessKey {"), "the details came");
    });
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = Cli::command().get_after_help().unwrap().to_string();
    let (codes, _) = help.split_once("\n\n").unwrap();
    let of_help: Vec<_> = codes
        .lines()
        .skip(1)
        .filter_map(|line| line.trim().split_once("  "))
        .map(|(code, meaning)| format!("| {code} | {meaning} |"))
        .collect();
    let table = part("exit codes");
    let rows: Vec<_> = table.lines().skip(2).collect();
    assert_eq!(rows, of_help);
    for code in [
        ExitCode::Success,
        ExitCode::No,
        ExitCode::Usage,
        ExitCode::Conditional,
        ExitCode::Failed,
    ] {
        assert!(first_cells("exit codes").contains(&code.code().to_string()));
    }
}

#[test]
fn every_option_and_command_is_named() {
    let readme = read("README.md");
    let command = Cli::command();
    let options = command.get_arguments().filter_map(|a| a.get_long());
    let options = options.map(|name| format!("--{name}"));
    let commands = command.get_subcommands();
    let commands = commands.map(|c| format!("iamscope {}", c.get_name()));
    let names: Vec<_> = options.chain(commands).collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names {
        assert!(readme.contains(&name), "the README does not name {name}");
    }
}

#[test]
fn the_filters_work_as_they_stand_there() {
    let terms = first_cells("filters");
    assert!(terms.len() > 9, "{terms:?}");
    for term in &terms {
        let mut driver = Driver::demo(120, 36);
        driver.keys("3 /").text(term);
        // What is wrong with a filter stands in the line of the status.
        driver.shows(&format!("/{term}")).hides(" ! ");
        let all = driver.line("Roles ").contains("Roles 60/60");
        let some = driver.line("Roles ").contains("/60");
        assert!(some && !all, "{term}:\n{}", driver.screen());
    }
}

#[test]
fn the_example_of_a_keymap_can_be_used() {
    let example = code("keymap example");
    assert!(Keymap::parse(&example).is_ok(), "{example}");
}

#[test]
fn the_version_of_rust_is_the_one_that_is_needed() {
    let version = env!("CARGO_PKG_RUST_VERSION");
    assert!(read("README.md").contains(&format!("Rust {version} or newer")));
}

#[test]
fn every_link_leads_somewhere() {
    for file in ["README.md", "assets/README.md"] {
        let text = read(file);
        let links = text.split("](").skip(1).filter_map(|l| l.split_once(')'));
        for (link, _) in links.filter(|(link, _)| !link.contains("://")) {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            assert!(folder.with_file_name(link).exists(), "{file}: {link}");
        }
    }
}

#[test]
fn the_organization_is_one() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(code("organization").as_bytes()).unwrap();
    let organization = organization::read(file.path()).unwrap();
    assert_eq!(organization.levels.len(), 2);
}

#[test]
fn the_organization_can_be_pasted_into_a_snapshot() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let pasted = format!(
        r#"{{"Iamscope": {{"Format": 1, "AccountId": "111122223333", "Organization": {}}}}}"#,
        code("organization")
    );
    file.write_all(pasted.as_bytes()).unwrap();
    let args = [
        "can",
        "root",
        "organizations:LeaveOrganization",
        "--snapshot",
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .args(args)
        .arg(file.path())
        .output()
        .unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{answer}");
    assert!(
        answer.contains("SCPs, level 2: no statement allows"),
        "{answer}"
    );
    assert!(
        !answer.contains("none was loaded: --organization"),
        "{answer}"
    );
}

/// Holds that the lines of an example stand in what a command prints, in their order; … stands for
/// what is left out.
#[track_caller]
fn stands_in(example: &str, printed: &str) {
    let mut rest = printed;
    for part in example.split("…\n") {
        let (_, after) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("not printed:\n{part}\n{printed}"));
        rest = after;
    }
}

#[test]
fn the_examples_of_questions_are_real() {
    let deployer = "arn:aws:iam::111122223333:role/ci/prod-deployer";
    let denied = format!(
        "User: arn:aws:sts::111122223333:assumed-role/ci-deploy/build-77 is not authorized to \
         perform: sts:AssumeRole on resource: {deployer} because no identity-based policy allows \
         the sts:AssumeRole action"
    );
    for (name, args) in [
        ("who-can", &["sts:AssumeRole", deployer][..]),
        ("what-can", &["ci-deploy"]),
        ("explain-denied", &[&denied]),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_iamscope"))
            .args(["--demo", name])
            .args(args)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        stands_in(&code(name), &printed);
        let example = code(name);
        let mut rest = printed.as_str();
        for part in example.split("…\n") {
            let (_, after) = rest
                .split_once(part)
                .unwrap_or_else(|| panic!("{name}: not printed:\n{part}\n{printed}"));
            rest = after;
        }
        let quoted = |arg: &&str| match arg.contains(' ') {
            true => format!("\"{arg}\""),
            false => (*arg).to_owned(),
        };
        let args: Vec<String> = args.iter().map(quoted).collect();
        let command = format!("iamscope --demo {name} {}", args.join(" "));
        assert!(read("README.md").contains(&command), "{command}");
    }
}

#[test]
fn the_example_of_questions_is_answered_so() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(code("questions").as_bytes()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_iamscope"))
        .args(["--demo", "ask", "--now", "2026-09-30"])
        .arg(file.path())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{printed}");
    stands_in(&code("ask"), &printed);
    // Every field that a file may have is told.
    let told = read("README.md");
    for field in [
        "name",
        "action",
        "resource",
        "context",
        "strict",
        "chains",
        "conditional",
        "root",
        "expect",
        "expect.only",
        "expect.includes",
        "expect.excludes",
        "expect.none",
        "expect.max",
    ] {
        assert!(told.contains(&format!("| `{field}")), "{field}");
    }
}

#[test]
fn the_case_is_decided_as_it_says() {
    let text = code("case");
    let case = Case::read(text.as_bytes()).unwrap();
    assert_eq!(Some(case.answer(false).decision()), case.expect());
    let fields: serde_json::Value = serde_json::from_str(&text).unwrap();
    let of_cases = include_str!("cases/README.md");
    for name in fields.as_object().unwrap().keys() {
        assert!(of_cases.contains(&format!("`{name}`")), "{name}");
    }
}
