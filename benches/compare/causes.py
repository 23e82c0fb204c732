"""Names the cause of a difference, from the case shrunk to what the difference needs."""

import re
import shrink


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


def cause(case, ours, theirs):
    return signature(case) + f" [{ours} / {theirs}]"


def signature(case):
    said = [caller(case)]
    context = {key.lower() for key in case.get("context") or {}}
    owner = case.get("resource_account")
    if owner and owner not in case["principal_arn"]:
        said.append("cross-account")
    for layer, policy, statement in shrink.statements(case):
        parts = [layer, statement.get("Effect", "?")]
        if policy.get("Version") != "2012-10-17":
            parts.append("old")
        parts += [name for name in ("NotAction", "NotResource", "NotPrincipal") if name in statement]
        text = str(statement.get("Resource", statement.get("NotResource", "")))
        if "${" in text:
            parts.append("resource variable")
        principal = statement.get("Principal")
        if isinstance(principal, dict):
            parts.append("names " + re.sub(r"\d{12}", "A", str(principal)))
        for operator, key, values in shrink.conditions(statement):
            has = "has" if key.lower() in context else "lacks"
            variable = " variable" if "${" in str(values) else ""
            parts.append(f"{operator} {has}{variable}")
        said.append("(" + " ".join(parts) + ")")
    return " ".join(said)
