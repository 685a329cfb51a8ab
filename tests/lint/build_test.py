"""Warnings are errors only where CI=true says so: tools/build with a cmake that writes down what it was asked; what .ci/run sets; and
what tools/checks/debian refuses before it touches anything."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["SATURN_SOURCE_DIR"])


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "bin").mkdir()

    def tool(self, name, script):
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run_script(self, script, *arguments, **variables):
        environment = {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "LOG": str(self.folder / "log"), **variables}
        return subprocess.run([str(script), *arguments], env=environment, capture_output=True, text=True, timeout=60)


class Build(Scripts):
    def asked(self, **variables):
        self.tool("cmake", 'echo "$*" >> "$LOG"')
        self.tool("ninja", "exit 0")
        (self.folder / "log").unlink(missing_ok=True)
        done = self.run_script(SOURCE / "tools/build", "debug", "--target", "saturn", JOBS="3", **variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.folder / "log").read_text().splitlines()

    def test_a_warning_stops_nobody_who_types_the_command(self):
        for variables in ({}, {"CI": ""}, {"CI": "false"}):
            self.assertEqual(
                self.asked(**variables), ["--preset debug -DSATURN_WERROR=OFF", "--build --preset debug -j 3 --target saturn"]
            )

    def test_a_warning_is_an_error_in_ci(self):
        self.assertEqual(self.asked(CI="true")[0], "--preset debug -DSATURN_WERROR=ON")

    def test_no_preset_decides_it(self):
        self.assertNotIn("WERROR", (SOURCE / "CMakePresets.json").read_text())

    def test_the_script_of_ci_says_that_it_is_ci(self):
        for name, content in ((".ci/run", (SOURCE / ".ci/run").read_text()), ("tools/test", '#!/bin/sh\necho "CI=$CI"\n')):
            path = self.folder / "tree" / name
            path.parent.mkdir(parents=True)
            path.write_text(content)
            path.chmod(0o755)
        self.assertEqual(self.run_script(self.folder / "tree/.ci/run").stdout, "CI=true\n")


class Debian(Scripts):
    def refusal(self, *arguments):
        done = self.run_script(SOURCE / "tools/checks/debian", *arguments)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertFalse((self.folder / "log").exists(), "it did something first")
        return done.stderr

    def setUp(self):
        super().setUp()
        for name in ("debootstrap", "unshare"):
            self.tool(name, 'echo "$*" >> "$LOG"')
        self.tool("id", "echo 0")
        self.tool("apt-get", "echo 'Other http://other.example/x'; echo 'Debian http://mirror.example/debian'")

    def test_wrong_arguments_are_refused(self):
        self.assertIn("name a release", self.refusal())
        self.assertIn("unknown argument 11", self.refusal("11"))
        self.assertIn("--only takes test or quickstart", self.refusal("13", "--only", "build"))

    def test_it_wants_root_and_a_mirror(self):
        self.tool("apt-get", "echo 'Other http://other.example/x'")
        self.assertIn("knows no Debian archive", self.refusal("13"))
        self.tool("id", "echo 1000")
        self.assertIn("need root", self.refusal("13"))

    def test_nothing_is_mounted_outside_a_namespace_of_its_own(self):
        done = self.run_script(SOURCE / "tools/checks/debian", "13", "--build-only", TMPDIR=str(self.folder))
        self.assertEqual(done.returncode, 0, done.stderr)
        call = (self.folder / "log").read_text()
        self.assertRegex(call, r"^--mount --pid --fork --kill-child \S+ 13 --root \S+ --build-only --\n$")
        self.assertEqual(list(self.folder.glob("saturn-debian.*")), [], "the root is removed at the end")

    def test_no_host_is_written_into_it(self):
        self.assertNotRegex((SOURCE / "tools/checks/debian").read_text(), r"https?://")


if __name__ == "__main__":
    unittest.main()
