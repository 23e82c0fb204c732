//! What a message says against what the policies say: where the two differ, and what that can
//! mean.
//!
//! AWS names one reason of several: an explicit deny before all, and of the kinds of policies that
//! do not allow, the one that it came upon first. So that another layer denies here, too, is no
//! contradiction.

use serde::Serialize;

use super::{PolicyKind, Reason};
use crate::access::{
    Asked, Assumption, CallerKind, Decision, Layer, LayerSays, Place, Said, is_assume_role,
};
use crate::report::words::policy_in_words;

/// How the message and the answer go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreement {
    /// The policies say what the message says.
    Agrees,
    /// They may: it hangs on what nobody has said, or on policies that were not loaded.
    Open,
    /// They say otherwise.
    Differs,
}

/// How the message and the answer go together, and what that can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How they go together.
    pub agreement: Agreement,
    /// What can be said about it, a sentence each.
    pub findings: Vec<String>,
}

impl Comparison {
    /// Holds the reason of a message against an answer.
    pub fn new(reason: Option<&Reason>, asked: &Asked<'_>) -> Self {
        let compared = Compared { asked };
        let (agreement, findings) = match reason {
            Some(reason) => match reason.kind {
                Some(kind) => compared.with_kind(kind, reason),
                None => compared.without_kind(reason),
            },
            None => compared.without_reason(),
        };
        let mut comparison = Self {
            agreement,
            findings,
        };
        if agreement != Agreement::Agrees {
            compared.what_else(agreement, &mut comparison.findings);
        }
        comparison
    }
}

struct Compared<'a> {
    asked: &'a Asked<'a>,
}

type Found = (Agreement, Vec<String>);

impl Compared<'_> {
    fn decision(&self) -> Decision {
        self.asked.explanation.verdict.decision
    }

    fn layers(&self) -> &[LayerSays] {
        &self.asked.explanation.layers
    }

    fn layers_of(&self, kind: PolicyKind) -> Vec<&LayerSays> {
        let is_trust = is_assume_role(&self.asked.posed.question.action);
        let is_it = |says: &&LayerSays| match (kind, says.layer) {
            (PolicyKind::Identity, Layer::Identity)
            | (PolicyKind::Boundary, Layer::Boundary)
            | (PolicyKind::Session, Layer::Session)
            | (PolicyKind::Scp, Layer::Scp(_))
            | (PolicyKind::Rcp, Layer::Rcp(_)) => says.said != Said::DoesNotBind,
            (PolicyKind::Resource, Layer::Resource) => true,
            (PolicyKind::Trust, Layer::Resource) => is_trust,
            _ => false,
        };
        self.layers().iter().filter(is_it).collect()
    }

    fn assumes(&self, is: impl Fn(&Assumption) -> bool) -> bool {
        self.asked.posed.assumptions.iter().any(is)
    }

    fn without_reason(&self) -> Found {
        match self.decision() {
            Decision::ExplicitDeny | Decision::ImplicitDeny => (
                Agreement::Agrees,
                vec!["the message gives no reason; the policies deny the request".to_owned()],
            ),
            Decision::Conditional => (Agreement::Open, vec![UNMET.to_owned()]),
            Decision::Allowed => (
                Agreement::Differs,
                vec!["the message gives no reason; the policies allow the request".to_owned()],
            ),
        }
    }

    /// The message says whether a statement denies, and not where it stands.
    fn without_kind(&self, reason: &Reason) -> Found {
        let decision = self.decision();
        match (reason.is_explicit, decision) {
            (true, Decision::ExplicitDeny) | (false, Decision::ImplicitDeny) => {
                (Agreement::Agrees, Vec::new())
            }
            (true, _) if self.layers().iter().any(|it| it.denies_if.is_some()) => {
                (Agreement::Open, vec![MAY_DENY.to_owned()])
            }
            (false, Decision::Conditional) => (Agreement::Open, vec![UNMET.to_owned()]),
            (_, Decision::Allowed) => (
                Agreement::Differs,
                vec!["the policies allow the request".to_owned()],
            ),
            (true, _) => (
                Agreement::Differs,
                vec!["no statement here denies the request".to_owned()],
            ),
            (false, _) => (Agreement::Differs, vec![DENIED_INSTEAD.to_owned()]),
        }
    }

    fn with_kind(&self, kind: PolicyKind, reason: &Reason) -> Found {
        let layers = self.layers_of(kind);
        if layers.is_empty() {
            return (Agreement::Open, vec![self.not_loaded(kind)]);
        }
        let (mut agreement, mut findings) = match reason.is_explicit {
            true => denying(kind, &layers),
            false => self.allowing(kind, &layers),
        };
        if let Some(policy) = &reason.policy
            && let Some((is_among, finding)) = named(kind, policy, &layers)
        {
            findings.push(finding);
            if !is_among {
                agreement = Agreement::Differs;
            }
        }
        if agreement != Agreement::Agrees {
            findings.extend(self.denied_elsewhere(kind));
        }
        (agreement, findings)
    }

    /// Which statements deny here, of other policies than the message speaks of.
    fn denied_elsewhere(&self, kind: PolicyKind) -> Option<String> {
        let own = self.layers_of(kind);
        let is_other = |says: &&LayerSays| own.iter().all(|it| it.layer != says.layer);
        let denies = |says: &&LayerSays| says.said == Said::Denies;
        let layers = self.layers().iter().filter(is_other).filter(denies);
        let mut policies: Vec<String> = layers
            .flat_map(|says| &says.because)
            .map(|place| policy_in_words(&place.policy))
            .collect();
        policies.sort_unstable();
        policies.dedup();
        let policies = policies.join(", ");
        (!policies.is_empty()).then(|| format!("here it is denied by {policies}"))
    }

    /// The message says that no policy of a kind allows.
    fn allowing(&self, kind: PolicyKind, layers: &[&LayerSays]) -> Found {
        if self.decision() == Decision::ExplicitDeny {
            return (Agreement::Differs, vec![DENIED_INSTEAD.to_owned()]);
        }
        if layers.iter().any(|it| it.said == Said::Silent) {
            return (Agreement::Agrees, Vec::new());
        }
        if layers.iter().any(|it| it.said == Said::MayAllow) {
            let finding = format!(
                "{} allows it only if more is met: where the message is right, it was not",
                kind.with_article()
            );
            return (Agreement::Open, vec![finding]);
        }
        let finding = format!("here the {} allows it", kind.name());
        (Agreement::Differs, vec![finding])
    }

    /// The policies that the message speaks of are none of those that were asked.
    fn not_loaded(&self, kind: PolicyKind) -> String {
        match kind {
            PolicyKind::Scp | PolicyKind::Rcp => {
                match self.assumes(|it| *it == Assumption::NoOrganization) {
                    true => format!(
                        "no organisation was loaded, so that no {} was asked: --organization \
                         FILE brings them",
                        kind.name()
                    ),
                    false => format!(
                        "the organisation has no {} that binds this request, as far as is known",
                        kind.name()
                    ),
                }
            }
            PolicyKind::Session => "the policy that was passed with the session is not known: \
                                    --session-policy FILE brings it"
                .to_owned(),
            PolicyKind::Boundary => {
                "the principal has no permissions boundary here: it may have been taken away since"
                    .to_owned()
            }
            PolicyKind::Resource => "the resource's policy was not asked: none is known \
                                     (--resource-policy FILE brings it)"
                .to_owned(),
            PolicyKind::Trust => "no trust policy was asked: the role is not known here \
                                  (--resource-policy FILE brings its trust policy)"
                .to_owned(),
            PolicyKind::VpcEndpoint => "policies of VPC endpoints are not read and not asked: see \
                                        `aws ec2 describe-vpc-endpoints`"
                .to_owned(),
            PolicyKind::Identity => {
                "the principal has no policies of its own here, or they are another account's"
                    .to_owned()
            }
        }
    }

    /// What may explain that the answer is another.
    fn what_else(&self, agreement: Agreement, findings: &mut Vec<String>) {
        let question = &self.asked.posed.question;
        if agreement == Agreement::Differs && !findings.iter().any(|it| it.contains("since")) {
            findings.push("the policies may have been changed since the request".to_owned());
        }
        let mut missing = |is: bool, what: &str| {
            let what = what.to_owned();
            if is && !findings.iter().any(|it| it.contains(option(&what))) {
                findings.push(what);
            }
        };
        missing(
            self.assumes(|it| *it == Assumption::NoOrganization),
            "an organisation's policies may deny it: --organization FILE",
        );
        missing(
            matches!(question.caller.kind, CallerKind::Session { .. })
                && question.session.is_none(),
            "the session may have been started with a policy of its own: --session-policy FILE",
        );
        missing(
            self.assumes(|it| matches!(it, Assumption::NoResourcePolicy(_))),
            "the resource may have a policy: --resource-policy FILE",
        );
    }
}

