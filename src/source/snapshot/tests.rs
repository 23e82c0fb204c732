//! What is written is what is read, for accounts as odd as can be.

mod policies;

use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::iam::{
    AccessKey, AccessKeyUse, Account, Batch, Caller, Field, Group, InlinePolicy, InstanceProfile,
    LoginProfile, ManagedPolicy, MfaDevice, Partition, PolicyVersion, Role, RoleDetails,
    RoleLastUsed, ServiceSpecificCredential, SshPublicKey, Status, Tag, Taken, TakenBasis, User,
    UserDetails,
};
use crate::policy::PolicyText;

/// Texts that lose something in one form or another.
const TEXTS: &[&str] = &[
    "",
    " ",
    "{}",
    " {} ",
    "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}\n",
    r#"{"Version":"2012-10-17","Statement":[]}"#,
    r#"{"Effect":"Allow","Effect":"Deny"}"#,
    r#"{"Effect":"Allow", "Effect":"Deny"}"#,
    r#"{"a":"\u00e9"}"#,
    r#"{"a":"é"}"#,
    r#"{"a":"\/","b":"\u001b[31m","c":"\ud83d\ude00"}"#,
    r#"{"a":"\ud83d"}"#,
    "{\"a\":\"\u{202e}\u{85}\u{7f}\"}",
    r#"{"a":1.0,"b":1e5,"c":-0}"#,
    "{",
    "  {\"a\":",
    "{\"a\":1,}",
    "{'a': 1}",
    "{} trailing",
    "[]",
    "null",
    "\"text\"",
    "12",
    "%7B%7D",
    "100% wrong %zz",
    "\u{feff}{}",
    "\0\u{1b}",
    "no JSON at all: é 日本語",
];

