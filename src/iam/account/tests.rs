use std::sync::Arc;

use super::*;
use crate::iam::{AccessKey, Status};

const POLICY: &str = "arn:aws-cn:iam::111122223333:policy/p";

fn user(name: &str, groups: &[&str]) -> User {
    User {
        arn: format!("arn:aws-cn:iam::111122223333:user/{name}").into(),
        name: name.into(),
        path: "/".into(),
        id: format!("AIDA{name}").into(),
        created: None,
        groups: Field::Known(groups.iter().map(|&g| g.into()).collect()),
        attached: Field::Known(vec![POLICY.into()]),
        inline: Field::Known(Vec::new()),
        boundary: Field::Known(None),
        tags: Field::Known(Vec::new()),
        details: UserDetails::default(),
    }
}

fn group(name: &str) -> Group {
    Group {
        arn: format!("arn:aws-cn:iam::111122223333:group/{name}").into(),
        name: name.into(),
        path: "/".into(),
        id: "AGPA".into(),
        created: None,
        attached: Field::Known(Vec::new()),
        inline: Field::Known(Vec::new()),
    }
}

fn account(users: Vec<User>) -> Account {
    let mut account = Account::default();
    let groups = vec![group("g"), group("h")];
    account.absorb(Batch {
        users,
        groups,
        ..Batch::default()
    });
    account
}

fn keys(id: &str) -> Field<Vec<AccessKey>> {
    Field::Known(vec![AccessKey {
        id: id.into(),
        status: Status::Active,
        created: None,
        last_used: Field::Unknown,
    }])
}

#[test]
fn account_and_partition_are_learnt_from_the_first_arn_that_has_them() {
    let account = account(vec![user("a", &[])]);
    assert_eq!(account.id.as_deref(), Some("111122223333"));
    assert_eq!(account.partition.as_str(), "aws-cn");
}

#[test]
fn members_and_attachments_follow_what_replaces_an_entity() {
    let mut account = account(vec![user("a", &["g"]), user("b", &["g", "h"])]);
    assert_eq!(account.members("g"), [0, 1]);
    assert_eq!(
        account.attachments(POLICY).map(|a| &a.users[..]),
        Some(&[0, 1][..])
    );
    let mut changed = user("a", &["h"]);
    changed.attached = Field::Known(Vec::new());
    changed.boundary = Field::Known(Some(POLICY.into()));
    account.absorb(Batch {
        users: vec![changed],
        ..Batch::default()
    });
    assert_eq!(account.users().len(), 2);
    assert_eq!(
        (account.members("g"), account.members("h")),
        (&[1][..], &[1, 0][..])
    );
    let found = account.attachments(POLICY).unwrap();
    assert_eq!(
        (&found.users[..], &found.bounded_users[..]),
        (&[1][..], &[0][..])
    );
}

#[test]
fn what_is_fetched_fills_in_and_never_brings_back_what_has_changed() {
    let mut account = account(vec![user("a", &["g"])]);
    let mut fetched = user("a", &["h"]);
    fetched.details.access_keys = keys("AKIA1");
    let stranger = user("gone", &["g"]);
    account.learn(Batch {
        users: vec![fetched, stranger],
        ..Batch::default()
    });
    let a = &account.users()[0];
    assert_eq!(a.details.access_keys, keys("AKIA1"));
    assert_eq!(
        a.groups,
        Field::Known(vec!["g".into()]),
        "the newer reading stays"
    );
    assert_eq!(
        account.users().len(),
        1,
        "what a refresh took away stays away"
    );
    // Details are the newest; what a later answer does not know stays.
    let mut later = user("a", &[]);
    later.details.access_keys = keys("AKIA2");
    later.details.mfa_devices = Field::Denied("iam:ListMFADevices".into());
    account.learn(Batch {
        users: vec![later],
        ..Batch::default()
    });
    account.learn(Batch {
        users: vec![user("a", &[])],
        ..Batch::default()
    });
    let details = &account.users()[0].details;
    assert_eq!(details.access_keys, keys("AKIA2"));
    assert!(matches!(details.mfa_devices, Field::Denied(_)));
}

#[test]
fn changes_name_what_is_new_gone_and_different_but_not_details() {
    let old = account(vec![user("a", &["g"]), user("b", &[]), user("c", &[])]);
    let mut detailed = user("b", &[]);
    detailed.details.access_keys = keys("AKIA1");
    let new = account(vec![user("a", &["h"]), detailed, user("d", &[])]);
    let reference = |name: &str| EntityRef::new(Kind::User, user(name, &[]).arn);
    assert_eq!(
        old.changes(&new),
        [
            Change::Changed(reference("a")),
            Change::Added(reference("d")),
            Change::Removed(reference("c")),
        ]
    );
    assert_eq!(old.changes(&old), []);
}