const UNMET: &str = "whether it is allowed hangs on what stands under \"Only if\" and \"Only on\": \
                     --context says what the request had";
const MAY_DENY: &str = "whether a statement denies it hangs on the request: see what \"may deny\" \
                        above; --context says what the request had";
const DENIED_INSTEAD: &str = "a statement here denies it, which AWS would have named first: it is \
                              newer than the message, or hangs on what the request did not have";

/// The option that a sentence names.
fn option(text: &str) -> &str {
    let words = text.split([' ', '(', ')']);
    words
        .into_iter()
        .find(|it| it.starts_with("--"))
        .unwrap_or(text)
}

/// The message says that a statement denies.
fn denying(kind: PolicyKind, layers: &[&LayerSays]) -> Found {
    if layers.iter().any(|it| it.said == Said::Denies) {
        return (Agreement::Agrees, Vec::new());
    }
    if layers.iter().any(|it| it.denies_if.is_some()) {
        return (Agreement::Open, vec![MAY_DENY.to_owned()]);
    }
    let silent = layers.iter().any(|it| it.said == Said::Silent);
    let finding = match (kind, silent) {
        // AWS used to call it an explicit deny where the SCPs of a level just do not allow.
        (PolicyKind::Scp, true) => {
            let finding = "no statement of the SCPs denies it, but on one level none allows it, \
                           which messages call so, too";
            return (Agreement::Agrees, vec![finding.to_owned()]);
        }
        (_, _) => format!("no statement of {} here denies it", kind.with_article()),
    };
    (Agreement::Differs, vec![finding])
}

/// Whether the policy that the message names is one of those that deny here.
fn named(kind: PolicyKind, policy: &str, layers: &[&LayerSays]) -> Option<(bool, String)> {
    // The ARNs of an organisation's policies have their ids, which are not known here.
    if matches!(kind, PolicyKind::Scp | PolicyKind::Rcp) {
        return None;
    }
    let is_it = |place: &&Place| {
        let name = place.policy.as_str();
        name == policy || name.rsplit([' ', '/']).next() == Some(policy)
    };
    let has_it = |it: &&LayerSays| it.because.iter().chain(&it.may_deny).any(|it| is_it(&it));
    let is_among = layers.iter().any(has_it);
    let policy = policy_in_words(policy);
    let finding = match is_among {
        true => format!("the message names {policy}, which is among those that deny here"),
        false => format!(
            "the message names {policy}, which has no statement here that denies it: it may have \
             been changed or detached since"
        ),
    };
    Some((is_among, finding))
}
