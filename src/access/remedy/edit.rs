//! The text of a policy with steps applied.
//!
//! What comes out is only asked, never shown, so that the order of its members does not matter.

use serde_json::{Map, Value, json};

use super::{Element, Except, Step};

/// The text of a policy that has no statement yet.
pub(super) const EMPTY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// A policy's text after these steps, all of which must be about it. None where one of them cannot
/// be made there.
pub(super) fn edited<'s>(text: &str, steps: impl Iterator<Item = &'s Step>) -> Option<String> {
    let mut document: Value = serde_json::from_str(text).ok()?;
    for step in steps {
        match step {
            Step::Meet(_) => {}
            Step::Add { statement, .. } => add(&mut document, statement)?,
            Step::Widen {
                spot,
                element,
                value,
            } => widen(statement(&mut document, spot.statement)?, *element, value)?,
            Step::NarrowDeny { spot, except } => {
                narrow(statement(&mut document, spot.statement)?, except)?;
            }
            Step::RemoveDeny { spot } => {
                // About no action it says nothing, and the others keep their numbers.
                let statement = statement(&mut document, spot.statement)?;
                statement.remove("NotAction");
                statement.insert("Action".to_owned(), json!([]));
            }
        }
    }
    Some(document.to_string())
}

/// A statement by its number; what is no statement does not count.
fn statement(document: &mut Value, at: usize) -> Option<&mut Map<String, Value>> {
    match document.get_mut("Statement")? {
        Value::Object(only) if at == 0 => Some(only),
        Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).nth(at),
        _ => None,
    }
}

fn add(document: &mut Value, statement: &str) -> Option<()> {
    let statement: Value = serde_json::from_str(statement).ok()?;
    let members = document.as_object_mut()?;
    let list = members.entry("Statement").or_insert(json!([]));
    match list {
        Value::Array(list) => list.push(statement),
        Value::Object(_) => *list = json!([list.take(), statement]),
        _ => return None,
    }
    Some(())
}

/// Puts a value into a list that may be a single value, or not there yet.
fn put(members: &mut Map<String, Value>, name: &str, value: &str) -> Option<()> {
    let list = members.entry(name).or_insert(json!([]));
    match list {
        Value::Array(list) => list.push(json!(value)),
        Value::String(_) => *list = json!([list.take(), value]),
        _ => return None,
    }
    Some(())
}

fn widen(statement: &mut Map<String, Value>, element: Element, value: &str) -> Option<()> {
    match element {
        Element::Action => put(statement, "Action", value),
        Element::Resource => put(statement, "Resource", value),
        Element::Principal(kind) => {
            let principals = statement.get_mut("Principal")?.as_object_mut()?;
            put(principals, kind, value)
        }
    }
}

fn narrow(statement: &mut Map<String, Value>, except: &Except) -> Option<()> {
    match except {
        Except::Principal { operator, key, arn } => {
            let conditions = statement.entry("Condition").or_insert(json!({}));
            let keys = conditions.as_object_mut()?.entry(operator.as_str());
            put(keys.or_insert(json!({})).as_object_mut()?, key, arn)
        }
        Except::Resource(resource) => {
            // It was `*`, which nothing is left of.
            statement.remove("Resource");
            put(statement, "NotResource", resource)
        }
        Except::Action(action) => {
            let list = statement.get_mut("Action")?.as_array_mut()?;
            let is_other = |it: &Value| !is_same(it, action);
            list.retain(is_other);
            Some(())
        }
    }
}

fn is_same(value: &Value, action: &str) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| text.eq_ignore_ascii_case(action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::explain::Layer;
    use crate::access::remedy::{Home, Spot};

    fn spot(statement: usize) -> Spot {
        Spot {
            home: Home {
                layer: Layer::Identity,
                policy: "p".into(),
                is_new: false,
                others: None,
            },
            statement,
            sid: None,
        }
    }

    fn after(text: Value, step: Step) -> Option<Value> {
        let text = edited(&text.to_string(), std::iter::once(&step))?;
        serde_json::from_str(&text).ok()
    }

    #[test]
    fn a_single_value_becomes_a_list_and_what_is_no_statement_does_not_count() {
        let widen = |statement| Step::Widen {
            spot: spot(statement),
            element: Element::Resource,
            value: "b".into(),
        };
        let one = json!({"Statement": {"Resource": "a"}});
        let more = json!({"Statement": {"Resource": ["a", "b"]}});
        assert_eq!(after(one.clone(), widen(0)), Some(more));
        assert_eq!(after(one, widen(1)), None);
        let list = json!({"Statement": [7, {"Resource": ["a"]}]});
        let more = json!({"Statement": [7, {"Resource": ["a", "b"]}]});
        assert_eq!(after(list, widen(0)), Some(more));
    }

    #[test]
    fn an_exception_takes_the_place_of_all_resources() {
        let except = |except| Step::NarrowDeny {
            spot: spot(0),
            except,
        };
        let all = json!({"Statement": [{"Resource": "*"}]});
        let some = json!({"Statement": [{"NotResource": ["b"]}]});
        assert_eq!(after(all, except(Except::Resource("b".into()))), Some(some));
        let plain = json!({"Statement": [{"Condition": {"ArnNotEquals": {"k": "a"}}}]});
        let more = json!({"Statement": [{"Condition": {"ArnNotEquals": {"k": ["a", "b"]}}}]});
        let principal = Except::Principal {
            operator: "ArnNotEquals".into(),
            key: "k".into(),
            arn: "b".into(),
        };
        assert_eq!(after(plain, except(principal)), Some(more));
    }

    #[test]
    fn what_is_taken_out_moves_no_other() {
        let two = json!({"Statement": [{"NotAction": "a"}, {"Action": "b"}]});
        let left = json!({"Statement": [{"Action": []}, {"Action": "b"}]});
        assert_eq!(after(two, Step::RemoveDeny { spot: spot(0) }), Some(left));
    }
}
