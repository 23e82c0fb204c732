//! Finding by letters that stand in this order, whatever stands between them.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The best matches first, at most so many, and how many match in all. What matches equally well
/// stands with the shorter name first, and else in the order in which it came; all match an empty
/// text.
pub(super) fn best<'n, T>(
    text: &str,
    items: impl Iterator<Item = (T, &'n str)>,
    most: usize,
) -> (Vec<T>, usize) {
    if text.is_empty() {
        let mut items: Vec<T> = items.map(|(item, _)| item).collect();
        let total = items.len();
        items.truncate(most);
        return (items, total);
    }
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut config = Config::DEFAULT;
    config.prefer_prefix = true;
    let mut matcher = Matcher::new(config);
    let mut buffer = Vec::new();
    let mut scored = Vec::new();
    for (at, (item, name)) in items.enumerate() {
        let haystack = Utf32Str::new(name, &mut buffer);
        if let Some(score) = pattern.score(haystack, &mut matcher) {
            let same = name.eq_ignore_ascii_case(text);
            scored.push(((Reverse((same, score)), name.len(), at), item));
        }
    }
    let total = scored.len();
    if scored.len() > most {
        scored.select_nth_unstable_by_key(most, |(key, _)| *key);
        scored.truncate(most);
    }
    scored.sort_unstable_by_key(|(key, _)| *key);
    (scored.into_iter().map(|(_, item)| item).collect(), total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_and_the_beginning_come_first() {
        let names = [
            "s3:GetObjectAcl",
            "s3:GetObject",
            "forget:Sobject3",
            "iam:GetRole",
        ];
        let items = || names.iter().map(|name| (*name, *name));
        assert_eq!(
            best("s3:getobj", items(), 9),
            (vec!["s3:GetObject", "s3:GetObjectAcl"], 2)
        );
        assert_eq!(best("s3:GetObjectAcl", items(), 9).0[0], "s3:GetObjectAcl");
        assert_eq!(best("get", items(), 1).1, 4);
        assert_eq!(best("", items(), 2), (vec![names[0], names[1]], 4));
    }
}
