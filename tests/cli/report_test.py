"""saturn report: the summary of a result file again, and what it says when it is given something else.

The files are the golden ones of tests/golden/report, so that text and JSON are known byte for byte.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest

SATURN = os.environ["SATURN"]
GOLDEN = pathlib.Path(os.environ["SATURN_SOURCE_DIR"]) / "tests" / "golden" / "report"
RESULT = GOLDEN / "not_ok.json"


def report(*arguments, stdin=b""):
    done = subprocess.run([SATURN, "report", *map(str, arguments)], input=stdin, capture_output=True, timeout=30)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Report(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def refuses(self, *arguments, says):
        code, out, err = report(*arguments)
        self.assertEqual((code, out), (1, ""))
        for part in says:
            self.assertIn(part, err)

    def test_prints_the_summary_without_colour_where_there_is_no_terminal(self):
        self.assertEqual(report(RESULT), (0, (GOLDEN / "not_ok.txt").read_text(), ""))

    def test_prints_the_same_json(self):
        self.assertEqual(report("--json", RESULT), (0, RESULT.read_text(), ""))

    def test_reads_standard_input(self):
        expected = (GOLDEN / "several_scenarios.txt").read_text()
        self.assertEqual(report("-", stdin=(GOLDEN / "several_scenarios.json").read_bytes()), (0, expected, ""))

    def test_an_interrupted_or_unbalanced_result_is_still_printed(self):
        for name in ("interrupted", "unbalanced", "nothing_completed"):
            self.assertEqual(report(GOLDEN / f"{name}.json"), (0, (GOLDEN / f"{name}.txt").read_text(), ""))

    def test_names_the_file_it_cannot_read(self):
        missing = self.folder / "missing.json"
        self.refuses(missing, says=[str(missing), "No such file or directory"])

    def test_a_directory_is_a_studys(self):
        self.refuses(self.folder, says=[str(self.folder), "is a directory without a study-result.json"])
        self.write("study-result.json", '{"schema": "saturn.study-result/1"}')
        self.refuses(self.folder, says=["study-result.json/name: is missing"])

    def test_tells_what_else_the_file_is(self):
        self.refuses(self.write("a.json", "not JSON"), says=["a.json", "line 1"])
        self.refuses(self.write("b.json", "[]"), says=["b.json", "no result of saturn"])
        self.refuses(self.write("c.json", '{"schema": "saturn.plan/1"}'), says=["c.json/schema", '"saturn.plan/1"',
                                                                                f"run it with: saturn run {self.folder}/c.json"])
        self.refuses(self.write("f.json", '{"schema": "saturn.study/1"}'), says=[f"run it with: saturn study {self.folder}/f.json"])
        self.refuses(self.write("d.json", '{"schema": "saturn.result/9"}'), says=["another version of saturn"])
        self.refuses(self.write("e.json", ""), says=["e.json"])

    def test_names_the_keys_that_are_missing_but_not_hundreds(self):
        self.refuses(self.write("a.json", RESULT.read_text().replace('"seed"', '"need"')),
                     says=["a.json/seed: is missing"])
        path = self.write("b.json", '{"schema": "saturn.result/1"}')
        _, _, err = report(path)
        self.assertEqual(err.count("is missing"), 10)
        self.assertIn(" more\n", err)

    def test_refuses_what_it_does_not_know(self):
        self.refuses(says=["nothing to report; type saturn report RESULT.json", "saturn report --help"])
        self.refuses("--colour", RESULT, says=["--colour"])
        self.refuses(RESULT, RESULT, says=[str(RESULT)])

    def test_explains_itself(self):
        code, out, err = report("--help")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("saturn report result.json", out)

    def test_a_full_disk_is_not_success(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([SATURN, "report", RESULT], stdout=full, stderr=subprocess.PIPE, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
