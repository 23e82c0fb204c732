//! What somebody may have meant who mistyped a name.

use super::action::Action;
use super::service::Service;
use super::{services, store};

/// The services whose prefix is nearest to a mistyped one, at most `count`, the nearest first.
pub fn nearest_services(typo: &str, count: usize) -> Vec<Service> {
    let typo = Typo::new(typo);
    let far = typo.limit();
    let near = services().filter_map(|service| {
        let distance = typo.distance(service.prefix());
        (distance <= far).then_some((distance, service))
    });
    first(near.collect(), count)
}

/// The actions whose full name is nearest to a mistyped one, at most `count`, the nearest first.
/// Service and action may both be wrong, or the service may be missing.
pub fn nearest_actions(typo: &str, count: usize) -> Vec<Action> {
    let (prefix, name) = match typo.split_once(':') {
        Some((prefix, name)) => (Some(Typo::new(prefix)), Typo::new(name)),
        None => (None, Typo::new(typo)),
    };
    let far = name.limit();
    let mut near = Vec::new();
    for service in services() {
        // Another service with just this action may be meant, however different its prefix is,
        // but after all that is similar.
        let (apart, similar) = match &prefix {
            Some(prefix) => {
                let apart = prefix.distance(service.prefix());
                (apart, apart <= prefix.limit())
            }
            None => (0, true),
        };
        let names = store::names(service.id()).iter().zip(service.actions());
        for (known, action) in names {
            let distance = name.distance(known);
            if distance == 0 || similar && distance <= far {
                // Where all else is the same, the oldest services have the shortest prefixes.
                let length = service.prefix().len();
                near.push(((!similar, distance + apart, distance, length), action));
            }
        }
    }
    first(near, count)
}

/// The names that are nearest to a mistyped one, at most `count`, the nearest first.
pub fn nearest<'a>(typo: &str, names: impl Iterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let typo = Typo::new(typo);
    let far = typo.limit();
    let near = names.filter_map(|name| {
        let distance = typo.distance(name);
        (distance <= far).then_some((distance, name))
    });
    first(near.collect(), count)
}

fn first<D: Ord + Copy, T: Ord + Copy>(mut near: Vec<(D, T)>, count: usize) -> Vec<T> {
    near.sort_unstable();
    near.truncate(count);
    near.into_iter().map(|(_, found)| found).collect()
}

/// A mistyped name, made ready to be compared with many: the letters that stand at each place, a
/// bit a place.
struct Typo {
    places: [u64; 128],
    length: usize,
}

impl Typo {
    /// Takes the first 64 letters; few names are longer.
    fn new(text: &str) -> Self {
        let mut places = [0; 128];
        let mut length = 0;
        for byte in text.bytes().take(64) {
            if let Some(places) = places.get_mut(usize::from(byte.to_ascii_lowercase())) {
                *places |= 1 << length;
            }
            length += 1;
        }
        Self { places, length }
    }

    /// How many mistakes are likely in a name of this length.
    fn limit(&self) -> usize {
        self.length.div_ceil(4).min(4)
    }

    /// How many letters must be added, taken away, replaced, or swapped with their neighbour to
    /// make `name`; the case does not count.
    ///
    /// This is Hyyrö's algorithm ("A Bit-Vector Algorithm for Computing Levenshtein and Damerau
    /// Edit Distances", 2003), which handles a column of the usual table at once: `up` and `down`
    /// are the places where it rises and falls.
    fn distance(&self, name: &str) -> usize {
        let Some(last) = self.length.checked_sub(1) else {
            return name.len();
        };
        let (mut up, mut down) = (u64::MAX, 0_u64);
        let (mut diagonal, mut before) = (0_u64, 0_u64);
        let mut distance = self.length;
        for byte in name.bytes() {
            let letter = usize::from(byte.to_ascii_lowercase());
            let same = self.places.get(letter).copied().unwrap_or(0);
            let swapped = ((!diagonal & same) << 1) & before;
            diagonal = swapped | ((same & up).wrapping_add(up) ^ up) | same | down;
            let (right, left) = (down | !(diagonal | up), diagonal & up);
            distance += (right >> last & 1) as usize;
            distance -= (left >> last & 1) as usize;
            let right = right << 1 | 1;
            up = left << 1 | !(diagonal | right);
            down = diagonal & right;
            before = same;
        }
        distance
    }
}
