//! Everything that reads a text, with what must hold of what comes out.

use iamscope::access::{
    Decision, Layer, LayerSays, Layers, Place, PolicyUse, Prepared, ResourcePolicy, Said, Stated,
};
use iamscope::policy::{self, Document, Span, Tree};
use iamscope::report::simulate::Case;
use serde_json::Value;
use serde_json::value::RawValue;

/// Reads a text as a policy, in every way that there is.
pub fn document(text: &str) {
    let tree = Tree::parse(text);
    let spans = tree
        .nodes()
        .iter()
        .flat_map(|node| [Some(node.span), node.key]);
    for span in spans.flatten() {
        check(text, span);
    }
    let document = Document::read(&tree, text);
    for fault in &document.faults {
        check(text, fault.span);
    }
    for statement in &document.statements {
        check(text, statement.span);
        assert!(!policy::describe(statement).is_empty());
        policy::conditions_in_words(statement);
        for condition in &statement.conditions {
            check(text, condition.span);
            check(text, condition.values.span);
        }
    }
    let printed = policy::pretty(text);
    assert!(printed.len() >= policy::SizeKind::Managed.size(text));
    policy::pretty(&printed);
    for used_as in [
        PolicyUse::Identity,
        PolicyUse::Resource,
        PolicyUse::Trust,
        PolicyUse::ResourceControl,
    ] {
        let prepared = Prepared::of(text, used_as);
        for refused in &prepared.refused {
            assert!(!refused.why.to_string().is_empty());
        }
    }
}

#[track_caller]
fn check(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
}

/// An answer. The id is kept as it is: it may be deeper than a reader of values likes.
#[derive(serde::Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    decision: Option<&'a str>,
    error: Option<String>,
}

#[track_caller]
fn read(out: &[u8]) -> Written<'_> {
    let text = || String::from_utf8_lossy(out);
    let written: Written<'_> =
        serde_json::from_slice(out).unwrap_or_else(|why| panic!("{why}: {}", text()));
    assert!(!written.id.get().is_empty());
    written
}

/// Answers a line as `simulate` does; gives the number of places that the answer names.
pub fn line(bytes: &[u8]) -> usize {
    let mut out = Vec::new();
    let case = match Case::read(bytes) {
        Ok(case) => case,
        Err(error) => {
            error.write(1, &mut out).unwrap();
            assert!(read(&out).error.is_some());
            return 0;
        }
    };
    let answer = case.answer(true);
    answer.write(&mut out).unwrap();
    let written = read(&out);
    assert!(bytes.contains(&b'\n') || out.iter().filter(|it| **it == b'\n').count() == 1);
    assert_eq!(written.decision, Some(answer.decision().as_str()));
    assert_eq!(case.answer(false).decision(), answer.decision());
    let question = case.question();
    let explanation = question.explain();
    assert_eq!(explanation.verdict.decision, answer.decision());
    let denies = |says: &LayerSays| says.said == Said::Denies && !says.because.is_empty();
    let is_denied = answer.decision() == Decision::ExplicitDeny;
    assert_eq!(explanation.layers.iter().any(denies), is_denied);
    let layers = question.layers();
    let mut places = 0;
    for says in &explanation.layers {
        let near = says.near.iter().map(|near| &near.place);
        for place in says.because.iter().chain(&says.may_deny).chain(near) {
            let stated = policies(&layers, place.layer);
            let mut named = stated.iter().filter(|it| it.name == place.policy);
            assert!(named.any(|it| is_true(place, it.text)), "{place:?}");
            places += 1;
        }
    }
    places
}

/// The policies of a layer.
fn policies<'a>(layers: &'a Layers<'a>, layer: Layer) -> Vec<&'a Stated<'a>> {
    let level = |levels: &'a Option<Vec<Vec<Stated<'a>>>>, at: usize| {
        let levels = levels.iter().flatten();
        levels.skip(at).take(1).flatten().collect()
    };
    match (layer, &layers.resource) {
        (Layer::Identity, _) => layers.identity.iter().collect(),
        (Layer::Boundary, _) => layers.boundary.iter().collect(),
        (Layer::Session, _) => layers.session.iter().collect(),
        (Layer::Resource, ResourcePolicy::Stated(policy)) => vec![policy],
        (Layer::Resource, _) => Vec::new(),
        (Layer::Scp(at), _) => level(&layers.scps, at),
        (Layer::Rcp(at), _) => level(&layers.rcps, at),
    }
}

/// Whether a place is one of this text: where the text is JSON without a name twice, its pointer
/// leads to the value under its span.
fn is_true(place: &Place, text: &str) -> bool {
    let Some(there) = text.get(place.span.range()) else {
        return false;
    };
    if there != place.text {
        return false;
    }
    let is_valid = Document::parse(text).faults.is_empty();
    match serde_json::from_str::<Value>(text) {
        Ok(policy) if is_valid => {
            let there: Value = serde_json::from_str(there).unwrap();
            policy.pointer(&place.pointer) == Some(&there)
        }
        _ => true,
    }
}
