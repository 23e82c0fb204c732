//! What a document names that can be followed, and whether a text mentions a word.

use compact_str::CompactString;

use super::arn::{ArnParts, is_account, is_pattern, is_unique_id};
use super::{Document, Span, Statement, Value};

/// The name of an IAM entity in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The place of the string, quotes included.
    pub span: Span,
    /// The statement that it is in, from zero.
    pub statement: usize,
    /// What it names.
    pub kind: LinkKind,
    /// The name as written: an ARN, an account id or a unique id.
    pub text: CompactString,
}

/// What a link names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// A whole account.
    Account,
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
    /// A session of a role: `assumed-role/ROLE/SESSION`, the role without its path.
    Session,
    /// A managed policy.
    Policy,
    /// An instance profile.
    InstanceProfile,
    /// A web identity provider.
    OidcProvider,
    /// A SAML provider.
    SamlProvider,
    /// Whatever has this unique id, as `AROA…`.
    UniqueId,
}

/// The links of a document, in the order of its text. Patterns and variables name no single
/// thing and are none.
pub fn links(document: &Document) -> Vec<Link> {
    let mut links = Vec::new();
    for (index, statement) in document.statements.iter().enumerate() {
        principals(statement, index, &mut links);
        let resources = [&statement.resource, &statement.not_resource];
        for value in resources.into_iter().flatten().flat_map(|it| &it.list) {
            push(value, of_arn(&value.text), index, &mut links);
        }
        for value in statement.conditions.iter().flat_map(|it| &it.values.list) {
            push(value, of_arn(&value.text), index, &mut links);
        }
    }
    links.sort_by_key(|link| link.span);
    links
}

fn principals(statement: &Statement, index: usize, links: &mut Vec<Link>) {
    let elements = [&statement.principal, &statement.not_principal];
    for principal in elements.into_iter().flatten().flat_map(|it| &it.list) {
        let text = principal.value.text.as_str();
        let kind = if is_account(text) {
            Some(LinkKind::Account)
        } else if is_unique_id(text) {
            Some(LinkKind::UniqueId)
        } else {
            of_arn(text)
        };
        push(&principal.value, kind, index, links);
    }
}

fn push(value: &Value, kind: Option<LinkKind>, statement: usize, links: &mut Vec<Link>) {
    if let Some(kind) = kind {
        links.push(Link {
            span: value.span,
            statement,
            kind,
            text: value.text.clone(),
        });
    }
}

fn of_arn(text: &str) -> Option<LinkKind> {
    if is_pattern(text) {
        return None;
    }
    let arn = ArnParts::of(text)?;
    if !is_account(arn.account) && arn.account != "aws" {
        return None;
    }
    let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
    if arn.service == "iam" && arn.resource == "root" {
        return Some(LinkKind::Account);
    }
    if name.is_empty() {
        return None;
    }
    Some(match (arn.service, kind) {
        ("iam", "user") => LinkKind::User,
        ("iam", "group") => LinkKind::Group,
        ("iam", "role") => LinkKind::Role,
        ("iam", "policy") => LinkKind::Policy,
        ("iam", "instance-profile") => LinkKind::InstanceProfile,
        ("iam", "oidc-provider") => LinkKind::OidcProvider,
        ("iam", "saml-provider") => LinkKind::SamlProvider,
        ("sts", "assumed-role") => LinkKind::Session,
        _ => return None,
    })
}

/// Whether `text` has `needle` in it, ASCII letters in either case. An empty needle is in all.
pub fn mentions(text: &str, needle: &str) -> bool {
    const BLOCK: usize = 64;
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let Some(signs) = signs(needle) else {
        return true;
    };
    if needle.len() > text.len() {
        return false;
    }
    let starts = text.len() - needle.len() + 1;
    let [first, second] = signs.map(|at| (&text[at..at + starts], fold(needle[at])));
    let (blocks, others) = (first.0.chunks(BLOCK), second.0.chunks(BLOCK));
    for (index, (block, other)) in blocks.zip(others).enumerate() {
        let fits = |(one, two): (&u8, &u8)| (fold(*one) == first.1) & (fold(*two) == second.1);
        // Without a branch a byte: a block is passed in a few vector instructions.
        let pairs = || block.iter().zip(other);
        if !pairs().fold(false, |any, pair| any | fits(pair)) {
            continue;
        }
        for (at, pair) in pairs().enumerate() {
            let start = index * BLOCK + at;
            let found = || text[start..start + needle.len()].eq_ignore_ascii_case(needle);
            if fits(pair) && found() {
                return true;
            }
        }
    }
    false
}

