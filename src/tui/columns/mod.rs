//! The columns of the lists: what each shows of an entity, and how it sorts.
//!
//! Separate from the drawing. What a cell shows and how it sorts both follow from its [`Value`];
//! the columns of a kind are the rows of a table in [`table`].

mod table;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::theme::Theme;
use super::time::{age, date};
use crate::iam::{Account, Field, Kind};
use crate::policy::{Document, PolicyText, trust_summary};

/// What cells are made from.
pub struct Context<'a> {
    /// The account.
    pub account: &'a Account,
    /// The time from which ages count.
    pub now: Timestamp,
    /// The symbols.
    pub theme: &'a Theme,
    /// The trust policies in a few words each.
    pub trust: &'a TrustCache,
}

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A number of things, where it is known.
    Count(Option<usize>),
    /// A number of policies, and whether a boundary bounds them.
    Policies(Option<usize>, bool),
    /// The time of the last use.
    Used(Field<Option<Timestamp>>),
    /// A date.
    Date(Option<Timestamp>),
    /// The id of a version, such as `v4`.
    Version(&'a str),
    /// What is denied or failed, in that word; else unknown.
    Missing(&'static str),
}

/// How a cell sorts: numbers, texts regardless of case, and the unknown last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// By number.
    Number(i64),
    /// By text.
    Text(String),
    /// After all others.
    Unknown,
}

impl Value<'_> {
    /// The text of the cell.
    pub fn show(&self, context: &Context<'_>) -> String {
        let none = || context.theme.symbols.none.to_owned();
        let count = |n: Option<usize>| n.map_or_else(none, |n| n.to_string());
        match self {
            Self::Text(text) => text.to_string(),
            Self::Count(n) => count(*n),
            Self::Policies(n, true) => count(*n) + " B",
            Self::Policies(n, false) => count(*n),
            Self::Used(Field::Known(Some(at))) => age(*at, context.now),
            Self::Used(Field::Known(None)) => "never".to_owned(),
            Self::Used(field) => word(field).map_or_else(none, str::to_owned),
            Self::Date(at) => at.map_or_else(none, date),
            Self::Version(id) => (*id).to_owned(),
            Self::Missing("") => none(),
            Self::Missing(word) => (*word).to_owned(),
        }
    }

    /// Its place in the order.
    pub fn key(&self) -> SortKey {
        let count = |n: Option<usize>| n.map_or(SortKey::Unknown, |n| SortKey::Number(n as i64));
        match self {
            Self::Text(text) => SortKey::Text(text.to_lowercase()),
            Self::Count(n) | Self::Policies(n, _) => count(*n),
            // The latest first is what people look for in a use; never counts as longest ago.
            Self::Used(Field::Known(at)) => {
                SortKey::Number(at.map_or(i64::MAX, |at| -at.as_second()))
            }
            Self::Date(Some(at)) => SortKey::Number(at.as_second()),
            Self::Version(id) => count(id.trim_start_matches('v').parse().ok()),
            Self::Used(_) | Self::Date(None) | Self::Missing(_) => SortKey::Unknown,
        }
    }
}

/// The word for why a field is not known.
fn word<T>(field: &Field<T>) -> Option<&'static str> {
    match field {
        Field::Denied(_) => Some("denied"),
        Field::Failed(_) => Some("failed"),
        Field::Known(_) | Field::Unknown => None,
    }
}

/// A column.
pub struct Column {
    /// The head.
    pub title: &'static str,
    /// The width below which it is left out.
    pub min: u16,
    /// The width that suits it.
    pub ideal: u16,
    /// Which columns go first when there is no room: 0 never goes.
    pub rank: u8,
    /// Whether its cells stand at its right edge.
    pub right: bool,
    /// The cell of what stands at a position.
    pub value: for<'a> fn(&Context<'a>, usize) -> Value<'a>,
}

/// The columns for a kind.
pub fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::User => table::USERS,
        Kind::Group => table::GROUPS,
        Kind::Role => table::ROLES,
        Kind::Policy => table::POLICIES,
    }
}

/// A short description for each distinct trust policy, made when first asked for.
#[derive(Debug, Default)]
pub struct TrustCache(RefCell<HashMap<*const PolicyText, Summary>>);

/// A text, and it in a few words. The text is kept so that its address cannot come to mean
/// another.
type Summary = (Arc<PolicyText>, Arc<str>);

impl TrustCache {
    /// Who a trust policy trusts, in a few words.
    pub fn summary(&self, text: &Arc<PolicyText>, own: Option<&str>) -> Arc<str> {
        let mut cache = self.0.borrow_mut();
        let (_, words) = cache.entry(Arc::as_ptr(text)).or_insert_with(|| {
            let document = Document::parse(text.as_str());
            (text.clone(), trust_summary(&document, own).into())
        });
        words.clone()
    }
}

/// What the name needs beyond its least width for another column to be there: the rest of a name
/// tells more than one column more.
const MORE_NAME: u16 = 12;

/// Which columns fit into a width, with their widths. A gap of one stands between two. The first
/// column takes what is left over, and gives way last.
pub fn fit(columns: &'static [Column], width: u16) -> Vec<(&'static Column, u16)> {
    let mut chosen: Vec<usize> = (0..columns.len()).collect();
    let minimum = |chosen: &[usize]| {
        chosen
            .iter()
            .map(|&i| columns[i].min + 1)
            .sum::<u16>()
            .saturating_sub(1)
    };
    while chosen.len() > 1 && minimum(&chosen) + MORE_NAME > width {
        let worst = chosen.iter().copied().max_by_key(|&i| columns[i].rank);
        chosen.retain(|&i| Some(i) != worst);
    }
    let mut widths: Vec<u16> = chosen.iter().map(|&i| columns[i].min).collect();
    let mut left = width.saturating_sub(minimum(&chosen));
    for (at, &i) in chosen.iter().enumerate() {
        let more = (columns[i].ideal - columns[i].min).min(left);
        widths[at] += more;
        left -= more;
    }
    if let Some(first) = widths.first_mut() {
        *first += left.min(24);
    }
    chosen
        .into_iter()
        .map(|i| &columns[i])
        .zip(widths)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_every_width_and_the_name_never_goes() {
        for kind in Kind::ALL {
            for width in 1..200 {
                let fitted = fit(columns(kind), width);
                assert_eq!(fitted[0].0.title, "NAME");
                let total: u16 = fitted.iter().map(|(_, w)| w + 1).sum::<u16>() - 1;
                assert!(
                    fitted.len() == 1 || total <= width,
                    "{kind:?} {width} {total}"
                );
            }
            assert!(fit(columns(kind), 20).len() <= 2);
            assert_eq!(fit(columns(kind), 120).len(), columns(kind).len());
        }
    }
}
