#!/usr/bin/env python3
"""Each public header compiles alone, with only the include folders its layer may use."""
import pathlib
import subprocess
import sys

MAY_USE = {
    "base": ["base"],
    "domain": ["domain", "base"],
    "net": ["net", "base"],
    "store": ["store", "domain", "base"],
    "sheet": ["sheet", "base"],
    "app": ["app", "store", "sheet", "domain", "base"],
    "api": ["api", "app", "store", "sheet", "domain", "net", "base"],
}


def compile_alone(layer, header):
    source = f'#include "{layer}/{header.name}"\ntypedef int not_empty;\n'
    flags = [f"-Isrc/{used}/include" for used in MAY_USE[layer]]
    command = ["cc", "-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-D_GNU_SOURCE",
               *flags, "-fsyntax-only", "-x", "c", "-"]
    return subprocess.run(command, input=source, text=True, capture_output=True)


def main():
    bad = 0
    for layer in MAY_USE:
        for header in sorted(pathlib.Path(f"src/{layer}/include/{layer}").glob("*.h")):
            result = compile_alone(layer, header)
            if result.returncode:
                bad = 1
                print(f"{header} does not compile alone:\n{result.stderr}")
    return bad


sys.exit(main())
