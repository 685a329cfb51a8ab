"""saturn calibrate: the file it leaves, what later runs make of it, and that nothing is left running."""
import json
import pathlib
import signal
import time
import unittest

import support
from support import saturn


def serving_children(pid):
    """Descendants of `pid` that are a saturn serve."""
    found, left = [], [pid]
    while left:
        parent = left.pop()
        for task in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            for child in task.read_text().split():
                left.append(int(child))
                if b"serve" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                    found.append(int(child))
    return found


class Calibrate(support.Case):
    wants_target = False

    def environment(self):
        return support.environment(XDG_CACHE_HOME=str(self.directory))

    def kept(self):
        return self.directory / "saturn" / "calibration.json"

    def test_a_quick_one_is_kept_and_later_runs_are_compared_with_it(self):
        done = saturn("calibrate", "--quick", env=self.environment())
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("core alone: ", done.stdout)
        self.assertIn(f"calibration: {self.kept()}\n", done.stdout)
        calibration = json.loads(self.kept().read_text())
        self.assertEqual(calibration["schema"], "saturn.calibration/1")
        core = calibration["core"]["by_connections"]
        self.assertEqual([row["connections"] for row in core], [16, 64])
        self.assertEqual(calibration["core"]["rps_per_shard"], max(row["rps_per_shard"] for row in core))
        self.assertGreater(min(row["rps_per_shard"] for row in core), 100_000)
        self.assertEqual([(row["connections"], row["body_bytes"]) for row in calibration["loopback"]], [(16, 13), (64, 13)])
        for row in calibration["loopback"]:
            self.assertGreater(row["rps_per_shard"], 100)
            self.assertGreater(row["cpu_us_per_request"], 0)
            for figure in ("latency_us", "truth_us", "lag_us", "observe_us"):
                self.assertLessEqual(row[figure]["p50"], row[figure]["p99"])
            for p in ("p50", "p99"):
                self.assertAlmostEqual(row["stamp_error_us"][p], row["latency_us"][p] - row["truth_us"][p], places=2)
            self.assertLessEqual(row["send_time_error_us"]["p50"], row["send_time_error_us"]["p99"])
            self.assertLess(abs(row["send_time_error_us"]["p50"]), 50)
        self.assertIn("stamp error", done.stdout)
        self.assertIn("send error", done.stdout)

        with support.target() as target:
            run = saturn("run", target.url + "/hello", "-c", 16, "-n", 500, "--full", "-o", self.directory / "r.json", env=self.environment())
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"\d+ % of the calibrated [\d,]+ requests/s a thread")
        result = json.loads((self.directory / "r.json").read_text())
        beside = result["scenarios"][0]["generator"]["calibration"]
        rates = {row["rps_per_shard"] for row in calibration["loopback"]}
        self.assertIn(beside["rps_per_shard"], rates)
        self.assertAlmostEqual(beside["share"] * beside["rps_per_shard"], result["scenarios"][0]["rps"], delta=1)
        self.assertEqual(beside["date"], calibration["date"])
        self.assertEqual(result["notes"], [])

        calibration["saturn"]["version"] = "0.0.1"
        self.kept().write_text(json.dumps(calibration))
        with support.target() as target:
            run = saturn("run", target.url + "/hello", "-n", 50, "--json", "-q", env=self.environment())
        notes = json.loads(run.stdout)["notes"]
        self.assertEqual(len(notes), 1, notes)
        self.assertIn("is of saturn 0.0.1, this is ", notes[0])

    def test_a_file_that_cannot_be_used_is_a_note(self):
        self.kept().parent.mkdir()
        for text in ("{", '{"schema": "saturn.calibration/2"}'):
            self.kept().write_text(text)
            with support.target() as target:
                run = saturn("run", target.url + "/hello", "-n", 50, "--json", "-q", env=self.environment())
            self.assertEqual(run.returncode, 0, run.stderr)
            result = json.loads(run.stdout)
            self.assertIsNone(result["generator"]["calibration"])
            self.assertEqual(len(result["notes"]), 1, result["notes"])
            self.assertIn("cannot be used", result["notes"][0])

    def test_what_others_may_have_written_is_not_used(self):
        self.kept().parent.mkdir()
        self.kept().write_text("{}")
        for path in (self.kept(), self.kept().parent):
            mode = path.stat().st_mode
            path.chmod(0o775)
            with support.target() as target:
                run = saturn("run", target.url + "/hello", "-n", 50, "--json", "-q", env=self.environment())
            path.chmod(mode)
            [note] = json.loads(run.stdout)["notes"]
            self.assertIn("may be written by others", note)
            self.assertIn(str(path), note)
        self.kept().parent.chmod(0o777)
        done = saturn("calibrate", "--quick", env=self.environment())
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"{self.kept().parent}: may be written by others", done.stderr)

    def test_an_interruption_keeps_nothing_and_leaves_nobody(self):
        process = support.start("calibrate", "-o", self.directory / "c.json")
        children = []
        until = time.monotonic() + support.LONGEST_S
        while not children and time.monotonic() < until:
            time.sleep(0.01)
            children = serving_children(process.pid)
        self.assertTrue(children, "no server was started")
        process.send_signal(signal.SIGINT)
        code, _, err = support.ended(process)
        self.assertEqual((code, err), (105, "interrupted: nothing was stored\n"))
        self.assertFalse((self.directory / "c.json").exists())
        for child in children:
            self.assertFalse(pathlib.Path(f"/proc/{child}").exists(), child)

    def test_a_folder_that_is_not_there_is_said_before_anything_runs(self):
        began = time.monotonic()
        self.assertIn("c.json", self.refused("calibrate", "-o", self.directory / "none" / "c.json")[0])
        self.assertLess(time.monotonic() - began, 5)

    def test_wrong_arguments(self):
        self.assertEqual(self.refused("calibrate", "--fast")[-1], "see saturn calibrate --help")
        self.assertIn("--quick", saturn("calibrate", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
