"""Ctrl-C: the first signal prints what was measured and exits 105, a second ends at once."""
import json
import pathlib
import re
import signal
import time
import unittest

import support
from support import ended, full_backlog, start


class Stop(support.Case):

    def begun(self, *words):
        """A run of which the target has seen answers."""
        run = start("run", *words)
        self.addCleanup(lambda: run.poll() is None and run.kill())
        deadline = time.monotonic() + support.LONGEST_S
        while self.target.truth()["requests"]["total"] == 0:
            self.assertLess(time.monotonic(), deadline, "the run does not begin")
            time.sleep(0.01)
        return run

    def test_a_signal_ends_the_run_with_its_partial_result(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                self.target.reset()
                file = self.directory / "result.json"
                run = self.begun(self.url(), "-c", "4", "-d", "5m", "--json", "-o", file)
                run.send_signal(number)
                code, out, err = ended(run)
                self.assertEqual(code, 105, err)
                result = json.loads(out)
                self.assertTrue(result["interrupted"])
                self.assertGreater(result["scenarios"][0]["requests"]["completed"], 0)
                self.assert_balanced(result)
                self.assertEqual(file.read_text(), out)
                self.assertLess(result["elapsed_s"], 30)

    def test_text_is_printed_too(self):
        run = self.begun(self.url(), "-c", "4", "-d", "5m")
        run.send_signal(signal.SIGINT)
        code, out, _ = ended(run)
        self.assertEqual(code, 105)
        self.assertIn("requests/s", out)
        self.assertIn("again: ", out)

    def test_a_target_that_never_answers_does_not_hold_the_end_up(self):
        run = self.begun(self.url("/_fault/silence"), "-c", "2", "-d", "5m", "--json", "--graceful-stop", "1s")
        run.send_signal(signal.SIGINT)
        code, out, err = ended(run)
        self.assertEqual(code, 105, err)
        result = json.loads(out)
        self.assertEqual(result["scenarios"][0]["requests"]["in_flight_at_stop"], 2)
        self.assertEqual(result["scenarios"][0]["requests"]["failed"], 0)
        self.assert_balanced(result)

    def test_a_second_signal_ends_at_once_and_leaves_no_file(self):
        file = self.directory / "result.json"
        run = self.begun(self.url("/_fault/silence"), "-c", "1", "-d", "5m", "--graceful-stop", "5m", "-o", file)
        run.send_signal(signal.SIGINT)
        time.sleep(0.05)  # two signals of one kind that arrive together are one
        run.send_signal(signal.SIGTERM)
        code, _, _ = ended(run)
        self.assertEqual(code, 105)
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_a_signal_while_it_still_connects(self):
        with full_backlog() as port:
            run = start("run", f"http://127.0.0.1:{port}/", "--connect-timeout", "5m")
            self.addCleanup(lambda: run.poll() is None and run.kill())
            while not self.catches(run.pid, signal.SIGINT):
                self.assertIsNone(run.poll())
                time.sleep(0.01)
            run.send_signal(signal.SIGINT)
            self.assertEqual(ended(run), (105, "", "interrupted before anything was sent\n"))

    @staticmethod
    def catches(pid, number):
        """Has the process a handler for this signal?"""
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        caught = int(re.search(r"^SigCgt:\s+(\S+)", status, re.MULTILINE).group(1), 16)
        return caught >> (number - 1) & 1

    def test_a_signal_between_scenarios_of_a_plan(self):
        scenario = {"executor": "shared-iterations", "vus": 1, "iterations": 5, "flow": [{"get": "/hello"}]}
        plan = {"schema": "saturn.plan/1", "base_url": self.target.url, "mode": "sequential", "gap": "5m",
                "scenarios": [{**scenario, "name": "first"}, {**scenario, "name": "second"}]}
        path = self.directory / "plan.json"
        path.write_text(json.dumps(plan))
        run = self.begun(path, "--json")
        while self.target.truth()["responses"]["total"] < 5:
            time.sleep(0.01)
        time.sleep(0.2)  # into the gap
        run.send_signal(signal.SIGINT)
        code, out, err = ended(run)
        self.assertEqual(code, 105, err)
        self.assertEqual([s["name"] for s in json.loads(out)["scenarios"]], ["first"])


if __name__ == "__main__":
    unittest.main()
