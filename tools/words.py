#!/usr/bin/env python3
"""Turns the word table of the paste reader into one C file: words.py OUT.c paste_words.txt"""
import pathlib
import sys

CATEGORIES = "MED1 MED2 FOOD CARE REPR DELV PASS TEST INFO WAST DISP PSYC SHOP IDEA".split()
SIGNS = "ASK LACK WITHOUT FAULT THANKS ANSWER SOLVED NOTICE CHAT URGENT CALM FRAIL CHRONIC SEALED PERISH DEADLINE MISSING FALL HURT JOKE NOT MORE ALSO BEHALF FIX REPORT NONE".split()
KINDS = CATEGORIES + SIGNS


def read(path):
    """Rows by (word, kind); the higher weight wins when a word stands twice under one kind."""
    rows = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        kind, weight, *words = line.split()
        if kind not in KINDS or not weight.isdigit() or int(weight) > 9 or not words:
            sys.exit(f"{path}:{number}: a line is KIND WEIGHT word word ..., with a known kind and a weight of 0 to 9")
        for word in words:
            word = word.replace("_", " ")
            if word != word.lower() or '"' in word or "\\" in word:
                sys.exit(f"{path}:{number}: {word}: small letters only, no quotation marks")
            rows[word, kind] = max(int(weight), rows.get((word, kind), 0))
    return rows


def main():
    out, rows = pathlib.Path(sys.argv[1]), read(pathlib.Path(sys.argv[2]))
    names = ", ".join(f'"{kind}"' for kind in KINDS)
    parts = ['/* Made by tools/words.py from src/domain/paste_words.txt. */\n#include "paste_inside.h"\n\n',
             f"const char *const dy_paste_word_kinds[DY_PW_KINDS] = {{ {names} }};\n",
             "const struct dy_paste_word dy_paste_words[] = {\n"]
    parts += [f'\t{{ "{word}", DY_PW_{kind}, {weight} }},\n' for (word, kind), weight in sorted(rows.items())]
    parts.append("};\nconst size_t dy_paste_words_n = sizeof(dy_paste_words) / sizeof(dy_paste_words[0]);\n")
    out.write_text("".join(parts), encoding="utf-8")


main()
