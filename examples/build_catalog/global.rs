//! Global condition keys: names and types from the package, the sentences are our own.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use super::Result;
use super::model::Key;
use super::services::kind;

const SENTENCES: [(&str, &str); 59] = [
    (
        "aws:AssumedRoot",
        "Whether the session comes from sts:AssumeRoot",
    ),
    (
        "aws:CalledVia",
        "The services through which the request was made, in their order",
    ),
    (
        "aws:CalledViaAWSMCP",
        "The AWS MCP server through which the request was made",
    ),
    (
        "aws:CalledViaFirst",
        "The first of the services through which the request was made",
    ),
    (
        "aws:CalledViaLast",
        "The last of the services through which the request was made",
    ),
    (
        "aws:ChatbotSourceArn",
        "The chat configuration that the session was made for",
    ),
    ("aws:CurrentTime", "The time of the request"),
    (
        "aws:Ec2InstanceSourcePrivateIPv4",
        "The private address of the instance that the role's credentials were given to",
    ),
    (
        "aws:Ec2InstanceSourceVpc",
        "The VPC of the instance that the role's credentials were given to",
    ),
    (
        "aws:EpochTime",
        "The time of the request; can be compared as a date or as seconds since 1970",
    ),
    (
        "aws:FederatedProvider",
        "The identity provider that vouched for the principal",
    ),
    (
        "aws:IsMcpServiceAction",
        "Whether the action is one of an AWS MCP server",
    ),
    (
        "aws:MultiFactorAuthAge",
        "The seconds since the principal's multi-factor authentication; absent without one",
    ),
    (
        "aws:MultiFactorAuthPresent",
        "Whether the temporary credentials came with multi-factor authentication; absent with long-term credentials",
    ),
    ("aws:PrincipalAccount", "The account of the principal"),
    (
        "aws:PrincipalArn",
        "The ARN of the principal; of a role session, that of the role",
    ),
    (
        "aws:PrincipalIsAWSService",
        "Whether an AWS service itself makes the request",
    ),
    (
        "aws:PrincipalOrgID",
        "The organization of the principal's account",
    ),
    (
        "aws:PrincipalOrgPaths",
        "The path of the principal's account in its organization",
    ),
    (
        "aws:PrincipalServiceName",
        "The name of the AWS service that itself makes the request",
    ),
    (
        "aws:PrincipalServiceNamesList",
        "All names of the AWS service that itself makes the request",
    ),
    (
        "aws:PrincipalTag/${TagKey}",
        "A tag of the principal: of the user, the role or the session",
    ),
    (
        "aws:PrincipalType",
        "What the principal is: Account, User, FederatedUser, AssumedRole or Anonymous",
    ),
    ("aws:RequestTag/${TagKey}", "A tag that the request carries"),
    (
        "aws:RequestedRegion",
        "The region that the request was sent to",
    ),
    ("aws:ResourceAccount", "The account that owns the resource"),
    (
        "aws:ResourceOrgID",
        "The organization of the account that owns the resource",
    ),
    (
        "aws:ResourceOrgPaths",
        "The path of the account that owns the resource in its organization",
    ),
    ("aws:ResourceTag/${TagKey}", "A tag of the resource"),
    (
        "aws:SecureTransport",
        "Whether the request was sent over TLS",
    ),
    (
        "aws:SourceAccount",
        "The account on whose behalf an AWS service makes the request",
    ),
    (
        "aws:SourceArn",
        "The resource on whose behalf an AWS service makes the request",
    ),
    (
        "aws:SourceIdentity",
        "The source identity that was set when the role was assumed",
    ),
    (
        "aws:SourceIp",
        "The public address that the request comes from; absent through a VPC endpoint",
    ),
    (
        "aws:SourceOrgID",
        "The organization on whose behalf an AWS service makes the request",
    ),
    (
        "aws:SourceOrgPaths",
        "The path in its organization of the account on whose behalf an AWS service makes the request",
    ),
    (
        "aws:SourceOwner",
        "The account that owns the resource on whose behalf an AWS service makes the request; older than aws:SourceAccount",
    ),
    (
        "aws:SourceVpc",
        "The VPC that the request comes from, through a VPC endpoint",
    ),
    (
        "aws:SourceVpcArn",
        "The ARN of the VPC that the request comes from, through a VPC endpoint",
    ),
    (
        "aws:SourceVpce",
        "The VPC endpoint that the request comes through",
    ),
    (
        "aws:TagKeys",
        "The keys of the tags that the request carries",
    ),
    (
        "aws:TokenIssueTime",
        "When the temporary credentials were issued",
    ),
    (
        "aws:UserAgent",
        "What the client calls itself; easily forged",
    ),
    (
        "aws:ViaAWSMCPService",
        "Whether an AWS MCP server makes the request with the principal's permissions",
    ),
    (
        "aws:ViaAWSService",
        "Whether an AWS service makes the request with the principal's permissions",
    ),
    (
        "aws:VpcSourceIp",
        "The private address that the request comes from, through a VPC endpoint",
    ),
    (
        "aws:VpceAccount",
        "The account that owns the VPC endpoint that the request comes through",
    ),
    (
        "aws:VpceOrgID",
        "The organization of the account that owns the VPC endpoint",
    ),
    (
        "aws:VpceOrgPaths",
        "The path in its organization of the account that owns the VPC endpoint",
    ),
    (
        "aws:referer",
        "The page that the browser says it came from; easily forged",
    ),
    (
        "aws:userid",
        "The unique id of the principal; of a role session, with its name after a colon",
    ),
    (
        "aws:username",
        "The name of the IAM user; absent for all else",
    ),
    (
        "ec2:RoleDelivery",
        "The version of the instance metadata service that gave out the credentials",
    ),
    (
        "ec2:SourceInstanceArn",
        "The instance that the role's credentials were given to",
    ),
    (
        "glue:CredentialIssuingService",
        "The service that the credentials were issued for; glue.amazonaws.com for a job",
    ),
    (
        "glue:RoleAssumedBy",
        "The service that assumed the role; glue.amazonaws.com for a job",
    ),
    (
        "identitystore:UserId",
        "The user of IAM Identity Center for whom the session was made",
    ),
    (
        "lambda:SourceFunctionArn",
        "The function that the role's credentials were given to",
    ),
    (
        "ssm:SourceInstanceArn",
        "The instance that Systems Manager gave the role's credentials to",
    ),
];

/// Reads the keys from the script that lists them: it is no JSON, but has a field a line.
pub fn keys(script: &str) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    let mut name = None;
    for line in script.lines() {
        let Some((field, value)) = line.trim().split_once(": '") else {
            continue;
        };
        let value = value.split('\'').next().unwrap_or_default();
        match (field, name.take()) {
            ("key", None) => name = Some(value.replace("/tag-key", "/${TagKey}")),
            ("type", Some(name)) => {
                let sentence = SENTENCES.iter().find(|(known, _)| *known == name);
                let (_, sentence) = sentence.ok_or_else(|| format!("write a sentence: {name}"))?;
                keys.push(Key {
                    kind: kind(value)?,
                    name,
                    description: (*sentence).to_owned(),
                });
            }
            (_, kept) => name = kept,
        }
    }
    if keys.is_empty() {
        return Err("no global condition keys in the script".into());
    }
    keys.sort_by_key(|key: &Key| key.name.to_ascii_lowercase());
    Ok(keys)
}
