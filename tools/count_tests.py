#!/usr/bin/env python3
"""Counts the cases of a Meson test log. Last line: N passed, N failed, N skipped."""
import json
import re
import sys

CASE = re.compile(r"^(ok|not ok)\b(.*)$")


def count(entry):
    passed = failed = skipped = 0
    left_out = False  # the case whose end comes next said that it was not run
    for line in entry.get("stdout", "").splitlines():
        left_out = left_out or line.startswith("# skipped: ")
        case = CASE.match(line)
        if not case:
            continue
        if "# SKIP" in case.group(2).upper() or (left_out and case.group(1) == "ok"):
            skipped += 1
        elif case.group(1) == "ok":
            passed += 1
        else:
            failed += 1
        left_out = False
    good = entry["result"] in ("OK", "SKIP", "EXPECTEDFAIL")
    if not good and failed == 0:
        failed = 1  # died, timed out or exited badly without naming a case
    if good and passed + failed + skipped == 0:
        passed = 1  # a plain program that says no more than its exit status
    return passed, failed, skipped


def main():
    totals = [0, 0, 0]
    with open(sys.argv[1], encoding="utf-8") as log:
        for line in log:
            entry = json.loads(line)
            result = count(entry)
            if result[1]:
                print(f"failed: {entry['name']}")
            totals = [a + b for a, b in zip(totals, result)]
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] or not totals[0] else 0


sys.exit(main())
