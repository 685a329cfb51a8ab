"""Wrong flags of every command but run (run_args_test.py): all mistakes at once, each with what to type instead."""
import json
import unittest

import support
from support import saturn


class Flags(support.Case):
    wants_target = False

    def test_serve_says_where_the_port_stands(self):
        for words, says in ((["--port", "9000"], "--port: the port stands behind the address; type --listen 127.0.0.1:9000"),
                            (["-p", "9000"], "-p: the port stands behind the address; type --listen 127.0.0.1:9000"),
                            (["8000"], "8000: saturn serve takes no word without a flag; type --listen 127.0.0.1:8000"),
                            (["[::1]:0"], "[::1]:0: saturn serve takes no word without a flag; type --listen [::1]:0"),
                            (["--lisen", "x"], "--lisen: no such flag; did you mean --listen?"),
                            (["--threads", "0"], "--threads: 0 is out of range; write 1 to 1024"),
                            (["--seed-items", "-1"], '--seed-items: "-1" is not a whole number; write 0 to 10000000'),
                            (["--delay", "fast"], '--delay: "fast" is not a duration; write for example 500ms, 30s, 5m or '
                                                  "1m30s")):
            self.assertEqual(self.refused("serve", *words), ["error: " + says, "see saturn serve --help"])

    def test_all_mistakes_at_once(self):
        lines = self.refused("serve", "--port", "1", "--threads", "0", "--delay", "x", "--listen", "nowhere")
        self.assertEqual([line.split(": ")[1] for line in lines[:-1]], ["--port", "--threads", "--delay", "--listen"])

    def test_every_command_names_the_flag_that_was_meant(self):
        for command, wrong, right in (("run", "--conections", "--connections"), ("serve", "--thread", "--threads"),
                                      ("study", "--repeat-s", "--repeats"), ("report", "--jso", "--json"),
                                      ("calibrate", "--quik", "--quick"), ("doctor", "--no-colour", "--no-color")):
            lines = self.refused(command, wrong)
            self.assertEqual(lines[0], f"error: {wrong}: no such flag; did you mean {right}?")
            self.assertEqual(lines[1:], [f"see saturn {command} --help"])

    def test_a_flag_of_another_command_is_named_as_such(self):
        self.assertEqual(self.refused("doctor", "--strict")[0],
                         "error: --strict: saturn doctor has no such flag, saturn run has; see saturn doctor --help")

    def test_help_has_one_layout(self):
        for command in ("run", "serve", "study", "report", "calibrate", "doctor"):
            text = saturn(command, "--help").stdout
            self.assertRegex(text, rf"(?m)^Usage: saturn {command} .*\[FLAGS\]$")
            self.assertRegex(text, r"(?m)^  -.* {2,}\w")
            self.assertNotRegex(text, "TEXT|REQUIRED|:INT")
            self.assertLessEqual(max(map(len, text.splitlines())), 110)
        for row in json.loads(saturn("help", "--flags-json").stdout):
            left = f"  {', '.join(row['names'])} {row['value'] or ''}".rstrip()
            self.assertIn(f"\n{left:33} {row['help']}", saturn("help", row["command"]).stdout, "all begin in one column")


if __name__ == "__main__":
    unittest.main()
