//! What a tour of the demo account promises: each story that the screens, the documentation and
//! later questions of "who can" rely on.

use iamscope::iam::{Field, InlinePolicy, Status};
use jiff::Timestamp;
use serde_json::{Value, json as value};

use super::{ACCOUNT, DEMO, attached, document, json, known, policy, role, statement, strings};
use super::{trust, user};

fn role_arn(name: &str) -> &'static str {
    &role(name).arn
}

/// Whole days from a time until the account was taken.
fn days_ago(at: Timestamp) -> i64 {
    (DEMO.taken.unwrap().at.as_second() - at.as_second()) / 86_400
}

/// The document of an inline policy.
fn inline_of(list: &Field<Vec<InlinePolicy>>, name: &str) -> Value {
    let found = known(list).iter().find(|p| p.name == name);
    json(known(&found.expect("the inline policy is there").document))
}

/// Every document of the account's own making that is in force, trust policies included.
fn own_documents() -> Vec<Value> {
    let own = DEMO.policies().iter().filter(|p| !p.is_aws_managed());
    let mut all: Vec<_> = own.map(|p| json(p.document().unwrap())).collect();
    let users = DEMO.users().iter().flat_map(|u| known(&u.inline));
    let groups = DEMO.groups().iter().flat_map(|g| known(&g.inline));
    let roles = DEMO.roles().iter().flat_map(|r| known(&r.inline));
    let inline = users.chain(groups).chain(roles);
    all.extend(inline.map(|p| json(known(&p.document))));
    all.extend(DEMO.roles().iter().map(|r| json(known(&r.trust))));
    all
}

#[test]
fn without_a_second_factor_people_can_only_set_one_up() {
    let document = document("deny-without-mfa");
    let deny = statement(&document, "AllButMfaSetup");
    assert_eq!(deny["Effect"], "Deny");
    assert!(strings(&deny["NotAction"]).contains(&"iam:EnableMFADevice"));
    assert_eq!(
        deny["Condition"]["BoolIfExists"]["aws:MultiFactorAuthPresent"],
        "false"
    );
    let group = DEMO.group_named("mfa-required").unwrap();
    assert!(attached(&group.attached).contains(&"deny-without-mfa"));
    assert!(DEMO.members("mfa-required").len() > 20);
}

#[test]
fn boundaries_hold_users_and_roles() {
    let bounds = |name: &str| {
        let all = DEMO.attachments(&policy(name).arn).unwrap();
        (all.bounded_users.len(), all.bounded_roles.len())
    };
    assert_eq!(bounds("boundary-ci"), (1, 3));
    assert_eq!(bounds("boundary-contractor"), (3, 1));
    assert_eq!(bounds("boundary-developer"), (1, 1));
    assert_eq!(bounds("PowerUserAccess"), (1, 0), "one of AWS's own");
}

#[test]
fn analysts_hop_to_the_archive() {
    let identity = document("assume-analyst");
    let second = &identity["Statement"][1];
    assert_eq!(second["Resource"], role_arn("analyst"));
    assert!(attached(&user("nadia").attached).contains(&"assume-analyst"));
    assert!(attached(&role("analyst").attached).contains(&"read-reports"));
    let hop = &trust("data-reader")["Statement"][0];
    assert_eq!(strings(&hop["Principal"]["AWS"]), [role_arn("analyst")]);
    let hop = &trust("archive-reader")["Statement"][0];
    assert_eq!(hop["Principal"]["AWS"], role_arn("data-reader"));
}

#[test]
fn releases_hop_to_production() {
    let first = document("assume-ci-deploy");
    assert_eq!(first["Statement"][0]["Resource"], role_arn("ci-deploy"));
    assert!(attached(&user("release-bot").attached).contains(&"assume-ci-deploy"));
    let second = inline_of(&role("ci-deploy").inline, "assume-prod-deployer");
    assert_eq!(
        second["Statement"][0]["Resource"],
        role_arn("prod-deployer")
    );
    let last = &trust("prod-deployer")["Statement"][0];
    assert_eq!(last["Principal"]["AWS"], role_arn("ci-deploy"));
    let by_hand = inline_of(&role("release-manager").inline, "start-releases");
    assert_eq!(by_hand["Statement"][0]["Resource"], role_arn("ci-deploy"));
}

