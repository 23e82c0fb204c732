//! Which rows of an answer are shown, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::access::{Decision, Node};
use crate::iam::{Account, Field, Kind, Tag};
use crate::report::principal::kind;
use crate::tui::asker::{Answer, Place, Standing, Who};
use crate::tui::filter::Filter;

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best first.
    #[default]
    Verdict,
    /// By name.
    Name,
    /// Users, roles, root, outside.
    Type,
    /// By path.
    Path,
    /// Those who need the most roles last.
    Roles,
    /// Those who can do most first.
    Actions,
}

impl Sort {
    /// All of them, as they are offered.
    pub const ALL: [Self; 6] = [
        Self::Verdict,
        Self::Name,
        Self::Type,
        Self::Path,
        Self::Roles,
        Self::Actions,
    ];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Name => "name",
            Self::Type => "type",
            Self::Path => "path",
            Self::Roles => "roles on the way",
            Self::Actions => "number of actions",
        }
    }
}

/// What rows stand together by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Group {
    /// They do not.
    #[default]
    None,
    /// By verdict.
    Verdict,
    /// By type.
    Type,
    /// By path.
    Path,
    /// By the value of a tag.
    Tag(String),
}

/// How rows are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The filter, as in the lists.
    pub filter: String,
    /// What they are sorted by.
    pub sort: Sort,
    /// Whether backwards.
    pub reverse: bool,
    /// What stands together.
    pub group: Group,
    /// The groups that are folded.
    pub folded: BTreeSet<String>,
    /// Whether those are shown who can if more is met.
    pub conditional: bool,
    /// Whether those are shown who cannot.
    pub denied: bool,
    /// Whether those from outside are shown.
    pub outside: bool,
    /// Whether service-linked roles are shown.
    pub linked: bool,
    /// Whether only those are shown who stand otherwise in the answer that is held beside.
    pub different: bool,
    /// The time from which ages count in the filter.
    pub now: Timestamp,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            filter: String::new(),
            sort: Sort::default(),
            reverse: false,
            group: Group::None,
            folded: BTreeSet::new(),
            conditional: true,
            denied: false,
            outside: true,
            linked: true,
            different: false,
            now: Timestamp::UNIX_EPOCH,
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The head of a group.
    Head {
        /// What its rows have in common.
        title: String,
        /// How many they are.
        count: usize,
        /// Whether they are folded away.
        folded: bool,
    },
    /// A principal.
    Row(Node),
}

impl Line {
    /// The principal, if it is one.
    pub fn node(&self) -> Option<Node> {
        match self {
            Self::Row(node) => Some(*node),
            Self::Head { .. } => None,
        }
    }
}

impl Shown {
    /// The lines of an answer; where another is held beside it, with those whom that would show.
    pub fn lines(&self, answer: &Answer, pinned: Option<&Answer>) -> Vec<Line> {
        let passes = self.judge(answer).map(|(passes, _)| passes);
        let before = |node| Some(pinned?.standing_of(answer, node)?.decision);
        let mut rows: Vec<(Key, Node)> = answer
            .all()
            .filter(|(node, standing)| {
                let (now, before) = (standing.decision, before(*node));
                let is_wanted = self.shows(answer, *node, now)
                    || before.is_some_and(|it| self.shows(answer, *node, it));
                is_wanted && !(self.different && pinned.is_some() && before == Some(now))
            })
            .filter(|(node, _)| passes.as_ref().is_none_or(|it| it[node.0 as usize]))
            .map(|(node, standing)| (self.key(answer.place(node), standing), node))
            .collect();
        rows.sort_unstable();
        if self.reverse {
            rows.reverse();
        }
        if self.group == Group::None {
            return rows.into_iter().map(|(_, node)| Line::Row(node)).collect();
        }
        let mut groups: BTreeMap<(u8, &str), Vec<Node>> = BTreeMap::new();
        for (_, node) in rows {
            groups
                .entry(self.group_of(answer, node))
                .or_default()
                .push(node);
        }
        let mut lines = Vec::new();
        for ((place, name), nodes) in groups {
            let title = self.title(place, name);
            let folded = self.folded.contains(&title);
            lines.push(Line::Head {
                title,
                count: nodes.len(),
                folded,
            });
            if !folded {
                lines.extend(nodes.into_iter().map(Line::Row));
            }
        }
        lines
    }

    /// Whether the toggles show a row.
    fn shows(&self, answer: &Answer, node: Node, decision: Decision) -> bool {
        let by_decision = match decision {
            Decision::Allowed => true,
            Decision::Conditional => self.conditional,
            Decision::ExplicitDeny | Decision::ImplicitDeny => self.denied,
        };
        by_decision
            && (self.outside || !answer.is_outside(node))
            && (self.linked || !answer.is_linked(node))
    }

