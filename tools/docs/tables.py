#!/usr/bin/env python3
"""The flag tables of the documents, made from the flags' own rows (`saturn help --flags-json`): what stands between
`<!-- flags: COMMAND -->` and `<!-- /flags -->`. tools/checks/docs.py compares; `tools/docs/tables.py --write` makes them anew.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"(<!-- flags: (\w+) -->\n)(.*?)(<!-- /flags -->)", re.S)


def rows_of(program):
    """Every flag of every command, as the program lists them."""
    done = subprocess.run([program, "help", "--flags-json"], capture_output=True, text=True, timeout=20)
    return json.loads(done.stdout)


def cell(row):
    value = f" {row['value']}" if row["value"] else ""
    return f"`{', '.join(row['names'])}{value}`".replace("|", "\\|")


def without_default(row):
    """The help's words; the default has a column of its own."""
    words = row["help"]
    if row["default"] and words.endswith(f"({row['default']})"):
        words = words[: -len(row["default"]) - 2]
    return words.strip()


def shown(words):
    """Words of a help in a cell: a bar would end it, and what stands in braces would be taken for markup by some readers."""
    return (words or "").replace("|", "\\|").replace("<", "&lt;")


def table(rows, command):
    """The Markdown of one command's flags, a table for each group of them."""
    rows = [row for row in rows if row["command"] == command]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    text = ""
    for group in groups:
        if len(groups) > 1:
            text += f"\n**{group}**\n"
        text += "\n| flag | meaning | default |\n|---|---|---|\n"
        for row in rows:
            if row["group"] == group:
                text += f"| {cell(row)} | {shown(without_default(row))} | {shown(row['default'])} |\n"
    return text + "\n"


def filled(text, rows):
    """A document with its tables made anew."""
    return PLACE.sub(lambda found: found[1] + table(rows, found[2]) + found[4], text)


def commands_in(text):
    return [found[2] for found in PLACE.finditer(text)]


def documents(root):
    return sorted((Path(root) / "docs").glob("*.md"))


def main(arguments):
    program = os.environ.get("SATURN", str(ROOT / "build/release/saturn"))
    if arguments != ["--write"]:
        print(__doc__)
        return 1
    rows = rows_of(program)
    for document in documents(ROOT):
        text = document.read_text(encoding="utf-8")
        new = filled(text, rows)
        if new != text:
            document.write_text(new, encoding="utf-8")
            print(f"{document.relative_to(ROOT)}: tables made anew")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
