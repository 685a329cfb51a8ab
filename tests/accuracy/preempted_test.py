"""A busy process on the generator's core: it takes that core within batches of sends. No latency may be under the server's own delay,
and p50 and p99 are the server's or the run says that it is not valid. Sleeping and awake, closed loop and open.
"""
import contextlib
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
import support  # noqa: E402
from compare import differences  # noqa: E402

CPUS = sorted(os.sched_getaffinity(0))
HOG = "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: pass"
DELAY_US = 2000
TOLERANCE_US = 5


def on(*cpus):
    """Before exec: the process may use these CPUs only."""
    return lambda: os.sched_setaffinity(0, cpus)


@contextlib.contextmanager
def hog():
    process = subprocess.Popen([sys.executable, "-c", HOG], preexec_fn=on(CPUS[-1]))
    try:
        yield
    finally:
        process.kill()
        process.wait()


@unittest.skipIf(len(CPUS) < 2, "the server needs a core of its own")
class Preempted(unittest.TestCase):
    def measure(self, *flags):
        """(scenario of the result, the server's truth) of a run beside the hog."""
        with support.target("--truth", "--delay", f"{DELAY_US}us", preexec_fn=on(CPUS[0])) as server, hog():
            server.reset()
            done = support.saturn("run", server.url + "/hello", "-t", 1, "-d", "1500ms", *flags, "--json", "-q", preexec_fn=on(CPUS[-1]))
            self.assertEqual(done.returncode, 0, done.stderr)
            return support.json.loads(done.stdout)["scenarios"][0], server.truth()

    def assert_possible(self, scenario, truth, distribution):
        self.assertEqual(scenario["latency_source"], "kernel-rx")
        for name in ("latency_us", "service_us"):
            self.assertGreaterEqual(scenario[name]["min"], DELAY_US - TOLERANCE_US, name)
        doubt = scenario["send_uncertainty_us"]
        self.assertLessEqual(doubt["count"] if doubt else 0, scenario["generator"]["inexact_sends"])
        if scenario["verdict"]["valid"]:
            self.assertEqual(differences(scenario, truth, distribution), [], scenario["verdict"])

    def test_a_closed_loop(self):
        for connections in (16, 64, 200, 1024):
            with self.subTest(connections=connections):
                self.assert_possible(*self.measure("-c", connections, "--no-spin"), "latency_us")

    def test_an_open_loop_asleep_and_awake(self):
        for how in (("--no-spin",), ()):  # by itself it is awake before a request is due, where cores are apart
            for connections, rate in ((16, 2000), (256, 20_000)):
                with self.subTest(how, connections=connections):
                    self.assert_possible(*self.measure("-c", connections, "-R", rate, *how), "service_us")


if __name__ == "__main__":
    unittest.main()