    /// How many users and roles the filter cannot judge, since what it asks for is not known.
    pub fn unjudged(&self, answer: &Answer) -> usize {
        self.judge(answer).map_or(0, |(_, unknown)| unknown)
    }

    /// By node, whether the filter lets it pass, and how many cannot be judged; none without a
    /// filter.
    fn judge(&self, answer: &Answer) -> Option<(Vec<bool>, usize)> {
        if self.filter.trim().is_empty() {
            return None;
        }
        let account = answer.index.account();
        let (users, roles) = (account.users().len(), account.roles().len());
        let mut passes = vec![false; answer.end()];
        let mut unknown = 0;
        for (kind, first, count) in [(Kind::User, 0, users), (Kind::Role, users, roles)] {
            let (filter, _) = Filter::parse(&self.filter, kind);
            let filtered = filter.apply(0..count as u32, account, kind, self.now);
            unknown += filtered.unknown;
            for (at, _) in filtered.rows {
                passes[first + at as usize] = true;
            }
        }
        let (filter, _) = Filter::parse(&self.filter, Kind::User);
        for (at, caller) in answer.others().iter().enumerate() {
            passes[users + roles + at] = filter.passes_name(&caller.arn);
        }
        Some((passes, unknown))
    }

    /// What a row is sorted by.
    fn key(&self, place: Place, standing: Standing) -> Key {
        let Place { kind, name, path } = place;
        match self.sort {
            Sort::Verdict => (standing.decision as u32, kind, name),
            Sort::Name => (0, 0, name),
            Sort::Type => (0, kind, name),
            Sort::Path => (path, kind, name),
            Sort::Roles => (standing.hops, kind, name),
            Sort::Actions => {
                let able = standing.allowed + standing.conditional;
                (u32::MAX - able, kind, name)
            }
        }
    }

    /// The group of a row: its place among groups, and its name.
    fn group_of<'a>(&self, answer: &'a Answer, node: Node) -> (u8, &'a str) {
        let standing = answer.standing(node);
        let decision = standing.map_or(Decision::ImplicitDeny, |it| it.decision);
        match &self.group {
            Group::None => (0, ""),
            Group::Verdict => (decision as u8, verdict(decision)),
            Group::Type => {
                let name = match answer.who(node) {
                    Some(Who::User(_)) => "users",
                    Some(Who::Role(_)) if answer.is_linked(node) => "service-linked roles",
                    Some(Who::Role(_)) => "roles",
                    Some(Who::Other(caller)) => match kind(caller) {
                        "root" => "root user",
                        "service" => "services",
                        "account" => "accounts",
                        "federated" => "identity providers",
                        "anonymous" => "anyone",
                        _ => "others from outside",
                    },
                    None => "",
                };
                (answer.place(node).kind as u8, name)
            }
            Group::Path => match path(answer, node) {
                "" => (1, "without a path"),
                path => (0, path),
            },
            Group::Tag(key) => match tag(answer, node, key) {
                Ok(Some(value)) => (0, value),
                Ok(None) => (1, ""),
                Err(()) => (2, ""),
            },
        }
    }

    /// What stands above the rows of a group.
    fn title(&self, place: u8, name: &str) -> String {
        match (&self.group, place) {
            (Group::Tag(key), 0) => format!("{key} = {name}"),
            (Group::Tag(key), 1) => format!("no tag {key}"),
            (Group::Tag(_), _) => "tags not known".to_owned(),
            _ => name.to_owned(),
        }
    }
}

/// What rows are sorted by: a number, and then mostly type and name.
type Key = (u32, u32, u32);

/// A decision in the view's words.
pub fn verdict(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::Conditional => "conditional",
        Decision::ExplicitDeny => "denied",
        Decision::ImplicitDeny => "not allowed",
    }
}

fn path(answer: &Answer, node: Node) -> &str {
    let account: &Account = answer.index.account();
    match answer.who(node) {
        Some(Who::User(at)) => account.users().get(at).map_or("", |it| &it.path),
        Some(Who::Role(at)) => account.roles().get(at).map_or("", |it| &it.path),
        _ => "",
    }
}

/// The value of a tag; an error where the tags are not known.
fn tag<'a>(answer: &'a Answer, node: Node, key: &str) -> Result<Option<&'a str>, ()> {
    let account: &Account = answer.index.account();
    let tags: &Field<Vec<Tag>> = match answer.who(node) {
        Some(Who::User(at)) => &account.users().get(at).ok_or(())?.tags,
        Some(Who::Role(at)) => &account.roles().get(at).ok_or(())?.tags,
        _ => return Ok(None),
    };
    let tags = tags.known().ok_or(())?;
    let found = tags.iter().find(|tag| tag.key.eq_ignore_ascii_case(key));
    Ok(found.map(|tag| &*tag.value))
}
