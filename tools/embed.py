#!/usr/bin/env python3
"""Turns SQL migrations into one C file: embed.py OUT.c FILE.sql..."""
import pathlib
import sys


def literal(text):
    lines = text.splitlines(keepends=True)
    quoted = [line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for line in lines]
    return "\n".join(f'\t  "{line}"' for line in quoted)


def main():
    out, files = sys.argv[1], sorted(sys.argv[2:])
    parts = ['/* Made by tools/embed.py from sql/migrations. */\n#include "driver.h"\n\n',
             "const struct dy_migration dy_migrations[] = {\n"]
    for name in files:
        path = pathlib.Path(name)
        parts.append(f'\t{{ "{path.stem}",\n{literal(path.read_text(encoding="utf-8"))} }},\n')
    parts.append("};\nconst size_t dy_migrations_n = sizeof(dy_migrations) / sizeof(dy_migrations[0]);\n")
    pathlib.Path(out).write_text("".join(parts), encoding="utf-8")


main()
