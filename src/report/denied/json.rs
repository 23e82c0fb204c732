//! Texts that are JSON: events, what was decoded, answers of a service, events of a stack.

use serde_json::Value;

use super::{Denied, DeniedError, decoded, event, of_message};

/// How deep texts of JSON may stand in texts of JSON: CloudTrail puts an event into a string.
const NESTED: usize = 3;

/// Reads a text that is JSON; nothing where it is none.
pub(super) fn read(text: &str) -> Option<Result<Denied, DeniedError>> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    Some(of_value(&value, NESTED))
}

fn of_value(value: &Value, nested: usize) -> Result<Denied, DeniedError> {
    let mut seen = Seen::default();
    seen.look(value, nested);
    let others = seen.events.saturating_sub(1);
    match (seen.best, seen.refused) {
        (Some(mut denied), _) => {
            if others > 0 {
                denied.notes.push(format!(
                    "the text has {others} more events of denied requests: only the first is \
                     explained"
                ));
            }
            Ok(denied)
        }
        (None, Some(why)) => Err(DeniedError::NotDenied(why)),
        (None, None) => Err(DeniedError::NoDenial),
    }
}

/// What was found in some JSON.
#[derive(Default)]
struct Seen {
    best: Option<Denied>,
    /// How many events of denied requests there are.
    events: usize,
    /// Why what looks like the right thing tells of no denial.
    refused: Option<String>,
}

impl Seen {
    /// Looks at a value and what is in it. Its depth is that of a text that was parsed, which has
    /// an end.
    fn look(&mut self, value: &Value, nested: usize) {
        match value {
            Value::Object(members) => {
                if event::is_one(value) {
                    match event::read(value) {
                        Ok(denied) => {
                            self.events += 1;
                            self.offer(denied, true);
                        }
                        Err(why) => drop(self.refused.get_or_insert(why)),
                    }
                } else if decoded::is_one(value) {
                    match decoded::read(value) {
                        Ok(denied) => self.offer(denied, true),
                        Err(why) => drop(self.refused.get_or_insert(why)),
                    }
                } else {
                    members.values().for_each(|it| self.look(it, nested));
                }
            }
            Value::Array(items) => items.iter().for_each(|it| self.look(it, nested)),
            Value::String(text) => self.look_into(text, nested),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn look_into(&mut self, text: &str, nested: usize) {
        let text = text.trim();
        let inner = (nested > 0 && text.starts_with('{'))
            .then(|| serde_json::from_str::<Value>(text).ok())
            .flatten();
        match inner {
            Some(value) => self.look(&value, nested - 1),
            None => {
                if let Some(denied) = of_message(text) {
                    self.offer(denied, false);
                }
            }
        }
    }

    /// Keeps what tells the most; of events, the first.
    fn offer(&mut self, denied: Denied, is_whole: bool) {
        let better = match &self.best {
            None => true,
            Some(_) if is_whole => false,
            Some(best) => denied.weight() > best.weight(),
        };
        if better {
            self.best = Some(denied);
        }
    }
}