#[test]
fn github_is_trusted_tightly_loosely_and_far_too_widely() {
    let github = |name: &str| trust(name)["Statement"][0].clone();
    let sub = "token.actions.githubusercontent.com:sub";
    for name in ["ci-deploy", "ci-plan", "ci-preview"] {
        let federated = github(name)["Principal"]["Federated"].clone();
        let federated = federated.as_str().unwrap();
        assert!(federated.ends_with("oidc-provider/token.actions.githubusercontent.com"));
    }
    assert_eq!(
        github("ci-deploy")["Condition"]["StringEquals"][sub],
        "repo:northwind/infra:ref:refs/heads/main"
    );
    assert_eq!(
        github("ci-plan")["Condition"]["StringLike"][sub],
        "repo:northwind/infra:*"
    );
    let wide = github("ci-preview")["Condition"].to_string();
    assert!(!wide.contains(sub), "any repository may become ci-preview");
}

#[test]
fn another_account_audits_with_and_without_an_external_id() {
    let without = &trust("auditor")["Statement"][0];
    assert_eq!(
        without["Principal"]["AWS"],
        "arn:aws:iam::333344445555:root"
    );
    assert!(without.get("Condition").is_none());
    assert_eq!(known(&role("auditor").last_used), &None);
    let with = &trust("partner-auditor")["Statement"][0];
    assert!(
        with["Principal"]["AWS"]
            .to_string()
            .contains("333344445555")
    );
    assert!(with["Condition"]["StringEquals"]["sts:ExternalId"].is_string());
}

#[test]
fn people_customers_and_pods_come_by_federation() {
    let statement = |name: &str| trust(name)["Statement"][0].clone();
    let saml = statement("corp-sso-viewer");
    assert!(strings(&saml["Action"]).contains(&"sts:AssumeRoleWithSAML"));
    let cognito = statement("cognito-app-guest");
    assert_eq!(
        cognito["Principal"]["Federated"],
        "cognito-identity.amazonaws.com"
    );
    let pod = statement("irsa-telemetry-api");
    assert_eq!(pod["Action"], "sts:AssumeRoleWithWebIdentity");
    let condition = pod["Condition"].to_string();
    assert!(condition.contains("system:serviceaccount:telemetry:api"));
}

