"""Command lines of `saturn run` that are refused: all mistakes at once, exit code 1, nothing sent.

The wording of each is tested in tests/unit/args_test.cpp and args_hints_test.cpp; here it is what reaches a terminal.
"""
import json
import unittest

import support
from support import saturn


class RefusedArguments(support.Case):

    def test_every_mistake_is_named_at_once_and_nothing_is_sent(self):
        lines = self.refused("run", self.url(), "-c", "many", "-d", "30x", "--qps", "1000", "--conections", "5")
        self.assertEqual(lines, [
            "error: --qps: that is another tool's name for a rate; type -R 1000",
            "error: --conections: no such flag; did you mean --connections?",
            'error: -c: "many" is not a whole number; write 1 to 1000000',
            'error: -d: "30x" is not a duration; write for example 500ms, 30s, 5m or 1m30s',
            "see saturn run --help",
        ])
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_an_unknown_flag_does_not_make_its_value_a_url(self):
        self.assertEqual(self.refused("run", "--frobnicate", "5", self.url()),
                         ["error: --frobnicate: no such flag; see saturn run --help for those there are",
                          "see saturn run --help"])

    def test_https(self):
        self.assertEqual(self.refused("run", "https://127.0.0.1/")[0],
                         "error: https://127.0.0.1/: no TLS in this build: https:// is not supported; use http://, or "
                         "measure behind the proxy that ends TLS")

    def test_flags_of_other_tools_are_never_something_else(self):
        for words in (["-z", "10s"], ["-q", "100"], ["-t", "30s"], ["--qps", "5"], ["--rps", "5"],
                      ["-s", "x.lua"], ["-D", "file"], ["-i", "5"], ["-d", '{"a": 1}'], ["-k"], ["-qps", "5"],
                      ["--junit", "x"], ["-duration=10s"], ["-p", "body.json"], ["-u", "a:b"], ["-L"], ["-h2"],
                      ["-host", "x"], ["--json", '{"a": 1}'], ["--out", "json=x"], ["-v"], ["-F", "a=b"]):
            with self.subTest(words=words):
                for line in (["run", self.url(), *words], ["run", *words, self.url()]):
                    errors = self.refused(*line)
                    self.assertEqual(len(errors), 2, errors)
                    self.assertRegex(errors[0], "type |leave it out|write |aim at ")
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_a_missing_body_file(self):
        self.assertEqual(self.refused("run", self.url(), "-b", "@/nonexistent/body")[0],
                         'error: -b: cannot read "/nonexistent/body": No such file or directory; check the name of '
                         'the file')

    def test_nothing_to_run(self):
        self.assertEqual(self.refused("run"), ["error: nothing to run; give a URL or a plan: saturn run "
                                               "http://127.0.0.1:8000/", "see saturn run --help"])

    def test_a_password_is_not_printed_with_an_error(self):
        done = saturn("run", "https://user:hunter2@127.0.0.1/", "-d", "5")
        self.assertNotIn("hunter2", done.stdout + done.stderr)

    def test_a_wrong_kind_of_file_is_one_line_with_the_right_command(self):
        kinds = {"study": ("saturn.study/1", "this is a study, not a plan; run it with: saturn study "),
                 "result": ("saturn.result/1", "the result of a run, not a plan; print it with: saturn report "),
                 "results": ("saturn.study-result/1", "not a plan; print it with: saturn report ")}
        for name, (schema, says) in kinds.items():
            path = self.directory / f"{name}.json"
            path.write_text(json.dumps({"schema": schema, "a": 1, "b": 2, "scenarios": [{"c": 3}]}))
            lines = self.refused("run", path)
            self.assertEqual(len(lines), 2, lines)
            self.assertIn(f"{says}{path}", lines[0])

    def test_a_script_of_another_tool(self):
        path = self.directory / "script.js"
        for there in (False, True):
            if there:
                path.write_text("export default function () {}")
            lines = self.refused("run", path)
            self.assertEqual(len(lines), 2, lines)
            self.assertIn("this is a script for k6, which saturn does not run; type -X POST, -H and -b", lines[0])

    def test_seconds_without_a_unit(self):
        done = saturn("run", self.url(), "-n", "1", "-d", "30")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(" · at most 30 s · ", done.stdout.splitlines()[0])

    def test_statuses_that_are_ok(self):
        result = self.result_of(self.url("/nothing"), "-n", "5", "--expect", "404")
        self.assertEqual((result["scenarios"][0]["requests"]["ok"], result["scenarios"][0]["status"]), (5, {"404": 5}))
        result = self.result_of(self.url(), "-n", "5", "--expect", "404,201", code=99)
        self.assertEqual(result["scenarios"][0]["requests"]["not_ok"], 5)

    def test_braces_as_they_stand(self):
        body = self.directory / "body"
        body.write_text('{"message": "{{ user }} {{seq}}"}')
        url = self.url("/echo")
        self.assertIn("--no-templates", self.refused("run", url, "-b", f"@{body}")[0])
        result = self.result_of(url, "-n", "2", "-b", f"@{body}", "--no-templates", "-H", "Content-Type: application/json")
        self.assertEqual(result["scenarios"][0]["requests"]["ok"], 2)
        self.assertIn("{{ user }}", json.dumps(result["plan"]))

    def test_help(self):
        done = saturn("run", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("-c, --connections N", done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 110)


if __name__ == "__main__":
    unittest.main()
