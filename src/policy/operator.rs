//! Condition operators, as
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
//! lists them.

/// A condition operator taken apart, such as `ForAnyValue:StringLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// For keys with several values: which of them must match.
    pub quantifier: Option<Quantifier>,
    /// What is compared, and how.
    pub comparison: Comparison,
    /// Whether a request without the key matches, too.
    pub if_exists: bool,
}

/// Which of a request's values must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// Each of them; true also where there is none.
    ForAllValues,
    /// At least one.
    ForAnyValue,
}

/// What kind of values an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Texts, letter by letter.
    String {
        /// Whether the values may hold `*` and `?`.
        like: bool,
        /// Whether upper and lower case are the same.
        ignore_case: bool,
        /// Whether it holds where nothing matches.
        negated: bool,
    },
    /// Decimal numbers.
    Numeric(Relation),
    /// Points in time.
    Date(Relation),
    /// `true` or `false`.
    Bool,
    /// Bytes, in base64.
    Binary,
    /// Networks.
    Ip {
        /// Whether it holds where nothing matches.
        negated: bool,
    },
    /// ARNs; `ArnEquals` and `ArnLike` mean the same.
    Arn {
        /// Whether it holds where nothing matches.
        negated: bool,
    },
    /// Whether the key is absent.
    Null,
}

/// How two ordered values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Less than, before.
    Less,
    /// At most, not after.
    LessOrEqual,
    /// More than, after.
    Greater,
    /// At least, not before.
    GreaterOrEqual,
}

impl Operator {
    /// Takes an operator apart. None for an operator that IAM does not know, and for
    /// `NullIfExists`, which it refuses.
    pub fn parse(name: &str) -> Option<Self> {
        let (quantifier, name) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, name),
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(rest) => (rest, true),
            None => (name, false),
        };
        let comparison = Comparison::parse(name)?;
        let refused = comparison == Comparison::Null && (if_exists || quantifier.is_some());
        (!refused).then_some(Self {
            quantifier,
            comparison,
            if_exists,
        })
    }
}

impl Comparison {
    fn parse(name: &str) -> Option<Self> {
        if let Some(relation) = name.strip_prefix("Numeric") {
            return Relation::parse(relation).map(Self::Numeric);
        }
        if let Some(relation) = name.strip_prefix("Date") {
            return Relation::parse(relation).map(Self::Date);
        }
        let string = |like, ignore_case, negated| Self::String {
            like,
            ignore_case,
            negated,
        };
        Some(match name {
            "StringEquals" => string(false, false, false),
            "StringNotEquals" => string(false, false, true),
            "StringEqualsIgnoreCase" => string(false, true, false),
            "StringNotEqualsIgnoreCase" => string(false, true, true),
            "StringLike" => string(true, false, false),
            "StringNotLike" => string(true, false, true),
            "Bool" => Self::Bool,
            "BinaryEquals" => Self::Binary,
            "IpAddress" => Self::Ip { negated: false },
            "NotIpAddress" => Self::Ip { negated: true },
            "ArnEquals" | "ArnLike" => Self::Arn { negated: false },
            "ArnNotEquals" | "ArnNotLike" => Self::Arn { negated: true },
            "Null" => Self::Null,
            _ => return None,
        })
    }

    /// Whether it holds where no value matches, a missing key included.
    pub fn is_negated(self) -> bool {
        match self {
            Self::String { negated, .. } | Self::Ip { negated } | Self::Arn { negated } => negated,
            Self::Numeric(relation) | Self::Date(relation) => relation == Relation::NotEqual,
            Self::Bool | Self::Binary | Self::Null => false,
        }
    }
}

impl Relation {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "Equals" => Self::Equal,
            "NotEquals" => Self::NotEqual,
            "LessThan" => Self::Less,
            "LessThanEquals" => Self::LessOrEqual,
            "GreaterThan" => Self::Greater,
            "GreaterThanEquals" => Self::GreaterOrEqual,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_operator_of_the_reference() {
        let mut names = vec!["Bool", "BinaryEquals", "IpAddress", "NotIpAddress"]
            .into_iter()
            .map(String::from)
            .collect::<Vec<_>>();
        for suffix in [
            "Equals",
            "NotEquals",
            "EqualsIgnoreCase",
            "NotEqualsIgnoreCase",
            "Like",
            "NotLike",
        ] {
            names.push(format!("String{suffix}"));
        }
        for suffix in [
            "Equals",
            "NotEquals",
            "LessThan",
            "LessThanEquals",
            "GreaterThan",
            "GreaterThanEquals",
        ] {
            names.extend([format!("Numeric{suffix}"), format!("Date{suffix}")]);
        }
        for suffix in ["Equals", "Like", "NotEquals", "NotLike"] {
            names.push(format!("Arn{suffix}"));
        }
        for name in names {
            let plain = Operator::parse(&name).unwrap();
            assert_eq!(
                plain.comparison.is_negated(),
                name.contains("Not"),
                "{name}"
            );
            let full = Operator::parse(&format!("ForAnyValue:{name}IfExists")).unwrap();
            assert_eq!(full.comparison, plain.comparison);
            assert_eq!(full.quantifier, Some(Quantifier::ForAnyValue));
            assert!(full.if_exists && !plain.if_exists);
        }
        assert!(Operator::parse("Null").is_some());
    }

    #[test]
    fn refuses_what_the_reference_does_not_know() {
        for name in [
            "",
            "StringEqual",
            "NullIfExists",
            "ForAllValues:Null",
            "ForSomeValues:StringLike",
            "NumericLike",
            "IfExists",
            "IpAddressIfExistsIfExists",
        ] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
