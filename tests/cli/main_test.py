"""saturn without a command, with a wrong one, and what it says about itself."""
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

    def test_a_url_without_a_command(self):
        self.assertEqual(
            self.refused("http://u:secret@127.0.0.1:8000/?a&b", "-c", "5"),
            ["error: http://***@127.0.0.1:8000/?a&b: a command is missing; type saturn run "
             "'http://***@127.0.0.1:8000/?a&b' -c 5", "see saturn --help"])
        self.assertEqual(self.refused("localhost:8000")[0],
                         "error: localhost:8000: a command is missing; type saturn run localhost:8000")
        self.assertEqual(self.refused("plan.json")[0],
                         "error: plan.json: a command is missing; type saturn run plan.json")

    def test_a_flag_before_the_command(self):
        self.assertEqual(self.refused("-c", "5", "http://127.0.0.1/")[0],
                         "error: -c: flags stand behind the command; type saturn run URL -c …")

    def test_an_unknown_command(self):
        self.assertEqual(self.refused("rum"), ["error: rum: no such command; did you mean saturn run?",
                                               "see saturn --help"])
        self.assertEqual(self.refused("attack")[0],
                         "error: attack: no such command; see saturn --help for those there are")

    def test_a_command_of_a_later_version(self):
        self.assertEqual(self.refused("saturate")[0],
                         "error: saturate: not in this version yet; see saturn --help for the commands there are")


if __name__ == "__main__":
    unittest.main()
