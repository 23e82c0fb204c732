//! Writes the file; `src/catalog/format.rs` describes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use zstd::bulk::Compressor;

use super::Result;
use super::format::{MAGIC, SOURCES};
use super::model::{Catalogue, Service};

/// How much plain text a group of services or documents holds, unless one alone is larger: more
/// compresses better, less is read faster.
const GROUP: usize = 64 * 1024;
const DOCUMENTS: usize = 128 * 1024;

const LEVEL: i32 = 22;

#[derive(Default)]
struct Block {
    text: String,
    numbers: Vec<u8>,
}

impl Block {
    fn line(&mut self, line: &str) {
        debug_assert!(!line.contains('\n'), "{line}");
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn number(&mut self, number: usize) {
        push_number(&mut self.numbers, number);
    }

    fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.numbers.extend_from_slice(&other.numbers);
    }

    fn size(&self) -> usize {
        self.text.len() + self.numbers.len()
    }
}

fn push_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The whole file.
pub fn file(catalogue: &Catalogue) -> Result<Vec<u8>> {
    let (names, details, group_of_service) = service_groups(catalogue)?;
    let (documents, policies) = policy_groups(catalogue);
    let groups = [names.len(), documents.len()];
    let index = index(catalogue, &group_of_service)?;
    let frames = [index, policies]
        .into_iter()
        .chain(names)
        .chain(details)
        .chain(documents);

    let mut directory = Vec::new();
    let mut body = Vec::new();
    let mut compressor = Compressor::new(LEVEL)?;
    for block in frames {
        let mut plain = Vec::new();
        push_number(&mut plain, block.text.len());
        plain.extend_from_slice(block.text.as_bytes());
        plain.extend_from_slice(&block.numbers);
        let frame = compressor.compress(&plain)?;
        push_number(&mut directory, frame.len());
        push_number(&mut directory, plain.len());
        body.extend_from_slice(&frame);
    }
    let mut out = MAGIC.to_vec();
    for groups in groups {
        push_number(&mut out, groups);
    }
    out.extend_from_slice(&directory);
    out.extend_from_slice(&body);
    Ok(out)
}

fn index(catalogue: &Catalogue, groups: &[usize]) -> Result<Block> {
    let mut block = Block::default();
    if catalogue.sources.len() != SOURCES {
        return Err("the number of sources".into());
    }
    for source in &catalogue.sources {
        block.line(source.package);
        block.line(&source.version);
        block.line(&source.licence);
        block.line(&source.date);
    }
    block.number(catalogue.services.len());
    for (service, group) in catalogue.services.iter().zip(groups) {
        block.line(&service.prefix);
        block.line(&service.title);
        block.number(*group);
        block.number(usize::from(service.supports_rcp));
        block.number(service.actions.len());
        block.number(service.types.len());
        block.number(service.keys.len());
    }

    // Which services have types of resources whose ARNs name the service so.
    let mut arns: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (id, service) in catalogue.services.iter().enumerate() {
        for found in &service.types {
            let part = found.arn.split(':').nth(2).ok_or("an ARN is too short")?;
            let part = if part.contains(['$', '*']) { "*" } else { part };
            arns.entry(part).or_default().insert(id);
        }
    }
    block.number(arns.len());
    for (part, services) in arns {
        block.line(part);
        block.number(services.len());
        // The one of that name comes first: it owns them.
        let owner = |id: &&usize| catalogue.services[**id].prefix == part;
        for id in services.iter().filter(owner) {
            block.number(*id);
        }
        for id in services.iter().filter(|id| !owner(id)) {
            block.number(*id);
        }
    }

    block.number(catalogue.key_prefixes.len());
    for (prefix, service) in &catalogue.key_prefixes {
        let mut ids = 0..catalogue.services.len();
        let id = ids.find(|id| catalogue.services[*id].prefix == *service);
        block.line(prefix);
        block.number(id.ok_or("a prefix of keys has no service")?);
    }
    block.number(catalogue.global_keys.len());
    for key in &catalogue.global_keys {
        block.line(&key.name);
        block.line(&key.description);
        block.number(key.kind);
    }
    Ok(block)
}

type Groups = (Vec<Block>, Vec<Block>, Vec<usize>);

