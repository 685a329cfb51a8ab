#!/usr/bin/env python3
"""Who may include what. The rules are the tables below; ARCHITECTURE.md says them in words.

1. Project headers: each folder includes itself and the folders listed for it.
2. Third parties: each has one door.
3. The core and the public headers are pure: C++ standard headers only, none that starts a thread, opens a file or prints, and no
   call that reads a clock, the environment or true randomness.
"""

import re
from pathlib import Path

import project

API = "engine/include"
# A folder of the core includes only those before it.
CORE_ORDER = ["base", "stats", "json", "http", "transport", "plan", "load", "session", "shard", "result"]
CORE = ["engine/core/" + name for name in CORE_ORDER]

LAYERS = {
    API: [],
    **{folder: [API, *CORE[:i]] for i, folder in enumerate(CORE)},
    "engine/system": [API, *CORE],
    "engine/target": [API, *CORE],
    "cli": [API, *CORE, "engine/system", "engine/target", "cli/study"],
    "cli/study": [API, *CORE, "engine/system"],
    "bench": [API, *CORE, "engine/system", "engine/target"],
    "tests": [API, *CORE, "engine/system", "engine/target", "cli", "cli/study"],
    "docs": [API],
}
# Single headers that a folder may include against the order, and why.
EXCEPTIONS = {
    ("engine/core/session", "engine/core/shard/recorder.hpp"),  # a session reports to the recorder, which its shard owns
}

DOORS = {  # header of a third party: the places that may include it
    r"liburing|linux/io_uring": ["engine/system/uring"],
    r"llhttp": ["engine/core/http"],
    r"simdjson": ["engine/core/json"],
    r"zlib|zconf": ["engine/core/stats/hdr_encode.cpp", "engine/core/stats/hdr_decode.cpp"],
    r"nlohmann": ["engine/core/result", "cli"],
    r"openssl": ["cli/study/sha256.cpp"],
    r"sqlite3": ["engine/target"],
    r"mimalloc": ["cli/main.cpp"],
    r"fmt": ["engine/core", "engine/system", "engine/target", "cli", "bench"],
    r"benchmark": ["bench"],
    r"gtest|gmock": ["tests"],
}

PURE = [API, "engine/core"]
STANDARD = set(
    """algorithm any array atomic bit bitset cassert cctype cerrno cfloat charconv chrono cinttypes climits cmath compare complex
    concepts cstdarg cstddef cstdint cstdlib cstring deque exception expected forward_list functional initializer_list iterator
    limits list map memory memory_resource new numbers numeric optional queue ratio set source_location span stack
    stdexcept string string_view tuple type_traits typeindex typeinfo unordered_map unordered_set utility variant vector
    version""".split()
)
IMPURE_ALLOWED = {
    "engine/core/base/assert.cpp": {"cstdio"},  # a broken promise is printed before the process ends
    "engine/core/base/zero_pages.cpp": {"sys/mman.h"},  # zeroed memory that costs nothing until it is touched
}
IMPURE_CALL = re.compile(r"\b(\w+_clock::now|clock_gettime|gettimeofday|getenv|fopen|random_device|this_thread|std::cout)\b")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Where a quoted include is looked up, as in the CMake files; the includer's own folder comes first.
SEARCH = ["engine", "engine/include", "cli", "tests", "bench"]


def inside(path, folder):
    return path == folder or path.startswith(folder + "/")


def layer_of(path):
    matching = [folder for folder in LAYERS if inside(path, folder)]
    return max(matching, key=len) if matching else None


def resolve(root, includer, name):
    for folder in [str(includer.parent), *SEARCH]:
        candidate = Path(folder) / name
        if (Path(root) / candidate).is_file():
            return candidate.as_posix()
    return None


def door_of(header):
    for pattern, places in DOORS.items():
        if re.match(rf"({pattern})(\.h(pp)?|/|$)", header):
            return places
    return None


def problem_of(root, path, header, quoted):
    """What is wrong with one include, or None."""
    here = path.as_posix()
    places = door_of(header)
    if places is not None:
        wrong = not here.startswith("tests/") and not any(inside(here, place) for place in places)
        return f"<{header}> has its one door in {' and '.join(places)}" if wrong else None
    if quoted:
        target = resolve(root, path, header)
        if target is None:
            return f'"{header}" is no file of the project'
        layer, target_layer = layer_of(here), layer_of(target)
        if target_layer is None:
            return f"{target} is in no layer"
        if layer != target_layer and target_layer not in LAYERS[layer] and (layer, target) not in EXCEPTIONS:
            return f"{layer} may not include {target_layer} ({header})"
        return None
    if any(inside(here, folder) for folder in PURE):
        if header not in STANDARD and header not in IMPURE_ALLOWED.get(here, ()):
            return f"<{header}> does not belong into the pure part"
    return None


def check(root):
    found = []
    for path in project.files(root, project.CPP):
        here = path.as_posix()
        if layer_of(here) is None:
            found.append(f"{here}:1: the folder is in no layer (tools/checks/layers.py)")
            continue
        pure = any(inside(here, folder) for folder in PURE)
        for number, line in project.lines(root, path):
            match = INCLUDE.match(line)
            problem = problem_of(root, path, match[2], match[1] == '"') if match else None
            if pure and not match and not line.lstrip().startswith("//") and IMPURE_CALL.search(line):
                problem = f"{IMPURE_CALL.search(line)[0]} does not belong into the pure part"
            if problem:
                found.append(f"{here}:{number}: {problem}")
    return found


if __name__ == "__main__":
    project.main("layers", check)
