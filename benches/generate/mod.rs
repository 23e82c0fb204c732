//! Makes accounts of any size, as `aws iam get-account-authorization-details` would print them.
//!
//! The mix is skewed as in real accounts: most users are plain members of groups, most roles
//! serve a function or a task and trust the same few services, inline policies are templates with
//! names filled in, few policies have many versions. The same size and seed give the same text.
//!
//! [`cases`] makes questions for `iamscope simulate` out of the same words.
//!
//! Benches, tests and the examples `generate_account` and `generate_cases` share this module by its path.

#![allow(dead_code, reason = "each of those who include this needs a part")]

pub mod cases;
mod documents;
mod json;
mod principals;
mod words;

use std::io::{self, BufWriter, Write};

use json::{Json, object};
use words::{APPS, AWS_MANAGED, STAGES, TEAMS};

const ACCOUNT: &str = "111122223333";

/// How many of each there are to be.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Users.
    pub users: usize,
    /// Groups.
    pub groups: usize,
    /// Roles.
    pub roles: usize,
    /// Customer managed policies; those of AWS that are in use come on top.
    pub policies: usize,
}

impl Size {
    /// The account that the speed limits are about.
    pub const LARGE: Self = Self {
        users: 5_000,
        groups: 500,
        roles: 10_000,
        policies: 4_000,
    };

    /// The large account `n` times.
    pub const fn large_times(n: usize) -> Self {
        Self {
            users: Self::LARGE.users * n,
            groups: Self::LARGE.groups * n,
            roles: Self::LARGE.roles * n,
            policies: Self::LARGE.policies * n,
        }
    }

    /// The large account divided by `n`.
    pub const fn large_by(n: usize) -> Self {
        Self {
            users: Self::LARGE.users / n,
            groups: Self::LARGE.groups / n,
            roles: Self::LARGE.roles / n,
            policies: Self::LARGE.policies / n,
        }
    }
}

/// Writes an account.
pub fn write(size: Size, seed: u64, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut maker = Maker {
        size,
        random: Random(seed),
        roles: Vec::new(),
    };
    out.write_all(b"{")?;
    list(&mut out, "UserDetailList", size.users, false, |i| {
        maker.user(i)
    })?;
    list(&mut out, "GroupDetailList", size.groups, true, |i| {
        maker.group(i)
    })?;
    list(&mut out, "RoleDetailList", size.roles, true, |i| {
        maker.role(i)
    })?;
    let policies = size.policies + AWS_MANAGED.len();
    list(&mut out, "Policies", policies, true, |i| maker.policy(i))?;
    out.write_all(b"\n}\n")?;
    out.flush()
}

fn list(
    out: &mut impl Write,
    name: &str,
    count: usize,
    comma: bool,
    mut item: impl FnMut(usize) -> Json,
) -> io::Result<()> {
    json::line(out, comma, 1)?;
    write!(out, "\"{name}\": [")?;
    for i in 0..count {
        json::line(out, i > 0, 2)?;
        item(i).pretty(out, 2)?;
    }
    json::line(out, false, 1)?;
    out.write_all(b"]")
}

/// SplitMix64: small, good enough, and the same for ever.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, all alike.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A number below `n`, the small ones by far more often.
    fn skewed(&mut self, n: usize) -> usize {
        let (a, b) = (self.below(n), self.below(n));
        self.below(a.min(b) + 1)
    }

    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    pub fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn often<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.skewed(list.len())]
    }
}

struct Maker {
    size: Size,
    random: Random,
    /// The ARNs of the roles that were made.
    roles: Vec<String>,
}

fn strings<T: Into<Json>>(list: impl IntoIterator<Item = T>) -> Json {
    Json::List(list.into_iter().map(Into::into).collect())
}

fn policy_name(i: usize) -> String {
    let team = TEAMS[i % TEAMS.len()];
    let app = APPS[(i / TEAMS.len()) % APPS.len()];
    format!("{team}-{app}-{:04}", i)
}

fn group_name(i: usize) -> String {
    format!("{}-{:03}", TEAMS[i % TEAMS.len()], i)
}

impl Maker {
    fn id(&mut self, prefix: &str) -> Json {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut id = prefix.to_owned();
        for _ in 0..17 {
            id.push(char::from(self.random.of(DIGITS)));
        }
        id.into()
    }

    fn date(&mut self, years: std::ops::Range<usize>) -> Json {
        let year = years.start + self.random.below(years.len());
        let (month, day) = (1 + self.random.below(12), 1 + self.random.below(28));
        let (hour, minute, second) = (
            self.random.below(24),
            self.random.below(60),
            self.random.below(60),
        );
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00").into()
    }

    /// A name of a thing that policies are about.
    fn thing(&mut self) -> String {
        let (team, app) = (self.random.of(&TEAMS), self.random.of(&APPS));
        let stage = self.random.often(&STAGES);
        format!("{team}-{app}-{stage}-{:03}", self.random.below(400))
    }

    fn tags(&mut self, most: usize) -> Json {
        let team = self.random.of(&TEAMS);
        let stage = self.random.often(&STAGES);
        let all = [
            ("team", team.to_owned()),
            ("env", stage.to_owned()),
            ("cost-center", format!("{:04}", self.random.below(900))),
            ("managed-by", "terraform".to_owned()),
            ("owner", format!("{team}@example.com")),
            (
                "repository",
                format!("northwind/{team}-{}", self.random.of(&APPS)),
            ),
            (
                "data-class",
                self.random
                    .often(&["internal", "public", "confidential"])
                    .to_owned(),
            ),
            ("note", "geprüft 確認済み".to_owned()),
        ];
        let count = self.random.below(most.min(all.len()) + 1);
        Json::List(
            all.into_iter()
                .take(count)
                .map(|(key, value)| object([("Key", key.into()), ("Value", value.into())]))
                .collect(),
        )
    }

    fn attached(&mut self, most: usize, aws_percent: usize) -> Json {
        let count = self.random.skewed(most + 1);
        let items = (0..count).map(|_| {
            let (name, arn) = if self.random.percent(aws_percent) {
                let (name, path) = self.random.often(&AWS_MANAGED);
                (
                    name.to_owned(),
                    format!("arn:aws:iam::aws:policy{path}{name}"),
                )
            } else {
                let i = self.random.skewed(self.size.policies);
                (policy_name(i), self.policy_arn(i))
            };
            object([("PolicyName", name.into()), ("PolicyArn", arn.into())])
        });
        Json::List(items.collect())
    }

    fn policy_arn(&self, i: usize) -> String {
        let path = if i.is_multiple_of(3) { "/apps/" } else { "/" };
        format!("arn:aws:iam::{ACCOUNT}:policy{path}{}", policy_name(i))
    }

    fn boundary(&mut self) -> Json {
        let arn = self.policy_arn(self.random.0 as usize % 4 % self.size.policies.max(1));
        object([
            ("PermissionsBoundaryType", "Policy".into()),
            ("PermissionsBoundaryArn", arn.into()),
        ])
    }
}
