"""Command lines of `saturn run` that are refused: all mistakes at once, exit code 1, nothing sent.

The wording of each is tested in tests/unit/args_test.cpp and args_hints_test.cpp; here it is what reaches a terminal.
"""
import unittest

import support
from support import saturn


class RefusedArguments(support.Case):

    def test_every_mistake_is_named_at_once_and_nothing_is_sent(self):
        lines = self.refused("run", self.url(), "-c", "many", "-d", "30", "--qps", "1000", "--conections", "5")
        self.assertEqual(lines, [
            "error: --qps: that is another tool's name for a rate; type -R 1000",
            "error: --conections: no such flag; did you mean --connections?",
            'error: -c: "many" is not a whole number; write 1 to 1000000',
            'error: -d: "30" has no unit; did you mean 30s?',
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
                      ["-duration=10s"]):
            with self.subTest(words=words):
                for line in (["run", self.url(), *words], ["run", *words, self.url()]):
                    errors = self.refused(*line)
                    self.assertEqual(len(errors), 2, errors)
                    self.assertRegex(errors[0], "type |leave it out")
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

    def test_help(self):
        done = saturn("run", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("-c, --connections N", done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 110)


if __name__ == "__main__":
    unittest.main()
