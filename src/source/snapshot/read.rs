//! From the text of a file to an account.
//!
//! One pass over the text: an entity at a time is taken over, its strings borrowed, its documents
//! left as they stand. A document that stands many times is seen by its raw text, so that only
//! the first one is put into canonical form.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use compact_str::CompactString;
use hashbrown::HashTable;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::shape::{
    AttachedItem, BoundaryItem, Date, Document, Extra, GroupItem, InlineItem, PolicyItem, RoleItem,
    TagItem, Text, UserItem, VersionItem,
};
use super::{apply, canonical};
use crate::iam::{
    Account, Arn, Batch, Field, Group, InlinePolicy, InstanceProfile, ManagedPolicy, PolicyVersion,
    Role, RoleDetails, RoleLastUsed, Tag, Taken, User, UserDetails,
};
use crate::policy::{PolicyText, Texts};
use crate::source::Progress;

type Set<T> = HashSet<T, foldhash::fast::RandomState>;

/// The lists of the AWS CLI's output, and the key of ours.
const KEYS: [&str; 5] = [
    "UserDetailList",
    "GroupDetailList",
    "RoleDetailList",
    "Policies",
    "Iamscope",
];

/// Why a text is no account.
#[derive(Debug)]
pub enum ReadError {
    /// It is not JSON, ends too early, or a member has another type than IAM gives it.
    Json(serde_json::Error),
    /// It is JSON, but holds nothing of an account; what it holds instead, in words.
    NotOurs(String),
    /// The watcher said to stop.
    Cancelled,
}

/// Hears how far the reading is, and says whether to go on.
pub type Watch<'w> = &'w mut dyn FnMut(Progress) -> bool;

/// Reads an account from the text of a file. `taken` stands in where the text does not say.
///
/// # Errors
/// A [`ReadError`].
pub fn read(text: &str, taken: Taken, watch: Watch<'_>) -> Result<Account, ReadError> {
    let mut reader = Reader::new(text, watch);
    let mut json = serde_json::Deserializer::from_str(text);
    let result = json
        .deserialize_any(Top(&mut reader))
        .and_then(|()| json.end());
    if reader.cancelled {
        return Err(ReadError::Cancelled);
    }
    result.map_err(ReadError::Json)?;
    reader.finish(taken)
}

/// What is gathered while the text is read.
pub(super) struct Reader<'a, 'w> {
    text: &'a str,
    watch: Watch<'w>,
    progress: Progress,
    cancelled: bool,
    /// Where the watcher hears of it next.
    next: u64,
    pub batch: Batch,
    pub texts: Texts,
    /// The documents by their raw text, each beside its hash.
    seen: HashTable<(u64, &'a str, Arc<PolicyText>)>,
    /// Where canonical forms are put together.
    buffer: String,
    names: Set<Arc<str>>,
    extra: Option<Extra<'a>>,
    found: Set<&'static str>,
    foreign: Vec<String>,
    not_object: Option<&'static str>,
    odd_dates: usize,
    without_arn: usize,
    pages: bool,
    pub gaps: Vec<Box<str>>,
}

impl<'a, 'w> Reader<'a, 'w> {
    fn new(text: &'a str, watch: Watch<'w>) -> Self {
        let progress = Progress {
            bytes: Some((0, text.len() as u64)),
            ..Progress::default()
        };
        Self {
            text,
            watch,
            progress,
            cancelled: false,
            next: 0,
            batch: Batch::default(),
            texts: Texts::default(),
            seen: HashTable::new(),
            buffer: String::new(),
            names: Set::default(),
            extra: None,
            found: Set::default(),
            foreign: Vec::new(),
            not_object: None,
            odd_dates: 0,
            without_arn: 0,
            pages: false,
            gaps: Vec::new(),
        }
    }

    fn finish(mut self, taken: Taken) -> Result<Account, ReadError> {
        if let Some(what) = self.not_object {
            return Err(ReadError::NotOurs(format!("it holds {what}")));
        }
        if self.found.is_empty() {
            return Err(ReadError::NotOurs(match self.foreign.as_slice() {
                [] => "its object is empty".into(),
                keys => format!("its keys are {}", keys.join(", ")),
            }));
        }
        let mut account = Account::default();
        account.taken = Some(taken);
        let extra = self.extra.take();
        let ours = extra.is_some();
        if let Some(extra) = extra {
            apply::extra(&mut self, &mut account, extra);
        }
        self.note_gaps(ours);
        account.gaps.append(&mut self.gaps);
        account.absorb(self.batch);
        Ok(account)
    }

