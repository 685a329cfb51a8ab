"""`saturn run -R`: what people see of an open loop, its JSON, and that Ctrl-C leaves nothing uncounted."""
import json
import os
import signal
import unittest

import support
from support import ended, saturn, start, target


CPUS = sorted(os.sched_getaffinity(0))


class Rates(support.Case):
    def test_every_request_of_the_rate_is_due_sent_and_served(self):
        result = self.result_of(self.url(), "-R", "500", "-d", "2s")
        scenario = result["scenarios"][0]
        requests = scenario["requests"]
        self.assertEqual((requests["due"], requests["started"], requests["ok"]), (1000, 1000, 1000))
        self.assertEqual((requests["dropped"], requests["backlog_at_stop"]), (0, 0))
        self.assertEqual(self.target.truth()["requests"]["total"], 1000)
        self.assertEqual((scenario["executor"], scenario["latency_from"]), ("constant-arrival-rate", "due"))
        self.assertEqual((scenario["schedule"]["rate"], scenario["schedule"]["backlog"]), (500, 5000))
        self.assertIn("due = started + dropped + backlog_at_stop",
                      [check["name"] for check in result["conservation"]["checks"]])
        self.assert_balanced(result)

    def test_the_first_line_says_rate_and_connections_and_the_summary_what_was_due(self):
        done = saturn("run", self.url(), "-R", "10/ms", "-c", "32", "-n", "200", "--full")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertIn("· 10,000 requests/s · 32 connections, no more are opened · 200 requests · 1 thread", lines[0])
        self.assertIn("constant-arrival-rate, 10,000 requests/s, at most 32 in flight", done.stdout)
        self.assertIn("200 due · all started · all ok", done.stdout)
        self.assertNotIn("DROPPED", done.stdout)

    def test_a_target_that_is_too_slow(self):
        with target("--delay", "100ms") as slow:
            done = saturn("run", slow.url + "/hello", "-R", "100", "-d", "1s", "-c", "2", "--backlog", "5")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"DROPPED +\d\d\S* % of due requests: \d\d of 100 · the backlog was full")
            self.assertIn("5 due requests still waited for a connection at the end", done.stdout)

    def test_a_plan_gives_the_same_load(self):
        path = self.directory / "plan.json"
        path.write_text(json.dumps({
            "base_url": self.target.url,
            "scenarios": [{"name": "steady", "executor": "constant-arrival-rate", "rate": "200/s", "max_in_flight": 20,
                           "backlog": 100, "duration": "1s", "warmup": "500ms", "flow": [{"get": "/hello"}]}]}))
        scenario = self.result_of(path)["scenarios"][0]
        self.assertEqual((scenario["requests"]["due"], scenario["requests"]["warmup"]), (300, 100))
        self.assertEqual(scenario["schedule"], {"rate": 200, "max_in_flight": 20, "backlog": 100})

    def test_how_it_waits_is_said(self):
        waits = [self.result_of(self.url(), "-R", "100", "-d", "100ms", flag)["generator"]["wait"]
                 for flag in ("--no-spin", "--spin")]
        self.assertEqual(waits, ["sleep", "spin"])

    def generator_of(self, url, *flags, cpus=CPUS, load=("-R", "100", "-d", "100ms")):
        result = self.result_of(url, *load, "-t", "1", *flags, preexec_fn=lambda: os.sched_setaffinity(0, cpus))
        if result["host"]["cpu_quota"] is not None:
            self.skipTest("a CPU quota: saturn sleeps")
        return result["scenarios"][0]["generator"]

    def wait_of(self, url, *flags, cpus=CPUS):
        return self.generator_of(url, *flags, cpus=cpus)["wait"]

    def test_it_sleeps_where_the_target_may_run_on_its_core(self):
        self.assertEqual(self.wait_of(self.url()), "sleep")
        self.assertEqual(self.wait_of(self.url(), cpus=CPUS[:1]), "sleep")
        with target(preexec_fn=lambda: os.sched_setaffinity(0, CPUS[-1:])) as beside:
            generator = self.generator_of(beside.url + "/hello", cpus=CPUS[-1:])
            self.assertEqual(generator["wait"], "sleep")
            self.assertIn("the target may run on saturn's cores", generator["wait_reason"])

    @unittest.skipIf(len(CPUS) < 2, "one core is allowed here")
    def test_it_keeps_off_the_core_that_the_target_is_held_to(self):
        with target(preexec_fn=lambda: os.sched_setaffinity(0, CPUS[-1:])) as last:
            for load in (("-n", "10", "-c", "1"), ("-R", "100", "-d", "100ms")):
                shards = self.result_of(last.url + "/hello", *load, "-t", "1")["scenarios"][0]["shards"]
                self.assertNotEqual(shards[0]["cpu"], CPUS[-1], load)

    @unittest.skipIf(len(CPUS) < 2, "one core is allowed here")
    def test_it_is_awake_where_the_target_is_held_to_other_cores(self):
        with target(preexec_fn=lambda: os.sched_setaffinity(0, CPUS[:1])) as apart:
            url = apart.url + "/hello"
            self.assertEqual(self.wait_of(url), "hybrid")
            self.assertEqual(self.wait_of(url, cpus=CPUS[-1:]), "hybrid")
            self.assertEqual(self.wait_of(url, "--target-pid", apart.process.pid), "hybrid")
            self.assertEqual(self.wait_of(url, "--target-pid", self.target.process.pid), "sleep")

    @unittest.skipIf(len(CPUS) < 2, "one core is allowed here")
    def test_it_sleeps_where_being_late_is_little_beside_the_service_time(self):
        with target("--delay", "20ms", preexec_fn=lambda: os.sched_setaffinity(0, CPUS[:1])) as slow:
            generator = self.generator_of(slow.url + "/hello")
            self.assertEqual(generator["wait"], "sleep")
            self.assertRegex(generator["wait_reason"], r"^in a trial of 200 ms .* late by .*, not over 10 % of the service time's 2\d")

    @unittest.skipIf(len(CPUS) < 2, "one core is allowed here")
    def test_a_trial_is_a_warm_up_that_is_counted_and_a_count_has_none(self):
        with target(preexec_fn=lambda: os.sched_setaffinity(0, CPUS[:1])) as apart:
            result = self.result_of(apart.url + "/hello", "-R", "100", "-d", "100ms", "-t", "1")
            if result["host"]["cpu_quota"] is not None:
                self.skipTest("a CPU quota: saturn sleeps")
            requests = result["scenarios"][0]["requests"]
            self.assertEqual((requests["due"], requests["warmup"], requests["measured"]), (30, 20, 10))
            self.assertEqual(apart.truth()["requests"]["total"], 30)
            self.assertEqual(result["scenarios"][0]["warmup_s"], 0.2)
        with target(preexec_fn=lambda: os.sched_setaffinity(0, CPUS[:1])) as apart:
            generator = self.generator_of(apart.url + "/hello", load=("-R", "100", "-n", "10"))
            self.assertEqual(generator["wait"], "sleep")
            self.assertIn("a fixed number of requests", generator["wait_reason"])
            self.assertEqual(apart.truth()["requests"]["total"], 10)

    def test_an_interrupt_leaves_nothing_uncounted(self):
        running = start("run", self.url(), "-R", "1000", "-d", "60s", "--json")
        while self.target.truth()["requests"]["total"] < 100:
            pass
        running.send_signal(signal.SIGINT)
        code, out, err = ended(running)
        self.assertEqual(code, 105, err)
        result = json.loads(out)
        requests = result["scenarios"][0]["requests"]
        self.assertEqual(requests["due"], requests["started"] + requests["dropped"] + requests["backlog_at_stop"])
        self.assertLess(requests["due"], 60000)
        self.assert_balanced(result)

    def test_what_makes_no_sense_is_refused(self):
        for words, place in ((["-R", "0"], "-R"), (["-R", "fast"], "-R"), (["-R", "5", "-p", "2"], "-p"),
                             (["--backlog", "5"], "--backlog"), (["--max-in-flight", "5"], "--max-in-flight"),
                             (["-R", "5", "-c", "9", "--max-in-flight", "3"], "--max-in-flight"),
                             (["--spin", "--no-spin"], "--spin")):
            with self.subTest(words=words):
                lines = self.refused("run", self.url(), *words)
                self.assertEqual(len(lines), 2, lines)
                self.assertTrue(lines[0].startswith(f"error: {place}: "), lines)


if __name__ == "__main__":
    unittest.main()
