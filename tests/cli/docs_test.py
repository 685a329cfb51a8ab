"""README.md and docs/*.md as their readers use them: every block that calls saturn is run, in order, in a folder of its own beside
links to the tree, against servers that the document starts itself (on free ports), and what a console block shows is what is printed.
Runs are shortened (tests/support/short_saturn.py). tools/docs/blocks.py says which marks change what.
"""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["SATURN_SOURCE_DIR"])
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tools" / "docs"))

import blocks  # noqa: E402

LONGEST_S = 90
TREE = ("bench", "tools", "README.md")
SHIM = SOURCE / "tests" / "support" / "short_saturn.py"


def free_ports(count):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Reader:
    """What a reader has before them: a shell in a folder, with saturn on the PATH, and the servers they started."""

    def __init__(self, folder, text):
        self.folder, self.servers = folder, {}
        shown = sorted({"8000", *blocks.ports(text)})
        self.ports = dict(zip(shown, map(str, free_ports(len(shown)))))
        self.shown = {real: port for port, real in self.ports.items()}
        for name in TREE:
            (folder / name).symlink_to(SOURCE / name)
        (folder / "docs" / "examples").mkdir(parents=True)
        for example in (SOURCE / "docs" / "examples").iterdir():  # copies: a plan's base_url has a port too
            content = blocks.with_ports(example.read_text(encoding="utf-8"), self.ports)
            (folder / "docs" / "examples" / example.name).write_text(content, encoding="utf-8")
        self.programs = {}
        for name, program in (("short", SHIM), ("exact", os.environ["SATURN"])):
            (folder / ".bin" / name).mkdir(parents=True)
            (folder / ".bin" / name / "saturn").symlink_to(program)
            self.programs[name] = f"{folder / '.bin' / name}:{os.environ['PATH']}"

    def environment(self, exact):
        variables = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM", "CI")}
        return variables | {"PATH": self.programs["exact" if exact else "short"], "XDG_CACHE_HOME": str(self.folder / ".cache"),
                            "PYTHONDONTWRITEBYTECODE": "1"}

    def serve(self, command):
        """Starts the server of a line; one that holds the port already has been stopped by the reader."""
        port = (blocks.ports(command) or ["8000"])[0]
        self.stop(port)
        command = blocks.with_ports(command, self.ports)
        if "--listen" not in command:
            command += f" --listen 127.0.0.1:{self.ports['8000']}"
        server = subprocess.Popen(command.split(), cwd=self.folder, env=self.environment(True), stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        self.servers[port] = server
        line = server.stdout.readline()
        assert line.startswith("saturn serve: listening on http://"), f"{command}: {line}"
        return [blocks.with_ports(line.rstrip("\n"), self.shown)]

    def run(self, command, exact):
        """Exit code and the lines that a terminal would show."""
        command = blocks.with_ports(command.replace("build/release/saturn", "saturn"), self.ports)
        script = "set -eo pipefail\n" + command + "\n"
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment(exact), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=LONGEST_S)
        return done.returncode, blocks.with_ports(done.stdout, self.shown).splitlines()

    def stop(self, port=None):
        for key in [port] if port else list(self.servers):
            server = self.servers.pop(key, None)
            if server is not None:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=LONGEST_S)
                server.stdout.close()


def documents():
    return [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]


class Documents(unittest.TestCase):
    def read(self, document):
        text = document.read_text(encoding="utf-8")
        folder = tempfile.TemporaryDirectory(prefix="saturn-docs-")
        self.addCleanup(folder.cleanup)
        reader = Reader(pathlib.Path(folder.name), text)
        self.addCleanup(reader.stop)
        for block in blocks.blocks(text):
            if "saved as" in block.marks:
                (reader.folder / block.marks["saved as"]).write_text(block.text, encoding="utf-8")
            todo = blocks.steps(block)
            for step in todo:
                place = f"{document.relative_to(SOURCE)}:{step.line}"
                with self.subTest(place=place):
                    self.take(reader, block, step, place, last=step is todo[-1])

        commands = blocks.inline(text)
        if commands and "8000" not in reader.servers:
            reader.serve("saturn serve --listen 127.0.0.1:8000")
        (reader.folder / "body.json").write_text('{"name": "cup", "price": 2.5}')
        for number, command in commands:
            place = f"{document.relative_to(SOURCE)}:{number}"
            path = "/echo" if "-b" in command else "/hello"
            with self.subTest(place=place):
                step = blocks.Step(number, False, command.replace("URL", "http://127.0.0.1:8000" + path))
                self.take(reader, blocks.Block(number, "sh", []), step, place, last=True)

    def take(self, reader, block, step, place, last):
        exact = "as it stands" in block.marks
        if step.server:
            code, printed = 0, reader.serve(step.command)
        else:
            code, printed = reader.run(step.command, exact)
        wanted = int(block.marks.get("exit", 0)) if last else 0
        self.assertEqual(code, wanted, f"{place}: {step.command}\n" + "\n".join(printed[-40:]))
        if step.output:
            problem = blocks.difference(step.output, printed, "rows" in block.marks)
            self.assertIsNone(problem, f"{place}: {step.command}\n" + "\n".join(printed))


def add_tests():
    for document in documents():
        name = "test_" + document.stem.lower().replace("-", "_")
        setattr(Documents, name, lambda self, document=document: self.read(document))


add_tests()

if __name__ == "__main__":
    unittest.main()
