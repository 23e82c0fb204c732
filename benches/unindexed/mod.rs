//! The yardstick for questions about everybody: no index, but everything prepared in advance.
//!
//! Each distinct document is read once, and each principal has its policies and the facts of its
//! request at hand. What is left to do is to decide, one principal after the other. It finds the
//! policies of everybody by itself, so that it is also a check of what the index found.

use std::collections::HashMap;
use std::sync::Arc;

use iamscope::access::{
    Decision, Layers, PolicyUse, Prepared, Question, ResourcePolicy, Stated, Terms, decide, pose,
    principal,
};
use iamscope::catalog;
use iamscope::iam::{Account, Field, InlinePolicy};

/// The texts of somebody's policies.
struct Held<'a> {
    arn: &'a str,
    identity: Vec<&'a str>,
    boundary: Option<&'a str>,
}

/// Everybody's policies, each distinct one prepared once.
pub struct Everybody<'a> {
    account: &'a Account,
    list: Vec<Held<'a>>,
    /// By where the text stands: equal texts are shared.
    prepared: HashMap<*const u8, Prepared>,
}

impl<'a> Everybody<'a> {
    /// Prepares the policies of an account of which everything was read.
    pub fn new(account: &'a Account) -> Self {
        let users = account.users().iter().map(|user| {
            let mut identity = Vec::new();
            add(account, &user.attached, &user.inline, &mut identity);
            for name in known(&user.groups) {
                let group = account.group_named(name).expect("the group is there");
                add(account, &group.attached, &group.inline, &mut identity);
            }
            let boundary = known(&user.boundary).as_deref();
            (&*user.arn, identity, boundary)
        });
        let roles = account.roles().iter().map(|role| {
            let mut identity = Vec::new();
            add(account, &role.attached, &role.inline, &mut identity);
            (&*role.arn, identity, known(&role.boundary).as_deref())
        });
        let list = users.chain(roles).map(|(arn, identity, boundary)| Held {
            arn,
            identity,
            boundary: boundary.map(|arn| managed(account, arn)),
        });
        let list: Vec<_> = list.collect();
        let mut prepared = HashMap::new();
        for text in list
            .iter()
            .flat_map(|it| it.identity.iter().chain(&it.boundary))
        {
            let of = || Prepared::of(text, PolicyUse::Identity);
            prepared.entry(text.as_ptr()).or_insert_with(of);
        }
        Self {
            account,
            list,
            prepared,
        }
    }

    /// Prepares a question for everybody.
    pub fn ask(&self, terms: &Terms<'a>, action: &str, resource: &'a str) -> Vec<Question<'a>> {
        let ask = |held: &Held<'_>| {
            let caller = principal(self.account, held.arn).expect("it is there");
            pose(self.account, terms, caller, action, resource).question
        };
        self.list.iter().map(ask).collect()
    }

    /// The trust policy of the role that is asked about, if it is one and is to be assumed.
    pub fn trust(&self, action: &str, resource: &str) -> Option<Prepared> {
        let role = self.account.role(resource);
        let role = role.filter(|_| action.starts_with("sts:"))?;
        let text: &Arc<_> = known(&role.trust);
        Some(Prepared::of(text.as_str(), PolicyUse::Trust))
    }

    /// The policies that bear on everybody's request.
    pub fn layers<'l>(&'l self, trust: Option<&'l Prepared>) -> Vec<Layers<'l>> {
        let stated = |text: &'l str| Stated {
            name: "",
            text,
            policy: self.prepared.get(&text.as_ptr()),
        };
        let resource = trust.map_or(ResourcePolicy::Absent, |policy| {
            ResourcePolicy::Stated(Stated {
                name: "",
                text: "",
                policy: Some(policy),
            })
        });
        let layers = self.list.iter().map(|held| Layers {
            identity: held.identity.iter().map(|text| stated(text)).collect(),
            boundary: held.boundary.map(stated),
            resource,
            ..Layers::default()
        });
        layers.collect()
    }
}

/// Decides for everybody, in order.
pub fn decisions(questions: &[Question<'_>], layers: &[Layers<'_>]) -> Vec<Decision> {
    let all = questions.iter().zip(layers);
    all.map(|(question, layers)| decide(&question.request(), layers).decision)
        .collect()
}

fn add<'a>(
    account: &'a Account,
    attached: &'a Field<Vec<Arc<str>>>,
    inline: &'a Field<Vec<InlinePolicy>>,
    texts: &mut Vec<&'a str>,
) {
    let attached = known(attached).iter().map(|arn| managed(account, arn));
    let inline = known(inline).iter().map(|it| known(&it.document).as_str());
    for text in attached.chain(inline) {
        if !texts.iter().any(|it| std::ptr::eq(*it, text)) {
            texts.push(text);
        }
    }
}

fn managed<'a>(account: &'a Account, arn: &str) -> &'a str {
    let own = account.policy(arn).and_then(|policy| policy.document());
    let of_aws = || {
        catalog::managed_policy(arn)
            .expect("it is there")
            .document()
    };
    own.map_or_else(of_aws, |text| text.as_str())
}

fn known<T>(field: &Field<T>) -> &T {
    field.known().expect("the account was read")
}
