"""Something stands still for 150 ms while requests are due: saturn, its target, or both. Whose lateness it was, in verdict and exit code."""
import json
import os
import signal
import time
import unittest

from support import Target, ended, start

CPUS = sorted(os.sched_getaffinity(0))
STILL_S = 0.15
ATTEMPTS = 4


def on(*cpus):
    """Before exec: the process may use these CPUs only."""
    return lambda: os.sched_setaffinity(0, cpus)


def hold(*pids):
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(STILL_S)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


@unittest.skipIf(len(CPUS) < 2, "server and generator would stop each other")
class Stall(unittest.TestCase):
    def run_beside(self, act, *server_flags, **options):
        """(exit code, scenario, standard error); where other work took saturn's core, it says nothing and is done again."""
        for _ in range(ATTEMPTS):
            code, scenario, err = self.run_once(act, *server_flags, **options)
            if not {"no_core", "steal"} & set(scenario["verdict"]["rules"]):
                break
        return code, scenario, err

    def run_once(self, act, *server_flags, delay="1ms", wait=("--no-spin",)):
        """2,000 requests a second; `act` gets both processes' ids after 1.2 s."""
        server = Target("--delay", delay, *server_flags, preexec_fn=on(CPUS[0]))
        self.addCleanup(server.stop)
        process = start("run", server.url + "/hello", "-R", 2000, "-c", 16, "-d", "3s", "--strict", "--json", "-q", *wait,
                        preexec_fn=on(CPUS[-1]))
        self.addCleanup(process.kill)
        time.sleep(1.2)
        act(process.pid, server.process.pid)
        code, out, err = ended(process)
        return code, json.loads(out)["scenarios"][0], err

    def test_a_generator_that_stood_still_was_late(self):
        for wait in (("--no-spin",), ()):
            with self.subTest(wait=wait):
                code, scenario, err = self.run_beside(lambda saturn, _: hold(saturn), wait=wait)
                verdict = scenario["verdict"]
                self.assertEqual(code, 97, err)
                self.assertFalse(verdict["valid"])
                self.assertEqual(verdict["limited_by"], "generator")
                self.assertIn("generator_late", verdict["rules"])
                self.assertGreater(scenario["lag_us"]["max"], 0.9e6 * STILL_S)
                self.assertGreater(scenario["lag_us"]["p99"], 0.5 * scenario["latency_us"]["p99"])
                self.assertNotIn("target_froze", verdict["rules"])

    def test_a_target_that_stood_still_is_named_and_saturn_was_not_late(self):
        code, scenario, err = self.run_beside(lambda _, server: hold(server))
        verdict = scenario["verdict"]
        self.assertGreater(scenario["latency_us"]["p99"], 0.5e6 * STILL_S)
        self.assertLess(scenario["lag_us"]["p99"], 0.5 * scenario["latency_us"]["p99"], "saturn's part is to catch up")
        self.assertNotIn("generator_late", verdict["rules"])
        self.assertIn("target_froze", verdict["rules"], verdict)
        self.assertEqual((code, verdict["valid"], verdict["limited_by"]), (0, True, "target"), verdict)
        self.assertAlmostEqual(scenario["freezes"]["longest_s"], STILL_S, delta=0.05)

    def test_a_target_that_pauses_again_and_again_is_named(self):
        _, scenario, _ = self.run_beside(lambda *_: None, "--stall", "1s:100ms")
        verdict = scenario["verdict"]
        self.assertIn("target_froze", verdict["rules"], verdict)
        self.assertRegex(" ".join(verdict["reasons"]), r"the target froze: [1-4] times? it answered nobody, for up to \d+ ms")
        self.assertFalse(any("nobody was at a limit" in reason for reason in verdict["reasons"]))

    def test_where_both_stood_still_it_was_the_machine(self):
        code, scenario, err = self.run_beside(lambda saturn, server: hold(server, saturn), delay="5ms")  # ten are on their way
        verdict = scenario["verdict"]
        self.assertEqual(code, 97, err)
        self.assertIn("the whole machine froze", " ".join(verdict["reasons"]), verdict)
        self.assertNotIn("target_froze", verdict["rules"])


if __name__ == "__main__":
    unittest.main()
