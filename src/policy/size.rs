//! How large a policy is, as IAM counts.
//!
//! White space outside strings does not count, everything else does, in characters. The policies
//! of an organisation are counted as they stand.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>

use super::Span;
use super::lex::{Lexeme, Lexer};

/// The kinds of policies that have a limit of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SizeKind {
    /// A managed policy.
    Managed,
    /// All inline policies of one user together.
    InlineOfUser,
    /// All inline policies of one group together.
    InlineOfGroup,
    /// All inline policies of one role together.
    InlineOfRole,
    /// The trust policy of a role; AWS raises the limit to 4,096 on request.
    Trust,
    /// The policies that are passed with a session, together.
    Session,
    /// A service or resource control policy of an organisation.
    Organization,
}

impl SizeKind {
    /// The most characters.
    pub fn limit(self) -> usize {
        match self {
            Self::Managed => 6_144,
            Self::InlineOfUser | Self::Trust | Self::Session => 2_048,
            Self::InlineOfGroup => 5_120,
            Self::InlineOfRole => 10_240,
            Self::Organization => 5_120,
        }
    }

    /// The number of characters of a policy that count.
    pub fn size(self, text: &str) -> usize {
        if self == Self::Organization {
            return text.chars().count();
        }
        let count = |span: Span| span.of(text).chars().count();
        // What is between two pieces is white space; what is no JSON is counted as it stands.
        let pieces = Lexer::new(text).map(|piece| match piece.lexeme {
            Lexeme::String => count(piece.span),
            _ => {
                let signs = piece.span.of(text).chars();
                signs.filter(|sign| !sign.is_whitespace()).count()
            }
        });
        pieces.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_counts_in_strings_only() {
        for (text, expected) in [
            ("", 0),
            ("{}", 2),
            (" {\n\t\"a b\" : [ 1 , true ] } ", 16),
            ("{\"Sid\":\"é\"}", 11),
            ("{\"a\\n \": 1}", 10),
        ] {
            assert_eq!(SizeKind::Managed.size(text), expected, "{text}");
        }
    }

    #[test]
    fn layout_does_not_change_the_size() {
        let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"a b"}]}"#;
        let pretty = crate::policy::pretty(text);
        for kind in [SizeKind::Managed, SizeKind::Trust, SizeKind::InlineOfRole] {
            assert_eq!(kind.size(text), text.chars().count());
            assert_eq!(kind.size(&pretty), text.chars().count());
        }
        let whole = SizeKind::Organization.size(&pretty);
        assert_eq!(whole, pretty.chars().count(), "but for organisations");
    }
}
