"""bench/peers/run in its smallest form, so that it cannot rot: every work, one run of a second each, and the table that comes of it."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

RUN = pathlib.Path(__file__).with_name("run")
COLUMNS = 8


def table(*arguments):
    """Rows of the table as lists of cells, and the notes below it."""
    done = subprocess.run([sys.executable, RUN, *arguments], capture_output=True, text=True, timeout=250)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    lines = done.stdout.splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]
    return rows, [line for line in lines if line and not line.startswith("|")]


@unittest.skipUnless(shutil.which("wrk") and len(os.sched_getaffinity(0)) > 1, "needs wrk and two cores")
class Peers(unittest.TestCase):
    def test_works_beside_a_peer(self):
        rows, notes = table("--work", "keep-alive", "pipelined", "bodies", "close", "moderate", "-c", "16", "64", "--peers", "wrk",
                            "--pairs", "1", "--seconds", "1")
        self.assertEqual(notes, [])
        self.assertEqual({len(row) for row in rows}, {COLUMNS})
        self.assertEqual(len(rows), 3 * (2 + 2 + 2 + 1 + 2) + 1)
        goals = [row for row in rows if row[6] != "—"]
        self.assertEqual(len(goals), 2 + 1 + 2 + 3 + 1 + 2)
        for row in goals:
            self.assertIn(row[7], ("yes", "**no**"))
            self.assertEqual(row[2], "wrk")
        for row in rows:
            self.assertGreater(float(row[5].split()[0]), 0, row)

    def test_latency_of_each_tool(self):
        rows, _ = table("--work", "latency", "-c", "16", "--peers", "wrk", "--pairs", "1", "--seconds", "1")
        self.assertEqual([(row[0], row[2]) for row in rows], [(f"latency {p}, 16 connections", tool) for p in ("p50", "p99")
                                                             for tool in ("saturn", "wrk")])
        for row in rows:
            self.assertGreater(float(row[4].replace(",", "")), 0, "the server's own")

    def test_what_stamps_cost_is_measured_beside_saturn_itself(self):
        rows, notes = table("--work", "stamps", "--peers", "wrk", "--pairs", "1", "--seconds", "1")
        self.assertEqual(notes, [])
        self.assertEqual({row[2] for row in rows}, {"saturn --no-kernel-stamps"})
        self.assertEqual([row[0] for row in rows if row[6] == "≤ 1.05"], ["arrival stamps, 64 connections", "arrival stamps, 256 connections"])

    def test_forms_of_sockets_are_measured_beside_saturn_itself(self):
        rows, notes = table("--work", "sockets", "--peers", "wrk", "--pairs", "1", "--seconds", "1")
        self.assertEqual(notes, [])
        self.assertEqual({row[2] for row in rows}, {"saturn --sockets table", "saturn --sockets linked"})
        self.assertEqual([row[1] for row in rows], ["CPU, µs/request", "CPU, µs/request", "requests/s", "requests/s"] * 2)

    def test_what_dropping_bodies_saves_is_measured_beside_saturn_itself(self):
        rows, notes = table("--work", "discard", "--peers", "wrk", "--pairs", "1", "--seconds", "1")
        self.assertEqual(notes, [])
        self.assertEqual({row[2] for row in rows}, {"saturn --discard-body"})
        self.assertEqual(len(rows), 4 * 3)

    def test_the_engine_without_a_kernel(self):
        rows, notes = table("--work", "core", "--peers", "wrk", "--pairs", "1")
        self.assertEqual(notes, [])
        self.assertEqual([row[0] for row in rows], ["engine over Null, 1 connections", "engine over Null, 64 connections",
                                                    "engine over Null, 1,024 connections", "engine over Null, 64 connections, pipelined 16"])

    def test_many_connections_and_absent_tools(self):
        rows, notes = table("--work", "up-10k", "--peers", "wrk,gcannon", "--pairs", "1", "--seconds", "1")
        if rows:
            self.assertEqual([row[1] for row in rows], ["until all are up", "peak RSS"])
        if not shutil.which("gcannon") and "GCANNON" not in os.environ:
            self.assertIn("gcannon: left out: gcannon is not installed", notes)


if __name__ == "__main__":
    unittest.main()
