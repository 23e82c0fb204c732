"""Names the cause of a difference, from the case shrunk to what the difference needs.

What is behind each, and who is right, stands in tests/cases/differences.md under the same name.
"""

import re

import shrink

# What AWS's list of services that know resource control policies has, as far as cases ask.
KNOW_RCPS = {"s3", "sts", "kms", "sqs", "secretsmanager", "dynamodb", "ecr", "logs"}


def caller(case):
    arn = case["principal_arn"]
    for part, kind in [
        (":user/", "user"),
        (":assumed-role/", "session"),
        (":role/", "role"),
        (":federated-user/", "federated user"),
        (":root", "root"),
    ]:
        if part in arn:
            return kind
    return "anonymous" if arn == "*" else "service or provider"


def is_service_linked(case):
    arn = case["principal_arn"]
    return "role/aws-service-role/" in arn or "/AWSServiceRoleFor" in arn


class Facts:
    """What a shrunk case holds, at hand for the rules below."""

    def __init__(self, case, ours, theirs):
        self.ours, self.theirs = ours, theirs
        self.caller = caller(case)
        self.action = case["action"].lower()
        self.resource = case.get("resource") or "*"
        self.is_linked = is_service_linked(case)
        self.statements = list(shrink.statements(case))
        self.layers = {layer for layer, _, _ in self.statements}
        self.has_resource_policy = "resource_policy" in self.layers
        self.context = {key.lower(): value for key, value in (case.get("context") or {}).items()}
        self.conditions = [
            (re.sub(r"^For(All|Any)Values?:", "", operator), key.lower(), values)
            for _, _, statement in self.statements
            for operator, key, values in shrink.conditions(statement)
        ]
        self.principals = " ".join(
            str(statement["Principal"]) for _, _, statement in self.statements if "Principal" in statement
        )
        elements = [(statement, policy) for _, policy, statement in self.statements]
        resources = [
            str(statement.get("Resource", statement.get("NotResource", "")))
            for statement, _ in elements
        ]
        self.resources = " ".join(resources)
        # A star ends one of the first five segments of an ARN, or stands for them.
        arns = re.findall(r"arn:[^',\]]*", self.resources)
        self.has_wild_segment = any("*" in ":".join(arn.split(":")[:5]) for arn in arns)
        values = [str(values) for _, _, values in self.conditions]
        self.has_old_variable = any(
            policy.get("Version") != "2012-10-17" and "${" in str(statement)
            for statement, policy in elements
        )
        self.variable_in_resource = "${" in self.resources
        self.variable_in_value = any("${" in it for it in values)
        self.all_values = " ".join([*values, *(str(it) for it in self.context.values())])

    def has(self, element):
        return any(element in statement for _, _, statement in self.statements)

    def operators(self, *beginnings):
        return any(operator.startswith(beginnings) for operator, _, _ in self.conditions)

    def lacks_value(self):
        """Whether a variable stands for a key that the request does not have."""
        text = self.resources + " ".join(str(values) for _, _, values in self.conditions)
        names = re.findall(r"\$\{([^*?$},]+)[},]", text)
        return any(name.strip().lower() not in self.context for name in names)