    /// What the file itself lacks, in words for people.
    fn note_gaps(&mut self, ours: bool) {
        for key in &KEYS[..4] {
            if !self.found.contains(key) && !ours {
                self.gaps.push(format!("the file has no {key}").into());
            }
        }
        if self.pages {
            self.gaps
                .push("the file holds one page of several: it says that more follows".into());
        }
        if self.without_arn > 0 {
            let n = self.without_arn;
            self.gaps
                .push(format!("left out: {n} without an ARN").into());
        }
        if self.odd_dates > 0 {
            let n = self.odd_dates;
            self.gaps
                .push(format!("shown as unknown: {n} dates that are none").into());
        }
    }

    /// Tells the watcher, at most about fifty times in all, with a place in the text that was
    /// reached.
    fn tick(&mut self, place: &str) -> bool {
        // Borrowed text tells by its address how far the reading is; other text tells nothing.
        let at = (place.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize) as u64;
        let total = self.text.len() as u64;
        if at < self.next || at > total {
            return true;
        }
        self.next = at + (total / 50).max(1 << 20);
        self.progress.bytes = Some((at, total));
        let batch = &self.batch;
        let done = [&batch.users.len(), &batch.groups.len(), &batch.roles.len()];
        for (count, done) in self.progress.done.iter_mut().zip(done) {
            *count = u32::try_from(*done).unwrap_or(u32::MAX);
        }
        let policies = u32::try_from(batch.policies.len()).unwrap_or(u32::MAX);
        self.progress.done[3] = policies - self.progress.aws_policies;
        self.cancelled = !(self.watch)(self.progress);
        !self.cancelled
    }

