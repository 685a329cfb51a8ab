#!/usr/bin/env python3
"""Habits that hold for every file: no more than 350 lines of code or prose, nothing left to do or to merge, no path of one machine, no
disabled test, and a comment at the top of every header (and of a .cpp without one) that says what it is for.
"""

import re

import project

MOST_LINES = 350
COUNTED = {".cpp", ".hpp", ".py", ".cmake", ".md", ".txt", ""}  # data files (JSON, expected output) may be long
LARGEST_KIB = 512
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(work|root|farm|home|tmp/wt)/\w")
CONFLICT = re.compile(r"^(<<<<<<<|>>>>>>>) ")
DISABLED = re.compile(r"\b(DIS" r"ABLED_\w+|EXPECT_TRUE\(true\)|unittest\.skip\b)")
KINDS = [(UNFINISHED, "unfinished"), (MACHINE_PATH, "path of one machine"), (DISABLED, "disabled test"), (CONFLICT, "merge conflict")]


def needs_comment(root, path):
    return path.suffix == ".hpp" or (
        path.suffix == ".cpp" and path.parts[0] != "tests" and not (root / path).with_suffix(".hpp").is_file()
    )


def check(root):
    found = []
    for path in project.files(root):
        here = path.as_posix()
        content = project.lines(root, path)
        size_kib = (root / path).stat().st_size / 1024
        if size_kib > LARGEST_KIB:
            found.append(f"{here}:1: {size_kib:.0f} KiB; files over {LARGEST_KIB} KiB do not belong into the repository")
        if path.suffix in COUNTED and len(content) > MOST_LINES:
            found.append(f"{here}:{len(content)}: {len(content)} lines, more than {MOST_LINES}: is it still one thing?")
        if needs_comment(root, path) and not (content and content[0][1].startswith("//")):
            found.append(f"{here}:1: the file does not begin with a comment that says what it is for")
        for number, line in content:
            for pattern, what in KINDS:
                match = pattern.search(line)
                if match:
                    found.append(f"{here}:{number}: {what}: {match[0]}")
    return found


if __name__ == "__main__":
    project.main("text", check)
