//! Condition keys in words.

use super::words::visible;

/// The keys that have a word for the clause `the word is …`, in lower case.
const NOUNS: [(&str, &str); 43] = [
    ("aws:sourceip", "the source address"),
    ("aws:vpcsourceip", "the source address in the VPC"),
    ("aws:sourcevpc", "the source VPC"),
    ("aws:sourcevpce", "the VPC endpoint"),
    ("aws:requestedregion", "the region"),
    ("aws:principalarn", "the caller"),
    ("aws:principalaccount", "the caller's account"),
    ("aws:principalorgid", "the caller's organization"),
    (
        "aws:principalorgpaths",
        "the caller's place in the organization",
    ),
    ("aws:principaltype", "the caller's type"),
    ("aws:principalservicename", "the calling service"),
    ("aws:userid", "the caller's id"),
    ("aws:username", "the caller's user name"),
    ("aws:federatedprovider", "the caller's identity provider"),
    ("aws:multifactorauthage", "the age of the MFA in seconds"),
    ("aws:multifactorauthpresent", "MFA present"),
    ("aws:securetransport", "TLS"),
    (
        "aws:tokenissuetime",
        "the time of the session's credentials",
    ),
    ("aws:currenttime", "the time"),
    ("aws:epochtime", "the time"),
    ("aws:resourceaccount", "the resource's account"),
    ("aws:resourceorgid", "the resource's organization"),
    (
        "aws:resourceorgpaths",
        "the resource's place in its organization",
    ),
    ("aws:sourcearn", "the source"),
    ("aws:sourceaccount", "the source's account"),
    ("aws:sourceorgid", "the source's organization"),
    ("aws:sourceidentity", "the source identity"),
    (
        "aws:calledvia",
        "the list of services it was called through",
    ),
    (
        "aws:calledviafirst",
        "the first service it was called through",
    ),
    (
        "aws:calledvialast",
        "the last service it was called through",
    ),
    ("aws:tagkeys", "the request's list of tag keys"),
    ("aws:useragent", "the user agent"),
    ("aws:referer", "the referer"),
    ("sts:externalid", "the external id"),
    ("sts:rolesessionname", "the session's name"),
    ("sts:sourceidentity", "the source identity"),
    ("iam:passedtoservice", "the service it is passed to"),
    ("iam:associatedresourcearn", "the resource it is passed to"),
    ("iam:permissionsboundary", "the boundary"),
    ("iam:policyarn", "the policy"),
    ("iam:awsservicename", "the role's service"),
    ("kms:viaservice", "the service that calls KMS"),
    ("s3:prefix", "the prefix"),
];

/// A key in words, as a subject; a key that has none as written.
pub(super) fn noun(key: &str, width: usize) -> String {
    // Key names have no case (`reference_policies_elements_condition`).
    let lower = key.to_ascii_lowercase();
    if let Some((_, noun)) = NOUNS.iter().find(|(known, _)| *known == lower) {
        return (*noun).to_owned();
    }
    if let Some((prefix, tag)) = key.split_once('/') {
        let lower = prefix.to_ascii_lowercase();
        let whose = match lower.as_str() {
            "aws:principaltag" => Some("the caller's tag"),
            "aws:requesttag" => Some("the request's tag"),
            _ if lower.ends_with(":resourcetag") => Some("the resource's tag"),
            _ => None,
        };
        if let Some(whose) = whose
            && !tag.is_empty()
        {
            return format!("{whose} {}", visible(tag, width));
        }
    }
    match key.rsplit_once(':') {
        // A web identity's claims: the provider stands before the claim.
        Some((provider, claim)) if provider.contains('.') => visible(claim, width),
        _ => visible(key, width),
    }
}

/// One of the values of a key that has several, in words.
pub(super) fn value_of(key: &str, width: usize) -> String {
    match key.to_ascii_lowercase().as_str() {
        "aws:tagkeys" => "tag key of the request".to_owned(),
        "aws:calledvia" => "service it was called through".to_owned(),
        _ => format!("value of {}", noun(key, width)),
    }
}

/// What a key that is true or false says when it is the one or the other.
pub(super) fn truth(key: &str, value: bool, width: usize) -> String {
    let lower = key.to_ascii_lowercase();
    let (yes, no) = match lower.as_str() {
        "aws:multifactorauthpresent" => ("MFA is present", "MFA is known to be absent"),
        "aws:securetransport" => ("the request uses TLS", "the request does not use TLS"),
        "aws:viaawsservice" => (
            "an AWS service makes the request for the caller",
            "the caller makes the request directly",
        ),
        "aws:principalisawsservice" => (
            "the caller is an AWS service",
            "the caller is no AWS service",
        ),
        _ => return format!("{} is {value}", noun(key, width)),
    };
    if value { yes } else { no }.to_owned()
}
