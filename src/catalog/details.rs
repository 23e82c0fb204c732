//! What the catalogue has of one service besides the names of its actions.
//!
//! In the file, for each service of a group:
//!
//! - lines: names of the condition keys, their descriptions, names of the resource types, their
//!   ARN patterns, descriptions of the actions, full names of all dependent actions;
//! - numbers: the types of the keys, how many dependent actions there are, three pools of lists
//!   (keys; resource types of an action with the list of their keys; dependent actions), then the
//!   list of each resource type's keys, and of each action's keys, resource types and dependents.
//!
//! Many actions share their lists, so each list stands once in its pool and has a number there; 0
//! is the empty list, which does not stand there.

use super::block::Block;
use super::store::{Entry, KeyEntry};

/// One service.
pub(super) struct Details {
    pub(super) keys: Vec<KeyEntry>,
    pub(super) types: Vec<TypeEntry>,
    pub(super) actions: Vec<ActionEntry>,
    pub(super) key_lists: Lists<u16>,
    pub(super) resource_lists: Lists<ResourceEntry>,
    pub(super) dependent_lists: Lists<&'static str>,
}

/// A resource type.
pub(super) struct TypeEntry {
    pub(super) name: &'static str,
    pub(super) arn: &'static str,
    /// A list of keys.
    pub(super) keys: usize,
}

/// An action; but for the description, numbers of lists.
pub(super) struct ActionEntry {
    pub(super) description: &'static str,
    pub(super) keys: usize,
    pub(super) resources: usize,
    pub(super) dependents: usize,
}

/// A resource type of an action.
#[derive(Clone, Copy)]
pub(super) struct ResourceEntry {
    pub(super) place: u16,
    pub(super) required: bool,
    /// A list of keys.
    pub(super) keys: usize,
}

/// Lists that stand behind one another.
pub(super) struct Lists<T> {
    ends: Vec<usize>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    const EMPTY: Self = Self {
        ends: Vec::new(),
        items: Vec::new(),
    };

    fn read(block: &mut Block, mut item: impl FnMut(&mut Block) -> Option<T>) -> Option<Self> {
        let mut lists = Self::EMPTY;
        for _ in 0..block.number()? {
            for _ in 0..block.number()? {
                lists.items.push(item(block)?);
            }
            lists.ends.push(lists.items.len());
        }
        Some(lists)
    }

    /// The list with this number.
    pub(super) fn get(&self, number: usize) -> &[T] {
        let end = |number: usize| self.ends.get(number).copied();
        let range = number.checked_sub(1).and_then(|place| {
            let start = place.checked_sub(1).map_or(Some(0), end)?;
            self.items.get(start..end(place)?)
        });
        range.unwrap_or_default()
    }
}

impl Details {
    pub(super) const EMPTY: Self = Self {
        keys: Vec::new(),
        types: Vec::new(),
        actions: Vec::new(),
        key_lists: Lists::EMPTY,
        resource_lists: Lists::EMPTY,
        dependent_lists: Lists::EMPTY,
    };

    /// Reads the next service of a block.
    pub(super) fn read(block: &mut Block, entry: &Entry) -> Option<Self> {
        let keys = texts(block, entry.keys)?;
        let key_descriptions = texts(block, entry.keys)?;
        let types = texts(block, entry.types)?;
        let arns = texts(block, entry.types)?;
        let descriptions = texts(block, entry.actions)?;

        let mut details = Self::EMPTY;
        for (name, description) in keys.into_iter().zip(key_descriptions) {
            details.keys.push(KeyEntry {
                name,
                kind: block.number()?,
                description,
            });
        }
        let dependents = block.number()?;
        let dependents = texts(block, dependents)?;
        details.key_lists = Lists::read(block, Block::place)?;
        details.resource_lists = Lists::read(block, |block| {
            let number = block.number()?;
            Some(ResourceEntry {
                place: u16::try_from(number / 2).ok()?,
                required: number % 2 == 1,
                keys: block.number()?,
            })
        })?;
        details.dependent_lists =
            Lists::read(block, |block| dependents.get(block.number()?).copied())?;

        for (name, arn) in types.into_iter().zip(arns) {
            details.types.push(TypeEntry {
                name,
                arn,
                keys: block.number()?,
            });
        }
        let lists = [
            numbers(block, entry.actions)?,
            numbers(block, entry.actions)?,
            numbers(block, entry.actions)?,
        ];
        let [keys, resources, dependents] = lists.map(Vec::into_iter);
        let lists = keys.zip(resources).zip(dependents);
        for (description, ((keys, resources), dependents)) in descriptions.into_iter().zip(lists) {
            details.actions.push(ActionEntry {
                description,
                keys,
                resources,
                dependents,
            });
        }
        Some(details)
    }
}

fn texts(block: &mut Block, count: usize) -> Option<Vec<&'static str>> {
    (0..count).map(|_| block.line()).collect()
}

fn numbers(block: &mut Block, count: usize) -> Option<Vec<usize>> {
    (0..count).map(|_| block.number()).collect()
}
