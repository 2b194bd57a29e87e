#!/usr/bin/env python3
"""The portable SQL rules: migrations and the statements in src/store."""
import pathlib
import re
import sys

NEVER = {
    r"::": "use CAST()",
    r"\bMERGE\b": "no MERGE",
    r"\bCREATE\s+TRIGGER\b": "no triggers",
    r"\bSEQUENCE\b|\bSERIAL\b|AUTOINCREMENT": "ids are made by the program",
    r"\bSET\s+NULL\b": "no ON DELETE SET NULL",
    r"VALUES\s*\([^)]*\(\s*SELECT": "INSERT ... SELECT instead of a subquery in VALUES",
    r"\bmax\s*\([^()]*,": "no two-argument max",
    r"INSERT\s+OR\s+(REPLACE|IGNORE)": "use ON CONFLICT",
}
NO_TENANT = {"region", "dy_migration"}


def strings(text):
    """The string literals of one C statement, joined: neighbours belong together."""
    for block in re.findall(r'\.text\s*=\s*((?:[A-Z_]+\s*)?(?:"(?:[^"\\]|\\.)*"\s*)+)', text):
        yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', block))


def check_text(where, sql, faults):
    for pattern, reason in NEVER.items():
        if re.search(pattern, sql, re.IGNORECASE):
            faults.append(f"{where}: {reason}: {sql[:80]}")


def check_statement(where, sql, faults):
    check_text(where, sql, faults)
    tables = set(re.findall(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+)", sql))
    if not tables - NO_TENANT:
        return
    insert = re.match(r"INSERT INTO [a-z_]+ \(community_id", sql)
    if not insert and "community_id = $1" not in sql and not sql.startswith("SELECT community_id"):
        faults.append(f"{where}: community_id = $1 is missing: {sql[:80]}")


def check_migration(path, faults):
    text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    check_text(path, text, faults)
    for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", text, re.DOTALL):
        if name in NO_TENANT:
            continue
        if not body.strip().startswith("community_id"):
            faults.append(f"{path}: {name}: community_id is not the first column")
        for key in re.findall(r"(?:PRIMARY KEY|UNIQUE|FOREIGN KEY) \((\w+)", body):
            if key != "community_id":
                faults.append(f"{path}: {name}: a key begins with {key}")
    for name, table, first in re.findall(r"CREATE INDEX (\w+) ON (\w+) \((\w+)", text):
        if table not in NO_TENANT and first != "community_id":
            faults.append(f"{path}: index {name} begins with {first}")


def main():
    faults, overrides = [], 0
    for path in sorted(pathlib.Path("sql/migrations").glob("*.sql")):
        check_migration(path, faults)
    for path in sorted(pathlib.Path("src/store").glob("*.c")):
        text = path.read_text(encoding="utf-8")
        overrides += len(re.findall(r"\.pg\s*=", text))
        for sql in strings(text):
            if re.match(r"(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql):
                check_statement(path, sql, faults)
    print("\n".join(faults))
    print(f"{overrides} statements have a PostgreSQL text of their own")
    return 1 if faults else 0


sys.exit(main())
