//! What the commands tell about the demo account, each answer found by reading its policies.

use serde_json::Value;

use super::{decisions, names, of_demo, requires, row, via};

const PAYROLL: &str = "arn:aws:s3:::northwind-finance/payroll/2026-08.csv";
pub const FRESH: &str = "aws:MultiFactorAuthPresent Bool true (0) & \
    aws:MultiFactorAuthAge NumericLessThan 900 (0)";

pub fn role(path: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{path}")
}

/// Those with a decision, in the order of the answer.
pub fn with(answer: &Value, decision: &str) -> Vec<String> {
    let decisions = decisions(answer);
    let names = names(answer).into_iter();
    names.filter(|name| decisions[name] == decision).collect()
}

/// The policies that decide about a request, each once.
pub fn policies(path: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for place in path["because"].as_array().unwrap() {
        let policy = super::short(place["policy"].as_str().unwrap());
        if !found.contains(&policy) && place["layer"] != "scp" {
            found.push(policy);
        }
    }
    found
}

/// Administrators may pass any role; so may the build agents, whose policy says `PassAnyRole`: whoever
/// can start a machine or a function with them has the whole account. The services that wear such a
/// role come with it.
#[test]
fn who_can_pass_the_administrators_role() {
    let answer = of_demo(&["who-can", "iam:PassRole", &role("ops/breakglass")]);
    assert_eq!(
        with(&answer, "allowed"),
        [
            "lena",
            "terraform",
            "breakglass",
            "build-agent",
            "cloudformation-deploy",
            "root",
            "ec2.amazonaws.com",
            "cloudformation.amazonaws.com",
        ]
    );
    let agent = row(&answer, "build-agent");
    assert_eq!(policies(&agent["paths"][0]), ["build-agent-runtime"]);
    assert_eq!(via(row(&answer, "ec2.amazonaws.com")), ["build-agent"]);
    // An administrator like lena, but in the group that must use MFA.
    let daniel = row(&answer, "daniel");
    assert_eq!(
        requires(&daniel["requires"]),
        "!aws:MultiFactorAuthPresent BoolIfExists false (0)"
    );
    assert_eq!(daniel["paths"][0]["groups"], serde_json::json!(["admins"]));
    // `backup-operations` lets its owners pass another role only.
    assert_eq!(via(row(&answer, "paulo")), ["breakglass"]);
}

/// The finance people read the payroll, but only from the office: `PayrollOnlyInTheOffice`. It does
/// not bind those who read all buckets by policies of AWS.
#[test]
fn who_reads_the_payroll_and_from_where() {
    let tls = ["--context", "aws:SecureTransport=true"];
    let answer = of_demo(&[&["who-can", "s3:GetObject", PAYROLL][..], &tls].concat());
    let office = "aws:SourceIp NotIpAddress 198.51.100.0/24 (0)";
    assert_eq!(
        requires(&row(&answer, "carla")["requires"]),
        format!("!{office}")
    );
    let olga = format!("!{office} & !aws:MultiFactorAuthPresent BoolIfExists false (0)");
    assert_eq!(requires(&row(&answer, "olga")["requires"]), olga);
    assert_eq!(
        requires(&row(&answer, "billing-export")["requires"]),
        format!("!{office}")
    );
    assert!(with(&answer, "allowed").contains(&"corp-sso-viewer".to_owned()));
    // `store-files` leaves the payroll out.
    assert!(!names(&answer).contains(&"legacy-ftp".to_owned()));
    assert!(!names(&answer).contains(&"ecs-worker-task".to_owned()));

    let at = |address: &str| {
        let address = format!("aws:SourceIp={address}");
        let args = [
            "who-can",
            "s3:GetObject",
            PAYROLL,
            "--all",
            "--context",
            &address,
        ];
        decisions(&of_demo(&[&args[..], &tls].concat()))
    };
    let (inside, outside) = (at("198.51.100.7"), at("203.0.113.7"));
    assert_eq!(inside["carla"], "allowed");
    assert_eq!(outside["carla"], "explicitDeny");
    // The auditors' role has no policy that reads objects, and one that denies these.
    assert_eq!(inside["partner-auditor"], "explicitDeny");
    assert_eq!(inside["auditor"], "implicitDeny");
}

/// The role of the auditors is for one role of their account, with the external id that was agreed,
/// until the end of 2026; what that role's own policies say nobody here knows.
#[test]
fn who_assumes_the_auditors_role_from_outside() {
    let auditor = "arn:aws:iam::333344445555:role/auditors/field-auditor";
    let target = role("external/partner-auditor");
    let answer = of_demo(&["who-can", "sts:AssumeRole", &target]);
    assert_eq!(names(&answer), [auditor]);
    let found = row(&answer, auditor);
    assert_eq!(found["decision"], "conditional");
    let text = requires(&found["requires"]);
    assert!(
        text.starts_with("sts:ExternalId StringEquals northwind-7f3a-2025 (0) & "),
        "{text}"
    );
    assert!(text.contains("Policy"), "{text}");

    let with_id = |id: &str| {
        let id = format!("sts:ExternalId={id}");
        of_demo(&["who-can", "sts:AssumeRole", &target, "--context", &id])
    };
    let right = with_id("northwind-7f3a-2025");
    let text = requires(&row(&right, auditor)["requires"]);
    assert!(
        !text.contains("ExternalId") && text.contains("Policy"),
        "{text}"
    );
    assert_eq!(names(&with_id("guessed")), [""; 0]);
    let late = [
        "who-can",
        "sts:AssumeRole",
        &target,
        "--now",
        "2027-01-01",
        "--demo",
    ];
    let late = super::answer(&crate::questions::run_with(
        &[&late[..], &["--format", "json"]].concat(),
    ));
    assert_eq!(names(&late), [""; 0]);

    // The older role trusts the whole account, and asks for no external id.
    let older = of_demo(&["who-can", "sts:AssumeRole", &role("auditor")]);
    assert_eq!(
        names(&older),
        [
            "arn:aws:iam::333344445555:root".to_owned(),
            auditor.to_owned()
        ]
    );
    assert!(!requires(&row(&older, auditor)["requires"]).contains("ExternalId"));
}

