"""-o: the whole file or none, found not writable before the run, and a result that cannot be written is not lost."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

import support
from support import environment, saturn


class Output(support.Case):

    def run_to(self, path, *words, **options):
        return saturn("run", self.url(), "-n", "20", "-c", "2", "-o", path, *words, **options)

    def test_the_file_is_the_result_that_json_prints(self):
        file = self.directory / "result.json"
        done = self.run_to(file, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(file.read_text(), done.stdout)
        self.assertEqual(json.loads(done.stdout)["schema"], "saturn.result/1")

    def test_text_stays_on_standard_output(self):
        file = self.directory / "result.json"
        done = self.run_to(file)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("requests/s", done.stdout)
        self.assertEqual(done.stdout.splitlines()[-2], f"result: {file}")
        self.assertEqual(json.loads(file.read_text())["scenarios"][0]["requests"]["ok"], 20)

    def test_an_old_file_is_replaced_and_nothing_else_is_left(self):
        file = self.directory / "result.json"
        file.write_text("old")
        self.assertEqual(self.run_to(file).returncode, 0)
        self.assertEqual(json.loads(file.read_text())["schema"], "saturn.result/1")
        self.assertEqual(os.listdir(self.directory), ["result.json"])

    def test_what_cannot_be_written_is_found_before_anything_is_sent(self):
        missing = self.directory / "missing" / "r.json"
        cases = {
            missing: f'cannot write "{missing}": there is no directory {missing.parent}; make it: mkdir -p '
                     f"{missing.parent}",
            self.directory: f'cannot write "{self.directory}": it is a directory; name a file in it: -o '
                            f"{self.directory}/result.json",
            "/proc/saturn.json": 'cannot write "/proc/saturn.json": no new file in /proc: No such file or directory; '
                                 "choose a directory you may write to",
        }
        for path, message in cases.items():
            with self.subTest(path=path):
                lines = self.refused("run", self.url(), "-o", path)
                self.assertEqual(lines, [f"error: -o: {message}"])
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_a_full_disk_at_the_end_does_not_lose_the_result(self):
        done = self.run_to("/dev/full", env=environment(TMPDIR=str(self.directory)))
        self.assertEqual(done.returncode, 2, "requests were sent")
        lines = done.stderr.splitlines()
        self.assertEqual(lines[0], 'error: -o: cannot write "/dev/full": No space left on device')
        self.assertTrue(lines[1].startswith(f"the result is in {self.directory}/saturn-result-"), lines)
        saved = pathlib.Path(lines[1].removeprefix("the result is in "))
        self.assertEqual(json.loads(saved.read_text())["scenarios"][0]["requests"]["ok"], 20)
        self.assertIn("requests/s", done.stdout)
        self.assertNotIn("result: ", done.stdout)

    def test_where_nothing_can_be_written_the_result_is_printed(self):
        done = self.run_to("/dev/full", env=environment(TMPDIR="/nonexistent"))
        self.assertEqual(done.returncode, 2)
        head, text = done.stderr.split("the result follows:\n")
        self.assertIn("No space left on device", head)
        self.assertEqual(json.loads(text)["scenarios"][0]["requests"]["ok"], 20)

    def test_an_old_result_survives_a_full_disk(self):
        mount = self.directory / "small"
        mount.mkdir()
        tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", mount], capture_output=True)
        if tried.returncode != 0:
            self.skipTest("no right to mount a small file system")
        self.addCleanup(subprocess.run, ["umount", mount], check=True)
        file = mount / "result.json"
        file.write_text("old")
        done = self.run_to(file, env=environment(TMPDIR=str(self.directory)))
        self.assertEqual(done.returncode, 2)
        self.assertIn("No space left on device", done.stderr)
        self.assertEqual(file.read_text(), "old")
        self.assertEqual(os.listdir(mount), ["result.json"])
        self.assertEqual(len([name for name in os.listdir(self.directory) if name.startswith("saturn-result-")]), 1)

    def test_a_reader_that_left_is_an_error_but_no_crash(self):
        script = '"$0" run "$1" -n 5 -c 1 | true; echo ${PIPESTATUS[0]}'
        done = subprocess.run([shutil.which("bash"), "-c", script, support.SATURN, self.url()], capture_output=True,
                              text=True, timeout=support.LONGEST_S, check=False)
        self.assertEqual((done.stdout, done.stderr),
                         ("2\n", "error: standard output: cannot be written: Broken pipe\n"))

    def test_failed_runs_write_their_result_too(self):
        file = self.directory / "result.json"
        done = saturn("run", self.url("/_fault/garbage"), "-n", "4", "-c", "1", "-o", file)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(json.loads(file.read_text())["scenarios"][0]["errors"], {"malformed": 4})


if __name__ == "__main__":
    unittest.main()
