"""saturn's latencies against the server's own truth, on sockets: at saturation, with known delays, through stalls and with a generator
that is held up. Canaries: a result whose stamps are broken, really or by hand, has to be refused by the same comparison.
"""

import copy
import os
import pathlib
import platform
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
import support  # noqa: E402
from compare import differences  # noqa: E402

CPUS = sorted(os.sched_getaffinity(0))


class Latency(unittest.TestCase):
    def serve(self, *flags):
        """A server with its truth, on the first core; saturn pins itself to the last."""
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {CPUS[0]})  # inherited
        try:
            server = support.Target("--truth", *flags)
        finally:
            os.sched_setaffinity(0, before)
        self.addCleanup(server.stop)
        return server

    def measure(self, server, connections, duration="1s", path="/hello", flags=()):
        """(scenario of the result, the server's truth) of one run."""
        server.reset()
        done = support.saturn("run", server.url + path, "-c", connections, "-t", 1, "-d", duration, *flags, "--json", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        scenario = support.json.loads(done.stdout)["scenarios"][0]
        truth = server.truth()
        self.assertEqual(scenario["requests"]["measured"], truth["responses"]["total"])
        return scenario, truth

    def assert_true(self, scenario, truth, **options):
        self.assertEqual(differences(scenario, truth, **options), [])

    def test_at_saturation(self):
        server = self.serve()
        for connections in (16, 64, 256):
            with self.subTest(connections=connections):
                self.assert_true(*self.measure(server, connections))

    @unittest.skipIf(len(CPUS) < 2, "server and generator would stop each other")
    def test_of_answers_larger_than_the_usual_window(self):
        # A busy generator reads late; with 64 KiB of window the rest of an answer would wait for that in the server.
        rings_set_options = tuple(map(int, platform.release().split(".")[:2])) >= (6, 7)
        for form in ("descriptors", "table", "linked") if rings_set_options else ("descriptors",):
            with self.subTest(form):
                scenario, truth = self.measure(self.serve(), 64, path="/_fault/bytes/102400", flags=("--sockets", form))
                self.assert_true(scenario, truth, bounds={"p50": (100, 0.3)})

    @unittest.skipIf(len(CPUS) < 2, "server and generator would stop each other")
    def test_of_answers_that_are_dropped_unread(self):
        scenario, truth = self.measure(self.serve(), 64, path="/_fault/bytes/102400", flags=("--discard-body",))
        self.assertGreater(scenario["bytes"]["discarded"], scenario["bytes"]["received"] / 2)
        self.assertEqual(scenario["latency_source"], "kernel-rx")
        self.assert_true(scenario, truth, bounds={"p50": (100, 0.3)})

    def test_of_a_server_that_takes_5_ms(self):
        scenario, truth = self.measure(self.serve("--delay", "5ms"), 64)
        self.assertGreaterEqual(truth["latency_us"]["min"], 5000)
        self.assert_true(scenario, truth)

    def test_of_a_server_with_two_speeds(self):
        scenario, truth = self.measure(self.serve("--delay", "1ms", "--delay-slow", "10%:20ms"), 64)
        self.assertGreaterEqual(truth["latency_us"]["p99"], 20_000)
        self.assertLess(truth["latency_us"]["p50"], 20_000)
        self.assert_true(scenario, truth)

    def test_of_a_server_that_pauses(self):
        # Every 400 ms each of the connections waits once for most of 60 ms: one answer in about 35.
        scenario, truth = self.measure(self.serve("--delay", "10ms", "--stall", "400ms:60ms"), 64, "2s")
        self.assertGreaterEqual(truth["latency_us"]["max"], 50_000)
        self.assert_true(scenario, truth, bounds={"p50": (200, 0.2), "p99": (1000, 0.3), "max": (5000, 0.2)})

    def test_of_a_generator_that_is_held_up_again_and_again(self):
        # Stopped for 40 ms, running for 40 ms: what arrives while it is stopped waits for it, one answer in ten.
        server = self.serve("--delay", "5ms")
        server.reset()
        process = support.start("run", server.url + "/hello", "-c", 64, "-t", 1, "-d", "2s", "--json", "-q")
        self.addCleanup(process.kill)
        while process.poll() is None:
            for how in (signal.SIGSTOP, signal.SIGCONT):
                process.send_signal(how)
                time.sleep(0.04)
        code, out, err = support.ended(process)
        self.assertEqual(code, 0, err)
        scenario, truth = support.json.loads(out)["scenarios"][0], server.truth()
        self.assert_true(scenario, truth)
        # The canary: what user space saw is no longer the server's, and the comparison says so.
        self.assertNotEqual(differences(scenario, truth, "latency_user_us"), [], "user space got the truth while stopped")

    def test_a_result_with_a_broken_stamp_is_refused(self):
        scenario, truth = self.measure(self.serve(), 16)
        self.assert_true(scenario, truth)
        for late_us in (-1000, 1000):
            broken = copy.deepcopy(scenario)
            broken["latency_us"]["p50"] += late_us
            self.assertEqual(len(differences(broken, truth)), 1)


if __name__ == "__main__":
    unittest.main()
