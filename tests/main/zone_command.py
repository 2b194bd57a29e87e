#!/usr/bin/env python3
"""TAP: danyuan plan zone on a tiny folder: files written, judged again, and nothing written when input is bad."""
import json
import pathlib
import subprocess
import sys
import tempfile

GOOD = {
    "buildings.csv": "id,osm_way,x,y,lon,lat,households\n"
    + "".join(f"{i},{i // 2},{20 * (i % 4)},{25 * (i // 4)},{122 + i % 4 * 2e-4:.7f},{30 + i // 4 * 2e-4:.7f},{10 + i}\n" for i in range(16)),
    "grids.csv": "id,grid\n" + "".join(f"{i},{i // 8}\n" for i in range(16)),
}


def main():
    program, cases = sys.argv[1], []
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder, "place")
        place.mkdir()
        out = pathlib.Path(folder, "units.csv")

        def fill(**changed):
            for name, text in {**GOOD, **{k + ".csv": v for k, v in changed.items()}}.items():
                (place / name).write_text(text, encoding="utf-8")

        def run(verb, *more):
            return subprocess.run([program, "plan", "zone", verb, "--in", str(place), "--out", str(out), "--quiet", *more],
                                  text=True, capture_output=True)

        fill()
        made = run("solve", "--range", "40:90")
        cases.append((made.returncode == 0 and made.stdout.count("\n") == 1, "solve prints one line"))
        for word in ("records 16", "broken 0", "empty 0", "outside their grid 0"):
            cases.append((word in made.stdout, f"it says {word}"))
        cases.append((out.read_text().count("\n") == 17, "every record has a unit"))
        units = json.loads(out.with_suffix(".geojson").read_text())["features"]
        cases.append((sum(u["properties"]["records"] for u in units) == 16, "outlines tell of every record"))
        cases.append((all(u["geometry"]["coordinates"] for u in units), "every unit has an outline"))
        cases.append((out.with_suffix(".svg").read_text().startswith("<svg"), "a map is drawn"))
        cases.append((run("verify", "--range", "40:90").stdout == made.stdout, "verify prints the same line"))
        first = out.read_text()
        run("solve", "--range", "40:90")
        cases.append((out.read_text() == first, "the same again is the same"))
        for name, text, words in (
            ("buildings", "id,osm_way,x,y,households\n0,1,0,0,-4\n", "buildings.csv, row 2, field households"),
            ("grids", "id,grid\n0,1\n", "grids.csv"),
            ("buildings", "id,osm_way,x,y\n", "buildings.csv, row 1, field households"),
        ):
            for made_file in folder_files(folder):
                made_file.unlink()
            fill(**{name: text})
            bad = run("solve", "--target", "60")
            cases.append((bad.returncode == 2 and words in bad.stderr and bad.stderr.count("\n") == 1,
                          f"bad input is one line that names {words}"))
            cases.append((not folder_files(folder), "and writes nothing"))
    print(f"1..{len(cases)}")
    for number, (good, text) in enumerate(cases, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    return 0


def folder_files(folder):
    return [p for p in pathlib.Path(folder).iterdir() if p.is_file()]


sys.exit(main())
