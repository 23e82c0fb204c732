#!/usr/bin/env python3
"""Compares `iamscope simulate` with an evaluator from outside, @cloud-copilot/iam-simulate.

    python3 benches/compare/compare.py speed
    python3 benches/compare/compare.py differences [--odd N] [--usual N] [--seed N] [--all]

`speed` answers the same generated cases with both, each as a process of its own on one thread,
and prints how many times faster ours is. `differences` answers generated cases and those of
tests/cases, shrinks each case on which the two disagree to what the disagreement needs, and lists
the disagreements by cause; tests/cases/differences.md says what is behind each. Questions about a
whole account are compared by who.py.

The package is of another licence (AGPL), so it is neither a dependency nor part of the program: it
is installed below target/compare, and only ever run as a process. Needed: Python 3, Node, npm and
cargo. The release build of iamscope and the generator are built if they are not there.
"""

import argparse
import collections
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

# The folder of the sources is no place for compiled ones.
sys.dont_write_bytecode = True

import shrink  # noqa: E402
from causes import cause  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "target" / "compare"
PROGRAM = ROOT / "target" / "release" / "iamscope"
GENERATOR = ROOT / "target" / "release" / "examples" / "generate_cases"
PACKAGE = "@cloud-copilot/iam-simulate"
VERSION = "0.1.173"


def stop(message):
    sys.exit(f"compare: {message}")


def install():
    """Installs the other evaluator where it is missing."""
    for tool, why in [("node", "runs the other evaluator"), ("npm", "installs it")]:
        if shutil.which(tool) is None:
            stop(f"{tool} is missing; it {why}")
    installed = FOLDER / "node_modules" / PACKAGE / "package.json"
    if not installed.exists() or json.loads(installed.read_text())["version"] != VERSION:
        FOLDER.mkdir(parents=True, exist_ok=True)
        # What runs on installing is none of ours.
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"]
        run = subprocess.run(["npm", "install", *options, f"{PACKAGE}@{VERSION}"], cwd=FOLDER)
        if run.returncode != 0:
            stop(f"npm could not install {PACKAGE}@{VERSION}")


def build(*wanted):
    """Builds what is missing of the program and the generator."""
    cargo = ["cargo", "build", "--release", "--quiet"]
    for built, more in [(PROGRAM, []), (GENERATOR, ["--example", "generate_cases"])]:
        if built not in wanted or built.exists():
            continue
        if subprocess.run([*cargo, *more], cwd=ROOT).returncode != 0:
            stop(f"{built.name} cannot be built")


def generate(kind, count, seed):
    path = FOLDER / f"{kind}.jsonl"
    arguments = ["--kind", kind, "--count", str(count), "--seed", str(seed), "-o", str(path)]
    subprocess.run([str(GENERATOR), *arguments], check=True)
    return path


OUTSIDE = ["node", str(HERE / "outside.mjs"), str(FOLDER)]


# --- speed ---------------------------------------------------------------------------------------


def timed(command, path):
    """The least wall and CPU time of some runs. Both count start and end of the process."""
    least = (float("inf"), float("inf"))
    for _ in range(5):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        with open(path, "rb") as cases:
            subprocess.run(command, stdin=cases, stdout=subprocess.DEVNULL, check=True)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        least = (min(least[0], wall), min(least[1], cpu))
    return least


def speed(arguments):
    path = generate("usual", arguments.usual, arguments.seed)
    compared("every case, as people call it", path, "checked")
    # Its way without checks takes no session policy, and no resource policy in this version.
    plain = FOLDER / "plain.jsonl"
    with open(path, "rb") as cases, open(plain, "wb") as out:
        lacks = (b'"session_policy":', b'"resource_policy":')
        out.writelines(line for line in cases if not any(name in line for name in lacks))
    compared("cases without session and resource policy, its checks left out", plain, "unchecked")


def compared(title, path, way):
    lines = path.read_bytes().splitlines()
    count = len(lines)
    print(f"{title}: {count} cases of {sum(map(len, lines)) // count} bytes")
    # One thread for the work; by itself Node collects garbage on others beside it.
    node = [OUTSIDE[0], "--single-threaded-gc", *OUTSIDE[1:], way]
    rates = []
    for name, command in [("iamscope", [str(PROGRAM), "simulate"]), ("iam-simulate", node)]:
        wall, cpu = timed(command, path)
        rates.append((count / wall, count / cpu))
        print(f"{name:>14}: {count / wall:8.0f} cases a second; {count / cpu:8.0f} of CPU time")
    (ours, ours_cpu), (theirs, theirs_cpu) = rates
    print(f"{'times faster':>14}: {ours / theirs:8.1f}{'':16}; {ours_cpu / theirs_cpu:8.1f}")


# --- differences ---------------------------------------------------------------------------------