const NAMES: &[&str] = &[
    "a",
    "A",
    "x.y",
    "é",
    "\u{202e}evil\u{1b}[0m",
    "",
    "with \"quotes\"\\",
];

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn text(&mut self) -> Arc<PolicyText> {
        Arc::new(PolicyText::new(TEXTS[self.below(TEXTS.len())]))
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.below(NAMES.len())]
    }

    fn date(&mut self) -> Timestamp {
        let nanos = [0, 0, 5, 120_000_000][self.below(4)];
        Timestamp::new(1_400_000_000 + self.below(400_000_000) as i64, nanos).unwrap()
    }

    fn perhaps<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    fn field<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Field<T> {
        match self.below(8) {
            0 => Field::Unknown,
            1 => Field::Denied("iam:GetThis".into()),
            2 => Field::Failed("a \"reason\"\nin words".into()),
            _ => Field::Known(make(self)),
        }
    }

    fn list<T>(&mut self, mut make: impl FnMut(&mut Self, usize) -> T) -> Vec<T> {
        (0..self.below(4)).map(|i| make(self, i)).collect()
    }

    fn tags(&mut self) -> Vec<Tag> {
        self.list(|r, _| Tag {
            key: r.name().into(),
            value: r.name().into(),
        })
    }

    fn arns(&mut self) -> Vec<Arc<str>> {
        self.list(|r, _| format!("arn:aws-cn:iam::111122223333:policy/p{}", r.below(9)).into())
    }

    fn inline(&mut self) -> Vec<InlinePolicy> {
        self.list(|r, i| InlinePolicy {
            name: format!("{}{i}", r.name()).into(),
            document: r.field(Self::text),
        })
    }

    fn boundary(&mut self) -> Field<Option<Arc<str>>> {
        self.field(|r| r.perhaps(|r| Arc::from(r.name())))
    }

    fn user(&mut self, i: usize) -> User {
        let details = UserDetails {
            password_last_used: self.field(|r| r.perhaps(Self::date)),
            login_profile: self.field(|r| {
                r.perhaps(|r| LoginProfile {
                    created: r.perhaps(Self::date),
                    reset_required: r.below(2) == 0,
                })
            }),
            access_keys: self.field(|r| r.list(Self::key)),
            mfa_devices: self.field(|r| {
                r.list(|r, _| MfaDevice {
                    serial: r.name().into(),
                    enabled: r.perhaps(Self::date),
                })
            }),
            ssh_keys: self.field(|r| {
                r.list(|r, _| SshPublicKey {
                    id: r.name().into(),
                    status: Status::Inactive,
                    uploaded: r.perhaps(Self::date),
                })
            }),
            service_credentials: self.field(|r| {
                r.list(|r, _| ServiceSpecificCredential {
                    id: r.name().into(),
                    service: r.name().into(),
                    service_user_name: r.name().into(),
                    status: Status::Expired,
                    created: r.perhaps(Self::date),
                })
            }),
        };
        User {
            arn: format!("arn:aws-cn:iam::111122223333:user/u{i}").into(),
            name: format!("{}{i}", self.name()).into(),
            path: self.name().into(),
            id: self.name().into(),
            created: self.perhaps(Self::date),
            groups: self.field(|r| r.list(|r, _| Arc::from(r.name()))),
            attached: self.field(Self::arns),
            inline: self.field(Self::inline),
            boundary: self.boundary(),
            tags: self.field(Self::tags),
            details,
        }
    }

    fn key(&mut self, i: usize) -> AccessKey {
        AccessKey {
            id: format!("AKIA{i}").into(),
            status: Status::Active,
            created: self.perhaps(Self::date),
            last_used: self.field(|r| {
                r.perhaps(|r| AccessKeyUse {
                    at: r.date(),
                    service: r.name().into(),
                    region: r.name().into(),
                })
            }),
        }
    }

    fn group(&mut self, i: usize) -> Group {
        Group {
            arn: format!("arn:aws-cn:iam::111122223333:group/g{i}").into(),
            name: format!("{}{i}", self.name()).into(),
            path: self.name().into(),
            id: self.name().into(),
            created: self.perhaps(Self::date),
            attached: self.field(Self::arns),
            inline: self.field(Self::inline),
        }
    }

    fn role(&mut self, i: usize) -> Role {
        Role {
            arn: format!("arn:aws-cn:iam::111122223333:role/r{i}").into(),
            name: format!("{}{i}", self.name()).into(),
            path: self.name().into(),
            id: self.name().into(),
            created: self.perhaps(Self::date),
            trust: self.field(Self::text),
            attached: self.field(Self::arns),
            inline: self.field(Self::inline),
            boundary: self.boundary(),
            tags: self.field(Self::tags),
            last_used: self.field(|r| {
                r.perhaps(|r| RoleLastUsed {
                    at: r.date(),
                    region: r.perhaps(|r| r.name().into()),
                })
            }),
            instance_profiles: self.field(|r| {
                r.list(|r, _| InstanceProfile {
                    arn: r.name().into(),
                    name: r.name().into(),
                    id: r.name().into(),
                    created: r.perhaps(Self::date),
                })
            }),
            details: RoleDetails {
                description: self.field(|r| r.name().into()),
                max_session_duration: self.field(|r| r.below(43_200) as u32),
            },
        }
    }

    fn policy(&mut self, i: usize) -> ManagedPolicy {
        ManagedPolicy {
            arn: format!("arn:aws-cn:iam::111122223333:policy/p{i}").into(),
            name: self.name().into(),
            path: self.name().into(),
            id: self.name().into(),
            created: self.perhaps(Self::date),
            updated: self.perhaps(Self::date),
            description: self.field(|r| r.name().into()),
            versions: self.field(|r| {
                r.list(|r, n| PolicyVersion {
                    id: format!("v{n}").into(),
                    created: r.perhaps(Self::date),
                    document: r.field(Self::text),
                })
            }),
            default_version: ["v0", "v1", ""][self.below(3)].into(),
            attachment_count: self.perhaps(|r| r.below(9) as u32),
            boundary_count: self.perhaps(|r| r.below(9) as u32),
            attachable: self.perhaps(|r| r.below(2) == 0),
            tags: self.field(Self::tags),
        }
    }

    fn account(&mut self) -> Account {
        let mut account = Account::default();
        account.id = Some("111122223333".into());
        account.partition = Partition::new("aws-cn");
        account.aliases = self.field(|r| r.list(|r, _| r.name().into()));
        account.caller = self.field(|r| Caller {
            arn: r.name().into(),
            user_id: r.name().into(),
            account: r.name().into(),
        });
        account.summary = self.field(|r| [("Users".into(), r.below(9) as i64)].into());
        let bases = [
            TakenBasis::Stated,
            TakenBasis::FileModified,
            TakenBasis::Read,
        ];
        account.taken = Some(Taken {
            at: self.date(),
            basis: bases[self.below(3)],
        });
        account.gaps = self.list(|r, _| r.name().into());
        account.organization = self.perhaps(Self::organization);
        account.resource_policies = self.resource_policies();
        account.absorb(Batch {
            users: (0..4).map(|i| self.user(i)).collect(),
            groups: (0..4).map(|i| self.group(i)).collect(),
            roles: (0..4).map(|i| self.role(i)).collect(),
            policies: (0..4).map(|i| self.policy(i)).collect(),
        });
        account
    }
}

