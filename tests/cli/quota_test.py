"""A CPU quota of a real control group around saturn: doctor and run see it, wherever above saturn's own group it stands."""
import contextlib
import json
import os
import pathlib
import unittest

import support
from support import saturn

MOUNT = pathlib.Path("/sys/fs/cgroup")


class Quota(support.Case):
    @contextlib.contextmanager
    def group_below(self, parent):
        group = parent / f"saturn-quota-{os.getpid()}"
        try:
            group.mkdir()
        except OSError as error:
            self.skipTest(f"no right to make a control group: {error}")
        try:
            yield group
        finally:
            group.rmdir()

    def check(self, hierarchy, limit):
        """Half a CPU for a group; saturn runs in one below it, which has no quota of its own."""
        with self.group_below(hierarchy) as outer, self.group_below(outer) as inner:
            limit(outer)

            def enter():
                (inner / "cgroup.procs").write_text(str(os.getpid()))

            doctor = json.loads(saturn("doctor", "--json", preexec_fn=enter).stdout)
            result = self.result_of(self.url(), "-n", "10", preexec_fn=enter)
        found = {finding["name"]: finding["found"] for finding in doctor["findings"]}
        self.assertTrue(found["CPU quota"].startswith("0.5 CPUs"), found["CPU quota"])
        self.assertEqual(result["host"]["cpu_quota"], 0.5)

    def test_of_version_1(self):
        if not (MOUNT / "cpu" / "cgroup.procs").exists():
            self.skipTest("no control groups of version 1 for the CPU")
        self.check(MOUNT / "cpu", lambda group: (group / "cpu.cfs_quota_us").write_text("50000"))

    def test_of_version_2(self):
        control = MOUNT / "cgroup.subtree_control"
        if not control.exists() or "cpu" not in control.read_text().split():
            self.skipTest("no control groups of version 2 for the CPU")
        self.check(MOUNT, lambda group: (group / "cpu.max").write_text("50000 100000"))


if __name__ == "__main__":
    unittest.main()
