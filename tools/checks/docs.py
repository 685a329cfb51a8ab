#!/usr/bin/env python3
"""Documents in step with the tree: what they name exists, every folder has its line in ARCHITECTURE.md, every flag that a command
knows is in the table of its document and every flag that a document names is known, so is every key_of_a_result, blocks that are a file
of the tree are that file, README.md fits on two screens, and prose is short: no sentence over 25 words, none of the phrases that make a riddle.
"""

import os
import re
import sys
from pathlib import Path

import project

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "docs"))
sys.dont_write_bytecode = True

import blocks  # noqa: E402
import tables  # noqa: E402

MAPS = ["README.md", "ARCHITECTURE.md", "HACKING.md"]
TOP = ["engine", "cli", "bench", "tests", "tools", "cmake", "docs", ".ci"]  # `name/...` that begins with one of these is a path
DEPTH = {"engine": 3, "cli": 2, "bench": 2, "tests": 2, "tools": 2, "cmake": 1, "docs": 2}  # folders this deep need their line
README_LINES = 90
MOST_WORDS = 25
RIDDLES = re.compile(r"\b(of those|so many|what is)\b", re.I)
FLAG = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")
DOCKERS = {"--cpus", "--cpuset-cpus", "--security-opt"}
OTHERS_FLAGS = {"docs/from-other-tools.md", "README.md"}  # name flags of other tools too


def documents(root):
    """README.md and the documents for users."""
    return ["README.md", *(path.relative_to(root).as_posix() for path in tables.documents(root))]


def named_paths(line):
    """Paths in backticks, and linked files; what holds a placeholder (NAME, <id>, *) is a pattern and left out."""
    for token in re.findall(r"`([^`\s]+)", line):
        token = token.rstrip("/.,:;")
        if token.split("/")[0] in TOP and "/" in token and not re.search(r"[<>*{}$…]|[A-Z]{3,}", token.split(":")[0]):
            yield token.split(":")[0], False
    for target in re.findall(r"\]\(([^):#]+)\)", line):
        yield target, True


def check_paths(root):
    found = []
    for document in dict.fromkeys([*MAPS, *documents(root)]):
        here = (root / document).parent
        for number, line in project.lines(root, document):
            for path, linked in named_paths(line):
                if not ((here if linked else root) / path).exists():
                    found.append(f"{document}:{number}: {path} does not exist")
    return found


def check_map(root):
    architecture = project.text(root, "ARCHITECTURE.md")
    folders = set()
    for path in project.files(root):
        parts = path.parts[:-1]
        folders |= {"/".join(parts[:n]) for n in range(1, min(len(parts), DEPTH.get(parts[0], 1)) + 1)} if parts else set()
    return [f"ARCHITECTURE.md:1: no line for `{folder}/`" for folder in sorted(folders) if f"`{folder}/`" not in architecture]


def check_files(root):
    """Blocks that say which file of the tree they are."""
    found = []
    for document in documents(root):
        for block in blocks.blocks(project.text(root, document)):
            name = block.marks.get("file")
            if name and not (root / name).is_file():
                found.append(f"{document}:{block.line}: {name} does not exist")
            elif name and project.text(root, name) != block.text:
                found.append(f"{document}:{block.line}: not what stands in {name}")
    return found


def check_keys(root):
    """`latency_us` and its like: names of keys, kinds and rules, all of which some source or schema has."""
    sources = project.files(root, {".cpp", ".hpp"}, "engine") + project.files(root, {".json"}, "tools/schema")
    known = set(re.findall(r"[a-z]+(?:_[a-z0-9]+)+", "".join(project.text(root, path) for path in sources)))
    found = []
    for document in (name for name in documents(root) if name != "docs/library.md"):  # that one names CMake's words
        for number, line in enumerate(project.text(root, document).splitlines(), 1):
            for code in re.findall(r"`([^`]+)`", line):
                names = [] if "/" in code else re.findall(r"(?<![\w-])[a-z]+(?:_[a-z0-9]+)+(?![\w-])", code)
                found += [f"{document}:{number}: {name} is no key, rule or kind" for name in names if name not in known]
    return found


def prose(text):
    """(line, text) of each paragraph or item that people wrote: no code, tables, headings or comments."""
    text = tables.PLACE.sub(lambda found: "\n" * found[0].count("\n"), text)
    fenced, start, words = False, 0, []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        fenced ^= bool(blocks.FENCE.match(line))
        item = re.match(r"\s*([-*]|\d+\.) ", line)
        plain = not fenced and not re.match(r"\s*(```|\||#|<!--)|    ", line)
        if words and (item or not plain or not line.strip()):
            yield start, " ".join(words)
            words = []
        if plain and line.strip():
            start = start if words else number
            words.append(line.strip())


def sentences(paragraph):
    paragraph = re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`]*`", "x", paragraph))
    return re.split(r"(?<=[.:;!?])\s+", paragraph)


def check_prose(root):
    found = []
    for document in documents(root):
        text = project.text(root, document)
        for number, paragraph in prose(text):
            riddle = RIDDLES.search(paragraph)
            if riddle:
                found.append(f"{document}:{number}: \"{riddle[0]}\" makes a riddle of a sentence")
            for sentence in sentences(paragraph):
                count = len(re.findall(r"\w[\w'’-]*", sentence))
                if count > MOST_WORDS:
                    found.append(f"{document}:{number}: a sentence of {count} words: {sentence[:60]}…")
    length = len(project.text(root, "README.md").splitlines())
    if length > README_LINES:
        found.append(f"README.md:{length}: {length} lines, more than {README_LINES}: what can go to docs/?")
    return found


def check_flags(root, rows):
    """Tables as the flags' rows make them, all commands among them, and no flag in prose that no command has."""
    found, shown = [], set()
    known = {"-h", "--help"} | DOCKERS | {name for row in rows for name in row["names"]}
    for document in documents(root):
        text = project.text(root, document)
        shown |= set(tables.commands_in(text))
        if tables.filled(text, rows) != text:
            found.append(f"{document}:1: its flag table is old: run tools/docs/tables.py --write")
        if document in OTHERS_FLAGS:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for code in re.findall(r"`(--?[a-zA-Z][^`]*)`", line):
                for flag in FLAG.findall(code):
                    if flag not in known:
                        found.append(f"{document}:{number}: no command has {flag}")
    return found + [f"docs:1: no table of the flags of {command}" for command in sorted({row["command"] for row in rows} - shown)]


def check(root, program=None):
    root = Path(root)
    found = check_paths(root) + check_map(root) + check_files(root) + check_keys(root) + check_prose(root)
    return found + (check_flags(root, tables.rows_of(program)) if program else [])


if __name__ == "__main__":
    built = os.environ.get("SATURN", str(project.ROOT / "build/release/saturn"))
    project.main("docs", lambda root: check(root, built if Path(built).is_file() else None))
