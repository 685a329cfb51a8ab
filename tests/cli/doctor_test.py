"""`saturn doctor` as a command: this machine, and the same machine with something taken away."""
import json
import os
import pathlib
import resource
import subprocess
import sys
import unittest

import seccomp
import support
from support import saturn

SUBJECTS = ["kernel", "io_uring", "io_uring operations", "receive stamps", "seccomp", "container", "open files", "locked memory",
            "cores", "CPU quota", "clock source", "CPU governor", "stolen CPU time", "run-queue wait", "local ports",
            "accept queue", "TCP pacing", "connection tracking", "load", "other processes", "study time"]


def found(**options):
    """(exit code, findings by name) of `saturn doctor --json`."""
    done = saturn("doctor", "--json", **options)
    document = json.loads(done.stdout)
    assert document["schema"] == "saturn.doctor/1", document
    return done.returncode, {finding["name"]: finding for finding in document["findings"]}


class Doctor(support.Case):
    wants_target = False

    def test_names_every_subject_and_runs_here(self):
        code, findings = found()
        self.assertEqual([name for name in findings if not name.startswith("network card ")], SUBJECTS)
        self.assertEqual(code, 2 if any(f["level"] == "bad" for f in findings.values()) else 0)
        for name in ("io_uring", "io_uring operations", "receive stamps"):  # the other tests need them
            self.assertEqual(findings[name]["level"], "good", findings[name])

    def test_text_has_a_line_for_each(self):
        done = saturn("doctor")
        self.assertEqual(done.stderr, "")
        lines = done.stdout.splitlines()
        for name in SUBJECTS:
            self.assertEqual(sum(line[11:33].strip() == name for line in lines), 1, done.stdout)
        self.assertRegex(lines[-1], r"^\d+ good")

    def test_a_refused_ring_is_bad_and_so_is_the_exit_code(self):
        code, findings = found(preexec_fn=lambda: seccomp.refuse(seccomp.IO_URING_SETUP, 1))
        self.assertEqual((code, findings["io_uring"]["level"], findings["seccomp"]["level"]), (2, "bad", "bad"))
        self.assertIn("seccomp=tools/docker/seccomp.json", findings["io_uring"]["remedy"])
        self.assertEqual(findings["receive stamps"]["level"], "good")

    def test_one_core_is_warned_of(self):
        core = min(os.sched_getaffinity(0))
        _, findings = found(preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        self.assertEqual(findings["cores"]["level"], "warn")

    def test_few_descriptors_are_told_in_connections(self):
        code, findings = found(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200)))
        self.assertEqual((code, findings["open files"]["level"]), (2, "bad"))
        self.assertEqual(findings["open files"]["found"], "200 now, at most 200, which saturn takes: about 136 connections")

    def test_without_descriptors_it_still_answers(self):
        code, findings = found(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4)))
        self.assertEqual(code, 2)
        self.assertEqual(findings["receive stamps"]["level"], "unknown")

    def test_little_locked_memory_is_warned_of(self):
        _, findings = found(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536)))
        self.assertEqual(findings["locked memory"]["level"], "warn")

    def test_a_hog_is_named(self):
        hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            _, findings = found()
        finally:
            hog.kill()
            hog.wait()
        self.assertEqual(findings["other processes"]["level"], "warn", findings["other processes"])
        self.assertRegex(findings["other processes"]["found"], r"^\d+\.\d\d of \d+ cores? busy: .+")

    def test_says_how_long_a_study_takes(self):
        study = pathlib.Path(os.environ["SATURN_SOURCE_DIR"]) / "bench" / "study" / "python-web.json"
        done = saturn("doctor", "--json", "--study", str(study))
        [time] = [f for f in json.loads(done.stdout)["findings"] if f["name"] == "study time"]
        self.assertRegex(time["found"], r"^python-web: full \d+ min, quick \d+ min, glance (\d+ s|[23] min)")
        code, findings = found()
        self.assertIn("saturn doctor --study FILE", findings["study time"]["found"])
        done = saturn("doctor", "--study", "nowhere.json")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("nowhere.json: cannot be read", done.stderr)

    def test_help_has_examples_and_exit_codes(self):
        done = saturn("doctor", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for part in ("--json", "Examples:", "saturn doctor --json", "2 something is bad"):
            self.assertIn(part, done.stdout)

    def test_what_it_does_not_know_is_refused(self):
        self.assertIn("--fix", self.refused("doctor", "--fix")[0])
        self.assertEqual(self.refused("doctor", "--fix")[-1], "see saturn doctor --help")

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([support.SATURN, "doctor"], stdout=full, stderr=subprocess.PIPE, text=True,
                                          timeout=support.LONGEST_S, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)


if __name__ == "__main__":
    unittest.main()
