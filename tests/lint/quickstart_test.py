"""tools/quickstart in a pretended tree: what it calls, in which order, and what it tells afterwards."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["SATURN_SOURCE_DIR"])


class Quickstart(unittest.TestCase):
    def run_it(self, failing=""):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tree = Path(folder.name)
        for tool in ("tools/setup", "tools/build", "build/release/saturn"):
            path = tree / tool
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'#!/bin/sh\necho "{tool} $*" >> "{tree}/calls"\n[ "{tool}" != "{failing}" ]\n')
            path.chmod(0o755)
        shutil.copy(ROOT / "tools" / "quickstart", tree / "tools" / "quickstart")
        done = subprocess.run([tree / "tools" / "quickstart"], capture_output=True, text=True, timeout=60)
        return done, (tree / "calls").read_text().splitlines()

    def test_sets_up_builds_only_the_program_and_takes_a_glance(self):
        done, calls = self.run_it()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(calls[:2], ["tools/setup ", "tools/build release --target saturn"])
        self.assertRegex(calls[2], r"^build/release/saturn study bench/study/python-web\.json --profile glance -o study-glance-\d{8}-\d{6}$")
        self.assertEqual(len(calls), 3)
        for command in ("--profile quick", "--profile full", "saturn doctor --study bench/study/python-web.json"):
            self.assertIn(command, done.stdout)

    def test_ends_where_something_failed(self):
        for tool, calls_until_then in (("tools/setup", 1), ("tools/build", 2), ("build/release/saturn", 3)):
            done, calls = self.run_it(tool)
            self.assertEqual((done.returncode, len(calls)), (1, calls_until_then))
            self.assertNotIn("For numbers", done.stdout)

    def test_a_glance_is_short_and_of_the_five_stacks(self):
        study = json.loads((ROOT / "bench" / "study" / "python-web.json").read_text())
        glance = study["profiles"]["glance"]
        self.assertEqual((glance["repeats"], glance["max_duration"]), (1, "2s"))
        taking_part = [t for t in study["targets"] if "glance" in t.get("profiles", ["glance"])]
        self.assertEqual([t.get("role", "stack") for t in taking_part], ["stack"] * 5)


if __name__ == "__main__":
    unittest.main()