fn epoch() -> Taken {
    Taken {
        at: Timestamp::UNIX_EPOCH,
        basis: TakenBasis::Read,
    }
}

fn parse(text: &str) -> Account {
    read(text, epoch(), &mut |_| true).unwrap()
}

fn written(account: &Account) -> String {
    let mut out = Vec::new();
    write(account, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn assert_same(a: &Account, b: &Account) {
    assert_eq!(a.users(), b.users());
    assert_eq!(a.groups(), b.groups());
    assert_eq!(a.roles(), b.roles());
    assert_eq!(a.policies(), b.policies());
    assert_eq!((&a.id, &a.partition), (&b.id, &b.partition));
    assert_eq!((&a.aliases, &a.caller), (&b.aliases, &b.caller));
    assert_eq!((&a.summary, &a.taken), (&b.summary, &b.taken));
    assert_eq!(a.gaps, b.gaps);
    assert_eq!(a.organization, b.organization);
    assert_eq!(a.resource_policies, b.resource_policies);
}

#[test]
fn what_is_written_is_read() {
    for seed in 0..120 {
        let account = Random(seed).account();
        let text = written(&account);
        assert_same(&account, &parse(&text));
        assert_eq!(written(&parse(&text)), text, "seed {seed}");
    }
}

#[test]
fn every_text_survives_in_every_place() {
    for text in TEXTS {
        let mut random = Random(7);
        let mut role = random.role(0);
        let known = || Field::Known(Arc::new(PolicyText::new(*text)));
        role.trust = known();
        role.inline = Field::Known(vec![InlinePolicy {
            name: "p".into(),
            document: known(),
        }]);
        let mut account = Account::default();
        account.absorb(Batch {
            roles: vec![role],
            ..Batch::default()
        });
        let back = parse(&written(&account));
        assert_eq!(back.roles(), account.roles(), "{text:?}");
    }
}

#[test]
fn other_tools_see_what_they_know() {
    let mut account = Account::default();
    let mut user = Random(1).user(0);
    user.name = "alice".into();
    user.inline = Field::Known(vec![InlinePolicy {
        name: "p".into(),
        document: Field::Known(Arc::new(PolicyText::new("{ \"Statement\": [] }"))),
    }]);
    user.boundary = Field::Known(Some("arn:aws:iam::aws:policy/B".into()));
    account.absorb(Batch {
        users: vec![user],
        ..Batch::default()
    });
    let json: serde_json::Value = serde_json::from_str(&written(&account)).unwrap();
    let user = &json["UserDetailList"][0];
    assert_eq!(user["UserName"], "alice");
    assert_eq!(
        user["UserPolicyList"][0]["PolicyDocument"],
        serde_json::json!({"Statement": []})
    );
    assert_eq!(
        user["PermissionsBoundary"]["PermissionsBoundaryArn"],
        "arn:aws:iam::aws:policy/B"
    );
    for list in ["GroupDetailList", "RoleDetailList", "Policies"] {
        assert_eq!(json[list], serde_json::json!([]));
    }
    assert_eq!(json["Iamscope"]["Format"], 1);
}

#[test]
fn an_edited_object_is_not_given_its_old_text() {
    let mut account = Account::default();
    let mut role = Random(1).role(0);
    role.trust = Field::Known(Arc::new(PolicyText::new("{ \"Statement\": [] }")));
    role.inline = Field::Unknown;
    account.absorb(Batch {
        roles: vec![role],
        ..Batch::default()
    });
    let text = written(&account);
    assert_eq!(parse(&text).roles()[0].trust, account.roles()[0].trust);
    let object = "\"AssumeRolePolicyDocument\": {\"Statement\":[]}";
    assert!(text.contains(object));
    let edited = text.replace(object, "\"AssumeRolePolicyDocument\": {\"Statement\":[1]}");
    let trust = parse(&edited).roles()[0].trust.clone();
    assert_eq!(trust.known().unwrap().as_str(), "{\"Statement\":[1]}");
}

#[test]
fn dates_come_in_every_form_of_the_cli() {
    for date in [
        r#""2019-12-18T19:10:08Z""#,
        r#""2019-12-18T19:10:08+00:00""#,
        r#""2019-12-18T21:10:08+02:00""#,
        r#""2019-12-18T19:10:08+0000""#,
        r#""2019-12-18 19:10:08+00:00""#,
        r#""2019-12-18T19:10:08.000000+00:00""#,
        "1576696208",
        "1576696208.0",
        "1.576696208e9",
    ] {
        let text = format!(
            r#"{{"UserDetailList": [{{"Arn": "arn:aws:iam::1:user/a", "CreateDate": {date}}}]}}"#
        );
        let created = parse(&text).users()[0].created.unwrap();
        assert_eq!(created.as_second(), 1_576_696_208, "{date}");
    }
    let text = r#"{"UserDetailList": [{"Arn": "arn:aws:iam::1:user/a", "CreateDate": "soon"}]}"#;
    let account = parse(text);
    assert_eq!(account.users()[0].created, None);
    assert!(account.gaps.iter().any(|gap| gap.contains("dates")));
}

#[test]
fn what_is_missing_is_unknown_and_not_empty() {
    let account = parse(
        r#"{"RoleDetailList": [{"Arn": "arn:aws:iam::123456789012:role/x/y", "New": [{}]}],
            "UserDetailList": [{"Arn": "arn:aws:iam::123456789012:user/u", "Tags": null}],
            "Policies": [{}], "Later": 1}"#,
    );
    let role = &account.roles()[0];
    assert_eq!((&*role.name, &*role.path), ("y", "/x/"));
    assert!(role.tags.is_unknown() && role.trust.is_unknown() && role.last_used.is_unknown());
    assert!(role.inline.is_unknown() && role.attached.is_unknown());
    assert_eq!(account.id.as_deref(), Some("123456789012"));
    // IAM leaves these two out where there is none.
    assert_eq!(role.boundary, Field::Known(None));
    assert_eq!(account.users()[0].inline, Field::Known(vec![]));
    assert!(account.users()[0].tags.is_unknown());
    let gaps = account.gaps.join("; ");
    assert!(
        gaps.contains("GroupDetailList") && gaps.contains("1 without an ARN"),
        "{gaps}"
    );
}

#[test]
fn equal_documents_are_held_once_whatever_their_form() {
    let account = parse(
        r#"{"RoleDetailList": [
            {"Arn": "arn:aws:iam::1:role/a", "AssumeRolePolicyDocument": {"a": ["\u00e9"]}},
            {"Arn": "arn:aws:iam::1:role/b", "AssumeRolePolicyDocument":   { "a":["é"] } },
            {"Arn": "arn:aws:iam::1:role/c", "AssumeRolePolicyDocument":
                "%7B%22a%22%3A%5B%22%C3%A9%22%5D%7D"},
            {"Arn": "arn:aws:iam::1:role/d", "AssumeRolePolicyDocument": "{\"a\":[\"é\"]}"}]}"#,
    );
    let texts: Vec<_> = account
        .roles()
        .iter()
        .map(|r| r.trust.known().unwrap())
        .collect();
    assert_eq!(texts[0].as_str(), "{\"a\":[\"é\"]}");
    for text in &texts {
        assert!(Arc::ptr_eq(text, texts[0]));
    }
}

#[test]
fn the_watcher_hears_and_stops() {
    let mut random = Random(3);
    let mut account = Account::default();
    account.absorb(Batch {
        policies: (0..6000).map(|i| random.policy(i)).collect(),
        ..Batch::default()
    });
    let text = written(&account);
    assert!(text.len() > 2 << 20, "{}", text.len());
    let mut heard = Vec::new();
    let stopped = read(&text, epoch(), &mut |progress| {
        heard.push(progress);
        heard.len() < 2
    });
    assert!(matches!(stopped, Err(ReadError::Cancelled)));
    let (done, total) = heard[1].bytes.unwrap();
    assert!(done > 1 << 20 && total == text.len() as u64);
    assert!(heard[1].done[3] > heard[0].done[3]);
}

#[test]
fn one_page_of_several_is_said_to_be_one() {
    let account = parse(r#"{"UserDetailList": [], "IsTruncated": true, "Marker": "x"}"#);
    assert!(account.gaps.iter().any(|gap| gap.contains("one page")));
    let account = parse(r#"{"UserDetailList": [], "IsTruncated": false}"#);
    assert!(!account.gaps.iter().any(|gap| gap.contains("one page")));
}
