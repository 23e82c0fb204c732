//! From tree to document.

use super::{
    Condition, Document, Effect, Principal, PrincipalKind, Principals, Statement, Value, Values,
};
use crate::policy::fault::{Fault, FaultKind, excerpt};
use crate::policy::{Cursor, NodeKind, Span, Tree};

const OF_DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
const OF_STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];
const OF_PRINCIPAL: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

pub(super) fn document(tree: &Tree, text: &str) -> Document {
    let mut reader = Reader { faults: Vec::new() };
    let mut document = tree
        .root(text)
        .map(|root| reader.document(root))
        .unwrap_or_default();
    document.faults = tree.faults().to_vec();
    document.faults.append(&mut reader.faults);
    document.faults.sort_by_key(|fault| fault.span);
    let has_variables = matches!(&document.version, Some(version) if version.text == "2012-10-17");
    let faults = &document.faults;
    for statement in &mut document.statements {
        let span = statement.span;
        let next = faults.partition_point(|fault| fault.span.start < span.start);
        statement.is_faulty = faults.get(next).is_some_and(|it| it.span.start < span.end);
        statement.has_variables = has_variables;
    }
    document
}

struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    fn document(&mut self, root: Cursor<'_>) -> Document {
        let mut document = Document {
            span: root.span(),
            ..Document::default()
        };
        if root.kind() != NodeKind::Object {
            self.wrong_type(root, "a policy", "an object");
            return document;
        }
        for (name, member) in members(root) {
            match name.as_ref() {
                "Version" => document.version = self.string(member, "Version"),
                "Id" => document.id = self.string(member, "Id"),
                "Statement" => document.statements = self.statements(member),
                _ => self.unknown(member, &name, &OF_DOCUMENT),
            }
        }
        document
    }

    fn statements(&mut self, value: Cursor<'_>) -> Vec<Statement> {
        match value.kind() {
            NodeKind::Object => vec![self.statement(value)],
            NodeKind::Array => {
                let mut statements = Vec::new();
                for element in value.children() {
                    if element.kind() == NodeKind::Object {
                        statements.push(self.statement(element));
                    } else {
                        self.wrong_type(element, "a statement", "an object");
                    }
                }
                statements
            }
            _ => {
                self.wrong_type(value, "Statement", "an object or a list of objects");
                Vec::new()
            }
        }
    }

    fn statement(&mut self, object: Cursor<'_>) -> Statement {
        let mut statement = Statement {
            span: object.span(),
            ..Statement::default()
        };
        for (name, member) in members(object) {
            match name.as_ref() {
                "Sid" => statement.sid = self.string(member, "Sid"),
                "Effect" => self.effect(member, &mut statement),
                "Principal" => statement.principal = self.principals(member, "Principal"),
                "NotPrincipal" => statement.not_principal = self.principals(member, "NotPrincipal"),
                "Action" => statement.action = self.values(member, "Action"),
                "NotAction" => statement.not_action = self.values(member, "NotAction"),
                "Resource" => statement.resource = self.values(member, "Resource"),
                "NotResource" => statement.not_resource = self.values(member, "NotResource"),
                "Condition" => {
                    statement.condition_span = Some(member.span());
                    statement.conditions = self.conditions(member);
                }
                _ => self.unknown(member, &name, &OF_STATEMENT),
            }
        }
        statement
    }

    fn effect(&mut self, member: Cursor<'_>, statement: &mut Statement) {
        let value = self.string(member, "Effect");
        statement.effect = match value.as_ref().map(|value| value.text.as_str()) {
            Some("Allow") => Some(Effect::Allow),
            Some("Deny") => Some(Effect::Deny),
            Some(other) => {
                self.fault(member.span(), FaultKind::BadEffect(excerpt(other)));
                None
            }
            None => None,
        };
        statement.effect_value = value;
    }

    fn principals(&mut self, member: Cursor<'_>, element: &str) -> Option<Principals> {
        let key = member.node().key?;
        let mut list = Vec::new();
        match member.kind() {
            NodeKind::String => {
                let value = plain(member);
                let kind = if value.text == "*" {
                    PrincipalKind::Any
                } else {
                    let found = excerpt(&value.text);
                    self.fault(member.span(), FaultKind::BadPrincipal(found));
                    PrincipalKind::Other
                };
                list.push(Principal { kind, value });
            }
            NodeKind::Object => {
                for (name, values) in members(member) {
                    let kind = match name.as_ref() {
                        "AWS" => PrincipalKind::Aws,
                        "Service" => PrincipalKind::Service,
                        "Federated" => PrincipalKind::Federated,
                        "CanonicalUser" => PrincipalKind::CanonicalUser,
                        _ => {
                            self.unknown(values, &name, &OF_PRINCIPAL);
                            PrincipalKind::Other
                        }
                    };
                    let values = self.values(values, &name);
                    let values = values.into_iter().flat_map(|values| values.list);
                    list.extend(values.map(|value| Principal { kind, value }));
                }
            }
            _ => {
                self.wrong_type(member, element, "\"*\" or an object");
                return None;
            }
        }
        Some(Principals {
            key,
            span: member.span(),
            list,
        })
    }

    fn conditions(&mut self, member: Cursor<'_>) -> Vec<Condition> {
        let mut conditions = Vec::new();
        if member.kind() != NodeKind::Object {
            self.wrong_type(member, "Condition", "an object");
            return conditions;
        }
        for (name, operator) in members(member) {
            let Some(place) = operator.node().key else {
                continue;
            };
            if operator.kind() != NodeKind::Object {
                self.wrong_type(operator, &name, "an object of condition keys");
                continue;
            }
            for (key, values) in members(operator) {
                let Some(values) = self.condition_values(values, &key) else {
                    continue;
                };
                conditions.push(Condition {
                    span: Span {
                        start: values.key.start,
                        end: values.span.end,
                    },
                    operator: Value {
                        span: place,
                        text: name.as_ref().into(),
                    },
                    key: Value {
                        span: values.key,
                        text: key.as_ref().into(),
                    },
                    values,
                });
            }
        }
        conditions
    }

    /// The values of a condition, which may be numbers and booleans without quotes. A condition
    /// that is no list keeps its place with no value at all: left out, the statement would seem
    /// to ask for less.
    fn condition_values(&mut self, value: Cursor<'_>, key: &str) -> Option<Values> {
        let accepts = |kind| {
            matches!(
                kind,
                NodeKind::String | NodeKind::Number | NodeKind::Bool(_)
            )
        };
        self.list(value, key, "a string, number or boolean", accepts)
    }

    fn values(&mut self, value: Cursor<'_>, element: &str) -> Option<Values> {
        self.list(value, element, "a string or a list of strings", |kind| {
            kind == NodeKind::String
        })
    }

    /// One value or a list of values of the kinds that are accepted.
    fn list(
        &mut self,
        value: Cursor<'_>,
        element: &str,
        expected: &'static str,
        accepts: impl Fn(NodeKind) -> bool,
    ) -> Option<Values> {
        let mut list = Vec::new();
        let mut take = |single: Cursor<'_>| {
            if accepts(single.kind()) {
                list.push(plain(single));
            } else {
                self.wrong_type(single, element, expected);
            }
        };
        if value.kind() == NodeKind::Array {
            value.children().for_each(take);
        } else {
            take(value);
        }
        Some(Values {
            key: value.node().key?,
            span: value.span(),
            list,
        })
    }

    fn string(&mut self, member: Cursor<'_>, element: &str) -> Option<Value> {
        if member.kind() == NodeKind::String {
            return Some(plain(member));
        }
        self.wrong_type(member, element, "a string");
        None
    }

    fn unknown(&mut self, member: Cursor<'_>, name: &str, known: &[&'static str]) {
        let like = |known: &&&str| known.eq_ignore_ascii_case(name);
        let meant = known.iter().find(like).copied();
        let span = member.node().key.unwrap_or_default();
        let name = excerpt(name);
        self.fault(span, FaultKind::UnknownElement { name, meant });
    }

    fn wrong_type(&mut self, value: Cursor<'_>, element: &str, expected: &'static str) {
        // What is no JSON was reported as such.
        if value.kind() != NodeKind::Broken {
            let element = excerpt(element);
            let kind = FaultKind::WrongType { element, expected };
            self.fault(value.span(), kind);
        }
    }

    fn fault(&mut self, span: Span, kind: FaultKind) {
        self.faults.push(Fault { span, kind });
    }
}

/// The members of an object that have a name; the others are a fault of the text.
fn members(object: Cursor<'_>) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, Cursor<'_>)> {
    object
        .children()
        .filter_map(|child| Some((child.key()?, child)))
}

fn plain(cursor: Cursor<'_>) -> Value {
    Value {
        span: cursor.span(),
        text: cursor.text().into(),
    }
}