/// The deploying role publishes to the reports and changes its own stacks in one region; its
/// boundary takes away what its policies do not name anyway, and it may become the deployer of
/// production while a change window is open.
#[test]
fn what_the_role_of_ci_can_do() {
    let answer = of_demo(&["what-can", "ci-deploy"]);
    let find = |name: &str| {
        let mut actions = answer["actions"].as_array().unwrap().iter();
        actions.find(|it| it["action"] == name).cloned()
    };
    let pass = find("iam:PassRole").unwrap();
    assert_eq!(
        pass["resources"]["allow"],
        serde_json::json!([role("svc/*")])
    );
    assert_eq!(
        requires(&pass["requires"]),
        "iam:PassedToService StringEquals ecs-tasks.amazonaws.com,lambda.amazonaws.com"
    );
    let put = find("s3:PutObject").unwrap();
    assert_eq!(
        put["resources"]["allow"],
        serde_json::json!(["arn:aws:s3:::reports/*"])
    );
    let change = find("cloudformation:ExecuteChangeSet").unwrap();
    assert_eq!(
        requires(&change["requires"]),
        "aws:RequestedRegion StringEquals eu-west-1"
    );
    for never in [
        "cloudformation:DeleteStack",
        "iam:CreateUser",
        "s3:DeleteBucket",
    ] {
        assert_eq!(find(never), None);
    }
    // The roles that it can assume itself; what it can become stands by itself, too.
    let assume = find("sts:AssumeRole").unwrap();
    assert_eq!(
        assume["resources"]["allow"],
        serde_json::json!([role("ci/prod-deployer")])
    );
    assert_eq!(
        requires(&assume["requires"]),
        "aws:RequestTag/change-window StringEquals open"
    );
    let [deployer] = &answer["roles"].as_array().unwrap()[..] else {
        panic!("{}", answer["roles"]);
    };
    assert_eq!(deployer["arn"], role("ci/prod-deployer"));
    let window = "aws:RequestTag/change-window StringEquals open (0)";
    assert_eq!(requires(&deployer["requires"]), window);
}

/// A branch of a repository on GitHub, two release managers and a bot end up as the deployer of
/// production, all by way of `ci-deploy`, the only one that it trusts.
#[test]
fn who_deploys_to_production() {
    let answer = of_demo(&["who-can", "sts:AssumeRole", &role("ci/prod-deployer")]);
    let github = "token.actions.githubusercontent.com";
    assert_eq!(
        names(&answer),
        [
            "kofi",
            "marta",
            "release-bot",
            "ci-deploy",
            "release-manager",
            github
        ]
    );
    assert!(decisions(&answer).values().all(|it| it == "conditional"));
    let open = "aws:RequestTag/change-window StringEquals open";
    let kofi = row(&answer, "kofi");
    assert_eq!(via(kofi), ["release-manager", "ci-deploy"]);
    let mfa = "aws:MultiFactorAuthPresent Bool true (0)";
    assert_eq!(requires(&kofi["requires"]), format!("{mfa} & {open} (2)"));
    let bot = row(&answer, "release-bot");
    let session = "sts:RoleSessionName StringLike release-* (0)";
    assert_eq!(
        requires(&bot["requires"]),
        format!("{session} & {open} (1)")
    );
    let branch = row(&answer, github);
    assert_eq!(branch["type"], "federated");
    assert_eq!(
        branch["paths"][0]["hops"][0]["action"],
        "sts:AssumeRoleWithWebIdentity"
    );
    let text = requires(&branch["requires"]);
    assert!(
        text.contains("repo:northwind/infra:ref:refs/heads/main (0)"),
        "{text}"
    );
}

/// `breakglass` trusts whoever of the account may by their own policies and has used MFA within
/// fifteen minutes: the operators directly, and every developer as `developer`, which is a power
/// user.
#[test]
fn who_reaches_breakglass_and_through_what() {
    let answer = of_demo(&["who-can", "sts:AssumeRole", &role("ops/breakglass")]);
    assert!(decisions(&answer).values().all(|it| it == "conditional"));
    for operator in ["bjorn", "jonas", "paulo"] {
        let found = row(&answer, operator);
        assert_eq!(via(found), [""; 0]);
        assert_eq!(requires(&found["requires"]), FRESH);
        assert_eq!(
            found["paths"][0]["groups"],
            serde_json::json!(["operations"])
        );
    }
    for developer in [
        "aisha", "elif", "emma", "francois", "hugo", "ivan", "kofi", "marta", "priya",
    ] {
        assert_eq!(via(row(&answer, developer)), ["developer"], "{developer}");
    }
    for other in [
        "greta",
        "carla",
        "dmitri",
        "chen",
        "ci-deploy",
        "root",
        "release-bot",
    ] {
        assert!(!names(&answer).contains(&other.to_owned()), "{other}");
    }
    // Whom a service or single sign-on makes a power user gets there, too.
    assert_eq!(
        via(row(&answer, "cloudformation.amazonaws.com")),
        ["cloudformation-deploy"]
    );
    let direct = of_demo(&[
        "who-can",
        "sts:AssumeRole",
        &role("ops/breakglass"),
        "--no-chains",
    ]);
    assert!(!names(&direct).contains(&"aisha".to_owned()));
}
