#!/usr/bin/env python3
"""No core file without its tests: for engine/core/FOLDER/NAME.{cpp,hpp} there is a tests/*/NAME_test.cpp, or a test that
includes its header, or its comment names the test. Tests that the engine's comments name exist.
"""

import re

import project

NAMED = re.compile(r"^\s*//.*?\b(tests/[\w/]+\.(?:cpp|py)\b)")


def check(root):
    tests = project.files(root, {".cpp", ".hpp"}, "tests")
    test_names = {path.name for path in tests}
    included = set()
    for path in tests:
        included |= set(re.findall(r'#include "(core/[\w/]+)\.hpp"', project.text(root, path)))
    found = []
    claimed = set()  # files whose comment names a test
    for path in project.files(root, project.CPP, "engine"):
        for number, line in project.lines(root, path):
            named = NAMED.match(line)
            if named:
                claimed.add(path)
                if not (root / named[1]).is_file():
                    found.append(f"{path.as_posix()}:{number}: {named[1]} does not exist")
    for path in project.files(root, project.CPP, "engine/core"):
        name = path.relative_to("engine").with_suffix("").as_posix()
        if f"{path.stem}_test.cpp" not in test_names and name not in included and path not in claimed:
            found.append(f"{path.as_posix()}:1: no tests/*/{path.stem}_test.cpp, and no test includes {name}.hpp")
    return found


if __name__ == "__main__":
    project.main("unit_tests", check)
