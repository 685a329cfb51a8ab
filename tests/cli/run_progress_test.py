"""Progress, on standard error: one line redrawn on a terminal within its width, a line every 10 s elsewhere, none with -q."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

import support
from support import environment, saturn

RED = "\x1b[31m"
DRAWN = re.compile(r"\r  (\S[^\r\n]*)\x1b\[J")


def size(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def read_until(controller, enough):
    """What is written until there is enough of it or the other end is closed."""
    text = b""
    while not enough(text.decode(errors="replace")):
        try:
            part = os.read(controller, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        text += part
    return text.decode()


def on_terminal(*words, columns=80, err_only=False, **variables):
    """Runs saturn with a terminal of its own; (exit code, all that was written to it)."""
    controller, terminal = pty.openpty()
    size(terminal, columns)
    process = subprocess.Popen([support.SATURN, "run", *words], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE if err_only else terminal, stderr=terminal,
                               env=environment(TERM="xterm", **variables))
    os.close(terminal)
    text = read_until(controller, lambda _: False)
    os.close(controller)
    if err_only:
        process.stdout.read()
        process.stdout.close()
    return process.wait(timeout=support.LONGEST_S), text


class Progress(support.Case):
    target_flags = ("--delay", "2ms")

    def test_a_terminal_sees_one_line_redrawn_and_taken_away(self):
        code, text = on_terminal(self.url(), "-c", "2", "-d", "700ms")
        self.assertEqual(code, 0)
        drawn = DRAWN.findall(text)
        self.assertGreaterEqual(len(drawn), 3)
        line = re.compile(r"^0\.\d of 0\.7 s · [\d,]+/s · p99 [\d.]+ ms · 0 errors · 2 connections · [\d,]+ answers$")
        self.assertTrue(any(map(line.match, drawn)), drawn)
        self.assertIn("\r\x1b[J", text)
        self.assertLess(text.rindex("\r\x1b[J"), text.index("requests/s"), "taken away before the summary")
        self.assertNotIn(RED, text)

    def test_bad_answers_are_red_unless_colour_is_off(self):
        words = [self.url("/_fault/status/503"), "-c", "2", "-d", "400ms"]
        self.assertRegex(on_terminal(*words)[1], r"\x1b\[31m[\d,]+ not ok\x1b\[0m")
        for text in (on_terminal(*words, "--no-color")[1], on_terminal(*words, NO_COLOR="1")[1]):
            self.assertRegex(text, r"· [\d,]+ not ok ·")
            self.assertNotRegex(text, r"\x1b\[[0-9;]*m")

    def test_an_empty_no_color_means_nothing(self):
        self.assertIn(RED, on_terminal(self.url("/_fault/status/503"), "-c", "2", "-d", "300ms", NO_COLOR="")[1])

    def test_quiet_draws_nothing(self):
        _, text = on_terminal(self.url(), "-c", "2", "-d", "300ms", "-q")
        self.assertNotIn("\r  ", text)
        self.assertIn("requests/s", text)

    def test_a_narrow_terminal_is_not_overrun(self):
        _, text = on_terminal(self.url(), "-c", "2", "-d", "400ms", columns=40)
        drawn = DRAWN.findall(text)
        self.assertTrue(drawn)
        self.assertLess(max(map(len, drawn)), 38)

    def test_a_terminal_that_becomes_narrower_gets_narrower_lines(self):
        controller, terminal = pty.openpty()
        size(terminal, 100)
        process = subprocess.Popen([support.SATURN, "run", self.url(), "-c", "2", "-d", "2s"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=terminal,
                                   env=environment(TERM="xterm"))
        before = read_until(controller, lambda text: len(DRAWN.findall(text)) > 5)
        size(terminal, 40)
        os.close(terminal)
        after = DRAWN.findall(read_until(controller, lambda text: False))
        os.close(controller)
        self.assertEqual(process.wait(timeout=support.LONGEST_S), 0)
        self.assertGreater(max(map(len, DRAWN.findall(before))), 40)
        self.assertGreater(len(after), 5)
        self.assertLess(max(map(len, after[2:])), 38, "all but what was drawn already")

    def test_progress_is_on_standard_error(self):
        for words in ([], ["--json"]):
            _, text = on_terminal(self.url(), "-c", "2", "-d", "300ms", *words, err_only=True)
            self.assertRegex(text, r"\r  0\.\d of 0\.3 s")

    def test_without_a_terminal_a_line_every_ten_seconds(self):
        done = saturn("run", self.url(), "-c", "1", "-d", "10500ms")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertRegex(lines[0], r"^  (9\.9|10\.\d) of 10\.5 s · [\d,]+/s · p99 [\d.]+ ms · 0 errors · 1 connection · "
                                   r"[\d,]+ answers$")


if __name__ == "__main__":
    unittest.main()
