#!/usr/bin/env python3
"""Documents in step with the tree: what ARCHITECTURE.md, README.md and HACKING.md name exists, every folder of the tree has its
line in ARCHITECTURE.md, and every flag that `saturn run --help` and `saturn study --help` print is in README.md.
"""

import os
import re
import subprocess
from pathlib import Path

import project

DOCUMENTS = ["README.md", "ARCHITECTURE.md", "HACKING.md"]
TOP = ["engine", "cli", "bench", "tests", "tools", "cmake", ".ci"]  # `name/...` that begins with one of these is a path
DEPTH = {"engine": 3, "cli": 2, "bench": 2, "tests": 2, "tools": 2, "cmake": 1}  # folders this deep need their line
COMMANDS = ["run", "serve", "study", "report", "calibrate", "doctor"]


def named_paths(line):
    """Paths in backticks, and linked files; what holds a placeholder (NAME, <id>, *) is a pattern and left out."""
    for token in re.findall(r"`([^`\s]+)", line):
        token = token.rstrip("/.,:;")
        if token.split("/")[0] in TOP and "/" in token and not re.search(r"[<>*{}$…]|[A-Z]{3,}", token.split(":")[0]):
            yield token.split(":")[0]
    for target in re.findall(r"\]\(([^):#]+)\)", line):
        yield target


def flags_of(program, command):
    help_text = subprocess.run([program, command, "--help"], capture_output=True, text=True, timeout=20).stdout
    return sorted(set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", help_text)) - {"-h", "--help"})


def check_flags(root, program):
    readme = project.text(root, "README.md")
    shown = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", readme))
    found = []
    for command in COMMANDS:
        flags = flags_of(program, command)
        if not flags:
            found.append(f"README.md:1: `saturn {command} --help` names no flag at all")
        found += [f"README.md:1: {flag} of `saturn {command} --help` is not in it" for flag in flags if flag not in shown]
    return found


def check(root, program=None):
    found = []
    for document in DOCUMENTS:
        for number, line in project.lines(root, document):
            for path in named_paths(line):
                if not (root / path).exists():
                    found.append(f"{document}:{number}: {path} does not exist")
    architecture = project.text(root, "ARCHITECTURE.md")
    folders = set()
    for path in project.files(root):
        parts = path.parts[:-1]
        folders |= {"/".join(parts[:n]) for n in range(1, min(len(parts), DEPTH.get(parts[0], 1)) + 1)} if parts else set()
    for folder in sorted(folders):
        if f"`{folder}/`" not in architecture:
            found.append(f"ARCHITECTURE.md:1: no line for `{folder}/`")
    if program:
        found += check_flags(root, program)
    return found


if __name__ == "__main__":
    built = os.environ.get("SATURN", str(project.ROOT / "build/release/saturn"))
    project.main("docs", lambda root: check(root, built if Path(built).is_file() else None))
