#!/usr/bin/env python3
"""Compares questions about a whole account with @cloud-copilot/iam-simulate.

    python3 benches/compare/who.py [--seconds N] [--differing N]

Asks who can do three things in the large generated account. Ours is `cargo bench --bench who`; the
other has no question about everybody, so that it is asked about one principal after the other, in
a process of its own on one thread. Everything that it can be given ready is made ready in advance:
policies are parsed and checked once each, and those of a principal stand in a list. Where that would
take too long for everybody, it is asked about every n-th, and the time is scaled up: the output
says so. Both are told the same: what IAM knows of principal and resource, every other key missing.

Then the answers are compared, and some of those on which the two disagree are shrunk and named as
`compare.py differences` does.
"""

import argparse
import json
import subprocess
import sys

# The folder of the sources is no place for compiled ones.
sys.dont_write_bytecode = True

import compare  # noqa: E402
import shrink  # noqa: E402
from causes import cause  # noqa: E402

DECISIONS = ("allowed", "explicitDeny", "implicitDeny")
BENCH = ["cargo", "bench", "--quiet", "--bench", "who", "--", "--answers"]
EVERYBODY = [
    "node",
    # One thread for the work; by itself Node collects garbage on others beside it.
    "--single-threaded-gc",
    str(compare.HERE / "everybody.mjs"),
    str(compare.FOLDER),
]


def ours():
    """The questions with our times and answers, and where the account lies."""
    run = subprocess.run(BENCH, cwd=compare.ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout)


def theirs(account, questions, arguments):
    """The other's times and answers, by question, for each of its two ways in."""
    given = json.dumps({"account": account, "questions": questions, **vars(arguments)})
    run = subprocess.run(EVERYBODY, input=given.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def report(question, answers):
    print(f"{question['action']} on {question['resource']}")
    print(f"{'iamscope':>24}: {question['seconds']:.6f} s of CPU time for everybody")
    for one in answers:
        everybody, asked = len(question["decisions"]), one["asked"]
        seconds = one["seconds"] * everybody / asked
        scaled = "" if asked == everybody else f", scaled up from {asked} of {everybody}"
        name = f"iam-simulate, {one['way']}"
        ratio = seconds / question["seconds"]
        print(f"{name:>24}: {seconds:.2f} s{scaled}; {ratio:,.0f} times as long")


def differences(question, one):
    """Says on how many the two disagree, and why for the first of them."""
    refused = {arn: it for arn, it in one["decisions"].items() if it not in DECISIONS}
    differ = [
        arn
        for arn, decision in one["decisions"].items()
        if arn not in refused and decision != question["decisions"][arn]
    ]
    print(f"{'':>24}  {one['way']}: {len(differ)} of {one['asked']} differ, {len(refused)} refused")
    for why in sorted(set(refused.values())):
        print(f"{'':>26}refused: {why} ({list(refused.values()).count(why)})")
    both = compare.Both() if one["cases"] else None
    for arn, case in one["cases"].items():
        case["id"] = arn
        pair = both.ask(case)[:2]
        what = f"iamscope {question['decisions'][arn]}, iam-simulate {one['decisions'][arn]}"
        print(f"{'':>26}{arn}: {what}")
        if None in pair or pair[0] == pair[1]:
            print(f"{'':>28}as a case of its own: {pair[0]}, {pair[1]}")
            continue
        small = shrink.shrink(case, lambda it: both.ask(it)[:2] == pair)
        small = {key: value for key, value in small.items() if key not in shrink.NOTES}
        print(f"{'':>28}{cause(small, *pair)}: {json.dumps(small)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--seconds", type=float, default=30, help="the most for each question and way (default 30)"
    )
    parser.add_argument(
        "--differing", type=int, default=3, help="how many differences are shrunk (default 3)"
    )
    arguments = parser.parse_args()
    compare.install()
    compare.build(compare.PROGRAM)
    found = ours()
    answers = theirs(found["account"], found["answers"], arguments)
    for question in found["answers"]:
        of_this = [it for it in answers if it["action"] == question["action"]]
        report(question, of_this)
        for one in of_this:
            differences(question, one)


if __name__ == "__main__":
    main()
