//! The live source against moto: a real HTTP server with IAM's state behind it.

use std::sync::Arc;

use iamscope::iam::{Account, Change, Field, Kind, Status};
use iamscope::source::{Entity, Event, Source};

use crate::support::live::{block_on, fetch, fetch_user, load, open};
use crate::support::moto::{ENFORCING, Moto, SMALL};

async fn opened(moto: &Moto) -> Source {
    open(moto.options()).await.expect("moto can be opened")
}

fn names(account: &Account, kind: Kind) -> Vec<String> {
    let references = (0..account.count(kind)).filter_map(|at| account.reference(kind, at));
    let mut names: Vec<_> = references.map(|r| r.name().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_load_brings_the_whole_account() {
    let moto = &*SMALL;
    block_on(async {
        let loaded = load(&opened(moto).await).await;
        loaded.assert_complete();
        assert_eq!(loaded.gaps(), Vec::<String>::new());
        let account = &loaded.account;
        assert_eq!(account.id.as_deref(), Some("111122223333"));
        assert_eq!(account.partition.as_str(), "aws");
        assert_eq!(account.aliases.known().unwrap()[0], "northwind-test");
        assert_eq!(account.caller.known().unwrap().account, "111122223333");
        assert_eq!(
            names(account, Kind::User),
            ["alice", "bob", "halfblind", "lister", "nobody"]
        );
        assert_eq!(names(account, Kind::Group), ["admins", "readers"]);
        assert_eq!(names(account, Kind::Role), ["ci-deploy", "web"]);
        assert_eq!(
            names(account, Kind::Policy),
            ["AdministratorAccess", "deploy", "edge"]
        );
    });
}

#[test]
fn a_load_keeps_what_the_parts_say_of_each_other() {
    let moto = &*SMALL;
    block_on(async {
        let account = load(&opened(moto).await).await.account;
        let alice = account
            .user("arn:aws:iam::111122223333:user/staff/alice")
            .unwrap();
        assert_eq!(alice.path, "/staff/");
        assert_eq!(alice.groups.known().unwrap().len(), 2);
        assert_eq!(alice.tags.known().unwrap()[0].value, "prod");
        assert_eq!(account.members("admins").len(), 1);
        let inline = &alice.inline.known().unwrap()[0];
        assert_eq!(inline.name, "own");
        // Verbatim: the seed wrote it with two spaces of indentation.
        let text = inline.document.known().unwrap();
        assert!(text.as_str().starts_with("{\n  \"Version\""), "{text:?}");

        let deploy = "arn:aws:iam::111122223333:policy/ci/deploy";
        let policy = account.policy(deploy).unwrap();
        assert_eq!(policy.default_version, "v2");
        assert_eq!(policy.versions.known().unwrap().len(), 2);
        assert!(policy.document().unwrap().as_str().contains("s3:*"));
        assert_eq!(account.attachments(deploy).unwrap().attached(), 2);

        let role = account
            .role("arn:aws:iam::111122223333:role/ci/ci-deploy")
            .unwrap();
        let edge = role.boundary.known().unwrap().as_deref();
        assert_eq!(edge, Some("arn:aws:iam::111122223333:policy/edge"));
        assert_eq!(account.attachments(edge.unwrap()).unwrap().bounded(), 1);
        let web = account.role("arn:aws:iam::111122223333:role/web").unwrap();
        assert_eq!(web.instance_profiles.known().unwrap()[0].name, "web");
    });
}

#[test]
fn progress_ends_at_the_totals_that_the_summary_told() {
    let moto = &*SMALL;
    block_on(async {
        let loaded = load(&opened(moto).await).await;
        let last = loaded.events.iter().rev().find_map(|event| match event {
            Event::Progress(progress) => Some(*progress),
            _ => None,
        });
        let progress = last.expect("a load tells its progress");
        assert_eq!(progress.done, [5, 2, 2, 2]);
        assert_eq!(progress.total, [5, 2, 2, 2].map(Some));
        assert_eq!(progress.aws_policies, 1);
        assert_eq!(progress.ratio(), Some(1.0));
    });
}

#[test]
fn details_come_on_demand() {
    let moto = &*SMALL;
    block_on(async {
        let source = opened(moto).await;
        let account = load(&source).await.account;
        let alice = fetch_user(&source, &account, "alice").await;
        let details = &alice.details;
        assert!(details.complete());
        let keys = details.access_keys.known().unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].status, Status::Active);
        assert_eq!(keys[0].last_used, Field::Known(None));
        assert!(details.login_profile.known().unwrap().is_some());
        assert_eq!(details.mfa_devices.known().unwrap().len(), 1);
        assert_eq!(details.ssh_keys.known().unwrap().len(), 1);
        // Moto knows nothing of these and fails, which harms nothing else.
        assert!(matches!(details.service_credentials, Field::Failed(_)));

        let bob = fetch_user(&source, &account, "bob").await;
        assert_eq!(bob.details.login_profile, Field::Known(None));
        assert_eq!(bob.details.access_keys, Field::Known(Vec::new()));
        assert_eq!(bob.details.password_last_used, Field::Known(None));

        let role = account
            .role("arn:aws:iam::111122223333:role/ci/ci-deploy")
            .unwrap();
        let (batch, _) = fetch(&source, Entity::Role(role.clone())).await;
        let details = &batch.roles[0].details;
        assert_eq!(&**details.description.known().unwrap(), "Deploys");
        assert_eq!(details.max_session_duration, Field::Known(7200));

        let policy = account
            .policy("arn:aws:iam::111122223333:policy/ci/deploy")
            .unwrap();
        let (batch, _) = fetch(&source, Entity::Policy(policy.clone())).await;
        assert_eq!(batch.policies[0].tags.known().unwrap()[0].value, "ci");
        assert_eq!(batch.policies[0].versions, policy.versions);
    });
}

