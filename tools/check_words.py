#!/usr/bin/env python3
"""Words that must not stand in the tree, and log keys outside the allowed list."""
import pathlib
import re
import subprocess
import sys

NEVER = re.compile(r"\bTODO\b(?!\(#\d+\))|\bFIXME\b|\bXXX\b|/root/|/tmp/|(?<![\w.])/work/")
LOG_KEYS = {"op", "status", "us", "ms", "request", "actor", "code", "where", "listen", "loops",
            "data", "version", "signal", "events", "streams", "connections", "text", "port", "id", "serving", "grace_ms",
            "pages", "writes", "count"}
LOG_CALL = re.compile(r'dy_log\(\s*DY_LOG_\w+\s*,\s*"[^"]*"\s*,\s*((?:"[^"]*"\s*)+)')


def main():
    faults = []
    names = subprocess.run(["git", "ls-files"], text=True, capture_output=True, check=True).stdout
    for name in names.split():
        path = pathlib.Path(name)
        if path.suffix in (".png", ".json") or name in ("LICENSE", "tools/check_words.py"):
            continue
        if name.startswith("tests/fuzz/corpus/") or path.suffix in (".xlsx", ".csv"):
            continue  # bytes, not text
        text = path.read_text(encoding="utf-8", errors="replace")  # sample files in other encodings
        for number, line in enumerate(text.splitlines(), 1):
            if NEVER.search(line):
                faults.append(f"{name}:{number}: {line.strip()[:80]}")
        if name.startswith("src/"):
            for call in LOG_CALL.findall(text):
                for key in re.findall(r"(\w+)=", call):
                    if key not in LOG_KEYS:
                        faults.append(f"{name}: log key '{key}' is not in the allowed list")
    print("\n".join(faults))
    return 1 if faults else 0


sys.exit(main())
