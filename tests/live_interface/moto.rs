//! An IAM that keeps what is written, and that denies.

use super::{CTRL_G, CTRL_R, ENTER, QUIET, at, shows, wait_without, with_keys};
use crate::support::live::block_on;
use crate::support::moto::{ENFORCING, Moto, SMALL};
use crate::support::pty::Session;

/// The program with the keys of a user of an IAM that checks permissions.
fn as_user(name: &str) -> Session {
    let keys = ENFORCING.options_of(name).explicit.unwrap();
    let start = with_keys(&ENFORCING.url, &keys.access_key_id, &keys.secret_access_key);
    start.run()
}

#[test]
fn a_denied_field_names_the_permission() {
    let mut session = as_user("halfblind");
    session.wait_for_text("▸alice");
    session.send(format!("{ENTER}llll"));
    session.wait_for_text("[Credentials]");
    session.wait_for_text("denied (iam:ListAccessKeys)");
    session.wait_for_text("denied (iam:ListMFADevices)");
    assert!(
        shows(&session, "ci-deploy") || shows(&session, "bob"),
        "the rest works"
    );
}

#[test]
fn lists_stand_in_for_the_backbone_read_and_details_come_when_shown() {
    let mut session = as_user("lister");
    session.wait_for_text("▸alice");
    session.wait_for_text("Users 5");
    session.wait_for_text("denied (iam:GetAccountAuthorizationDetails)");
    session.send(format!("{ENTER}ll"));
    // What is not known may allow or deny anything.
    session.wait_for_text("[Effective]");
    session.wait_for_text("all conditional");
    session.send("l");
    session.wait_for_text("[Groups]");
    session.wait_for_text("admins");
    session.send("hh");
    session.wait_for_text("own  inline");
    // What a group allows is read with its members.
    session.wait_for_text("group admins");
    wait_without(&session, "not known");
    session.wait_for_text("AdministratorAccess");
    session.send(format!("j{ENTER}"));
    session.wait_for_text("denied (iam:GetUserPolicy)");
    session.send("4");
    session.wait_for_text("AdministratorAccess");
    session.send("3");
    session.wait_for_text("ci-deploy");
}

#[test]
fn a_refresh_says_what_changed_and_reads_the_details_anew() {
    let moto = Moto::start("small");
    let mut session = at(&moto.url).run();
    session.wait_for_text("▸alice");
    session.send(format!("{ENTER}llll"));
    session.wait_for_text("[Credentials]");
    let first = moto.options_of("alice").explicit.unwrap().access_key_id;
    session.wait_for_text(&first);
    let second = block_on(async {
        let iam = moto.client();
        iam.create_user().user_name("carol").send().await.unwrap();
        let made = iam.create_access_key().user_name("alice").send().await;
        let key = made.unwrap().access_key.unwrap();
        let bob = iam.detach_user_policy().user_name("bob");
        let deploy = "arn:aws:iam::111122223333:policy/ci/deploy";
        bob.policy_arn(deploy).send().await.unwrap();
        iam.delete_user().user_name("bob").send().await.unwrap();
        key.access_key_id
    });
    session.send(CTRL_R);
    session.wait_for_text("1 new (user carol)");
    assert!(shows(&session, "1 gone (user bob)"));
    session.wait_for_text(&second);
    assert!(shows(&session, &first) && shows(&session, "carol"));
    session.settle(QUIET);
    session.send(CTRL_R);
    session.wait_for_text("refreshed: nothing has changed");
}

#[test]
fn an_access_key_leads_to_its_user() {
    let id = SMALL.options_of("nobody").explicit.unwrap().access_key_id;
    let mut session = at(&SMALL.url).run();
    session.wait_for_text("▸alice");
    wait_without(&session, "loading");
    session.send(format!("{CTRL_G}{id}"));
    session.wait_for_text(&id);
    session.send(ENTER);
    session.wait_for_text("› nobody");
    session.wait_for_text("[Credentials]");
    session.wait_for_text(&id);
    session.send(format!("{CTRL_G}AKIAUNKNOWNUNKNOWN00{ENTER}"));
    session.wait_for_text("no user of this account has AKIAUNKNOWNUNKNOWN00");
}

#[test]
fn what_may_not_write_says_so() {
    let start = at(&SMALL.url).args(["--read-only"]).run();
    start.wait_for_text("READ-ONLY");
    start.wait_for_text("▸alice");
}