#[test]
fn a_refresh_tells_what_changed_and_keeps_the_details() {
    let moto = Moto::start("small");
    block_on(async {
        let source = opened(&moto).await;
        let mut before = load(&source).await.account;
        let alice = fetch_user(&source, &before, "alice").await;
        before.set_user_details(&alice.arn.clone(), alice.details);

        let iam = moto.client();
        iam.delete_role_policy()
            .role_name("ci-deploy")
            .policy_name("logs")
            .send()
            .await
            .unwrap();
        iam.create_user().user_name("carol").send().await.unwrap();
        let unattached = iam.detach_user_policy().user_name("bob");
        let deploy = "arn:aws:iam::111122223333:policy/ci/deploy";
        unattached.policy_arn(deploy).send().await.unwrap();
        iam.delete_user().user_name("bob").send().await.unwrap();

        let mut after = load(&source).await.account;
        after.keep_details_of(&before);
        let mut changes: Vec<_> = before
            .changes(&after)
            .iter()
            .map(|change| match change {
                Change::Added(r) => format!("+{}", r.name()),
                Change::Removed(r) => format!("-{}", r.name()),
                Change::Changed(r) => format!("~{}", r.name()),
            })
            .collect();
        changes.sort();
        // The policy's count of attachments went down with bob.
        assert_eq!(changes, ["+carol", "-bob", "~ci-deploy", "~deploy"]);
        let alice = after
            .user("arn:aws:iam::111122223333:user/staff/alice")
            .unwrap();
        assert_eq!(alice.details.mfa_devices.known().unwrap().len(), 1);
    });
}

#[test]
fn a_denied_detail_says_which_permission_is_missing() {
    let moto = &*ENFORCING;
    block_on(async {
        let source = open(moto.options_of("halfblind")).await.unwrap();
        let loaded = load(&source).await;
        loaded.assert_complete();
        let account = &loaded.account;
        assert_eq!(account.users().len(), 5);
        assert_eq!(
            account.aliases,
            Field::Denied("iam:ListAccountAliases".into())
        );
        let alice = fetch_user(&source, account, "alice").await;
        assert_eq!(
            alice.details.access_keys,
            Field::Denied("iam:ListAccessKeys".into())
        );
        assert_eq!(
            alice.details.mfa_devices,
            Field::Denied("iam:ListMFADevices".into())
        );
        // What is allowed works beside it.
        assert_eq!(alice.details.password_last_used, Field::Known(None));
    });
}

#[test]
fn lists_stand_in_where_the_backbone_read_is_denied() {
    let moto = &*ENFORCING;
    block_on(async {
        let source = open(moto.options_of("lister")).await.unwrap();
        let loaded = load(&source).await;
        loaded.assert_complete();
        let gaps = loaded.gaps().join("\n");
        assert!(
            gaps.contains("iam:GetAccountAuthorizationDetails"),
            "{gaps}"
        );
        let account = &loaded.account;
        assert_eq!(account.users().len(), 5);
        assert_eq!(account.roles().len(), 2);
        assert_eq!(
            names(account, Kind::Policy),
            ["AdministratorAccess", "deploy", "edge"]
        );
        let alice = account
            .user("arn:aws:iam::111122223333:user/staff/alice")
            .unwrap();
        assert_eq!(alice.attached, Field::Unknown);

        let alice = fetch_user(&source, account, "alice").await;
        assert_eq!(alice.groups.known().unwrap().len(), 2);
        assert_eq!(alice.attached, Field::Known(Vec::new()));
        let inline = &alice.inline.known().unwrap()[0];
        assert_eq!(inline.name, "own");
        assert_eq!(inline.document, Field::Denied("iam:GetUserPolicy".into()));
        assert_eq!(alice.boundary, Field::Denied("iam:GetUser".into()));
    });
}

#[test]
fn at_the_least_one_sees_oneself() {
    let moto = &*ENFORCING;
    block_on(async {
        let source = open(moto.options_of("nobody")).await.unwrap();
        let loaded = load(&source).await;
        loaded.assert_complete();
        let gaps = loaded.gaps().join("\n");
        for action in ["ListUsers", "ListGroups", "ListRoles", "ListPolicies"] {
            assert!(gaps.contains(&format!("denied (iam:{action})")), "{gaps}");
        }
        assert_eq!(names(&loaded.account, Kind::User), ["nobody"]);
        assert_eq!(
            loaded.account.caller_principal().map(|r| r.arn),
            Some(loaded.account.users()[0].arn.clone())
        );
    });
}

#[test]
fn an_unknown_key_is_told_as_such() {
    let moto = &*ENFORCING;
    block_on(async {
        let source = opened(moto).await;
        let loaded = load(&source).await;
        let (problem, _) = loaded.cut();
        let said = problem.to_string();
        assert!(said.contains("InvalidClientTokenId"), "{said}");
        assert!(said.contains("aws sts get-caller-identity"), "{said}");
        assert!(said.contains("--demo"), "{said}");
    });
}

#[test]
fn two_thousand_roles_share_their_texts() {
    let moto = Moto::start("2000-roles");
    block_on(async {
        let loaded = load(&opened(&moto).await).await;
        loaded.assert_complete();
        let roles = loaded.account.roles();
        assert_eq!(roles.len(), 2000);
        let first = roles[0].trust.known().unwrap();
        assert!(
            roles
                .iter()
                .all(|r| Arc::ptr_eq(r.trust.known().unwrap(), first))
        );
        let mut texts: Vec<_> = roles
            .iter()
            .flat_map(|r| r.inline.known().unwrap())
            .map(|p| Arc::as_ptr(p.document.known().unwrap()))
            .collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), 40);
    });
}
