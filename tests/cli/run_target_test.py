"""Whose processes stand in the result as the target's: found by the port, by pid or by control group; never saturn's own."""
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import unittest

import support
from support import saturn

LISTENER = "process group of the listener"
NO_PROCESS = 4194304  # pid_max is at most that, so no process has it
NOBODY = 65534


@contextlib.contextmanager
def prefork(mode):
    """(port, master, [worker, worker]) of tests/support/prefork_server.py."""
    script = pathlib.Path(os.environ["SATURN_SOURCE_DIR"]) / "tests/support/prefork_server.py"
    process = subprocess.Popen([sys.executable, script, mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        port, master, *workers = map(int, process.stdout.readline().split())
        yield port, master, workers
    finally:
        process.communicate(timeout=support.LONGEST_S)


@contextlib.contextmanager
def sleeper():
    process = subprocess.Popen(["sleep", "600"])
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=support.LONGEST_S)


def target_of(result):
    return result["scenarios"][0]["target"]


def pids_of(target):
    return sorted(process["pid"] for process in target["processes"])


class Listener(support.Case):
    def test_is_found_with_what_it_cost(self):
        result = self.result_of(self.url(), "-n", "2000", "-c", "4")
        target = target_of(result)
        self.assertEqual((target["source"], pids_of(target)), (LISTENER, [self.target.process.pid]))
        self.assertGreater(target["cpu_s"], 0)
        self.assertAlmostEqual(target["cpu_us_per_request"], target["cpu_s"] * 1e6 / 2000, places=2)
        process = target["processes"][0]
        self.assertEqual((process["name"], process["cpu_s"]), ("saturn", target["cpu_s"]))
        self.assertGreater(process["rss_bytes"], 500_000)
        self.assertEqual(target["rss_max_bytes"], process["rss_bytes"])
        self.assertIsNone(target["busiest_worker_share"])
        self.assertEqual(result["notes"], [])

    def test_after_a_warm_up_only_the_measured_phase_counts(self):
        began = time.monotonic()
        result = self.result_of(self.url(), "--warmup", "600ms", "-d", "200ms", "-c", "4")
        target, scenario = target_of(result), result["scenarios"][0]
        self.assertEqual(pids_of(target), [self.target.process.pid])
        self.assertLess(target["cpu_s"], time.monotonic() - began - 0.6)
        self.assertAlmostEqual(target["cpu_us_per_request"], target["cpu_s"] * 1e6 / scenario["requests"]["in_window"], places=2)

    def test_of_each_scenario_of_a_plan(self):
        flow = [{"get": "/hello"}]
        plan = {"schema": "saturn.plan/1", "base_url": self.target.url, "mode": "sequential", "scenarios": [
            {"name": name, "executor": "shared-iterations", "vus": 2, "iterations": 300, "flow": flow} for name in ("a", "b")]}
        path = self.directory / "plan.json"
        path.write_text(json.dumps(plan))
        for words in ((), ("--target-pid", self.target.process.pid)):
            for scenario in self.result_of(path, *words)["scenarios"]:
                self.assertEqual(pids_of(scenario["target"]), [self.target.process.pid])

    def test_one_worker_that_does_everything_is_seen(self):
        with prefork("one-works") as (port, master, workers):
            result = self.result_of(f"http://127.0.0.1:{port}/", "-n", "1000", "-c", "8")
            target = target_of(result)
            text = saturn("run", f"http://127.0.0.1:{port}/", "-n", "200", "-c", "4", "--full").stdout
            timed = self.result_of(f"http://127.0.0.1:{port}/", "-d", "400ms", "-c", "8")["scenarios"][0]
        self.assertEqual((target["source"], pids_of(target)), (LISTENER, sorted([master, *workers])))
        self.assertGreater(target["busiest_worker_share"], 0.99)
        self.assertEqual(target["workers"], 2)
        self.assertTrue(any(reason.startswith("one of the target's 2 workers did 100 % of the work")
                            for reason in timed["verdict"]["reasons"]), timed["verdict"])
        self.assertGreaterEqual(timed["target"]["over_s"], 0.4)
        used = {process["pid"]: process["cpu_s"] for process in target["processes"]}
        self.assertGreater(used[workers[0]], 0)
        self.assertAlmostEqual(sum(used.values()), target["cpu_s"], places=6)
        lines = [line for line in text.splitlines() if any(f" {pid} " in line for pid in used)]
        self.assertEqual(len(lines), 3, text)
        self.assertIn(f" {workers[0]} ", lines[0])  # the busiest first
        self.assertIn("busiest worker 100 % of it", text)

    def test_workers_with_a_socket_each_and_their_master(self):
        with prefork("reuse-port") as (port, master, workers):
            target = target_of(self.result_of(f"http://127.0.0.1:{port}/", "-n", "500", "-c", "8"))
        self.assertEqual(pids_of(target), sorted([master, *workers]))
        self.assertGreaterEqual(target["busiest_worker_share"], 0.5)

    def test_a_program_that_serves_and_starts_saturn_is_the_target_alone(self):
        class Hello(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            target = target_of(self.result_of(f"http://127.0.0.1:{server.server_port}/", "-n", "20", "-c", "2"))
            server.shutdown()
        self.assertEqual((target["source"], pids_of(target)), (LISTENER, [os.getpid()]))


    @unittest.skipUnless(os.getuid() == 0, "only root can run saturn as another user")
    def test_of_another_user_is_a_note_with_what_helps(self):
        copy = shutil.copy(support.SATURN, self.directory)  # from where anybody may run it
        self.directory.chmod(0o755)

        def run_as_nobody(*words):
            done = subprocess.run([copy, "run", self.url(), "-n", "10", "--json", *map(str, words)], user=NOBODY, group=NOBODY,
                                  extra_groups=[], cwd="/", env=support.environment(), capture_output=True, text=True,
                                  timeout=support.LONGEST_S, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads(done.stdout)

        result = run_as_nobody()
        self.assertIsNone(target_of(result))
        self.assertEqual(result["notes"], [
            f"who listens on 127.0.0.1:{self.target.port} is another user's or outside of this container, and saturn may not "
            "look: what the server cost is known to root (sudo saturn …), or with --target-pid N (sudo ss -ltnp names it)"])
        pid = self.target.process.pid
        named = run_as_nobody("--target-pid", pid)
        self.assertEqual((pids_of(target_of(named)), named["notes"]), ([pid], []))


class Pid(support.Case):
    def test_names_processes_with_all_that_they_started(self):
        with prefork("one-works") as (port, master, workers):
            url = f"http://127.0.0.1:{port}/"
            target = target_of(self.result_of(url, "-n", "500", "-c", "4", "--target-pid", master))
            self.assertEqual((target["source"], pids_of(target)), (f"--target-pid {master}", sorted([master, *workers])))
            self.assertGreater(target["busiest_worker_share"], 0.99)
            alone = target_of(self.result_of(url, "-n", "100", "-c", "4", "--target-pid", workers[1]))
            self.assertEqual((pids_of(alone), alone["busiest_worker_share"]), ([workers[1]], None))
            both = target_of(self.result_of(url, "-n", "100", "-c", "4", "--target-pid", workers[0], "--target-pid", workers[1]))
            self.assertEqual((both["source"], pids_of(both)), (f"--target-pid {workers[0]}, {workers[1]}", sorted(workers)))

    def test_of_whoever_started_saturn_leaves_saturn_out(self):
        target = target_of(self.result_of(self.url(), "-n", "100", "-c", "2", "--target-pid", os.getpid()))
        self.assertIn(os.getpid(), pids_of(target))
        self.assertEqual([p["pid"] for p in target["processes"] if p["name"] == "saturn"], [self.target.process.pid])

    def test_that_is_wrong_is_refused_before_anything_is_sent(self):
        lines = self.refused("run", self.url(), "--target-pid", NO_PROCESS)
        self.assertEqual(len(lines), 1)
        self.assertTrue(lines[0].startswith(f"error: --target-pid: there is no process {NO_PROCESS} that saturn can see; "), lines)
        self.assertEqual(self.target.truth()["connections"]["accepted"], 0)

    def test_that_vanishes_is_a_note(self):
        with sleeper() as sleeping:
            run = support.start("run", self.url(), "-d", "1500ms", "-c", "2", "--json", "--target-pid", sleeping.pid)
            deadline = time.monotonic() + support.LONGEST_S
            while self.target.truth()["requests"]["total"] == 0 and time.monotonic() < deadline:
                time.sleep(0.01)
            sleeping.kill()
            sleeping.wait()
            code, out, err = support.ended(run)
        self.assertEqual(code, 0, err)
        result = json.loads(out)
        self.assertIsNone(target_of(result))
        self.assertEqual(result["notes"], [
            f"default: the target's process {sleeping.pid} (sleep) ended during the measurement; its last CPU time is missing"])
        self.assertGreater(result["scenarios"][0]["requests"]["ok"], 0)


class ControlGroup(support.Case):
    def group_in(self, hierarchy):
        """A group of ours below a hierarchy; removed again. Skips where we may not make one."""
        if not (hierarchy / "cgroup.procs").exists():
            self.skipTest(f"{hierarchy} is no control group")
        group = hierarchy / f"saturn-test-{os.getpid()}"
        try:
            group.mkdir()
        except OSError as error:
            self.skipTest(f"no right to make a control group: {error}")
        self.addCleanup(group.rmdir)
        return group

    def check(self, hierarchy):
        group = self.group_in(hierarchy)
        self.assertTrue(self.refused("run", self.url(), "--target-cgroup", group)[0].startswith(
            f"error: --target-cgroup: no process is in the control group {group}"))
        server = support.Target()
        self.addCleanup(server.stop)
        (group / "cgroup.procs").write_text(str(server.process.pid))
        target = target_of(self.result_of(server.url + "/hello", "-n", "2000", "-c", "4", "--target-cgroup", group))
        server.stop()
        self.assertEqual((target["source"], pids_of(target)), (f"--target-cgroup {group}", [server.process.pid]))
        # The group's account and the process's clock are two witnesses of the same work.
        self.assertAlmostEqual(target["cpu_s"], target["processes"][0]["cpu_s"], delta=max(0.02, target["cpu_s"] / 10))

    def test_of_version_1(self):
        self.check(pathlib.Path("/sys/fs/cgroup/cpuacct"))

    def test_of_version_2(self):
        unified = pathlib.Path("/sys/fs/cgroup/unified")
        self.check(unified if unified.exists() else pathlib.Path("/sys/fs/cgroup"))

    def test_that_is_not_there_is_refused_before_anything_is_sent(self):
        lines = self.refused("run", self.url(), "--target-cgroup", "no/such/group")
        self.assertEqual(lines, ['error: --target-cgroup: there is no control group "no/such/group"; give its folder below '
                                 "/sys/fs/cgroup; cat /proc/PID/cgroup names it"])
        self.assertEqual(self.target.truth()["connections"]["accepted"], 0)


if __name__ == "__main__":
    unittest.main()