    /// The one shared copy of an ARN or a name that stands in many places.
    pub fn intern(&mut self, name: &str) -> Arc<str> {
        if let Some(found) = self.names.get(name) {
            return found.clone();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }

    pub fn date(&mut self, date: Option<Date>) -> Option<Timestamp> {
        let date = date?;
        if date.0.is_none() {
            self.odd_dates += 1;
        }
        date.0
    }

    fn document(&mut self, document: Option<Document<'a>>) -> Field<Arc<PolicyText>> {
        let Some(document) = document else {
            return Field::Unknown;
        };
        let std::borrow::Cow::Borrowed(raw) = document else {
            return Field::Unknown;
        };
        let raw: &'a RawValue = raw;
        let hash = self.texts.hash_of(raw.get());
        let same = |(other, seen, _): &(u64, &str, _)| *other == hash && *seen == raw.get();
        if let Some((_, _, text)) = self.seen.find(hash, same) {
            return Field::Known(text.clone());
        }
        let text = if raw.get().starts_with('"') {
            match serde_json::from_str::<String>(raw.get()) {
                Ok(text) => self.texts.intern(&decoded(&text)),
                Err(error) => return Field::Failed(error.to_string().into()),
            }
        } else {
            self.buffer.clear();
            canonical::push(&mut self.buffer, raw);
            self.texts.intern(&self.buffer)
        };
        let entry = (hash, raw.get(), text.clone());
        self.seen.insert_unique(hash, entry, |(hash, _, _)| *hash);
        Field::Known(text)
    }

    fn inline(&mut self, list: Vec<InlineItem<'a>>) -> Vec<InlinePolicy> {
        // Not collected: that would reuse the list's own allocation, which is larger.
        let mut policies = Vec::with_capacity(list.len());
        for item in list {
            policies.push(InlinePolicy {
                name: compact(item.policy_name.as_ref()),
                document: self.document(item.policy_document),
            });
        }
        policies
    }

    fn attached(&mut self, list: Option<Vec<AttachedItem<'a>>>) -> Field<Vec<Arc<str>>> {
        let list = list.map(|list| {
            list.iter()
                .filter_map(|item| item.policy_arn.as_ref())
                .map(|arn| self.intern(arn))
                .collect()
        });
        list.into()
    }

    fn boundary(&mut self, item: Option<BoundaryItem<'a>>) -> Field<Option<Arc<str>>> {
        match item {
            // IAM names a boundary only where there is one.
            None => Field::Known(None),
            Some(item) => match &item.permissions_boundary_arn {
                Some(arn) => Field::Known(Some(self.intern(arn))),
                None => Field::Unknown,
            },
        }
    }

    fn user(&mut self, item: UserItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.user_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let groups = item
            .group_list
            .map(|list| list.iter().map(|name| self.intern(name)).collect());
        let user = User {
            arn,
            name,
            path,
            id: compact(item.user_id.as_ref()),
            created: self.date(item.create_date),
            groups: groups.into(),
            attached: self.attached(item.attached_managed_policies),
            // The list is left out where a user has none, unlike those of groups and roles.
            inline: Field::Known(self.inline(item.user_policy_list.unwrap_or_default())),
            boundary: self.boundary(item.permissions_boundary),
            tags: item.tags.as_deref().map(tags).into(),
            details: UserDetails::default(),
        };
        self.batch.users.push(user);
    }

    fn group(&mut self, item: GroupItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.group_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let group = Group {
            arn,
            name: self.intern(&name),
            path,
            id: compact(item.group_id.as_ref()),
            created: self.date(item.create_date),
            attached: self.attached(item.attached_managed_policies),
            inline: item.group_policy_list.map(|list| self.inline(list)).into(),
        };
        self.batch.groups.push(group);
    }

    fn role(&mut self, item: RoleItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.role_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let last_used = match item.role_last_used {
            None => Field::Unknown,
            Some(used) => match (
                used.last_used_date.is_some(),
                self.date(used.last_used_date),
            ) {
                (false, _) => Field::Known(None),
                (true, None) => Field::Unknown,
                (true, Some(at)) => Field::Known(Some(RoleLastUsed {
                    at,
                    region: used.region.map(|r| CompactString::new(&*r)),
                })),
            },
        };
        let profiles = item.instance_profile_list.map(|list| {
            list.into_iter()
                .map(|p| InstanceProfile {
                    arn: p.arn.as_deref().unwrap_or_default().into(),
                    name: compact(p.instance_profile_name.as_ref()),
                    id: compact(p.instance_profile_id.as_ref()),
                    created: self.date(p.create_date),
                })
                .collect()
        });
        let role = Role {
            arn,
            name,
            path,
            id: compact(item.role_id.as_ref()),
            created: self.date(item.create_date),
            trust: self.document(item.assume_role_policy_document),
            attached: self.attached(item.attached_managed_policies),
            inline: item.role_policy_list.map(|list| self.inline(list)).into(),
            boundary: self.boundary(item.permissions_boundary),
            tags: item.tags.as_deref().map(tags).into(),
            last_used,
            instance_profiles: profiles.into(),
            details: RoleDetails::default(),
        };
        self.batch.roles.push(role);
    }

    fn policy(&mut self, item: PolicyItem<'a>) {
        let Some((arn, name, path)) = self.identity(
            item.arn.as_ref(),
            item.policy_name.as_ref(),
            item.path.as_ref(),
        ) else {
            return;
        };
        let list = item.policy_version_list;
        let default = item.default_version_id.or_else(|| {
            let marked = list
                .iter()
                .flatten()
                .find(|v| v.is_default_version == Some(true))?;
            marked.version_id.clone()
        });
        let versions = list.map(|list| list.into_iter().map(|v| self.version(v)).collect());
        let policy = ManagedPolicy {
            arn,
            name,
            path,
            id: compact(item.policy_id.as_ref()),
            created: self.date(item.create_date),
            updated: self.date(item.update_date),
            description: item.description.map(|d| Box::from(&*d)).into(),
            versions: versions.into(),
            default_version: compact(default.as_ref()),
            attachment_count: item.attachment_count,
            boundary_count: item.permissions_boundary_usage_count,
            attachable: item.is_attachable,
            tags: Field::Unknown,
        };
        if policy.is_aws_managed() {
            self.progress.aws_policies += 1;
        }
        self.batch.policies.push(policy);
    }

    fn version(&mut self, item: VersionItem<'a>) -> PolicyVersion {
        PolicyVersion {
            id: compact(item.version_id.as_ref()),
            created: self.date(item.create_date),
            document: self.document(item.document),
        }
    }

    /// ARN, name and path; the latter two as the ARN has them where the item does not say.
    fn identity(
        &mut self,
        arn: Option<&Text<'a>>,
        name: Option<&Text<'a>>,
        path: Option<&Text<'a>>,
    ) -> Option<(Arc<str>, CompactString, CompactString)> {
        let Some(arn) = arn else {
            self.without_arn += 1;
            return None;
        };
        let parsed = Arn::parse(arn).ok();
        let name = name.map_or_else(|| parsed.map_or(&**arn, |a| a.name()), |name| &*name.0);
        let path = path.map_or_else(|| parsed.map_or("/", |a| a.path()), |path| &*path.0);
        Some((self.intern(arn), name.into(), path.into()))
    }
}

fn compact(text: Option<&Text<'_>>) -> CompactString {
    text.map_or_else(CompactString::default, |text| CompactString::new(&**text))
}

pub(super) fn tags(list: &[TagItem<'_>]) -> Vec<Tag> {
    list.iter()
        .map(|tag| Tag {
            key: CompactString::new(&*tag.key),
            value: CompactString::new(&*tag.value),
        })
        .collect()
}

/// The text behind a document that is a JSON string: percent-encoded as IAM sends it, or plain.
///
/// Encoded text never starts with a brace, and plain documents always do. What does not decode to
/// UTF-8 is kept as it came.
fn decoded(text: &str) -> std::borrow::Cow<'_, str> {
    if text.trim_start().starts_with('{') {
        return text.into();
    }
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .unwrap_or_else(|_| text.into())
}

/// The outermost value.
struct Top<'r, 'a, 'w>(&'r mut Reader<'a, 'w>);

impl<'a> Visitor<'a> for Top<'_, 'a, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        let reader = self.0;
        while let Some(key) = map.next_key::<Text<'a>>()? {
            if let Some(known) = KEYS.into_iter().find(|k| *k == &*key) {
                reader.found.insert(known);
            }
            match &*key {
                "UserDetailList" => map.next_value_seed(List(reader, Reader::user))?,
                "GroupDetailList" => map.next_value_seed(List(reader, Reader::group))?,
                "RoleDetailList" => map.next_value_seed(List(reader, Reader::role))?,
                "Policies" => map.next_value_seed(List(reader, Reader::policy))?,
                "Iamscope" => reader.extra = Some(map.next_value()?),
                "IsTruncated" => reader.pages |= map.next_value::<Option<bool>>()? == Some(true),
                "NextToken" | "Marker" => {
                    reader.pages |= map.next_value::<Option<IgnoredAny>>()?.is_some();
                }
                other => {
                    if reader.foreign.len() < 5 {
                        reader.foreign.push(other.chars().take(40).collect());
                    }
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<(), S::Error> {
        self.0.not_object = Some("an array");
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.0.not_object = Some("a string");
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.0.not_object = Some("a number");
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.0.not_object = Some("a number");
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.0.not_object = Some("a number");
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.0.not_object = Some("true or false");
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.not_object = Some("null");
        Ok(())
    }
}

/// One of the four lists, and what takes an item over.
struct List<'r, 'a, 'w, T>(&'r mut Reader<'a, 'w>, fn(&mut Reader<'a, 'w>, T));

impl<'a, T: Deserialize<'a> + Located> DeserializeSeed<'a> for List<'_, 'a, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'a, T: Deserialize<'a> + Located> Visitor<'a> for List<'_, 'a, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<(), S::Error> {
        let Self(reader, take) = self;
        while let Some(item) = seq.next_element::<T>()? {
            if item.place().is_some_and(|place| !reader.tick(place)) {
                return Err(serde::de::Error::custom("cancelled"));
            }
            take(reader, item);
        }
        Ok(())
    }
}

/// An item that knows a text of its own in the file.
trait Located {
    fn place(&self) -> Option<&str>;
}

macro_rules! located {
    ($($item:ident),*) => {$(
        impl Located for $item<'_> {
            fn place(&self) -> Option<&str> {
                self.arn.as_deref()
            }
        }
    )*};
}
located!(UserItem, GroupItem, RoleItem, PolicyItem);
