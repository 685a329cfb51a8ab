"""The verdict on causes that are made true: a slow target or one that refuses, a rate beyond reach, a generator without its core."""
import contextlib
import json
import os
import pathlib
import select
import socket
import subprocess
import sys
import threading
import time
import unittest

from support import Case, saturn, target

CPUS = sorted(os.sched_getaffinity(0))
HOG = "import time\nend = time.monotonic() + 30\nwhile time.monotonic() < end: pass"


def on(*cpus):
    """Before exec: the process may use these CPUs only."""
    return lambda: os.sched_setaffinity(0, cpus)


def answer(client):
    with client:
        while client.recv(4096):
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@contextlib.contextmanager
def few_connections():
    """A port that takes the first connection and as many as its queue holds, then refuses: those that found the queue full try again
    a second later, when the listener is closed."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1)
    port = listener.getsockname()[1]

    def serve():
        listener.accept()[0].close()  # where saturn looked who answers
        select.select([listener], [], [])  # its connections begin to come
        time.sleep(0.3)
        for _ in range(2):
            threading.Thread(target=answer, args=listener.accept()[:1], daemon=True).start()
        listener.close()

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    yield port
    server.join(timeout=10)


class Verdict(Case):
    wants_target = False

    def verdict_of(self, done):
        result = json.loads(done.stdout)
        scenario = result["scenarios"][0]
        name = scenario["name"]
        self.assertEqual(result["verdict"]["valid"], scenario["verdict"]["valid"])
        self.assertEqual(result["verdict"]["reasons"], [f"{name}: {scenario['verdict']['reasons'][0]}"])
        self.assertEqual(result["summary"][name]["limited_by"], scenario["verdict"]["limited_by"])
        return scenario, scenario["verdict"]

    def test_a_slow_target(self):
        with target("--delay", "5ms") as server:
            done = saturn("run", server.url + "/hello", "-c", 10, "-d", "1500ms", "--strict", "--json", "--full")
        self.assertEqual(done.returncode, 0, done.stderr)
        scenario, verdict = self.verdict_of(done)
        self.assertEqual((verdict["limited_by"], verdict["valid"]), ("target", True), verdict)
        self.assertLess(scenario["shards"][0]["busy"], 0.5)
        self.assertRegex(done.stderr, r"verdict +limited by the target: the generator was busy")
        self.assertRegex(done.stderr, r"median +user space saw p50 \S+ ms; the target took \S+ ms")

    def test_a_rate_that_was_reached(self):
        with target("--delay", "100ms") as server:  # beside it a few ms of a busy machine are nothing
            done = saturn("run", server.url + "/hello", "-R", "200", "-d", "1500ms", "--strict", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        scenario, verdict = self.verdict_of(done)
        self.assertEqual((verdict["limited_by"], verdict["valid"]), ("load", True), verdict)
        self.assertEqual(scenario["requests"]["due"], scenario["requests"]["started"])

    def test_too_few_connections_for_the_rate(self):
        with target("--delay", "50ms") as server:
            done = saturn("run", server.url + "/hello", "-R", "200", "-c", 2, "-d", "1500ms", "--graceful-stop", "100ms", "--strict",
                          "--json")
        self.assertEqual(done.returncode, 97, done.stderr)
        _, verdict = self.verdict_of(done)
        self.assertEqual((verdict["limited_by"], verdict["valid"]), ("generator", False), verdict)
        self.assertRegex(verdict["reasons"][0], r"^200/s with answers after 5\S* ms need 1\d requests in flight, but at most 2 may be; "
                                                r"\d\d % of the arrivals were never sent: type -c 1\d$")

    def test_a_rate_that_no_generator_sends(self):
        with target() as server:
            done = saturn("run", server.url + "/hello", "-R", "1000000", "-c", 64, "-d", "1500ms", "--graceful-stop", "100ms",
                          "--strict", "--json")
        self.assertEqual(done.returncode, 97, done.stderr)
        scenario, verdict = self.verdict_of(done)
        self.assertEqual((verdict["limited_by"], verdict["valid"]), ("generator", False), verdict)
        self.assertGreater(scenario["requests"]["backlog_at_stop"], 0)

    def test_connections_that_the_target_refused(self):
        with few_connections() as port:
            done = saturn("run", f"http://127.0.0.1:{port}/", "-R", "100", "-c", 10, "-d", "500ms", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        scenario, verdict = self.verdict_of(done)
        self.assertEqual(verdict["limited_by"], "target", verdict)
        connections = scenario["connections"]
        self.assertEqual(connections["refused"], connections["requested"] - connections["established"], connections)
        self.assertEqual(scenario["errors"], {}, "no request waited for them")
        self.assertEqual(verdict["reasons"][0], f"only {connections['established']} of 10 connections came up, the target refused "
                                                "the others: raise its backlog or its limit of connections")

    def starved(self, *flags):
        """A fast target on one core, saturn on another that three busy processes share."""
        hogs = [subprocess.Popen([sys.executable, "-c", HOG], preexec_fn=on(CPUS[-1])) for _ in range(3)]
        try:
            with target(preexec_fn=on(CPUS[0])) as server:
                return saturn("run", server.url + "/hello", "-c", 32, "-d", "1500ms", *flags, preexec_fn=on(CPUS[-1]))
        finally:
            for hog in hogs:
                hog.kill()
                hog.wait()

    def test_a_generator_without_a_core_of_its_own(self):
        if len(CPUS) < 2:
            self.skipTest("with one CPU the target would be as starved as the generator")
        done = self.starved("--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        scenario, verdict = self.verdict_of(done)
        self.assertEqual((verdict["limited_by"], verdict["valid"]), ("generator", False), verdict)
        self.assertGreater(scenario["generator"]["involuntary_switches"], 0)
        if scenario["shards"][0]["run_queue_wait_s"] is None:
            return  # this kernel does not say how long a thread waited
        self.assertGreater(scenario["shards"][0]["run_queue_wait_s"], 0.15)
        self.assertTrue(any(f"of the time for CPU {CPUS[-1]}; the machine was busy with other things" in reason
                            for reason in verdict["reasons"]), verdict)
        self.assertFalse(verdict["shared_machine"])

    def test_strict_makes_it_the_exit_code(self):
        if len(CPUS) < 2:
            self.skipTest("with one CPU the target would be as starved as the generator")
        done = self.starved("--strict", "--full")
        self.assertEqual(done.returncode, 97, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"NOT VALID +not the target's figures: limited by saturn itself: ")

    def test_strict_stands_beside_a_plan(self):
        with target("--delay", "5ms") as server:
            plan = {"schema": "saturn.plan/1", "base_url": server.url,
                    "scenarios": [{"name": "hello", "executor": "constant-vus", "vus": 4, "duration": "300ms",
                                   "flow": [{"get": "/hello"}]}]}
            path = self.directory / "plan.json"
            path.write_text(json.dumps(plan), encoding="utf-8")
            done = saturn("run", path, "--strict")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Quota(Case):
    wants_target = False

    def limited_group(self, share):
        """A control group with a CPU quota, where this machine lets us make one; the file that takes a process in."""
        name = f"saturn-test-{os.getpid()}"
        v1, v2 = pathlib.Path("/sys/fs/cgroup/cpu"), pathlib.Path("/sys/fs/cgroup")
        try:
            if (v1 / "cpu.cfs_quota_us").exists():
                group = v1 / name
                group.mkdir()
                self.addCleanup(group.rmdir)
                (group / "cpu.cfs_quota_us").write_text(str(int(share * 100_000)))
            else:
                group = v2 / name
                group.mkdir()
                self.addCleanup(group.rmdir)
                (group / "cpu.max").write_text(f"{int(share * 100_000)} 100000")
        except OSError as error:
            self.skipTest(f"no control group with a quota can be made here: {error}")
        return group / "cgroup.procs"

    def test_a_quota_that_stops_saturn_is_named(self):
        procs = self.limited_group(0.2)
        with target() as server:
            done = saturn("run", server.url + "/hello", "-c", 32, "-d", "1500ms", "--json",
                          preexec_fn=lambda: procs.write_text(str(os.getpid())))
        self.assertEqual(done.returncode, 0, done.stderr)
        scenario = json.loads(done.stdout)["scenarios"][0]
        throttled = scenario["generator"]["throttled"]
        self.assertGreaterEqual(throttled["periods"], 5)
        self.assertGreater(throttled["time_s"], 0.3)
        self.assertEqual(scenario["verdict"]["limited_by"], "generator")
        self.assertFalse(scenario["verdict"]["valid"])
        self.assertTrue(any("a CPU quota" in reason for reason in scenario["verdict"]["reasons"]), scenario["verdict"])


if __name__ == "__main__":
    unittest.main()