#[test]
fn what_only_one_reading_knows_is_no_change() {
    let policies = |of: &[&str]| Field::Known(of.iter().map(|arn| Arc::from(*arn)).collect());
    let reading = |attached: Field<Vec<Arc<str>>>| {
        let mut user = user("a", &[]);
        user.attached = attached;
        account(vec![user])
    };
    let (none, one) = (reading(policies(&[])), reading(policies(&["p"])));
    let lists_only = reading(Field::Unknown);
    assert_eq!(one.changes(&lists_only), []);
    assert_eq!(lists_only.changes(&one), []);
    assert_eq!(one.changes(&none).len(), 1);
    // To be denied what could be read is one.
    let denied = reading(Field::Denied("iam:ListAttachedUserPolicies".into()));
    assert_eq!(one.changes(&denied).len(), 1);
}

#[test]
fn a_refresh_keeps_the_details_of_what_is_still_there() {
    let mut known = user("a", &[]);
    known.details.access_keys = keys("AKIA1");
    let old = account(vec![known, user("b", &[])]);
    let mut new = account(vec![user("b", &[]), user("a", &[])]);
    new.keep_details_of(&old);
    assert_eq!(new.users()[1].details.access_keys, keys("AKIA1"));
    assert_eq!(new.users()[0].details, UserDetails::default());
}

#[test]
fn a_refresh_keeps_policies_that_only_a_file_says_all_of() {
    let organization = |id: &str| {
        Some(Organization {
            id: Some(id.to_owned()),
            ..Organization::default()
        })
    };
    let text = |text: &str| Arc::new(PolicyText::new(text));
    let mut old = account(vec![user("a", &[])]);
    old.organization = organization("o-old");
    old.resource_policies = [("arn:aws:s3:::a".into(), text("{\"old\"}"))].into();
    let read_again = |basis| {
        let at = Timestamp::UNIX_EPOCH;
        let mut new = account(vec![user("a", &[])]);
        new.taken = Some(Taken { at, basis });
        assert_eq!(old.changes(&new), [], "they are no entities");
        new
    };
    let mut live = read_again(TakenBasis::Live);
    live.keep_details_of(&old);
    assert_eq!(live.organization, old.organization);
    assert_eq!(live.resource_policies, old.resource_policies);
    let mut live = read_again(TakenBasis::Live);
    live.organization = organization("o-new");
    let (a, b) = ("arn:aws:s3:::a".into(), "arn:aws:s3:::b".into());
    live.resource_policies = [(a, text("{\"new\"}")), (b, text("{}"))].into();
    let new = live.clone();
    live.keep_details_of(&old);
    assert_eq!(live.organization, new.organization);
    assert_eq!(live.resource_policies, new.resource_policies);
    for basis in [
        TakenBasis::Stated,
        TakenBasis::FileModified,
        TakenBasis::Read,
    ] {
        let mut file = read_again(basis);
        file.keep_details_of(&old);
        assert_eq!(file.organization, None);
        assert!(file.resource_policies.is_empty());
    }
}

#[test]
fn the_caller_behind_a_session_is_its_role() {
    let caller = |arn: &str| Caller {
        arn: arn.into(),
        user_id: "AROA:x".into(),
        account: "1".into(),
    };
    let session = caller("arn:aws:sts::111122223333:assumed-role/deploy/run-7");
    assert_eq!(session.principal(), Some((Kind::Role, "deploy")));
    let user = caller("arn:aws:iam::111122223333:user/eng/nadia");
    assert_eq!(user.principal(), Some((Kind::User, "nadia")));
    assert_eq!(caller("arn:aws:iam::111122223333:root").principal(), None);
}

#[test]
fn a_copy_with_one_entity_different_shares_the_rest() {
    let one = account(vec![user("a", &[]), user("b", &[])]);
    let mut two = one.clone();
    two.absorb(Batch {
        users: vec![user("a", &["g"])],
        ..Batch::default()
    });
    assert!(Arc::ptr_eq(&one.users()[1], &two.users()[1]));
    assert!(!Arc::ptr_eq(&one.users()[0], &two.users()[0]));
    assert!(one.members("g").is_empty());
}

#[test]
fn the_last_use_is_the_latest_and_says_why_it_is_not_known() {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    let mut details = UserDetails::default();
    assert!(details.last_used().is_unknown());
    details.access_keys = Field::Known(Vec::new());
    details.password_last_used = Field::Known(at("2026-01-02T00:00:00Z"));
    assert_eq!(
        details.last_used(),
        Field::Known(at("2026-01-02T00:00:00Z"))
    );
    details.access_keys = keys("AKIA1").map(|mut keys| {
        keys[0].last_used = Field::Denied("iam:GetAccessKeyLastUsed".into());
        keys
    });
    let denied = Field::Denied("iam:GetAccessKeyLastUsed".into());
    assert_eq!(details.last_used(), denied);
    details.access_keys = Field::Known(Vec::new());
    details.password_last_used = Field::Known(None);
    assert_eq!(details.last_used(), Field::Known(None));
}
