"""saturn study that is interrupted or killed, and what it says before it takes long."""
import os
import signal
import subprocess
import sys
import time
import unittest

from study_case import PLAN, SATURN, StudyTest, alive


class Interrupted(StudyTest):
    def begin(self):
        """A study that is measuring its second scenario."""
        slow = {**PLAN["scenarios"][0], "name": "slow", "duration": "60s", "flow": [{"get": "/items/1"}]}
        self.write([self.target("t")], plan={**PLAN, "scenarios": [PLAN["scenarios"][0], slow]})
        study = subprocess.Popen([SATURN, "study", self.folder / "study.json", "-o", self.out, "--no-color"],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(study.stdout.close)
        deadline = time.monotonic() + 30
        while not (self.folder / "pids.item").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual([alive(pid) for pid in self.started()], [True] * 3)
        return study

    def test_ctrl_c_stops_the_target_and_keeps_what_there_is(self):
        study = self.begin()
        study.send_signal(signal.SIGINT)
        out, _ = study.communicate(timeout=30)
        self.assertEqual(study.returncode, 105)
        self.assertIn("interrupted: only what had been measured by then", out)
        result = self.result()
        self.assertTrue(result["interrupted"])
        hello, slow = result["targets"][0]["scenarios"]
        self.assertIsNotNone(hello["mean"])
        self.assertEqual(slow["samples"], [])

    def test_a_busy_machine_is_told_before_a_long_study(self):
        """A hog on every core; the study would take over a minute, so it looks at the machine first."""
        hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in os.sched_getaffinity(0)]
        try:
            study = self.begin()
            study.send_signal(signal.SIGINT)
            out, _ = study.communicate(timeout=60)
        finally:
            for hog in hogs:
                hog.kill()
                hog.wait()
        self.assertRegex(out.splitlines()[1], r"^warning: this machine is busy, and the figures will be of both: other processes \d")
        self.assertRegex(out.splitlines()[1], r"Before \d+ s of it, stop that")

    def test_a_killed_saturn_takes_its_targets_with_it(self):
        study = self.begin()
        study.kill()
        study.wait(timeout=30)
        deadline = time.monotonic() + 30
        while any(alive(pid) for pid in self.started()) and time.monotonic() < deadline:
            time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()
