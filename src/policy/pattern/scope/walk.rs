//! How two patterns relate, step by step.
//!
//! Whether they have a text in common is seen in a table of how far one can be while the other is
//! so far. Whether one covers the other is seen by following every text of the other, keeping the
//! set of places where the one may be; those sets can be many, so that there is a limit.

use std::collections::HashSet;

use super::super::glob::Step;
use crate::policy::Matched;

/// The most cells of the table.
const CELLS: usize = 1 << 18;
/// The most single moves while following.
const MOVES: usize = 1 << 19;

/// Whether one pattern matches all texts of another, none, or some (or it took too long to say).
pub(super) fn covers(one: &[Step], other: &[Step]) -> Matched {
    let (one, other) = trimmed(one, other);
    if one.len().saturating_mul(other.len()) > CELLS {
        return match differ_at_once(one, other) {
            true => Matched::No,
            false => Matched::Unknown,
        };
    }
    if !have_common(one, other) {
        return Matched::No;
    }
    match Follower::new(one, other).follows() {
        true => Matched::Yes,
        false => Matched::Unknown,
    }
}

/// Both without the characters that they have in common at the beginning and at the end.
fn trimmed<'a>(mut one: &'a [Step], mut other: &'a [Step]) -> (&'a [Step], &'a [Step]) {
    while let ([Step::Char(a), one_rest @ ..], [Step::Char(b), other_rest @ ..]) = (one, other)
        && a == b
    {
        (one, other) = (one_rest, other_rest);
    }
    while let ([one_rest @ .., Step::Char(a)], [other_rest @ .., Step::Char(b)]) = (one, other)
        && a == b
    {
        (one, other) = (one_rest, other_rest);
    }
    (one, other)
}

/// Whether the first or the last characters of trimmed patterns differ.
fn differ_at_once(one: &[Step], other: &[Step]) -> bool {
    let differ = |one: Option<&Step>, other: Option<&Step>| match (one, other) {
        (Some(Step::Char(one)), Some(Step::Char(other))) => one != other,
        _ => false,
    };
    differ(one.first(), other.first()) || differ(one.last(), other.last())
}

/// Whether there is a text that both match.
fn have_common(one: &[Step], other: &[Step]) -> bool {
    if differ_at_once(one, other) {
        return false;
    }
    // `now[j]`: a text may have used up the steps before this one, and `j` of the other.
    let mut now = vec![false; other.len() + 1];
    now[0] = true;
    for (at, step) in one.iter().map(Some).chain([None]).enumerate() {
        let mut next = vec![false; other.len() + 1];
        for j in 0..=other.len() {
            if !now[j] {
                continue;
            }
            let facing = other.get(j);
            // A star may end anywhere.
            if matches!(step, Some(Step::Many { .. })) {
                next[j] = true;
            }
            if matches!(facing, Some(Step::Many { .. })) {
                now[j + 1] = true;
            }
            let (Some(step), Some(facing)) = (step, facing) else {
                continue;
            };
            if !meet(*step, *facing) {
                continue;
            }
            match (step, facing) {
                (Step::Many { .. }, Step::Many { .. }) => {}
                // The star takes what the other stands for, and goes on.
                (Step::Many { .. }, _) => now[j + 1] = true,
                (_, Step::Many { .. }) => next[j] = true,
                _ => next[j + 1] = true,
            }
        }
        if at == one.len() {
            break;
        }
        now = next;
    }
    now[other.len()]
}

/// Whether a character can be what both stand for.
fn meet(one: Step, other: Step) -> bool {
    match (one, other) {
        (Step::Char(sign), step) | (step, Step::Char(sign)) => step.takes(sign),
        _ => true,
    }
}

/// Follows every text of one pattern with another.
struct Follower<'a> {
    /// The pattern that shall match.
    one: &'a [Step],
    /// The pattern whose texts are followed.
    other: &'a [Step],
    /// The characters that make a difference, and one that stands for all the rest.
    letters: Vec<char>,
    moves: usize,
    /// Where the followed text is, and where the follower may be.
    seen: HashSet<(usize, Places)>,
    open: Vec<(usize, Places)>,
}

/// A set of steps, a bit each.
type Places = Box<[u64]>;

impl<'a> Follower<'a> {
    fn new(one: &'a [Step], other: &'a [Step]) -> Self {
        let chars = |steps: &'a [Step]| {
            steps.iter().filter_map(|step| match step {
                Step::Char(sign) => Some(*sign),
                Step::One { .. } | Step::Many { .. } => None,
            })
        };
        let mut letters: Vec<char> = chars(one).chain([':']).collect();
        letters.sort_unstable();
        letters.dedup();
        let rest = ('\0'..).find(|sign| letters.binary_search(sign).is_err());
        letters.extend(rest);
        Self {
            one,
            other,
            letters,
            moves: 0,
            seen: HashSet::new(),
            open: Vec::new(),
        }
    }

    /// Whether the follower can be at its end wherever a text ends. False, too, where it took too
    /// long.
    fn follows(mut self) -> bool {
        let mut start: Places = vec![0; self.one.len() / 64 + 1].into();
        self.put(&mut start, 0);
        self.visit(0, start);
        while let Some((at, places)) = self.open.pop() {
            let step = match self.other.get(at) {
                Some(step) => *step,
                None if has(&places, self.one.len()) => continue,
                None => return false,
            };
            if let Step::Many { .. } = step {
                self.visit(at + 1, places.clone());
            }
            for letter in self.letters_of(step) {
                self.moves += self.one.len() + 1;
                if self.moves > MOVES {
                    return false;
                }
                let after = self.moved(&places, letter);
                if after.iter().all(|word| *word == 0) {
                    // However the text goes on, it goes on without the follower.
                    return false;
                }
                let goes_on = !matches!(step, Step::Many { .. });
                self.visit(at + usize::from(goes_on), after);
            }
        }
        true
    }

    fn letters_of(&self, step: Step) -> Vec<char> {
        match step {
            Step::Char(sign) => vec![sign],
            Step::One { .. } | Step::Many { .. } => {
                let letters = self.letters.iter().copied();
                letters.filter(|letter| step.takes(*letter)).collect()
            }
        }
    }

    fn visit(&mut self, at: usize, places: Places) {
        // In a star at the end, everything is matched whatever comes.
        let is_safe = self.one.last() == Some(&Step::Many { colons: true })
            && has(&places, self.one.len() - 1);
        if !is_safe && self.seen.insert((at, places.clone())) {
            self.open.push((at, places));
        }
    }

    fn moved(&self, places: &Places, letter: char) -> Places {
        let mut after: Places = vec![0; places.len()].into();
        for (at, step) in self.one.iter().enumerate() {
            if has(places, at) && step.takes(letter) {
                let goes_on = !matches!(step, Step::Many { .. });
                self.put(&mut after, at + usize::from(goes_on));
            }
        }
        after
    }

    /// Adds a place, and those behind it that are reached because `*` may stand for nothing.
    fn put(&self, places: &mut Places, mut at: usize) {
        loop {
            places[at / 64] |= 1 << (at % 64);
            match self.one.get(at) {
                Some(Step::Many { .. }) => at += 1,
                _ => return,
            }
        }
    }
}

fn has(places: &Places, at: usize) -> bool {
    places[at / 64] >> (at % 64) & 1 == 1
}
