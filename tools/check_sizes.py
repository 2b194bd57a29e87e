#!/usr/bin/env python3
"""Sizes that ask for a second look: functions, files, headers, lines."""
import pathlib
import subprocess
import sys

FILE_MAX, HEADER_MAX, FUNCTION_MAX, LINE_MAX = 900, 250, 100, 100
FILE_LOOK, FUNCTION_LOOK = 600, 60


def functions(lines):
    start = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            yield start, number - start + 1
            start = None


def look(path, faults):
    lines = path.read_text(encoding="utf-8").splitlines()
    limit = HEADER_MAX if path.suffix == ".h" and path.parts[0] != "tests" else FILE_MAX
    if len(lines) > limit:
        faults.append(f"{path}: {len(lines)} lines, at most {limit}")
    elif len(lines) > FILE_LOOK:
        print(f"look: {path}: {len(lines)} lines")
    for start, length in functions(lines):
        has_reason = "/* long:" in "\n".join(lines[max(0, start - 6):start])
        is_table = path.parts[0] == "tests"  # rows of cases: long, and read one by one
        if length > FUNCTION_MAX and not has_reason and not is_table:
            faults.append(f"{path}:{start}: function of {length} lines")
        elif length > FUNCTION_LOOK:
            print(f"look: {path}:{start}: function of {length} lines")


def main():
    faults = []
    names = subprocess.run(["git", "ls-files", "*.c", "*.h"], text=True, capture_output=True,
                           check=True).stdout.split()
    for name in names:
        look(pathlib.Path(name), faults)
    print("\n".join(faults))
    return 1 if faults else 0


sys.exit(main())
