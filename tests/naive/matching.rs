//! Wildcards: the plain ones of actions and texts, and the ones of ARNs.

/// One piece of a pattern whose variables have been replaced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    /// This very character.
    Char(char),
    /// `?`: any one character.
    Any,
    /// `*`: any number of characters.
    Star,
}

/// Whether a pattern with `*` and `?` matches the whole text.
/// [reference_policies_elements_condition_operators]
pub fn glob(pattern: &[Piece], text: &[char]) -> bool {
    let mut reached = vec![0];
    for piece in pattern {
        reached = step(&reached, *piece, text, |_| true);
    }
    reached.contains(&text.len())
}

/// The places in a text, in order, to which one more piece of the pattern leads from those that
/// the pieces before it have reached. Sets of places rather than recursion: a pattern of many stars
/// must not take for ever.
fn step(
    reached: &[usize],
    piece: Piece,
    text: &[char],
    wildcard_may_match: impl Fn(char) -> bool,
) -> Vec<usize> {
    let mut next: Vec<usize> = Vec::new();
    for &place in reached {
        let given = text.get(place).copied();
        match piece {
            Piece::Char(letter) if given == Some(letter) => next.push(place + 1),
            Piece::Any if given.is_some_and(&wildcard_may_match) => next.push(place + 1),
            // A place that is there already came with all that the star reaches from it.
            Piece::Star if !next.contains(&place) => {
                next.push(place);
                let rest = text[place..]
                    .iter()
                    .take_while(|letter| wildcard_may_match(**letter));
                next.extend(rest.enumerate().map(|(index, _)| place + index + 1));
            }
            _ => {}
        }
    }
    next
}

/// Whether an action pattern matches the action; neither side's case counts.
/// [reference_policies_elements_action]
pub fn action_matches(pattern: &str, action: &str) -> bool {
    let pieces: Vec<Piece> = pattern
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            '*' => Piece::Star,
            '?' => Piece::Any,
            other => Piece::Char(other),
        })
        .collect();
    glob(&pieces, &chars(&action.to_lowercase()))
}

/// Whether a resource pattern matches a resource.
///
/// In the sixth segment a wildcard matches anything. Before it, a wildcard keeps to its segment,
/// but that a `*` which ends the segment runs across colons.
/// [reference_policies_elements_resource]
pub fn resource_matches(pattern: &[Piece], resource: &[char]) -> bool {
    let colon = Piece::Char(':');
    let mut reached = vec![0];
    let mut segment = 1;
    for (at, piece) in pattern.iter().enumerate() {
        let ends_segment = pattern.get(at + 1).is_none_or(|next| *next == colon);
        let crosses = segment == 6 || (*piece == Piece::Star && ends_segment);
        reached = step(&reached, *piece, resource, |letter| {
            crosses || letter != ':'
        });
        if *piece == colon && segment < 6 {
            segment += 1;
        }
    }
    reached.contains(&resource.len())
}

/// Whether an ARN pattern of a condition matches an ARN: six components each, wildcards within
/// them; a pattern of nothing but `*` matches every value.
/// [reference_policies_elements_condition_operators]
pub fn arn_matches(pattern: &[Piece], arn: &str) -> bool {
    if !pattern.is_empty() && pattern.iter().all(|piece| *piece == Piece::Star) {
        return true;
    }
    let patterns: Vec<&[Piece]> = pattern
        .splitn(6, |piece| *piece == Piece::Char(':'))
        .collect();
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    patterns.len() == 6
        && parts.len() == 6
        && patterns
            .iter()
            .zip(parts)
            .all(|(pattern, part)| glob(pattern, &chars(part)))
}

/// The characters of a text.
pub fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}
