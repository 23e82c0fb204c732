//! More questions to the demo account: what the organisation, policies of resources and the calendar
//! have to say. Each expectation was read off the policies.

use super::demo::{FRESH, policies, role, with};
use super::{decisions, names, of_demo, requires, row, via};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1f0e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

/// The organisation lets nobody but `breakglass` touch the trail: administrators are denied
/// explicitly, the root user as well, and get there as `breakglass` only.
#[test]
fn who_stops_the_trail_under_the_organisation() {
    let args = ["who-can", "cloudtrail:StopLogging", "--all", "--no-chains"];
    let direct = decisions(&of_demo(&args));
    let allowed: Vec<_> = direct.iter().filter(|(_, it)| *it == "allowed").collect();
    assert_eq!(allowed.len(), 1);
    assert_eq!(direct["breakglass"], "allowed");
    for denied in [
        "lena",
        "terraform",
        "cloudformation-deploy",
        "root",
        "greta",
        "carla",
    ] {
        assert_eq!(direct[denied], "explicitDeny", "{denied}");
    }
    // Service control policies bind no service-linked role, and no service.
    assert_eq!(direct["AWSServiceRoleForECS"], "implicitDeny");
    assert_eq!(direct["ec2.amazonaws.com"], "implicitDeny");
    let answer = of_demo(&args[..2]);
    let lena = row(&answer, "lena");
    assert_eq!(via(lena), ["breakglass"]);
    assert_eq!(requires(&lena["requires"]), FRESH);
    let nobody = of_demo(&["who-can", "organizations:LeaveOrganization"]);
    assert_eq!(names(&nobody), [""; 0]);
}

/// The key's policy denies its deletion to all but `breakglass`, whoever asks.
#[test]
fn who_deletes_the_key() {
    let args = [
        "who-can",
        "kms:ScheduleKeyDeletion",
        KEY,
        "--all",
        "--no-chains",
    ];
    let direct = decisions(&of_demo(&args));
    assert_eq!(direct["breakglass"], "allowed");
    for denied in [
        "lena",
        "root",
        "greta",
        "AWSServiceRoleForECS",
        "firehose-telemetry",
    ] {
        assert_eq!(direct[denied], "explicitDeny", "{denied}");
    }
}

/// Everybody with MFA makes keys of their own; for another's it takes an administrator.
/// `manage-own-credentials` ends with the name, so whoever is called `…lena` would be lena, too.
#[test]
fn who_makes_access_keys_for_the_head() {
    let lena = "arn:aws:iam::111122223333:user/lena";
    let answer = of_demo(&["who-can", "iam:CreateAccessKey", lena]);
    assert_eq!(
        with(&answer, "allowed"),
        [
            "lena",
            "terraform",
            "breakglass",
            "cloudformation-deploy",
            "root",
            "cloudformation.amazonaws.com"
        ]
    );
    // `iam-stewardship` changes and deletes keys, but makes none; incident response neither.
    for other in ["nadia", "iam-steward", "fatima", "carla"] {
        assert!(!names(&answer).contains(&other.to_owned()), "{other}");
    }
    let own = of_demo(&["what-can", "chen", "--service", "iam", "--level", "write"]);
    let mut actions = own["actions"].as_array().unwrap().iter();
    let create = actions
        .find(|it| it["action"] == "iam:CreateAccessKey")
        .unwrap();
    let pattern = "arn:aws:iam::111122223333:user/*chen";
    assert_eq!(create["resources"]["allow"], serde_json::json!([pattern]));
    assert_eq!(
        requires(&create["requires"]),
        "!aws:MultiFactorAuthPresent BoolIfExists false"
    );
}

/// Orders come from the topic, as the queue says, from the web task, as its own policy says, and
/// from whoever may do anything.
#[test]
fn who_sends_orders() {
    let queue = "arn:aws:sqs:eu-west-1:111122223333:orders";
    let answer = of_demo(&["who-can", "sqs:SendMessage", queue, "--no-chains"]);
    let topic = row(&answer, "sns.amazonaws.com");
    assert_eq!(topic["type"], "service");
    assert_eq!(topic["decision"], "conditional");
    let source = "aws:SourceArn ArnEquals arn:aws:sns:eu-west-1:111122223333:orders (0)";
    assert_eq!(requires(&topic["requires"]), source);
    assert_eq!(
        policies(&row(&answer, "ecs-web-task")["paths"][0]),
        [super::short(&role("svc/ecs-web-task web-runtime"))]
    );
    // The worker takes orders, and sends none.
    assert!(!names(&answer).contains(&"ecs-worker-task".to_owned()));
}

/// Who left has nothing; the outsiders stay in their sandbox while their contracts last.
#[test]
fn what_is_left_for_who_left_and_who_will() {
    let greta = of_demo(&["what-can", "greta"]);
    assert_eq!(
        greta["counts"],
        serde_json::json!({"allowed": 0, "conditional": 0, "roles": 0})
    );
    let dmitri = |now: &str| {
        let args = [
            "what-can",
            "dmitri",
            "--service",
            "s3",
            "--demo",
            "--now",
            now,
        ];
        super::answer(&crate::questions::run_with(
            &[&args[..], &["--format", "json"]].concat(),
        ))
    };
    let before = dmitri("2026-09-30");
    let names: Vec<_> = before["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["action"])
        .collect();
    assert_eq!(names, ["s3:GetObject", "s3:ListBucket"]);
    let text = requires(&before["actions"][0]["requires"]);
    assert!(
        text.contains("aws:RequestedRegion StringEquals eu-central-1"),
        "{text}"
    );
    // Their policy lets them become `contractor-sandbox`, and their boundary does not.
    assert_eq!(before["roles"], serde_json::json!([]));
    let after = dmitri("2027-01-01");
    assert_eq!(
        after["counts"],
        serde_json::json!({"allowed": 0, "conditional": 0, "roles": 0})
    );
}
