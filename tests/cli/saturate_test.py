"""saturn saturate: the known rate of a known server is found, whose limit it was is said, and how it ends otherwise."""
import contextlib
import json
import os
import pathlib
import signal
import time
import unittest

import support
from support import ended, saturn, start

# Eight places of 20 ms each: 400/s, exactly.
LIMITED = ("--delay", "20ms", "--max-concurrency", "8")
QUICK = ("--step", "1s", "--warmup", "300ms")


class KnownServer(support.Case):
    target_flags = LIMITED

    def saturate(self, *words, code=0, **options):
        done = saturn("saturate", self.url(), *QUICK, *words, "--json", **options)
        self.assertEqual(done.returncode, code, done.stdout[-1500:] + done.stderr)
        return json.loads(done.stdout), done.stderr

    def test_its_rate_is_found_within_4_percent(self):
        found, said = self.saturate("--start", "100", "--slo", "p(99)<250ms")
        self.assertEqual(found["schema"], "saturn.saturation/1")
        self.assertGreater(found["max_rate"], 384)
        self.assertLess(found["max_rate"], 416)
        self.assertEqual(found["limited_by"], "target")
        self.assertTrue(found["confirmed"])
        self.assertEqual(found["slo"], ["p(99)<250ms", "errors rate<0.1%"])
        self.assertEqual(found["slo_default"], ["errors rate<0.1%"])
        stages = [point["stage"] for point in found["points"]]
        self.assertEqual(stages[0], "grow")
        self.assertEqual(stages[-2:], ["confirm", "confirm"])
        held = [point["rate"] for point in found["points"] if point["sustained"]]
        missed = [point["rate"] for point in found["points"] if not point["sustained"]]
        self.assertIn(max(held) * 1.02 >= min(missed), (True,))
        self.assertTrue(said.startswith("saturn saturate: GET "), said)
        self.assertRegex(said, r"\n  100\.0/s: p99 [\d.]+ ms, ok\n")
        self.assertRegex(said, r"miss \(.*of [\d.]+ a second were answered")

    def test_an_slo_that_no_rate_meets_is_exit_99(self):
        found, _ = self.saturate("--start", "20", "--slo", "p(99)<10ms", code=99)
        self.assertEqual(found["max_rate"], None)
        self.assertEqual(found["points"][-1]["rate"], 5)

    def test_the_text_holds_every_try_in_80_columns_and_the_file_the_json(self):
        file = self.directory / "saturation.json"
        done = saturn("saturate", self.url(), *QUICK, "--max", "100", "-o", file, "-q")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, r"max rate +[\d.]+/s sustained · confirmed")
        self.assertIn("no higher rate was to be tried (--max)", " ".join(done.stdout.split()))
        self.assertRegex(done.stdout, r"p\(99\)<[\d.]+ms · errors rate<0.1%")
        self.assertIn("█", done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines()[1:])), 80)
        found = json.loads(file.read_text())
        self.assertEqual(found["limited_by"], "load")
        self.assertGreater(found["one_at_a_time"]["p50_us"], 20_000)
        self.assertEqual(len(found["slo_default"]), 2)

    def test_ctrl_c_keeps_what_there_is(self):
        process = start("saturate", self.url(), *QUICK, "--start", "50", "--slo", "p(99)<1s", "--json")
        until = time.monotonic() + 30
        while time.monotonic() < until and "ok" not in (line := process.stderr.readline()):
            self.assertNotEqual(line, "", "it ended by itself")
        process.send_signal(signal.SIGINT)
        code, out, _ = ended(process)
        self.assertEqual(code, 105)
        found = json.loads(out)
        self.assertTrue(found["interrupted"])
        self.assertGreaterEqual(len(found["points"]), 1)
        self.assertGreater(found["max_rate"], 40)

    def test_a_plan_s_scenario_and_its_thresholds(self):
        plan = self.directory / "plan.json"
        scenario = {"executor": "constant-vus", "duration": "1s", "flow": [{"get": "/hello"}, {"get": "/hello"}]}
        plan.write_text(json.dumps({"base_url": self.target.url, "mode": "sequential", "thresholds": ["p(99)<2s"],
                                    "scenarios": [{"name": "a", **scenario}, {"name": "b", **scenario}]}))
        self.assertIn("type --only with one of them: a, b", self.refused("saturate", plan)[0])
        done = saturn("saturate", plan, "--only", "a", *QUICK, "--start", "20", "--max", "20", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["slo"], ["p(99)<2s", "errors rate<0.1%"])
        self.assertAlmostEqual(found["max_rate"], 20, delta=1.5)  # iterations, of two requests each


class Refused(support.Case):
    def test_every_mistake_is_named_at_once(self):
        lines = self.refused("saturate", self.url(), "--slo", "p(99)<50", "--slo", "speed>1", "-d", "30s", "--start", "fast",
                             "--step", "1ms", "--precision", "90%")
        for part in ('--slo: "p(99)<50" has no unit; did you mean p(99)<50ms?', '--slo: "speed>1" looks at "speed"',
                     "-d: the search has no duration", '--start: "fast" is not a rate', "--step: a step of 1ms is too short",
                     '--precision: "90%" is no precision'):
            self.assertTrue(any(part in line for line in lines), (part, lines))
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_answers_that_are_not_ok_are_exit_99(self):
        done = saturn("saturate", self.url("/_fault/status/404"), *QUICK)
        self.assertEqual(done.returncode, 99, done.stderr)
        self.assertIn("not one answer was ok, with one request at a time: 404 ×", " ".join(done.stdout.split()))

    def test_nobody_there_is_exit_2(self):
        holder, port = support.refused_port()
        with holder:
            done = saturn("saturate", f"127.0.0.1:{port}/", *QUICK)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)

    def test_help(self):
        done = saturn("saturate", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("--slo EXPR", done.stdout)


class OwnLimit(support.Case):
    def test_a_generator_that_a_quota_stops_is_exit_97(self):
        """Saturn gets a twentieth of a CPU: the server could do far more."""
        cpu = pathlib.Path("/sys/fs/cgroup/cpu")
        unified = not (cpu / "cgroup.procs").exists()
        group = (pathlib.Path("/sys/fs/cgroup") if unified else cpu) / f"saturn-saturate-{os.getpid()}"
        try:
            group.mkdir()
        except OSError as error:
            self.skipTest(f"no right to make a control group: {error}")
        with contextlib.ExitStack() as cleanup:
            cleanup.callback(group.rmdir)
            name, limit = ("cpu.max", "5000 100000") if unified else ("cpu.cfs_quota_us", "5000")
            if not (group / name).exists():
                self.skipTest("no control group for the CPU")
            (group / name).write_text(limit)

            def enter():
                (group / "cgroup.procs").write_text(str(os.getpid()))

            done = saturn("saturate", self.url(), *QUICK, "--start", "500", "--max", "4000",
                          "--precision", "20%", "--slo", "p(99)<20ms", "--json", preexec_fn=enter)
        self.assertEqual(done.returncode, 97, done.stdout[-1500:] + done.stderr)
        self.assertEqual(json.loads(done.stdout)["limited_by"], "generator")


if __name__ == "__main__":
    unittest.main()
