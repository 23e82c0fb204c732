//! A statement in one plain English sentence.
//!
//! A sentence may be vague where the room is short ("and 9 more"); it never says less or more
//! than the statement does.

mod actions;
mod conditions;
mod keys;
mod resources;
mod words;

use super::{Effect, Principals, Statement, Trustee};
use words::{ROOMS, Room, either, visible};

/// The characters that a sentence takes at most, unless single names in it are longer.
const LONGEST: usize = 160;

/// Says in one sentence what a statement does.
pub fn describe(statement: &Statement) -> String {
    let mut sentence = String::new();
    for room in &ROOMS {
        sentence = whole(statement, room);
        if sentence.chars().count() <= LONGEST {
            break;
        }
    }
    sentence
}

/// Says each condition of a statement in words. All of them must hold.
pub fn conditions_in_words(statement: &Statement) -> Vec<String> {
    conditions::clauses(statement, &Room::WIDE)
        .into_iter()
        .map(|clause| clause.text)
        .collect()
}

fn whole(statement: &Statement, room: &Room) -> String {
    let mut sentence = match contradiction(statement) {
        Some(pair) => format!("Not valid: it has both {pair} and Not{pair}"),
        None => effect(statement) + &content(statement, room),
    };
    if statement.is_faulty {
        sentence.push_str(" (parts of it cannot be read)");
    }
    sentence
}

/// The element that is there in both its forms, which IAM refuses.
fn contradiction(statement: &Statement) -> Option<&'static str> {
    let it = statement;
    if it.action.is_some() && it.not_action.is_some() {
        return Some("Action");
    }
    if it.resource.is_some() && it.not_resource.is_some() {
        return Some("Resource");
    }
    (it.principal.is_some() && it.not_principal.is_some()).then_some("Principal")
}

fn effect(statement: &Statement) -> String {
    match (statement.effect, &statement.effect_value) {
        (Some(Effect::Allow), _) => "Allow ".to_owned(),
        (Some(Effect::Deny), _) => "Deny ".to_owned(),
        (None, None) => "No effect, for none is given: ".to_owned(),
        (None, Some(value)) => {
            let found = visible(&value.text, 20);
            format!("No effect, for {found} is neither Allow nor Deny: ")
        }
    }
}

fn content(statement: &Statement, room: &Room) -> String {
    let who = who(statement, room);
    let on = resources::in_words(statement, room);
    let mut text = match who {
        Some(who) => {
            let verb = actions::as_verb(statement, room);
            match statement.effect {
                Some(Effect::Deny) => format!("{who} the right to {verb}{on}"),
                _ => format!("{who} to {verb}{on}"),
            }
        }
        None => actions::as_object(statement, room) + &on,
    };
    text.push_str(&conditions::as_suffix(statement, room));
    if statement.not_principal.is_some() && statement.effect == Some(Effect::Allow) {
        // `reference_policies_elements_notprincipal`: to be used with Deny only.
        text.push_str(" (never works: NotPrincipal is for Deny)");
    }
    text
}

fn who(statement: &Statement, room: &Room) -> Option<String> {
    let in_words = |principals: &Principals| {
        let names = principals.list.iter().map(|principal| {
            let words = Trustee::of(principal).in_words();
            visible(&words, room.width)
        });
        either(names, "nobody", room)
    };
    if let Some(principals) = &statement.principal {
        return Some(in_words(principals));
    }
    let principals = statement.not_principal.as_ref()?;
    Some(format!("everyone but {}", in_words(principals)))
}

#[cfg(test)]
mod tests;
