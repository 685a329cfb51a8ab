#!/usr/bin/env python3
"""No core file without its tests. engine/core/FOLDER/NAME.cpp counts as tested when there is a tests/*/NAME_test.cpp, when a test
includes its header, or when a comment in it or its header names the test (plan_parse_test). A header without a .cpp is tested where
it is compiled into a test. Every test that a comment in engine/ or cli/ names has to exist.
"""

import re
from pathlib import Path

import project

COMMENT = re.compile(r"^\s*//.*")
NAMED_TEST = re.compile(r"\b([a-z]\w*_test)\b")
INCLUDE = re.compile(r'#include "(core/[\w/]+\.hpp)"')


def includes(root, path):
    return {Path("engine") / name for name in INCLUDE.findall(project.text(root, path))}


def reached(root, start):
    """Headers of the core that get into some test, directly or through others."""
    found, left = set(), set(start)
    while left:
        path = left.pop()
        found.add(path)
        if (root / path).is_file():
            left |= includes(root, path) - found
    return found


def check(root):
    tests = project.files(root, {".cpp", ".hpp", ".py"}, "tests")
    test_names = {path.stem for path in tests}
    direct = set().union(*(includes(root, path) for path in tests if path.suffix != ".py"))
    in_tests = reached(root, direct)
    found, claimed = [], set()  # claimed: files, without suffix, whose comment names a test
    for path in project.files(root, project.CPP, "engine") + project.files(root, project.CPP, "cli"):
        for number, line in project.lines(root, path):
            for name in NAMED_TEST.findall(line) if COMMENT.match(line) else ():
                claimed.add(path.with_suffix(""))
                if name not in test_names:
                    found.append(f"{path.as_posix()}:{number}: names {name}, which is nowhere in tests/")
    for path in project.files(root, project.CPP, "engine/core"):
        stem, header = path.with_suffix(""), path.with_suffix(".hpp")
        alone = path.suffix == ".hpp" and not (root / path.with_suffix(".cpp")).is_file()
        if not (f"{path.stem}_test" in test_names or header in direct or stem in claimed or (alone and path in in_tests)):
            found.append(f"{path.as_posix()}:1: no {path.stem}_test, no test includes its header, and no comment names its test")
    return found


if __name__ == "__main__":
    project.main("unit_tests", check)
