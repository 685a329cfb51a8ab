"""What a command printed and nobody got is an error: a standard output that is full, or closed."""
import json
import os
import pathlib
import subprocess
import unittest

import support
from support import environment

RESULT = pathlib.Path(os.environ["SATURN_SOURCE_DIR"]) / "tests" / "golden" / "report" / "fast_ok.json"
FULL = "error: standard output: cannot be written: No space left on device\n"
CLOSED = "error: standard output: cannot be written: Bad file descriptor\n"


def into_full(*words):
    """(exit code, standard error) of a command whose standard output is a full disk."""
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([support.SATURN, *map(str, words)], stdin=subprocess.DEVNULL, stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=support.LONGEST_S, env=environment(), check=False)
    return done.returncode, done.stderr


def closed(*words, also=""):
    """The same where it is closed."""
    done = subprocess.run(["bash", "-c", f'exec "$0" "$@" >&- {also}', support.SATURN, *map(str, words)],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=support.LONGEST_S,
                          env=environment(), check=False)
    return done.returncode, done.stderr


class NothingWasSent(support.Case):
    wants_target = False

    def test_what_only_prints_fails_with_1(self):
        for words in (["--help"], ["help"], ["--version"], ["run", "--help"], ["serve", "--help"], ["study", "--help"],
                      ["report", "--help"], ["doctor", "--help"], ["calibrate", "--help"], ["report", RESULT],
                      ["report", "--json", RESULT]):
            with self.subTest(words=words):
                self.assertEqual(into_full(*words), (1, FULL))
                self.assertEqual(closed(*words), (1, CLOSED))

    def test_doctor(self):
        code, error = into_full("doctor")
        self.assertEqual((code, error), (1, FULL))

    def test_a_server_whose_address_nobody_reads_does_not_serve(self):
        for words in (["serve", "--listen", "127.0.0.1:0"], ["serve", "--listen", "127.0.0.1:0", "--processes", "2"]):
            for code, error in (into_full(*words), closed(*words)):
                self.assertEqual(code, 1)
                self.assertTrue(error.startswith("error: standard output: cannot be written: "), error)


class RequestsWereSent(support.Case):

    def run_words(self, *words):
        return ["run", self.url(), "-n", "5", "-c", "1", *words]

    def test_a_lost_summary_is_2_and_said_once(self):
        for words in ([], ["--json"], ["--json", "-q"], ["--full"], ["--explain"]):
            with self.subTest(words=words):
                code, error = into_full(*self.run_words(*words))
                self.assertEqual(code, 2)
                self.assertEqual(error.count(FULL), 1, error)
        code, error = closed(*self.run_words())
        self.assertEqual((code, error), (2, CLOSED))

    def test_no_connection_takes_the_place_of_a_closed_stream(self):
        self.target.reset()
        code, _ = closed(*self.run_words("-o", self.directory / "r.json"), also="2>&- <&-")
        self.assertEqual(code, 2)
        self.assertEqual(json.loads((self.directory / "r.json").read_text())["scenarios"][0]["requests"]["ok"], 5)
        self.assertEqual(self.target.truth()["requests"]["total"], 5)

    def test_it_wins_over_failed_checks_but_not_over_success_of_what_was_kept(self):
        self.assertEqual(into_full(*self.run_words("-o", self.directory / "kept.json"))[0], 2)
        self.assertTrue((self.directory / "kept.json").exists())

    def test_it_wins_over_what_saturate_found(self):
        words = ["saturate", self.url(), "--step", "500ms", "--warmup", "100ms", "--start", "20", "--slo", "p(99)<1us"]
        self.assertEqual(support.saturn(*words).returncode, 99)
        self.assertEqual(into_full(*words)[0], 2)

    def test_calibrate(self):
        code, error = into_full("calibrate", "--quick", "-o", self.directory / "c.json")
        self.assertEqual(code, 2)
        self.assertEqual(error.count(FULL), 1, error)


if __name__ == "__main__":
    unittest.main()
