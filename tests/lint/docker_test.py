"""The seccomp profile that saturn's refusal names: valid, allows io_uring, and still refuses what a container must not do."""

import json
import os
import unittest
from pathlib import Path

SOURCE = Path(os.environ["SATURN_SOURCE_DIR"])


class Profile(unittest.TestCase):
    def setUp(self):
        self.profile = json.loads((SOURCE / "tools/docker/seccomp.json").read_text())
        self.allowed = [name for rule in self.profile["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]]

    def test_what_is_not_listed_is_refused_with_eperm(self):
        self.assertEqual((self.profile["defaultAction"], self.profile["defaultErrnoRet"]), ("SCMP_ACT_ERRNO", 1))

    def test_the_three_calls_of_io_uring_are_allowed(self):
        for name in ("io_uring_setup", "io_uring_enter", "io_uring_register"):
            self.assertIn(name, self.allowed)

    def test_each_call_is_listed_once(self):
        self.assertEqual(len(self.allowed), len(set(self.allowed)))

    def test_calls_that_reach_out_of_a_container_are_refused(self):
        for name in ("mount", "umount2", "unshare", "setns", "pivot_root", "init_module", "kexec_load", "bpf", "ptrace", "keyctl",
                     "add_key", "perf_event_open", "userfaultfd", "open_by_handle_at", "reboot", "clone3", "process_vm_writev"):
            self.assertNotIn(name, self.allowed)

    def test_clone_is_allowed_without_new_namespaces_only(self):
        rule = next(rule for rule in self.profile["syscalls"] if rule["names"] == ["clone"])
        # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET of linux/sched.h
        mask = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
        self.assertEqual(rule["args"], [{"index": 0, "value": mask, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}])

    def test_the_readme_shows_the_line_that_saturn_names(self):
        line = "docker run --security-opt seccomp=tools/docker/seccomp.json"
        self.assertIn(line, (SOURCE / "tools/docker/README.md").read_text())
        engine = "".join(path.read_text() for path in (SOURCE / "engine/system").rglob("*.cpp"))
        self.assertIn(line, engine)


if __name__ == "__main__":
    unittest.main()
