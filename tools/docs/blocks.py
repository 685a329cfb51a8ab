"""The fenced blocks of a Markdown file, what is to be run of them, and whether an output is the one that stands there. Pure: text in,
values out; tests/cli/docs_test.py runs them, tests/lint/docs_blocks_test.py tests this file.

    sh        a script as a reader pastes it; `saturn serve … &` and a line that is only `saturn serve …` start a server
    console   lines that begin with "$ " are commands, the others their output
    json      a plan or a result

An HTML comment right above a fence is a mark:
    <!-- not run: REASON -->            nothing of it is run
    <!-- exit: 99 -->                   the exit code of the block's last command (0)
    <!-- rows -->                       of a summary's rows only the names are compared, those of the verdict left out
    <!-- as it stands -->               -d and --warmup are not shortened
    <!-- file: docs/examples/x.json --> the block is that file
    <!-- saved as: plan.json -->        the block is a file for the commands below it
"""

import re
from dataclasses import dataclass, field

FENCE = re.compile(r"^(\s*)```(\w*)\s*$")
MARK = re.compile(r"^\s*<!-- (not run|exit|rows|as it stands|file|saved as)(?:: (.*?))? -->\s*$")
PROGRAM = re.compile(r"^(taskset -c \S+ |[A-Z_]+=\S+ )*(build/release/)?saturn( |$)")
SERVER = re.compile(r"^(taskset -c \S+ )?saturn serve\b(?!.*--help).*$")
PORT = re.compile(r"(?<=:)[89]\d{3}\b")
# What the verdict says depends on the machine; so do the notes.
SOMETIMES = {"verdict", "limited by", "NOT VALID", "because", "and", "note", "median", "machine", "stolen", "no core", "in CI", "other load"}
NUMBER = re.compile(r"\d[\d,]*(\.\d+)?([eE][-+]?\d+)?")
UNIT = re.compile(r"(?<=0) ?(ns|µs|us|ms|s|min|GB|MB|KB|KiB|MiB|GiB|B|k|M)(?![\w])")


@dataclass
class Block:
    line: int
    language: str
    lines: list
    marks: dict = field(default_factory=dict)

    @property
    def text(self):
        return "".join(line + "\n" for line in self.lines)


def blocks(text):
    """Every fenced block with its marks; `line` is that of its first line of content."""
    found, marks, open_block, indent = [], {}, None, ""
    for number, line in enumerate(text.splitlines(), 1):
        fence, mark = FENCE.match(line), MARK.match(line)
        if open_block is not None:
            if fence and not fence[2]:
                found.append(open_block)
                open_block, marks = None, {}
            else:
                open_block.lines.append(line.removeprefix(indent))
        elif fence:
            open_block, indent = Block(number + 1, fence[2], [], marks), fence[1]
        elif mark:
            marks[mark[1]] = mark[2] or ""
        elif line.strip():
            marks = {}
    return found


def without_comment(line):
    """A command without the remark behind it: two spaces and "# "."""
    return re.sub(r"\s{2,}# .*$", "", line).rstrip()


@dataclass
class Step:
    """One thing to do: a server to start, a script to run, and what it has to print (None: nothing is said about it)."""

    line: int
    server: bool
    command: str
    output: list = None


def steps(block):
    """What is to be done for a block, in order; nothing where no line of it calls saturn."""
    if "not run" in block.marks or block.language not in ("sh", "console"):
        return []
    found = console(block) if block.language == "console" else script(block)
    return found if any(step.server or calls_saturn(step.command) for step in found) else []


def calls_saturn(command):
    return any(PROGRAM.match(line.strip()) or "| saturn " in line for line in command.splitlines())


def server_of(line):
    line = line.strip()
    return line.removesuffix("&").rstrip() if SERVER.match(line) and not re.search(r"[;|]|&&", line) else None


def console(block):
    found = []
    for number, line in enumerate(block.lines, block.line):
        if line.startswith("$ "):
            command = without_comment(line[2:])
            server = server_of(command)
            found.append(Step(number, server is not None, server or command, []))
        elif found and found[-1].command.endswith("\\"):
            found[-1].command += "\n" + line
        elif found:
            found[-1].output.append(line)
    return found


def script(block):
    found, lines, start = [], [], block.line
    for number, line in enumerate(block.lines, block.line):
        line = without_comment(line)
        server = server_of(line)
        if server is None:
            if not lines:
                start = number
            lines.append(line)
            continue
        if any(part.strip() for part in lines):
            found.append(Step(start, False, "\n".join(lines)))
        lines = []
        found.append(Step(number, True, server))
    if any(part.strip() for part in lines):
        found.append(Step(start, False, "\n".join(lines)))
    return found


def inline(text):
    """(line, command) of the `saturn run URL …` in the cells of tables; URL is what the reader has."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("| "):
            found += [(number, command) for command in re.findall(r"`(saturn run URL[^`]*)`", line) if "…" not in command]
    return found


def ports(text):
    return sorted(set(PORT.findall(text)))


def with_ports(text, chosen):
    """Ports of the document as those that are free here, or the other way round."""
    return re.sub(r"(?<=:)\d{4,5}\b", lambda found: str(chosen.get(found[0], found[0])), text)


def pattern(line):
    """A line with its numbers, units and column widths taken out."""
    return re.sub(r"\s+", " ", UNIT.sub(" u", NUMBER.sub("0", line))).strip()


def label(line):
    """The name of a row of a summary ("  requests/s   310 …") or of its table ("  sent late by 5.1 6.2 …"), or None."""
    found = re.match(r"^  (\S(?:.*?\S)?)(?:\s{2,}\S|\s+(?=[\d.,]+(?:ms|s)?\s+[\d.,]+))", line)
    return found[1] if found else None


def difference(wanted, printed, rows=False):
    """None where the output is the one that the document shows, otherwise what differs."""
    if rows:
        left = list(printed)
        for line in wanted:
            row = label(line)
            if row in SOMETIMES or not line.strip() or (row is None and line.startswith(" ")):
                continue
            same = [fits(pattern(line), pattern(have)) if row is None else label(have) == row for have in left]
            if True not in same:
                return f"no {f'row {row!r}' if row else f'line {line!r}'} in this order"
            left = left[same.index(True) + 1 :]
        return None
    wanted, printed = [[pattern(line) for line in text if line.strip()] for text in (wanted, printed)]
    return None if matches(wanted, printed) else first_difference(wanted, printed)


def matches(wanted, printed):
    """A line "…" stands for any lines, and for none."""
    if not wanted:
        return not printed
    if wanted[0] == "…":
        return any(matches(wanted[1:], printed[n:]) for n in range(len(printed) + 1))
    return bool(printed) and fits(wanted[0], printed[0]) and matches(wanted[1:], printed[1:])


def fits(wanted, printed):
    """"…" inside a line stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, wanted.split("…"))), printed) is not None


def first_difference(wanted, printed):
    for want, have in zip(wanted, printed):
        if want == "…":
            return "what follows … is not printed"
        if not fits(want, have):
            return f"the document has {want!r}, saturn prints {have!r}"
    longer = wanted[len(printed) :] or printed[len(wanted) :]
    return f"{'not printed' if len(wanted) > len(printed) else 'not in the document'}: {longer[0]!r}"
