#!/usr/bin/env python3
"""Every C++ file has the layout of .clang-format, as clang-format 14 reads it (versions differ in details, so another one is
refused rather than believed; exit code 77 = skipped). `tools/format` changes the files.
"""

import re
import shutil
import subprocess
import sys

import project

VERSION = "14"


def program():
    """Path of clang-format 14, or None."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path and re.search(rf"version {VERSION}\.", subprocess.run([path, "--version"], capture_output=True, text=True).stdout):
            return path
    return None


def run(root, *arguments):
    sources = [str(path) for path in project.files(root, project.CPP)]
    return subprocess.run([program(), "--style=file", *arguments, *sources], cwd=root, capture_output=True, text=True)


def check(root):
    errors = run(root, "--dry-run", "--Werror").stderr
    return sorted({match[1] + ":1: not formatted: run tools/format" for match in re.finditer(r"^(\S+?):\d+:\d+: ", errors, re.M)})


if __name__ == "__main__":
    if program() is None:
        print(f"format: clang-format {VERSION} is not installed (tools/setup --tests installs it on Debian 12)")
        sys.exit(77)
    if "--fix" in sys.argv[1:]:
        sys.exit(run(project.ROOT, "-i").returncode)
    project.main("format", check)
