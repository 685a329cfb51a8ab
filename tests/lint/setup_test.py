"""tools/setup on a pretended machine: dpkg-query, apt-cache, apt-get, id and sudo are small scripts that write down what they were asked."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SETUP = Path(os.environ["SATURN_SOURCE_DIR"]) / "tools" / "setup"
BOOKWORM = """g++ cmake ninja-build pkg-config git liburing-dev node-llhttp libsimdjson-dev libmimalloc-dev libfmt-dev
 nlohmann-json3-dev zlib1g-dev libssl-dev libsqlite3-dev libgtest-dev libbenchmark-dev python3 python3-venv clang-format-14 clang-tidy-14 clang-format
 clang-tidy nginx-light wrk jq curl""".split()
TRIXIE = [p for p in BOOKWORM if p not in ("node-llhttp", "clang-format-14", "clang-tidy-14")] + ["libllhttp-dev"]


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Path(folder.name)
        self.state(installed=[], available=BOOKWORM)
        self.tool("dpkg-query", 'for p; do :; done; grep -qx -- "$p" "$MACHINE/installed" && printf installed')
        self.tool("apt-cache", 'for p; do :; done; grep -qx -- "$p" "$MACHINE/available" && echo "Package: $p"')
        self.tool("apt-get", 'echo "apt-get $*" >> "$MACHINE/log"')
        self.tool("id", "echo 0")
        for name in ("env", "bash", "printf", "sed", "grep", "cat", "tee", "chmod", "rm", "sh"):
            (self.machine / "bin" / name).symlink_to(f"/usr/bin/{name}")

    def tool(self, name, script):
        path = self.machine / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def state(self, **lists):
        for name, packages in lists.items():
            (self.machine / name).write_text("".join(f"{p}\n" for p in packages))

    def run_setup(self, *arguments):
        environment = {"PATH": str(self.machine / "bin"), "MACHINE": str(self.machine), "SATURN_POLICY_RC_D": str(self.machine / "policy")}
        result = subprocess.run([str(SETUP), *arguments], env=environment, capture_output=True, text=True, timeout=60)
        log = self.machine / "log"
        calls = log.read_text().splitlines() if log.is_file() else []
        return result, [call.replace("-q -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 ", "") for call in calls]

    def test_installs_what_is_missing_and_nothing_else(self):
        self.state(installed=[p for p in BOOKWORM if p not in ("cmake", "wrk")])
        result, calls = self.run_setup()
        self.assertEqual((result.returncode, calls), (0, ["apt-get install -y --no-install-recommends cmake"]), result.stderr)

    def test_does_nothing_where_all_is_installed(self):
        self.state(installed=BOOKWORM)
        for arguments in ((), ("--tests",)):
            result, calls = self.run_setup(*arguments)
            self.assertEqual((result.returncode, calls), (0, []))
            self.assertIn("are installed already", result.stdout)

    def test_takes_the_names_of_this_release(self):
        for available, llhttp, formatter in ((BOOKWORM, "node-llhttp", "clang-format-14"), (TRIXIE, "libllhttp-dev", "clang-format")):
            self.state(available=available)
            (self.machine / "log").unlink(missing_ok=True)
            result, calls = self.run_setup("--tests")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(len(calls), 1)
            self.assertTrue({llhttp, formatter} <= set(calls[0].split()), calls)

    def test_updates_the_lists_only_where_they_do_not_know_a_package(self):
        self.state(available=[])
        self.tool("apt-get", f'echo "apt-get $*" >> "$MACHINE/log"; case "$*" in *update*) echo "{" ".join(BOOKWORM)}" | sed "s/ /\\n/g" > "$MACHINE/available";; esac')
        result, calls = self.run_setup()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([call.split()[1] for call in calls], ["update", "install"])

    def test_a_failed_download_is_tried_again_with_new_lists(self):
        self.tool("apt-get", 'echo "apt-get $*" >> "$MACHINE/log"; case "$*" in *update*) : > "$MACHINE/fresh";; *) test -e "$MACHINE/fresh";; esac')
        result, calls = self.run_setup()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([call.split()[1] for call in calls], ["install", "update", "install"])

    def test_no_network_is_said_in_words(self):
        self.state(available=[])
        self.tool("apt-get", "exit 100")
        result, _ = self.run_setup()
        self.assertEqual(result.returncode, 1)
        self.assertIn("apt-get update failed: are network", result.stderr)

    def test_an_unknown_package_is_named(self):
        self.state(available=[p for p in BOOKWORM if p != "liburing-dev"])
        result, _ = self.run_setup()
        self.assertEqual(result.returncode, 1)
        self.assertIn("no package liburing-dev", result.stderr)

    def test_an_ordinary_user_goes_through_sudo_or_is_told_what_to_do(self):
        self.tool("id", "echo 1000")
        result, calls = self.run_setup()
        self.assertEqual((result.returncode, calls), (1, []))
        self.assertIn("apt-get install", result.stderr)
        self.tool("sudo", 'echo "sudo" >> "$MACHINE/log"; exec "$@"')
        result, calls = self.run_setup()
        self.assertEqual((result.returncode, calls[0], calls[1].split()[:2]), (0, "sudo", ["apt-get", "install"]), result.stderr)

    def test_a_web_server_is_kept_from_starting_by_itself(self):
        self.tool("apt-get", 'cat "$SATURN_POLICY_RC_D" >> "$MACHINE/log"')
        result, calls = self.run_setup("--tests")
        self.assertEqual((result.returncode, calls), (0, ["#!/bin/sh", "exit 101"]), result.stderr)
        self.assertFalse((self.machine / "policy").exists())

    def test_an_unknown_option_is_refused(self):
        result, calls = self.run_setup("--everything")
        self.assertEqual((result.returncode, calls), (1, []))


if __name__ == "__main__":
    unittest.main()