/// Names and details of all services, and the group of each.
fn service_groups(catalogue: &Catalogue) -> Result<Groups> {
    let (mut names, mut details) = (Vec::<Block>::new(), Vec::<Block>::new());
    let mut groups = Vec::new();
    for service in &catalogue.services {
        let block = service_details(service)?;
        let full = |last: &Block| last.size() + block.size() > GROUP;
        if details.last().is_none_or(full) {
            names.push(Block::default());
            details.push(Block::default());
        }
        if let (Some(names), Some(details)) = (names.last_mut(), details.last_mut()) {
            details.append(&block);
            for action in &service.actions {
                names.line(&action.name);
                names.number(action.level);
            }
        }
        groups.push(details.len() - 1);
    }
    Ok((names, details, groups))
}

/// Lists of which each is kept once; the first is empty.
struct Lists(Vec<Vec<usize>>, HashMap<Vec<usize>, usize>);

impl Lists {
    fn new() -> Self {
        Self(vec![Vec::new()], HashMap::from([(Vec::new(), 0)]))
    }

    fn add(&mut self, list: Vec<usize>) -> usize {
        if let Some(id) = self.1.get(&list) {
            return *id;
        }
        self.0.push(list.clone());
        self.1.insert(list, self.0.len() - 1);
        self.0.len() - 1
    }

    /// All but the first.
    fn write(&self, block: &mut Block, width: usize) {
        block.number(self.0.len() - 1);
        for list in self.0.iter().skip(1) {
            block.number(list.len() / width);
            list.iter().for_each(|number| block.number(*number));
        }
    }
}

fn place<'a>(mut names: impl Iterator<Item = &'a String>, name: &str) -> Result<usize> {
    let place = names.position(|known| known.eq_ignore_ascii_case(name));
    Ok(place.ok_or_else(|| format!("{name} is not in its list"))?)
}

fn service_details(service: &Service) -> Result<Block> {
    let mut key_lists = Lists::new();
    let mut keys = |names: &[String]| -> Result<usize> {
        let mut list = Vec::new();
        for name in names {
            list.push(place(service.keys.iter().map(|key| &key.name), name)?);
        }
        list.sort_unstable();
        list.dedup();
        Ok(key_lists.add(list))
    };
    let dependents: BTreeSet<&String> = service
        .actions
        .iter()
        .flat_map(|action| &action.dependents)
        .collect();
    let (mut resource_lists, mut dependent_lists) = (Lists::new(), Lists::new());

    let mut columns = [const { Vec::new() }; 4];
    for found in &service.types {
        columns[0].push(keys(&found.keys)?);
    }
    for action in &service.actions {
        columns[1].push(keys(&action.keys)?);
        let mut list = Vec::new();
        for resource in &action.resources {
            let types = service.types.iter().map(|found| &found.name);
            let found = place(types, &resource.name)?;
            list.push(found * 2 + usize::from(resource.required));
            list.push(keys(&resource.keys)?);
        }
        columns[2].push(resource_lists.add(list));
        let mut list = Vec::new();
        for name in &action.dependents {
            list.push(place(dependents.iter().copied(), name)?);
        }
        columns[3].push(dependent_lists.add(list));
    }

    let mut block = Block::default();
    for key in &service.keys {
        block.line(&key.name);
        block.number(key.kind);
    }
    service
        .keys
        .iter()
        .for_each(|key| block.line(&key.description));
    service.types.iter().for_each(|of| block.line(&of.name));
    service.types.iter().for_each(|of| block.line(&of.arn));
    for action in &service.actions {
        block.line(&action.description);
    }
    block.number(dependents.len());
    dependents.iter().for_each(|name| block.line(name));
    key_lists.write(&mut block, 1);
    resource_lists.write(&mut block, 2);
    dependent_lists.write(&mut block, 1);
    columns
        .iter()
        .flatten()
        .for_each(|number| block.number(*number));
    Ok(block)
}

/// The documents, and their index.
fn policy_groups(catalogue: &Catalogue) -> (Vec<Block>, Block) {
    let mut groups = Vec::<Block>::new();
    let mut index = Block::default();
    index.number(catalogue.policies.len());
    for policy in &catalogue.policies {
        let full = |last: &Block| last.size() + policy.document.len() > DOCUMENTS;
        if groups.last().is_none_or(full) {
            groups.push(Block::default());
        }
        if let Some(last) = groups.last_mut() {
            last.line(&policy.version);
            last.line(&policy.date);
            last.line(&policy.document);
        }
        index.line(&policy.name);
        index.number(groups.len() - 1);
    }
    (groups, index)
}
