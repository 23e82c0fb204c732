//! What has been read of the file, each part once, when it is first asked for.

use std::ops::Range;
use std::sync::OnceLock;

use super::action::AccessLevel;
use super::block::{Block, Frame, frames};
use super::details::Details;
use super::format::SOURCES;

/// A package that the catalogue is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its licence, as an SPDX expression.
    pub licence: &'static str,
    /// The day of its newest data, such as `2026-09-26`; `—` where it does not tell.
    pub date: &'static str,
}

/// The index of the file.
#[derive(Default)]
pub(super) struct Index {
    pub(super) sources: Vec<Source>,
    /// By prefix.
    pub(super) services: Vec<Entry>,
    /// What ARNs have for a service, and who has types of resources with such ARNs.
    pub(super) arns: Vec<(&'static str, Vec<u16>)>,
    /// Prefixes of keys that are no prefix of a service, in lower case, and who has the keys.
    pub(super) key_prefixes: Vec<(&'static str, u16)>,
    /// By lower-case name.
    pub(super) global_keys: Vec<KeyEntry>,
    groups: Vec<Group>,
}

/// A service in the index.
pub(super) struct Entry {
    pub(super) prefix: &'static str,
    pub(super) title: &'static str,
    pub(super) supports_rcp: bool,
    pub(super) actions: usize,
    pub(super) types: usize,
    pub(super) keys: usize,
    group: usize,
    /// Its actions, among those of its group.
    names: Range<usize>,
    /// Its place in its group.
    place: usize,
}

/// A condition key.
pub(super) struct KeyEntry {
    pub(super) name: &'static str,
    /// Twice the number of its type, and one more for several values.
    pub(super) kind: usize,
    pub(super) description: &'static str,
}

/// Services that are compressed together.
struct Group {
    services: Range<usize>,
    frames: (Frame, Frame),
    names: OnceLock<Names>,
    details: OnceLock<Vec<Details>>,
}

/// The index; empty if the file were broken.
pub(super) fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| read_index().unwrap_or_default())
}

/// The names of a service's actions, sorted without regard to case.
pub(super) fn names(service: u16) -> &'static [&'static str] {
    read_names(service)
        .and_then(|(entry, (names, _))| names.get(entry.names.clone()))
        .unwrap_or_default()
}

/// Their access levels.
pub(super) fn levels(service: u16) -> &'static [AccessLevel] {
    read_names(service)
        .and_then(|(entry, (_, levels))| levels.get(entry.names.clone()))
        .unwrap_or_default()
}

type Names = (Vec<&'static str>, Vec<AccessLevel>);

fn read_names(service: u16) -> Option<(&'static Entry, &'static Names)> {
    let index = index();
    let entry = index.services.get(usize::from(service))?;
    let group = index.groups.get(entry.group)?;
    let names = group.names.get_or_init(|| {
        let services = index.services.get(group.services.clone());
        read_group_names(group, services.unwrap_or_default()).unwrap_or_default()
    });
    Some((entry, names))
}

fn read_group_names(group: &Group, services: &[Entry]) -> Option<Names> {
    let mut block = Block::read(group.frames.0)?;
    let count = services.iter().map(|entry| entry.actions).sum();
    let mut names = (Vec::with_capacity(count), Vec::with_capacity(count));
    for _ in 0..count {
        names.0.push(block.line()?);
        names.1.push(AccessLevel::numbered(block.number()?)?);
    }
    Some(names)
}

/// All else about a service.
pub(super) fn details(service: u16) -> &'static Details {
    read_details(service).unwrap_or(const { &Details::EMPTY })
}

fn read_details(service: u16) -> Option<&'static Details> {
    let index = index();
    let entry = index.services.get(usize::from(service))?;
    let group = index.groups.get(entry.group)?;
    let details = group.details.get_or_init(|| {
        let services = index.services.get(group.services.clone());
        let services = services.unwrap_or_default().iter();
        let mut block = Block::read(group.frames.1);
        let each = services.map_while(|entry| Details::read(block.as_mut()?, entry));
        each.collect()
    });
    details.get(entry.place)
}

fn read_index() -> Option<Index> {
    let frames = frames()?;
    let mut block = Block::read(frames.index)?;
    let mut index = Index::default();
    for _ in 0..SOURCES {
        index.sources.push(Source {
            package: block.line()?,
            version: block.line()?,
            licence: block.line()?,
            date: block.line()?,
        });
    }
    read_services(&mut index, &mut block)?;
    for _ in 0..block.number()? {
        let part = block.line()?;
        let services = (0..block.number()?).map(|_| block.place());
        let services = services.collect::<Option<_>>()?;
        index.arns.push((part, services));
    }
    for _ in 0..block.number()? {
        index.key_prefixes.push((block.line()?, block.place()?));
    }
    for _ in 0..block.number()? {
        index.global_keys.push(KeyEntry {
            name: block.line()?,
            description: block.line()?,
            kind: block.number()?,
        });
    }

    for (group, frames) in frames.services.iter().enumerate() {
        let services = &index.services;
        let first = services.partition_point(|entry| entry.group < group);
        let end = services.partition_point(|entry| entry.group <= group);
        index.groups.push(Group {
            services: first..end,
            frames: *frames,
            names: OnceLock::new(),
            details: OnceLock::new(),
        });
    }
    Some(index)
}

fn read_services(index: &mut Index, block: &mut Block) -> Option<()> {
    for _ in 0..block.number()? {
        let mut entry = Entry {
            prefix: block.line()?,
            title: block.line()?,
            group: block.number()?,
            supports_rcp: block.number()? == 1,
            actions: block.number()?,
            types: block.number()?,
            keys: block.number()?,
            names: 0..0,
            place: 0,
        };
        if let Some(before) = index.services.last().filter(|e| e.group == entry.group) {
            entry.names.start = before.names.end;
            entry.place = before.place + 1;
        }
        entry.names.end = entry.names.start + entry.actions;
        index.services.push(entry);
    }
    Some(())
}
