//! Lists and names with bounded length.

/// How much a sentence may say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// The items that a list names before it counts the rest.
    pub(super) items: usize,
    /// The characters that one name takes before its middle is left out.
    pub(super) width: usize,
    /// The conditions that are said rather than counted.
    pub(super) conditions: usize,
}

impl Room {
    /// For words that stand alone and may be long.
    pub(super) const WIDE: Self = Self {
        items: 6,
        width: 100,
        conditions: usize::MAX,
    };
}

/// From the most that a sentence says to the least.
pub(super) const ROOMS: [Room; 6] = [
    Room {
        items: 4,
        width: 80,
        conditions: 4,
    },
    Room {
        items: 3,
        width: 56,
        conditions: 2,
    },
    Room {
        items: 2,
        width: 40,
        conditions: 1,
    },
    Room {
        items: 1,
        width: 32,
        conditions: 1,
    },
    Room {
        items: 1,
        width: 32,
        conditions: 0,
    },
    Room {
        items: 1,
        width: 20,
        conditions: 0,
    },
];

/// `a`, `a or b`, `a, b or 9 more`; `none` for an empty list.
pub(super) fn either(
    items: impl ExactSizeIterator<Item = String>,
    none: &str,
    room: &Room,
) -> String {
    list(items, "or", none, room)
}

/// `a`, `a and b`, `a, b and 9 more`; `none` for an empty list.
pub(super) fn all(items: impl ExactSizeIterator<Item = String>, none: &str, room: &Room) -> String {
    list(items, "and", none, room)
}

fn list(
    items: impl ExactSizeIterator<Item = String>,
    join: &str,
    none: &str,
    room: &Room,
) -> String {
    let count = items.len();
    let mut named: Vec<String> = items.take(room.items).collect();
    if count > named.len() {
        named.push(format!("{} more", count - named.len()));
    }
    match named.split_last() {
        None => none.to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {join} {last}", rest.join(", ")),
    }
}

/// A text of the policy in at most `width` characters: control characters are made visible, and
/// the middle of what is too long is left out, as both its ends tell the most.
pub(super) fn visible(text: &str, width: usize) -> String {
    let shown: String = text
        .chars()
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let plain = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect();
    let count = shown.chars().count();
    if count <= width {
        return shown;
    }
    let head = width / 2;
    let tail = width.saturating_sub(head + 1);
    let mut short: String = shown.chars().take(head).collect();
    short.push('…');
    short.extend(shown.chars().skip(count - tail));
    short
}