/// Upper and lower case of a letter as one byte; other bytes may share one, which costs a look.
fn fold(byte: u8) -> u8 {
    byte | 0x20
}

/// The places of the two bytes of a needle that policies have least.
fn signs(needle: &[u8]) -> Option<[usize; 2]> {
    // Folded, the commonest first, as counted in AWS managed policies. What is not here is rarer.
    const COMMON: &[u8] = b"e\"satiroc:nl,dugmpfwb{}*kvy-h2/zq13.xj07$5";
    let rank = |at: &usize| {
        let place = COMMON.iter().position(|it| *it == fold(needle[*at]));
        place.unwrap_or(COMMON.len())
    };
    let first = (0..needle.len()).max_by_key(rank)?;
    let others = (0..needle.len()).filter(|at| *at != first);
    Some([first, others.max_by_key(rank).unwrap_or(first)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_what_names_one_iam_thing() {
        let text = r#"{"Statement":[
            {"Principal":{"AWS":["111122223333","arn:aws:iam::1:root","arn:aws:iam::333344445555:root",
                "arn:aws:iam::111122223333:role/ci/deploy","AIDAEXAMPLEID1234567","*"],
              "Federated":"arn:aws:iam::111122223333:saml-provider/okta","Service":"ec2.amazonaws.com"},
             "Condition":{"ArnEquals":{"iam:PolicyARN":["arn:aws:iam::aws:policy/ReadOnlyAccess",
                "arn:aws:iam::aws:policy/*"]},"StringEquals":{"aws:SourceAccount":"111122223333"}}},
            {"Resource":["arn:aws-cn:iam::111122223333:user/x","arn:aws:iam::111122223333:user/${aws:username}",
                "arn:aws:iam::*:role/x","arn:aws:s3:::b","arn:aws:sts::111122223333:assumed-role/r/s",
                "arn:aws:iam::111122223333:role/"],
             "NotResource":"arn:aws:iam::111122223333:group/g"}]}"#;
        let links = links(&Document::parse(text));
        let found: Vec<_> = links
            .iter()
            .map(|link| (link.kind, link.text.as_str(), link.statement))
            .collect();
        use LinkKind::*;
        assert_eq!(
            found,
            [
                (Account, "111122223333", 0),
                (Account, "arn:aws:iam::333344445555:root", 0),
                (Role, "arn:aws:iam::111122223333:role/ci/deploy", 0),
                (UniqueId, "AIDAEXAMPLEID1234567", 0),
                (
                    SamlProvider,
                    "arn:aws:iam::111122223333:saml-provider/okta",
                    0
                ),
                (Policy, "arn:aws:iam::aws:policy/ReadOnlyAccess", 0),
                (User, "arn:aws-cn:iam::111122223333:user/x", 1),
                (Session, "arn:aws:sts::111122223333:assumed-role/r/s", 1),
                (Group, "arn:aws:iam::111122223333:group/g", 1),
            ]
        );
        for link in &links {
            assert_eq!(link.span.of(text), format!("\"{}\"", link.text));
        }
    }

    #[test]
    fn a_mention_is_found_anywhere_and_in_any_case() {
        let long = format!("{}iam:PassRole{}", "x-".repeat(500), "é".repeat(70));
        for (text, needle, expected) in [
            ("iam:PassRole", "passrole", true),
            ("iam:PassRole", "IAM:PASSROLE", true),
            ("iam:PassRole", "passroles", false),
            ("iam:PassRole", "e", true),
            ("", "", true),
            ("", "a", false),
            ("abc", "", true),
            (long.as_str(), "PassRole", true),
            (long.as_str(), "ROLEé", true),
            (long.as_str(), "roleÉ", false),
            (long.as_str(), "x-i", true),
            ("a{b", "A[B", false),
            ("@@`", "@`", true),
        ] {
            assert_eq!(mentions(text, needle), expected, "{needle} in {text}");
        }
    }

    #[test]
    fn a_mention_agrees_with_the_plain_search_at_every_place() {
        let text: String = (0..300u32)
            .map(|n| char::from(b'a' + (n * n % 23) as u8))
            .collect();
        for start in 0..text.len() {
            for len in [1, 2, 5, 64, 65, 130] {
                let Some(needle) = text.get(start..start + len) else {
                    continue;
                };
                assert!(mentions(&text, &needle.to_uppercase()));
                let other = needle.replace('a', "z");
                assert_eq!(mentions(&text, &other), text.contains(&other));
            }
        }
    }
}
