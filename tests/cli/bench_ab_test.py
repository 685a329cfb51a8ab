"""bench/micro/ab: what it makes of two programs whose figures are known, and what it refuses."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

AB = pathlib.Path(os.environ["SATURN_SOURCE_DIR"]) / "bench" / "micro" / "ab"

# Prints the figures of its next run, as Google Benchmark does, and notes that it ran.
FAKE = """#!{python}
import json, pathlib, sys
here = pathlib.Path({folder!r})
with open(here / "order", "a") as order:
    order.write({name!r})
runs = json.loads({runs!r})
number = (here / "order").read_text().count({name!r}) - 1
print(json.dumps({{"benchmarks": [{{"name": name, "cpu_time": time, "time_unit": unit}} for name, time, unit in runs[number]]}}))
print(" ".join(sys.argv[1:]), file=open(here / "arguments", "w"))
"""


def ab(*words):
    return subprocess.run([sys.executable, str(AB), *map(str, words)], capture_output=True, text=True, timeout=60)


class BenchAb(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def fake(self, name, runs):
        build = self.folder / name
        build.mkdir()
        path = build / "saturn_bench"
        path.write_text(FAKE.format(python=sys.executable, folder=str(self.folder), name=name, runs=json.dumps(runs)))
        path.chmod(0o755)
        return build

    def test_ratios_are_those_of_the_pairs(self):
        a = self.fake("a", [[["turn", 100, "ns"]], [["turn", 200, "ns"]], [["turn", 100, "ns"]]])
        b = self.fake("b", [[["turn", 50, "ns"]], [["turn", 0.16, "us"]], [["turn", 110, "ns"]]])
        done = ab(a, b, "--pairs", 3)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines()[2:], ["| turn | 100.00 | 110.00 | 0.800 | 0.500–1.100 | 2 of 3 |"])
        self.assertEqual((self.folder / "order").read_text(), "abbaab")

    def test_filter_and_time_reach_the_programs(self):
        a = self.fake("a", [[["turn", 1, "ns"]]])
        b = self.fake("b", [[["turn", 1, "ns"]]])
        self.assertEqual(ab(a, b, "--pairs", 1, "--filter", "tu.n", "--min-time", "0.5").returncode, 0)
        self.assertIn("--benchmark_filter=tu.n --benchmark_min_time=0.5", (self.folder / "arguments").read_text())

    def test_a_benchmark_of_one_side_only_is_named(self):
        a = self.fake("a", [[["old", 1, "ns"], ["turn", 1, "ns"]]])
        b = self.fake("b", [[["turn", 1, "ns"], ["new", 1, "ns"]]])
        done = ab(a, b, "--pairs", 1)
        self.assertEqual(len(done.stdout.splitlines()), 3)
        self.assertIn("A only: old", done.stderr)
        self.assertIn("B only: new", done.stderr)

    def test_nothing_in_common_is_an_error(self):
        done = ab(self.fake("a", [[["old", 1, "ns"]]]), self.fake("b", [[["new", 1, "ns"]]]), "--pairs", 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no benchmark of both", done.stderr)

    def test_what_is_no_program_is_refused_by_name(self):
        done = ab(self.folder, self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is not a program", done.stderr)

    def test_a_program_that_fails_ends_it(self):
        a = self.fake("a", [[["turn", 1, "ns"]]])
        bad = self.folder / "bad"
        bad.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
        bad.chmod(0o755)
        done = ab(a, bad, "--pairs", 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn("exit 3\nbroken", done.stderr)


if __name__ == "__main__":
    unittest.main()
