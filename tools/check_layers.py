#!/usr/bin/env python3
"""TAP: in every layer, including a header of each higher layer must fail to compile."""
import os
import pathlib
import subprocess
import sys

LAYERS = ["base", "domain", "geo", "net", "sheet", "store", "app", "api"]
MAY_USE = {
    "base": [],
    "domain": ["base"],
    "geo": ["base"],
    "net": ["base"],
    "store": ["base", "domain"],
    "sheet": ["base"],
    "app": ["base", "domain", "sheet", "store"],
    "api": ["base", "domain", "net", "sheet", "store", "app"],
}


def flags_of(layer):
    """The include folders Meson hands to the layer, read from its own build file."""
    text = pathlib.Path(f"src/{layer}/meson.build").read_text(encoding="utf-8")
    library = text.split("static_library(", 1)[1]
    return [f"-Isrc/{name}/include" for name in LAYERS if f"{name}_inc" in library]


def compiles(layer, header):
    command = ["cc", "-std=c17", "-D_GNU_SOURCE", *flags_of(layer), "-fsyntax-only", "-x", "c", "-"]
    source = f'#include "{header}"\n'
    return subprocess.run(command, input=source, text=True, capture_output=True).returncode == 0


def main():
    os.chdir(os.environ.get("DY_SOURCE_ROOT", "."))
    cases = []
    for layer in LAYERS:
        for other in LAYERS:
            headers = sorted(pathlib.Path(f"src/{other}/include/{other}").glob("*.h"))
            if other == layer or not headers:
                continue
            allowed = other in MAY_USE[layer]
            header = f"{other}/{headers[0].name}"
            verb = "may" if allowed else "cannot"
            cases.append((compiles(layer, header) == allowed, f"{layer} {verb} include {header}"))
    print(f"1..{len(cases)}")
    for number, (good, text) in enumerate(cases, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    return 0


sys.exit(main())
