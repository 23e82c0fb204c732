//! Amazon Resource Names, in every partition.

use std::fmt;

/// An AWS partition: a separate world with its own accounts and ARNs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Partition(Box<str>);

impl Partition {
    /// The partition with the given id, such as `aws-us-gov`.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The id as ARNs have it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that a region lies in, by the beginning of its name, as AWS gives them out.
    pub fn of_region(region: &str) -> Self {
        Self::new(match region {
            r if r.starts_with("cn-") => "aws-cn",
            r if r.starts_with("us-gov-") => "aws-us-gov",
            r if r.starts_with("us-iso-") => "aws-iso",
            r if r.starts_with("us-isob-") => "aws-iso-b",
            r if r.starts_with("eu-isoe-") => "aws-iso-e",
            r if r.starts_with("us-isof-") || r.starts_with("eu-isof-") => "aws-iso-f",
            r if r.starts_with("eusc-") => "aws-eusc",
            _ => "aws",
        })
    }

    /// The region in which the partition's global IAM endpoint signs.
    pub fn iam_region(&self) -> &'static str {
        match &*self.0 {
            "aws-cn" => "cn-north-1",
            "aws-us-gov" => "us-gov-west-1",
            "aws-iso" => "us-iso-east-1",
            "aws-iso-b" => "us-isob-east-1",
            "aws-iso-e" => "eu-isoe-west-1",
            "aws-iso-f" => "us-isof-south-1",
            "aws-eusc" => "eusc-de-east-1",
            _ => "us-east-1",
        }
    }
}

impl Default for Partition {
    fn default() -> Self {
        Self::new("aws")
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An ARN taken apart, borrowing from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `aws` or `aws-cn`.
    pub partition: &'a str,
    /// Such as `iam`.
    pub service: &'a str,
    /// Empty for IAM.
    pub region: &'a str,
    /// Twelve digits, or `aws` for AWS managed policies.
    pub account: &'a str,
    /// All that follows, colons included.
    pub resource: &'a str,
}

/// A text that is no ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an ARN (expected arn:partition:service:region:account:resource)")]
pub struct ArnError;

impl<'a> Arn<'a> {
    /// Takes `text` apart.
    ///
    /// # Errors
    /// [`ArnError`] where it lacks the prefix or one of the five colons.
    pub fn parse(text: &'a str) -> Result<Self, ArnError> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().ok_or(ArnError);
        if next()? != "arn" {
            return Err(ArnError);
        }
        Ok(Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        })
    }

    /// The kind of IAM or STS resource, such as `role` or `assumed-role`.
    pub fn resource_type(&self) -> &'a str {
        self.resource.split('/').next().unwrap_or_default()
    }

    /// The name at the end of the path, such as `ci-deploy` of `role/ci/ci-deploy`.
    pub fn name(&self) -> &'a str {
        self.resource.rsplit('/').next().unwrap_or_default()
    }

    /// The path between type and name, with both its slashes, such as `/ci/`.
    pub fn path(&self) -> &'a str {
        match (self.resource.find('/'), self.resource.rfind('/')) {
            (Some(from), Some(to)) => &self.resource[from..=to],
            _ => "/",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_an_arn_apart_in_any_partition() {
        let arn = Arn::parse("arn:aws-cn:iam::111122223333:role/ci/west/deploy").unwrap();
        assert_eq!(arn.partition, "aws-cn");
        assert_eq!(arn.account, "111122223333");
        assert_eq!(arn.resource_type(), "role");
        assert_eq!(arn.path(), "/ci/west/");
        assert_eq!(arn.name(), "deploy");
    }

    #[test]
    fn a_resource_keeps_its_colons() {
        let arn = Arn::parse("arn:aws:logs:eu-west-1:1:log-group:x:*").unwrap();
        assert_eq!(arn.resource, "log-group:x:*");
        assert_eq!(arn.path(), "/");
    }

    #[test]
    fn a_region_tells_its_partition_and_back() {
        for id in ["aws", "aws-cn", "aws-us-gov", "aws-iso-f", "aws-eusc"] {
            let partition = Partition::new(id);
            assert_eq!(Partition::of_region(partition.iam_region()), partition);
        }
        assert_eq!(Partition::of_region("eu-west-1"), Partition::new("aws"));
    }

    #[test]
    fn refuses_what_is_no_arn() {
        for text in [
            "",
            "arn",
            "arn:aws:iam::1",
            "urn:aws:iam::1:user/x",
            "alice",
        ] {
            assert_eq!(Arn::parse(text), Err(ArnError), "{text}");
        }
    }
}
