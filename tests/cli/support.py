"""What the tests of the command line share: saturn run as a process, `saturn serve` as the target, its counters.

Loopback only; every process started here is stopped by its own handle. SATURN is the binary.
"""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.request

SATURN = os.environ["SATURN"]
LONGEST_S = 60


def environment(**changes):
    """The environment of a run: no terminal, no colour settings and no calibration of whoever runs the tests."""
    variables = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM", "TMPDIR")}
    variables["XDG_CACHE_HOME"] = "/nonexistent"
    variables.update(changes)
    return variables


def saturn(*words, stdin="", env=None, **options):
    """Runs saturn to its end; text in and out."""
    return subprocess.run([SATURN, *map(str, words)], input=stdin, capture_output=True, text=True, timeout=LONGEST_S,
                          env=env or environment(), **options)


def start(*words, **options):
    """Starts saturn; the caller stops it (see `ended`)."""
    return subprocess.Popen([SATURN, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=environment(), **options)


def ended(process):
    """Waits for the end; (exit code, standard output, standard error)."""
    try:
        out, err = process.communicate(timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"saturn did not end; it said:\n{out}{err}") from None
    return process.returncode, out, err


class Target:
    """A running `saturn serve` and what it counted."""

    def __init__(self, *flags, listen="127.0.0.1:0", **options):
        self.process = subprocess.Popen([SATURN, "serve", "--listen", listen, *flags], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, **options)
        line = self.process.stdout.readline()
        assert line.startswith("saturn serve: listening on http://"), line
        self.url = line.split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def truth(self):
        with urllib.request.urlopen(self.url + "/_truth", timeout=LONGEST_S) as answer:
            return json.load(answer)

    def reset(self):
        request = urllib.request.Request(self.url + "/_truth/reset", data=b"")
        urllib.request.urlopen(request, timeout=LONGEST_S).close()

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=LONGEST_S)
        self.process.stdout.close()


@contextlib.contextmanager
def target(*flags, **options):
    server = Target(*flags, **options)
    try:
        yield server
    finally:
        server.stop()


def refused_port():
    """A port of 127.0.0.1 that nobody listens on; held, so that nobody else gets it."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    return holder, holder.getsockname()[1]


@contextlib.contextmanager
def full_backlog():
    """A port of 127.0.0.1 where a connect gets no answer: the listener's queue is full and nobody accepts."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            client = held.enter_context(socket.socket())
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                client.connect(listener.getsockname())
        yield listener.getsockname()[1]


class Case(unittest.TestCase):
    """Tests with a target for all of them and a directory for each."""
    target_flags = ()
    wants_target = True

    @classmethod
    def setUpClass(cls):
        cls.target = Target(*cls.target_flags) if cls.wants_target else None

    @classmethod
    def tearDownClass(cls):
        if cls.target:
            cls.target.stop()

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="saturn-cli-")
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        if self.target:
            self.target.reset()

    def url(self, path="/hello"):
        return self.target.url + path

    def result_of(self, *words, code=0, **options):
        """The result of `saturn run --json`, whose exit code is expected to be `code`."""
        done = saturn("run", *words, "--json", **options)
        self.assertEqual(done.returncode, code, done.stdout[-2000:] + done.stderr)
        return json.loads(done.stdout)

    def refused(self, *words, code=1, **options):
        """What saturn says about a command line that it does not run; nothing on standard output."""
        done = saturn(*words, **options)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        return done.stderr.splitlines()

    def assert_balanced(self, result):
        self.assertTrue(result["conservation"]["balanced"], result["conservation"])
