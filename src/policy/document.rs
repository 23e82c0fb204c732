//! A policy document with its types: what IAM's grammar says, with the place of every part.
//!
//! Reading never fails. What has the wrong type or an unknown name is left out and reported; the
//! rest is there. The grammar is AWS's:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

mod read;

use compact_str::CompactString;

use super::{Fault, Span, Tree};

/// A policy document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The whole object; empty where the text has none.
    pub span: Span,
    /// The version of the language.
    pub version: Option<Value>,
    /// The document's own name, of use in resource policies only.
    pub id: Option<Value>,
    /// The statements in their order.
    pub statements: Vec<Statement>,
    /// What is wrong with the text, as JSON and as a policy, in its order.
    pub faults: Vec<Fault>,
}

/// A value, decoded, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The place of the value, quotes included.
    pub span: Span,
    /// The text: without quotes and escapes; numbers and booleans as written.
    pub text: CompactString,
}

/// A value or list of values of one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// The place of the element's name, quotes included.
    pub key: Span,
    /// The place of the value or the whole list.
    pub span: Span,
    /// The values in their order.
    pub list: Vec<Value>,
}

/// One statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// The whole object.
    pub span: Span,
    /// The statement's name.
    pub sid: Option<Value>,
    /// What the statement does; none where the element is missing or says neither.
    pub effect: Option<Effect>,
    /// The `Effect` element as written.
    pub effect_value: Option<Value>,
    /// Whom it is for, in a resource or trust policy.
    pub principal: Option<Principals>,
    /// Whom it is not for.
    pub not_principal: Option<Principals>,
    /// The actions.
    pub action: Option<Values>,
    /// All actions but these.
    pub not_action: Option<Values>,
    /// The resources.
    pub resource: Option<Values>,
    /// All resources but these.
    pub not_resource: Option<Values>,
    /// The conditions, all of which must hold.
    pub conditions: Vec<Condition>,
    /// The whole `Condition` element, where there is one.
    pub condition_span: Option<Span>,
    /// Whether `${…}` is a variable here: under version 2012-10-17 only, else it is plain text
    /// (`reference_policies_elements_version`).
    pub has_variables: bool,
    /// Whether a fault lies in it, so that it may mean less or more than what could be read.
    pub is_faulty: bool,
}

impl Statement {
    /// The places of its elements and of the values in them, always in the same order: the same
    /// statement laid out in another way has as many, each for the same.
    fn places(&self) -> Vec<Span> {
        let mut places = Vec::new();
        let principals = [&self.principal, &self.not_principal];
        for list in principals.into_iter().flatten() {
            places.push(list.span);
            places.extend(list.list.iter().map(|it| it.value.span));
        }
        let lists = [
            &self.action,
            &self.not_action,
            &self.resource,
            &self.not_resource,
        ];
        let conditions = self.conditions.iter().map(|it| &it.values);
        for list in lists.into_iter().flatten().chain(conditions) {
            places.push(list.span);
            places.extend(list.list.iter().map(|it| it.span));
        }
        places
    }

    /// Where in another layout of this statement stands what stands at a place of this one.
    pub fn place_in(&self, other: &Self, place: Span) -> Option<Span> {
        let at = self.places().iter().position(|it| *it == place)?;
        other.places().get(at).copied()
    }
}

/// What a statement does when it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Allow, unless something denies.
    Allow,
    /// Deny, whatever allows.
    Deny,
}

/// A `Principal` or `NotPrincipal` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principals {
    /// The place of the element's name, quotes included.
    pub key: Span,
    /// The place of the whole value.
    pub span: Span,
    /// The principals in their order.
    pub list: Vec<Principal>,
}

/// One principal of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The kind that it stands under.
    pub kind: PrincipalKind,
    /// The principal as written: an ARN, an account id, a service, `*`.
    pub value: Value,
}

impl Principal {
    /// Whether it is everyone. `{"AWS": "*"}` means the same as `*` alone
    /// (`reference_policies_elements_principal`, "All principals").
    pub fn is_anyone(&self) -> bool {
        self.value.text == "*" && matches!(self.kind, PrincipalKind::Any | PrincipalKind::Aws)
    }
}

/// The kinds of principals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// A bare `"*"`.
    Any,
    /// `AWS`: an account, user, role, session or unique id.
    Aws,
    /// `Service`: an AWS service.
    Service,
    /// `Federated`: a web identity or SAML provider.
    Federated,
    /// `CanonicalUser`: an account by its canonical id, in S3 policies.
    CanonicalUser,
    /// A kind that IAM does not know; reported as a fault.
    Other,
}

/// One key of one operator in a `Condition` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The place of the key with its values.
    pub span: Span,
    /// The operator as written, such as `ForAnyValue:StringLike`.
    pub operator: Value,
    /// The condition key, such as `aws:SourceIp`.
    pub key: Value,
    /// The values, any of which may match. An empty list matches nothing.
    pub values: Values,
}

impl Document {
    /// Reads a text.
    pub fn parse(text: &str) -> Self {
        Self::read(&Tree::parse(text), text)
    }

    /// Reads a tree. `text` must be the text that the tree was read from.
    pub fn read(tree: &Tree, text: &str) -> Self {
        read::document(tree, text)
    }
}

impl Statement {
    /// The statement's name, where it has one that is not empty.
    pub fn name(&self) -> Option<&str> {
        let sid = self.sid.as_ref()?;
        (!sid.text.is_empty()).then_some(sid.text.as_str())
    }
}

impl Values {
    /// The texts of the values.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|value| value.text.as_str())
    }
}

#[cfg(test)]
mod tests;
