#!/usr/bin/env python3
"""clang-tidy (.clang-tidy) over the C++ files that changed since the branch left main, or in the last commit when on main; what is
not committed yet counts too. A changed header is read through one file that includes it. A file takes seconds, so no more than 60 are
read, and none in a tree without history; --all reads every file (about nine minutes on two cores). Needs a configured build
(compile_commands.json in build/release, or in the folder $SATURN_BINARY_DIR).
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import project

NAMES = ("clang-tidy-14", "clang-tidy")
MOST_FILES = 60
FINDING = re.compile(r"^(\S+?:\d+:\d+: (?:warning|error): .*)$", re.M)


def git(root, *arguments):
    command = ["git", "-c", f"safe.directory={root}", "-C", str(root), *arguments]
    result = subprocess.run(command, capture_output=True, text=True)
    return result.stdout.split() if result.returncode == 0 else None


def changed(root):
    """Changed files as paths relative to root, or None where there is no history to compare with."""
    head = git(root, "rev-parse", "HEAD")
    for base in ("origin/main", "main"):
        fork = git(root, "merge-base", "HEAD", base)
        if fork and fork != head:
            break
    else:
        fork = git(root, "rev-parse", "--verify", "-q", "HEAD~1")
    if not fork:
        return None
    names = git(root, "diff", "--name-only", "--diff-filter=d", fork[0], "--")
    return [Path(name) for name in (names or []) + (git(root, "ls-files", "-o", "--exclude-standard") or [])]


def sources_for(root, paths):
    """The .cpp files to read: changed ones, and for each changed header one that includes it (its own .cpp first)."""
    sources = {path for path in paths if path.suffix == ".cpp"}
    everything = [path for path in project.files(root, {".cpp"}) if path.parts[0] != "tests"]
    everything += project.files(root, {".cpp"}, "tests")
    for header in (path for path in paths if path.suffix == ".hpp"):
        own = header.with_suffix(".cpp")
        include = re.compile(rf'#include "(\S*/)?{re.escape(header.name)}"')
        users = [own] if (root / own).is_file() else [s for s in everything if include.search(project.text(root, s))]
        sources |= set(users[:1])
    return sorted(sources)


def tidy(program, root, build, source):
    command = [program, "-p", str(build), "--quiet", "--warnings-as-errors=*", str(root / source)]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True)
    found = sorted(set(FINDING.findall(result.stdout)))
    if result.returncode and not found:
        found = [f"{source}:1: clang-tidy failed: {(result.stderr or result.stdout).strip()[-600:]}"]
    return [line.replace(f"{root}/", "") for line in found]


def check(root, build, everything=False):
    program = next(filter(None, map(shutil.which, NAMES)))
    sources = project.files(root, {".cpp"}) if everything else sources_for(root, changed(root))
    known = project.text(build, "compile_commands.json")
    sources = [source for source in sources if f'{root}/{source}"' in known]
    print(f"tidy: {len(sources)} files", flush=True)
    if len(sources) > MOST_FILES and not everything:
        print(f"tidy: reading the first {MOST_FILES} of them; --all reads every one", flush=True)
        sources = sources[:MOST_FILES]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda source: tidy(program, root, build, source), sources)
        return sorted({problem for found in results for problem in found})


if __name__ == "__main__":
    folder = Path(os.environ.get("SATURN_BINARY_DIR", project.ROOT / "build/release"))
    if not any(map(shutil.which, NAMES)):
        print("tidy: clang-tidy is not installed (tools/setup --tests installs it)")
        sys.exit(77)
    if not (folder / "compile_commands.json").is_file():
        print(f"tidy: no compile_commands.json in {folder}: run tools/build first")
        sys.exit(1)
    if "--all" not in sys.argv[1:] and changed(project.ROOT) is None:
        print("tidy: no history to compare with; --all reads every file")
        sys.exit(77)
    project.main("tidy", lambda root: check(root, folder, "--all" in sys.argv[1:]))
