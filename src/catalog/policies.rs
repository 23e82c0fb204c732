//! The AWS managed policies.

use std::fmt;
use std::sync::OnceLock;

use super::block::{Block, frames};
use crate::iam::Arn;

/// An AWS managed policy, in its latest version.
///
/// The documents are those of the partition `aws`. In another partition a policy of the same name
/// can differ, if only in the ARNs that it names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ManagedPolicy(u16);

struct Entry {
    /// Path and name.
    full: &'static str,
    group: usize,
    /// Its place in its group.
    place: usize,
}

struct Text {
    version: &'static str,
    date: &'static str,
    document: &'static str,
}

#[derive(Default)]
struct Policies {
    entries: Vec<Entry>,
    groups: Vec<OnceLock<Vec<Text>>>,
}

fn policies() -> &'static Policies {
    static POLICIES: OnceLock<Policies> = OnceLock::new();
    POLICIES.get_or_init(|| read().unwrap_or_default())
}

fn read() -> Option<Policies> {
    let frames = frames()?;
    let mut block = Block::read(frames.policy_index)?;
    let mut policies = Policies::default();
    let groups = frames.policies.len();
    policies.groups.resize_with(groups, OnceLock::new);
    for _ in 0..block.number()? {
        let group = block.number()?;
        let before = policies.entries.last();
        let before = before.filter(|entry: &&Entry| entry.group == group);
        policies.entries.push(Entry {
            place: before.map_or(0, |entry| entry.place + 1),
            full: block.line()?,
            group,
        });
    }
    Some(policies)
}

fn read_group(group: usize) -> Option<Vec<Text>> {
    let mut block = Block::read(*frames()?.policies.get(group)?)?;
    let texts = std::iter::from_fn(|| {
        Some(Text {
            version: block.line()?,
            date: block.line()?,
            document: block.line()?,
        })
    });
    Some(texts.collect())
}

impl ManagedPolicy {
    fn entry(self) -> Option<&'static Entry> {
        policies().entries.get(usize::from(self.0))
    }

    fn full(self) -> &'static str {
        self.entry().map_or("", |entry| entry.full)
    }

    /// The name, such as `AWSLambdaRole`.
    pub fn name(self) -> &'static str {
        let full = self.full();
        full.rsplit_once('/').map_or(full, |(_, name)| name)
    }

    /// The path with both its slashes, such as `/service-role/`, or `/`.
    pub fn path(self) -> String {
        let full = self.full();
        match full.rsplit_once('/') {
            Some((path, _)) => format!("/{path}/"),
            None => "/".to_owned(),
        }
    }

    /// The ARN in a partition, such as `aws`.
    pub fn arn(self, partition: &str) -> String {
        format!("arn:{partition}:iam::aws:policy/{}", self.full())
    }

    /// The version whose document this is, such as `v3`.
    pub fn version(self) -> &'static str {
        self.text().map_or("", |text| text.version)
    }

    /// The day of that version, such as `2026-08-26`.
    pub fn date(self) -> &'static str {
        self.text().map_or("", |text| text.date)
    }

    /// The document: JSON without white space between its tokens.
    pub fn document(self) -> &'static str {
        self.text().map_or("{}", |text| text.document)
    }

    fn text(self) -> Option<&'static Text> {
        let entry = self.entry()?;
        let group = policies().groups.get(entry.group)?;
        let texts = group.get_or_init(|| read_group(entry.group).unwrap_or_default());
        texts.get(entry.place)
    }
}

/// Path and name.
impl fmt::Debug for ManagedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.full())
    }
}

/// All AWS managed policies, by path and name.
pub fn managed_policies() -> impl ExactSizeIterator<Item = ManagedPolicy> + Clone {
    let count = u16::try_from(policies().entries.len()).unwrap_or(0);
    (0..count).map(ManagedPolicy)
}

/// The AWS managed policy with this ARN, of whatever partition.
pub fn managed_policy(arn: &str) -> Option<ManagedPolicy> {
    let arn = Arn::parse(arn).ok()?;
    let full = arn.resource.strip_prefix("policy/")?;
    if arn.service != "iam" || arn.account != "aws" {
        return None;
    }
    let entries = &policies().entries;
    let place = entries
        .binary_search_by(|entry| entry.full.cmp(full))
        .ok()?;
    u16::try_from(place).ok().map(ManagedPolicy)
}
