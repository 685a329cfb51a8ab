"""saturn without a command, with a wrong one, and what it says about itself."""
import json
import unittest

import support
from support import saturn


class Main(support.Case):
    wants_target = False

    def test_help_names_every_command(self):
        for words in (["--help"], ["-h"], ["help"]):
            done = saturn(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for command in ("run", "serve", "study", "report", "calibrate", "doctor"):
                self.assertIn(f"saturn {command} ", done.stdout)

    def test_nothing_at_all_prints_the_help_and_fails(self):
        done = saturn()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, saturn("--help").stdout)

    def test_version(self):
        self.assertRegex(saturn("--version").stdout, r"^saturn \d+\.\d+\.\d+ \(.+, .+\)\n$")

    def test_help_of_a_command(self):
        for command in ("run", "serve", "study", "report", "calibrate", "doctor"):
            done = saturn("help", command)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(done.stdout, saturn(command, "--help").stdout)
            self.assertEqual(done.stdout, saturn(command, "-h").stdout)
            self.assertIn(f"Usage: saturn {command} ", done.stdout)
            self.assertIn("\nExamples:\n", done.stdout)
        self.assertEqual(self.refused("help", "rum")[0], "error: rum: no such command; did you mean saturn run?")

    def test_a_url_or_a_plan_without_a_command_is_run(self):
        with support.target() as target:
            for words in ((target.url + "/hello", "-n", "3"), ("-n", "3", target.url + "/hello"),
                          (f"127.0.0.1:{target.port}/hello", "-n3")):
                target.reset()
                done = saturn(*words)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(" ".join(map(str, words)), done.stdout.splitlines()[-1])
                self.assertEqual(target.truth()["requests"]["by"], {"GET /hello": 3})
            target.reset()
            plan = json.dumps({"base_url": target.url, "scenarios": [
                {"name": "a", "executor": "shared-iterations", "vus": 1, "iterations": 2, "flow": [{"get": "/hello"}]}]})
            path = self.directory / "plan.json"
            path.write_text(plan)
            self.assertEqual(saturn(path).returncode, 0)
            self.assertEqual(saturn("-", stdin=plan).returncode, 0)
            self.assertEqual(target.truth()["requests"]["by"], {"GET /hello": 4})

    def test_a_flag_that_looks_like_help_is_not_help(self):
        for words, says in ((["-h2"], "HTTP/1.1 only"), (["-host", "foo"], "type -H 'Host: foo'")):
            for line in ([*words, "http://127.0.0.1:1/"], ["run", *words, "http://127.0.0.1:1/"]):
                lines = self.refused(*line)
                self.assertEqual(len(lines), 2, lines)
                self.assertIn(says, lines[0])

    def test_a_flag_that_is_nearly_one_of_saturns_own(self):
        self.assertEqual(self.refused("--verson"), ["error: --verson: no such flag; did you mean saturn --version?",
                                                    "see saturn --help"])

    def test_the_flags_as_data(self):
        flags = json.loads(saturn("help", "--flags-json").stdout)
        row = next(row for row in flags if row["command"] == "serve" and "--listen" in row["names"])
        self.assertEqual(row, {"command": "serve", "names": ["--listen"], "value": "HOST:PORT", "group": "Where",
                               "help": row["help"], "default": "127.0.0.1:8000", "repeatable": True, "in_plan": None})
        for row in flags:
            help_text = saturn(row["command"], "--help").stdout
            self.assertIn(", ".join(row["names"]), help_text)

    def test_an_unknown_command(self):
        self.assertEqual(self.refused("rum"), ["error: rum: no such command; did you mean saturn run?",
                                               "see saturn --help"])
        self.assertEqual(self.refused("attack")[0],
                         "error: attack: no such command; see saturn --help for those there are; a URL begins with "
                         "http://")

    def test_a_command_of_a_later_version(self):
        self.assertEqual(self.refused("compare")[0],
                         "error: compare: not in this version yet; see saturn --help for the commands there are")


if __name__ == "__main__":
    unittest.main()
