#!/usr/bin/env python3
"""How long each stage takes on every upload, as a table: the medians of `cargo bench --bench stages`.

    python3 benches/stages.py [FILTER…]

All of it takes three or four minutes on two cores that do nothing else.
"""

import re
import subprocess
import sys

import measure

TREE = re.compile(r"^[│├╰─\s]+")
STAGES = {
    "a_split": "split", "a_split_by_the_full_parser": "split by the full parser", "b_read": "read", "c_index": "index",
    "d_wire": "wire", "e_check": "check", "f_lay_out": "lay out", "g_draw": "draw", "h_json": "JSON", "i_text_to_json": "text to JSON",
    "j_board": "lay out and draw a board of so many Services",
}


def medians(lines):
    """For each stage the median for each upload."""
    found, stage = {}, None
    for line in lines:
        name, *columns = TREE.sub("", line).split(maxsplit=1)[:2] or [""]
        columns = columns[0].split("│") if columns else []
        if name in STAGES:
            stage = found.setdefault(name, {})
        elif stage is not None and len(columns) >= 3 and "/s" not in line:
            stage[name] = columns[2].strip()
    return found


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def main():
    command = ["cargo", "bench", "--locked", "--bench", "stages", "--", *sys.argv[1:]]
    out = subprocess.run(command, cwd=measure.ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = medians(out.splitlines())
    if not found:
        sys.exit(f"there is nothing to be seen in what was printed:\n{out[:2000]}")
    board = found.pop("j_board", {})
    print(f"{measure.load()}; medians\n")
    uploads = list(dict.fromkeys(upload for stage in found.values() for upload in stage))
    if uploads:
        table(["upload", *(STAGES[stage] for stage in found)],
              [[upload, *(stage.get(upload, "") for stage in found.values())] for upload in uploads])
    if board:
        table([STAGES["j_board"], "median"], board.items())


main()
