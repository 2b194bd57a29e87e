#!/usr/bin/env python3
"""Lines and branches of src/ that ran, by layer and file. usage: coverage.py BUILD [FILE]

Reads what gcov makes of a build with --coverage. With a file, prints its lines that did not run or branched one way
only. Branches that the sanitizers' or the compiler's own calls make (throw, fallthrough of asserts) are not counted:
an assertion that never fails is the point of it."""
import collections
import json
import pathlib
import subprocess
import sys


def gcov(build):
    """The JSON of every object below build/src."""
    for notes in sorted(pathlib.Path(build).glob("src/**/*.gcno")):
        if not notes.with_suffix(".gcda").exists():
            continue
        done = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout",
                               str(notes)], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                yield from json.loads(line)["files"]


def collect(build):
    """file -> line -> (count, branch counts); an object compiled twice counts once."""
    root = pathlib.Path.cwd().resolve()
    files = collections.defaultdict(dict)
    for file in gcov(build):
        path = (pathlib.Path(build) / file["file"]).resolve()
        if not path.is_relative_to(root / "src"):
            continue
        name = str(path.relative_to(root))
        text = path.read_text(encoding="utf-8").splitlines()
        for line in file["lines"]:
            number = line["line_number"]
            asserts = "DY_ASSERT(" in text[number - 1] or "DY_TRY(" in text[number - 1]
            branches = [] if asserts else [b["count"] for b in line["branches"] if not b["throw"]]
            old = files[name].get(number, (0, [0] * len(branches)))
            files[name][number] = (old[0] + line["count"],
                                   [a + b for a, b in zip(old[1], branches)])
    return files


def sums(lines):
    branches = [b for _, bs in lines.values() for b in bs]
    return [sum(c > 0 for c, _ in lines.values()), len(lines),
            sum(b > 0 for b in branches), len(branches)]


def row(name, s):
    share = [100 * a / b if b else 100 for a, b in ((s[0], s[1]), (s[2], s[3]))]
    print(f"{name:32} {share[0]:6.1f} % of {s[1]:5} lines {share[1]:6.1f} % of {s[3]:5} branches")


def missed(name, lines):
    text = pathlib.Path(name).read_text(encoding="utf-8").splitlines()
    for number, (count, branches) in sorted(lines.items()):
        if count == 0:
            print(f"{number:5} ---- {text[number - 1]}")
        elif 0 in branches:
            print(f"{number:5} {sum(b > 0 for b in branches)}/{len(branches):<2} {text[number - 1]}")


def main():
    files = collect(sys.argv[1])
    if len(sys.argv) > 2:
        missed(sys.argv[2], files[sys.argv[2]])
        return
    layers = collections.defaultdict(lambda: [0] * 4)
    for name, lines in sorted(files.items()):
        row(name, sums(lines))
        layer = layers[name.split("/")[1]]
        for i, n in enumerate(sums(lines)):
            layer[i] += n
    print()
    for name, total in layers.items():
        row(name, total)


main()
