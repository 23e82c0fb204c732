//! Things by group, one list after the other.

/// Lists of things, by the number of their group.
#[derive(Debug, Clone, Default)]
pub(super) struct Grouped<T> {
    /// Where each list begins, and where the last one ends.
    starts: Vec<u32>,
    things: Vec<T>,
}

impl<T: Copy + Default> Grouped<T> {
    /// Sorts things by group; `of` says the group of each. Those of one group keep their order.
    pub(super) fn new(groups: usize, of: &[u32], things: impl Iterator<Item = T>) -> Self {
        let mut starts = vec![0u32; groups + 1];
        for group in of {
            starts[*group as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![T::default(); of.len()];
        for (group, thing) in of.iter().zip(things) {
            let at = &mut next[*group as usize];
            sorted[*at as usize] = thing;
            *at += 1;
        }
        Self {
            starts,
            things: sorted,
        }
    }

    /// The things of a group.
    pub(super) fn of(&self, group: u32) -> &[T] {
        let at = group as usize;
        &self.things[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_stand_with_their_group_in_order() {
        let grouped = Grouped::new(5, &[2, 0, 2, 3], "abcd".chars());
        let all: Vec<&[char]> = (0..5).map(|group| grouped.of(group)).collect();
        assert_eq!(all, [&['b'][..], &[], &['a', 'c'], &['d'], &[]]);
    }
}