class Process:
    """An evaluator that answers line by line. One that takes too long is started anew."""

    PATIENCE = 5.0

    def __init__(self, command):
        self.command = command
        self.start()

    def start(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            self.command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, bufsize=0
        )
        os.set_blocking(self.process.stdout.fileno(), False)

    def ask(self, case):
        case = {key: value for key, value in case.items() if key != "expect"}
        self.process.stdin.write(json.dumps(case).encode() + b"\n")
        answer, start, pause = b"", time.monotonic(), 0.0001
        while not answer.endswith(b"\n"):
            more = self.process.stdout.read(65536)
            if more:
                answer += more
            elif self.process.poll() is not None or time.monotonic() - start > self.PATIENCE:
                self.process.kill()
                self.process.wait()
                self.start()
                return {"error": f"no answer within {self.PATIENCE:.0f} seconds"}
            else:
                time.sleep(pause)
                pause = min(pause * 1.5, 0.05)
        return json.loads(answer)


class Both:
    def __init__(self):
        self.ours = Process([str(PROGRAM), "simulate"])
        self.checked = Process([*OUTSIDE, "checked"])
        self.unchecked = Process([*OUTSIDE, "unchecked"])

    def theirs(self, case):
        """The other's answer to the case as it stands, or why there is none.

        Its checked way leaves out keys that it does not know for the action. That matters only
        where a policy asks for them; then, and where it refuses action or resource, the unchecked
        way is asked. A policy that it refuses stays refused.
        """
        said = self.checked.ask(case)
        left_out = [key for key in said.get("ignored", []) if shrink.asks_for(case, key)]
        if "decision" in said and not left_out:
            return said["decision"], None
        why = f"leaves out {', '.join(left_out)}" if left_out else said["error"]
        if "no answer" in why or "invalid" in why:
            return None, why
        details = {error["message"] for error in shrink.messages(said.get("details"))}
        if details:
            return None, f"{why}: {'; '.join(sorted(details))}"
        otherwise = self.unchecked.ask(case)
        if "decision" in otherwise:
            return otherwise["decision"], None
        return None, why

    def ask(self, case):
        ours = self.ours.ask(case)
        if "decision" not in ours:
            return None, None, None
        theirs, why = self.theirs(case)
        return ours["decision"], theirs, why


def written():
    """The cases of tests/cases."""
    for path in sorted((ROOT / "tests" / "cases").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            if line.strip():
                yield json.loads(line)


def generated(kind, count, seed):
    for line in generate(kind, count, seed).read_text().splitlines():
        yield json.loads(line)


def differences(arguments):
    both = Both()
    refused, groups = collections.Counter(), {}
    for source, cases in [
        ("tests/cases", written()),
        ("usual", generated("usual", arguments.usual, arguments.seed)),
        ("odd", generated("odd", arguments.odd, arguments.seed)),
    ]:
        asked = differ = against = 0
        for case in cases:
            asked += 1
            ours, theirs, why = both.ask(case)
            if "expect" in case and ours != case["expect"]:
                against += 1
                print(f"iamscope says {ours} to {case['id']}, which expects {case['expect']}")
            if theirs is None:
                refused[why] += 1
            elif ours != theirs:
                differ += 1
                pair = (ours, theirs)
                small = shrink.shrink(case, lambda it: both.ask(it)[:2] == pair)
                found = groups.setdefault(cause(small, *pair), [])
                found.append((source, case["id"], pair, small))
        print(f"{source}: {asked} cases, {differ} differences, {against} not as expected")
    total = sum(refused.values())
    print(f"\nNot answered by iam-simulate: {total}")
    for why, count in refused.most_common():
        print(f"{count:6}  {why}")
    print("\nDifferences by cause:")
    for name, found in sorted(groups.items(), key=lambda it: -len(it[1])):
        sources = collections.Counter(source for source, *_ in found)
        print(f"\n{len(found):6}  {name}  ({', '.join(f'{n} {s}' for s, n in sources.items())})")
        found.sort(key=lambda it: len(json.dumps(it[3])))
        for source, id_, (ours, theirs), small in found if arguments.all else found[:1]:
            print(f"        {id_}: iamscope {ours}, iam-simulate {theirs}")
            small = {key: value for key, value in small.items() if key not in shrink.NOTES}
            print(f"        {json.dumps(small)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["speed", "differences"])
    parser.add_argument("--usual", type=int, default=2000, help="usual cases (default 2000)")
    parser.add_argument("--odd", type=int, default=5000, help="odd cases (default 5000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="show every case of each cause")
    arguments = parser.parse_args()
    install()
    build(PROGRAM, GENERATOR)
    {"speed": speed, "differences": differences}[arguments.what](arguments)


if __name__ == "__main__":
    main()
