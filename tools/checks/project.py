"""The files of the project, for the checks beside this file, and the way they report.

A check is a script with a function `check(root) -> list of "file:line: what is wrong"`. It takes the project's folder, so that the
tests in tests/lint can show it a small wrong tree and see it refuse.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_IGNORED = {".git", "build", "__pycache__", ".venv"}
CPP = {".cpp", ".hpp"}


def files(root, suffixes=None, under=""):
    """Every file of the project (build results and study directories left out), sorted, as paths relative to `root`."""
    root = Path(root)
    found = []
    for folder, folders, names in os.walk(root / under):
        here = Path(folder).relative_to(root)
        folders[:] = [f for f in folders if f not in _IGNORED and not (here == Path(".") and f.startswith("study-"))]
        found += [here / n for n in names if (suffixes is None or Path(n).suffix in suffixes) and n != ".git"]
    return sorted(found)


def text(root, path):
    return (Path(root) / path).read_text(encoding="utf-8")


def lines(root, path):
    """(number, line) of a text file; nothing for a file that is not text."""
    try:
        return list(enumerate(text(root, path).splitlines(), 1))
    except UnicodeDecodeError:
        return []


def main(name, check):
    """Runs one check over the project; the exit code is 1 when it found something."""
    found = check(ROOT)
    for problem in found:
        print(problem)
    print(f"{name}: " + (f"{len(found)} to mend" if found else "in order"))
    sys.exit(1 if found else 0)