# The first that holds names the cause.
CAUSES = [
    ("roles are assumed without a trust policy",
     lambda it: it.action.startswith("sts:assumerole") and not it.has_resource_policy
     and it.ours == "implicitDeny" and it.theirs == "allowed"),
    ("the root user",
     lambda it: it.caller == "root" and not it.conditions
     and (it.ours == "allowed" or it.action == "sts:assumerole")),
    ("service-linked roles", lambda it: it.is_linked),
    ("organisation or boundary and callers without an identity",
     lambda it: it.caller in ("service or provider", "anonymous")
     and it.layers & {"scps", "permissions_boundary"}),
    ("RCPs and services that know none",
     lambda it: "rcps" in it.layers
     and (it.action.split(":")[0] not in KNOW_RCPS or it.action == "kms:retiregrant"
          or ":alias/aws/" in it.resource)),
    ("RCPs with another principal than everyone",
     lambda it: any(
         layer == "rcps" and str(statement.get("Principal")) not in ("*", "{'AWS': '*'}")
         for layer, _, statement in it.statements
     )),
    ("SCPs with a principal",
     lambda it: any(layer == "scps" and "Principal" in s for layer, _, s in it.statements)),
    ("NotPrincipal", lambda it: it.has("NotPrincipal") and not it.conditions),
    ("operators that IAM does not know",
     lambda it: it.operators("NullIfExists", "StringNotMatches", "StringMatches")),
    ("variables before version 2012-10-17", lambda it: it.has_old_variable),
    ("${*} and its like", lambda it: re.search(r"\$\{[*?$]\}", it.resources + it.all_values)),
    ("variables without a value in a resource",
     lambda it: it.variable_in_resource and it.lacks_value() and "NotResource" in str(it.statements)),
    ("white space in variables", lambda it: re.search(r"\$\{[^}]*\s\}", it.resources)),
    ("variables in ARNs whose resource has no slash",
     lambda it: it.variable_in_resource and not it.conditions),
    ("variables without a value in a negated operator",
     lambda it: it.variable_in_value and it.lacks_value() and "Not" in str(it.conditions)),
    ("variables with an empty value",
     lambda it: it.variable_in_value and "" in it.context.values()),
    ("wildcards that cross a colon", lambda it: not it.conditions and it.has_wild_segment),
    ("0.0.0.0/0", lambda it: "0.0.0.0/0" in it.all_values),
    ("addresses of the other family, or none", lambda it: it.operators("NotIp", "Ip")),
    ("forms of dates", lambda it: it.operators("Date")),
    ("numbers", lambda it: it.operators("Numeric")),
    ("ARNs in conditions", lambda it: it.operators("Arn")),
    ("lists without a set operator",
     lambda it: it.operators("String", "Bool") and any(isinstance(v, list) for v in it.context.values())),
    ("Null and empty values", lambda it: it.operators("Null")),
    ("line breaks", lambda it: "\n" in it.all_values),
    ("unique ids as principals", lambda it: re.search(r"'A(ID|RO)A[A-Z0-9]+'", it.principals)),
    ("federated users without a session policy",
     lambda it: it.caller == "federated user" and "session_policy" not in it.layers
     and it.theirs == "allowed"),
    ("session policies and direct grants",
     lambda it: it.caller in ("session", "federated user", "role")
     and {"session_policy", "resource_policy"} <= it.layers and it.ours == "allowed"),
    ("kinds of principals",
     lambda it: "Federated" in it.principals and it.ours == "implicitDeny"),
    ("partitions in principals", lambda it: re.search(r"arn:aws-\w+:", it.principals)),
    ("sessions of a role by user id",
     lambda it: it.caller == "role" and "assumed-role" in it.principals),
    ("web identity providers", lambda it: "Federated" in it.principals),
    ("upper and lower case in principals", lambda it: "role/Deploy" in it.principals),
]


def cause(case, ours, theirs):
    """The name of the cause, or the layers and elements of the case where none fits."""
    facts = Facts(case, ours, theirs)
    for name, holds in CAUSES:
        if holds(facts):
            return name
    return f"other: {signature(case)} [{ours} / {theirs}]"


def signature(case):
    said = [caller(case)]
    context = {key.lower() for key in case.get("context") or {}}
    owner = case.get("resource_account")
    if owner and owner not in case["principal_arn"]:
        said.append("cross-account")
    for layer, policy, statement in shrink.statements(case):
        parts = [layer, statement.get("Effect", "?")]
        parts += [name for name in ("NotAction", "NotResource", "NotPrincipal") if name in statement]
        for operator, key, values in shrink.conditions(statement):
            parts.append(f"{operator} {'has' if key.lower() in context else 'lacks'}")
        said.append("(" + " ".join(parts) + ")")
    return " ".join(said)
