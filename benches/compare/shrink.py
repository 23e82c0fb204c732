"""Makes a case smaller as long as something about it holds."""

import copy
import json

# What says nothing to an evaluator.
NOTES = ("rule", "why", "expect", "id")

# What a case can do without.
OPTIONAL = (
    "permissions_boundary",
    "scps",
    "rcps",
    "resource_policy",
    "session_policy",
    "identity_policies",
    "resource_account",
)

# What a statement can do without; the others it must have.
ELEMENTS = ("Condition", "Sid")


def policies(case):
    """The policies of a case, with the layer of each."""
    for named in case.get("identity_policies") or []:
        yield "identity", named["policy"]
    for layer in ("permissions_boundary", "session_policy", "resource_policy"):
        if case.get(layer):
            yield layer, case[layer]
    for layer in ("scps", "rcps"):
        for level in case.get(layer) or []:
            for policy in level:
                yield layer, policy


def statements(case):
    """The statements of a case, each with its layer and policy."""
    for layer, policy in policies(case):
        if isinstance(policy, dict):
            found = policy.get("Statement", [])
            for statement in found if isinstance(found, list) else [found]:
                if isinstance(statement, dict):
                    yield layer, policy, statement


def conditions(statement):
    """Operator, key and values of each condition."""
    condition = statement.get("Condition")
    for operator, keys in (condition if isinstance(condition, dict) else {}).items():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            yield operator, key, values if isinstance(values, list) else [values]


def asks_for(case, key):
    """Whether a policy of the case mentions a key."""
    return any(key.lower() in json.dumps(policy).lower() for _, policy in policies(case))


def messages(details):
    """Every error in the details of a refusal."""
    if isinstance(details, list):
        for it in details:
            if isinstance(it, dict) and "message" in it:
                yield it
            else:
                yield from messages(it)
    elif isinstance(details, dict):
        for it in details.values():
            yield from messages(it)


def smaller(case):
    """Each way to make the case one step smaller, the large steps first."""

    def without(change):
        other = copy.deepcopy(case)
        change(other)
        return other

    for name in OPTIONAL:
        if case.get(name) is not None:
            yield without(lambda it: it.pop(name))
    for name in ("identity_policies", "scps", "rcps"):
        for at in range(len(case.get(name) or [])):
            yield without(lambda it: it[name].pop(at))
    for name in ("scps", "rcps"):
        for level, list_ in enumerate(case.get(name) or []):
            for at in range(len(list_)):
                yield without(lambda it: it[name][level].pop(at))
    for number, (_, policy) in enumerate(policies(case)):
        found = policy.get("Statement") if isinstance(policy, dict) else None
        for at in range(len(found) if isinstance(found, list) and len(found) > 1 else 0):
            yield without(lambda it: list(policies(it))[number][1]["Statement"].pop(at))
    for key in case.get("context") or {}:
        yield without(lambda it: it["context"].pop(key))
    for key, value in (case.get("context") or {}).items():
        for at in range(len(value) if isinstance(value, list) and len(value) > 1 else 0):
            yield without(lambda it: it["context"][key].pop(at))
    for number, (_, policy, statement) in enumerate(statements(case)):
        own = lambda it: list(statements(it))[number][2]
        for element in ELEMENTS:
            if element in statement:
                yield without(lambda it: own(it).pop(element))
        for operator, key, values in conditions(statement):
            keys = statement["Condition"][operator]
            if len(keys) > 1:
                yield without(lambda it: own(it)["Condition"][operator].pop(key))
            elif len(statement["Condition"]) > 1:
                yield without(lambda it: own(it)["Condition"].pop(operator))
            for at in range(len(values) if len(values) > 1 else 0):
                yield without(lambda it: own(it)["Condition"][operator][key].pop(at))
        for element in ("Action", "NotAction", "Resource", "NotResource"):
            values = statement.get(element)
            for at in range(len(values) if isinstance(values, list) and len(values) > 1 else 0):
                yield without(lambda it: own(it)[element].pop(at))
            if values is not None and values not in ("*", ["*"]) and not element.startswith("Not"):
                yield without(lambda it: own(it).update({element: "*"}))
        for element in ("Principal", "NotPrincipal"):
            kinds = statement.get(element)
            for kind, names in kinds.items() if isinstance(kinds, dict) else ():
                if len(kinds) > 1:
                    yield without(lambda it: own(it)[element].pop(kind))
                for at in range(len(names) if isinstance(names, list) and len(names) > 1 else 0):
                    yield without(lambda it: own(it)[element][kind].pop(at))


def shrink(case, holds):
    """The smallest case that can be reached step by step, so that it still holds."""
    found = True
    while found:
        found = False
        for other in smaller(case):
            if holds(other):
                case, found = other, True
                break
    return case
