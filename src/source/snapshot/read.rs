//! From the text of a file to an account.
//!
//! One pass over the text: an entity at a time is taken over, its strings borrowed, its documents
//! left as they stand. A document that stands many times is seen by its raw text, so that only
//! the first one is put into canonical form.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use hashbrown::HashTable;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::apply;
use super::extra::Extra;
use super::shape::{Date, GroupItem, PolicyItem, RoleItem, Text, UserItem};
use crate::iam::{Account, Batch, Taken};
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
    pub progress: Progress,
    cancelled: bool,
    /// Where the watcher hears of it next.
    next: u64,
    pub batch: Batch,
    pub texts: Texts,
    /// The documents by their raw text, each beside its hash.
    pub seen: HashTable<(u64, &'a str, Arc<PolicyText>)>,
    /// Where canonical forms are put together.
    pub buffer: String,
    names: Set<Arc<str>>,
    extra: Option<Extra<'a>>,
    found: Set<&'static str>,
    foreign: Vec<String>,
    not_object: Option<&'static str>,
    odd_dates: usize,
    pub without_arn: usize,
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