#[test]
fn services_have_roles_of_three_kinds() {
    let linked = DEMO.roles().iter().filter(|r| r.is_service_linked());
    assert_eq!(linked.count(), 8);
    let trusting = |service: &str| {
        let trusts = DEMO.roles().iter().filter(|r| !r.is_service_linked());
        trusts
            .map(|r| json(known(&r.trust)))
            .filter(|t| strings(&t["Statement"][0]["Principal"]["Service"]).contains(&service))
            .count()
    };
    assert_eq!(trusting("lambda.amazonaws.com"), 5);
    assert_eq!(trusting("ecs-tasks.amazonaws.com"), 3);
    assert_eq!(trusting("glue.amazonaws.com"), 1);
    assert_eq!(trusting("codebuild.amazonaws.com"), 1);
    let names = |role_name: &str| {
        let profiles = known(&role(role_name).instance_profiles).iter();
        profiles.map(|p| p.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(names("web-server"), ["web-server-blue", "web-server-green"]);
    assert_eq!(names("bastion"), ["bastion-host-profile"]);
}

#[test]
fn tags_and_names_decide_by_variables() {
    let texts: Vec<_> = own_documents().iter().map(Value::to_string).collect();
    for variable in [
        "${aws:username}",
        "${aws:PrincipalTag/team}",
        "${aws:PrincipalTag/team, 'none'}",
        "${aws:PrincipalTag/app, 'unknown'}",
        "${cognito-identity.amazonaws.com:sub}",
    ] {
        assert!(texts.iter().any(|t| t.contains(variable)), "{variable}");
    }
}

#[test]
fn denies_and_allows_by_exclusion() {
    let europe = document("deny-leaving-europe");
    let deny = statement(&europe, "StayInEurope");
    assert_eq!(deny["Effect"], "Deny");
    assert!(strings(&deny["NotAction"]).contains(&"sts:*"));
    let files = document("store-files");
    let allow = statement(&files, "AllButPayroll");
    assert_eq!(allow["Effect"], "Allow");
    assert!(allow.get("NotResource").is_some());
}

#[test]
fn four_ways_lead_to_administrator() {
    let anyone = document("build-agent-runtime");
    let pass = statement(&anyone, "PassAnyRole");
    let asked = (&pass["Action"], &pass["Resource"], pass.get("Condition"));
    assert_eq!(asked, (&value!("iam:PassRole"), &value!("*"), None));
    assert!(attached(&role("build-agent").attached).contains(&"build-agent-runtime"));
    assert!(attached(&role("cloudformation-deploy").attached).contains(&"AdministratorAccess"));
    for (who, how, action) in [
        (
            "kofi",
            "platform-policy-maintenance",
            "iam:CreatePolicyVersion",
        ),
        ("ivan", "self-service-users", "iam:AttachUserPolicy"),
        ("jonas", "trust-maintenance", "iam:UpdateAssumeRolePolicy"),
    ] {
        assert!(attached(&user(who).attached).contains(&how), "{who}");
        let document = document(how);
        assert!(strings(&document["Statement"][0]["Action"]).contains(&action));
    }
}

#[test]
fn credentials_go_stale() {
    let keys = |name: &str| known(&user(name).details.access_keys);
    assert_eq!(known(&keys("build-cache")[0].last_used), &None);
    assert!(keys("greta").iter().all(|k| k.status == Status::Inactive));
    let ftp = &keys("legacy-ftp")[0];
    assert_eq!(ftp.status, Status::Active);
    assert!(days_ago(ftp.created.unwrap()) > 2_700);
    let terraform = keys("terraform")[0].created.unwrap();
    assert!((900..1_000).contains(&days_ago(terraform)));

    for name in ["lena", "carla"] {
        let details = &user(name).details;
        assert!(known(&details.login_profile).is_some(), "{name}");
        assert!(known(&details.mfa_devices).is_empty(), "{name}");
        assert!(known(&details.password_last_used).is_some(), "{name}");
    }
    assert!(known(&user("lena").groups).iter().any(|g| &**g == "admins"));
    for name in ["emma", "olga"] {
        let details = &user(name).details;
        let login = known(&details.login_profile).as_ref();
        assert!(login.is_some_and(|l| l.reset_required), "{name}");
        assert_eq!(known(&details.last_used()), &None, "{name}");
    }
    assert_eq!(known(&user("marta").details.ssh_keys).len(), 2);
    let services = known(&user("marta").details.service_credentials);
    assert_eq!(services[0].service, "codecommit.amazonaws.com");
    assert_eq!(services[1].status, Status::Inactive);
}

#[test]
fn roles_fall_out_of_use() {
    let days = |name: &str| {
        known(&role(name).last_used)
            .as_ref()
            .map(|u| days_ago(u.at))
    };
    assert_eq!(days("data-pipeline"), Some(0));
    assert_eq!(days("ci-deploy"), Some(2));
    assert_eq!(days("breakglass"), Some(91));
    assert!(days("bastion") > Some(300));
    assert!(days("lambda-thumbnailer") > Some(400));
    assert_eq!(days("legacy-import"), None);
}

#[test]
fn deploy_base_grew_up_in_five_versions_and_was_rolled_back() {
    let policy = policy("deploy-base");
    let versions = known(&policy.versions);
    let ids: Vec<_> = versions.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(ids, ["v5", "v4", "v3", "v2", "v1"]);
    assert_eq!(policy.default_version, "v4");
    let text = |at: usize| known(&versions[at].document).as_str();
    assert!(text(4).contains(r#""s3:*""#), "v1 allows all of it");
    assert!(text(1).contains("iam:PassedToService"), "v4 is careful");
    assert!(text(0).contains("PassAnyRoleForNow"), "v5 is not");
    let distinct: std::collections::BTreeSet<_> = (0..5).map(text).collect();
    assert_eq!(distinct.len(), 5);
}

#[test]
fn one_policy_is_attached_to_nothing() {
    let own = DEMO.policies().iter().filter(|p| !p.is_aws_managed());
    let idle = own.filter(|p| p.attachment_count == Some(0) && p.boundary_count == Some(0));
    let idle: Vec<_> = idle.map(|p| p.name.as_str()).collect();
    assert_eq!(idle, ["legacy-s3-full"]);
    assert_eq!(document("legacy-s3-full")["Version"], "2008-10-17");
}

#[test]
fn conditions_of_most_families_stand_somewhere() {
    let mut operators = std::collections::BTreeSet::new();
    for document in own_documents() {
        for statement in document["Statement"].as_array().unwrap() {
            let condition = statement["Condition"].as_object();
            operators.extend(condition.into_iter().flat_map(|c| c.keys().cloned()));
        }
    }
    for operator in [
        "ArnEquals",
        "ArnLike",
        "ArnNotLikeIfExists",
        "Bool",
        "BoolIfExists",
        "DateGreaterThanEquals",
        "DateLessThan",
        "ForAllValues:StringEquals",
        "ForAnyValue:StringNotEquals",
        "IpAddress",
        "NotIpAddressIfExists",
        "Null",
        "NumericGreaterThan",
        "NumericLessThanEquals",
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "StringNotEqualsIfExists",
    ] {
        assert!(operators.contains(operator), "{operator}: {operators:?}");
    }
}

#[test]
fn a_deleted_principal_and_an_id_are_left_in_a_trust_policy() {
    let document = trust("legacy-import");
    assert_eq!(document["Id"], "TrustOfTheFirstYear");
    let principals = strings(&document["Statement"][0]["Principal"]["AWS"]);
    assert_eq!(principals[0], "AROAJ3QDELETEDEXAMPLE");
    assert!(DEMO.roles().iter().all(|r| r.id != principals[0]));
}

#[test]
fn values_are_of_many_scripts() {
    let values: Vec<_> = DEMO
        .users()
        .iter()
        .flat_map(|u| known(&u.tags))
        .map(|t| t.value.as_str())
        .collect();
    for value in ["Jürgen Müller", "田中 ひろ", "Дмитрий Орлов", "Elif Yıldız"]
    {
        assert!(values.contains(&value), "{value}");
    }
    let description = known(&policy("trust-maintenance").description);
    assert!(description.contains('🔁'), "{description}");
}

#[test]
fn reports_are_read_in_four_ways() {
    let office = DEMO.group_named("data").unwrap();
    let office = inline_of(&office.inline, "reports-from-office");
    let condition = &office["Statement"][0]["Condition"];
    assert!(condition["IpAddress"]["aws:SourceIp"].is_array());
    assert!(known(&user("omar").groups).iter().any(|g| &**g == "data"));
    assert!(attached(&role("analyst").attached).contains(&"read-reports"));
    let deploy = document("deploy-base");
    let dashboards = statement(&deploy, "PublishDashboards");
    assert_eq!(dashboards["Resource"], "arn:aws:s3:::reports/*");
    let pipeline = inline_of(&role("data-pipeline").inline, "lake");
    assert_eq!(
        statement(&pipeline, "Reports")["Resource"],
        "arn:aws:s3:::reports/*"
    );
}

#[test]
fn breakglass_is_for_anyone_in_the_account_with_a_fresh_second_factor() {
    let statement = &trust("breakglass")["Statement"][0];
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    assert_eq!(statement["Principal"]["AWS"], *root);
    assert_eq!(
        statement["Condition"]["Bool"]["aws:MultiFactorAuthPresent"],
        "true"
    );
    assert!(attached(&role("breakglass").attached).contains(&"AdministratorAccess"));
}
