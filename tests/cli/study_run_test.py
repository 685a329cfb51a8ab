"""saturn study with small targets of our own: the procedure, its files, and each trap it has to handle."""
import csv
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

from study_case import COUNT, DELETED, PLAN, SATURN, SERVER, StudyTest


class Study(StudyTest):
    def test_measures_every_scenario_of_every_target_and_repeat(self):
        self.write([self.target("first", published={"hello": 1000}), self.target("second", published={"hello": 500}),
                    self.target("native", role="ceiling")], repeats=2)
        code, out, err = self.study("--seed", "7")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out.splitlines()[0], r"^small: full profile, 3 targets x 2 repeats, about \d+ s; order seed 7, files in ")
        self.assertRegex(out, r"\[6/6\] \w+ repeat 2 done in \d+ s, 0 s left\n  hello [\d,.]+\S*/s · one [\d,.]+\S* ms · ")
        self.assertEqual(len(re.findall(r"^  hello [\d,.]+\S*/s", out, re.M)), 6)  # as each run ends

        result = self.result()
        self.assertEqual((result["schema"], result["order_seed"], result["interrupted"], result["balanced"]),
                         ("saturn.study-result/1", 7, False, True))
        self.assertEqual(sorted(result["order"][:3]), ["first", "native", "second"])
        self.assertEqual([(run["target"], run["ok"]) for run in result["runs"]], [(name, True) for name in result["order"]])
        for target in result["targets"]:
            counts = {s["name"]: [sample["completed"] for sample in s["samples"]] for s in target["scenarios"]}
            self.assertEqual({name: n for name, n in counts.items() if name != "hello"},
                             {"one": [COUNT] * 2, "create": [COUNT] * 2, "update": [COUNT] * 2, "delete": [DELETED] * 2})
            for scenario in target["scenarios"]:
                self.assertTrue(scenario["min"] <= scenario["mean"] <= scenario["max"])
                for sample in scenario["samples"]:
                    self.assertEqual((sample["failed"], sample["not_ok"]), (0, 0))
        self.check_tables(out)
        self.check_files(result)
        self.check_identity(result)
        self.check_exports()

    def test_a_folder_that_cannot_be_written_any_more_does_not_lose_what_was_measured(self):
        target = self.target("only")
        blocked = f"mkdir -p '{self.out}/study-result.json/in the way' && exec '{sys.executable}' '{SERVER}' schema"
        target["launch"]["process"]["before"] = ["sh", "-c", blocked]
        self.write([target], repeats=2)
        rescued = self.folder / "rescued"
        rescued.mkdir()
        done = subprocess.run([SATURN, "study", self.folder / "study.json", "-o", self.out], capture_output=True, text=True,
                              timeout=120, env={**os.environ, "TMPDIR": str(rescued)})
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("study-result.json: cannot be written", done.stderr)
        self.assertIn("small · full profile", done.stdout)
        self.assertNotIn("[2/2]", done.stdout)
        [saved] = rescued.iterdir()
        self.assertIn(f"the result is in {saved}", done.stderr)
        self.assertEqual([run["ok"] for run in json.loads(saved.read_text())["runs"]], [True])

    def check_tables(self, out):
        tables = out[out.index("small · full profile"):out.index("\n\n" + str(self.out))]
        self.assertTrue(all(len(line) <= 100 for line in tables.splitlines()))
        lines = tables.splitlines()
        rule = next(i for i, line in enumerate(lines) if line.startswith("---"))
        self.assertTrue(lines[rule + 1].startswith("native"))
        self.assertRegex(tables, r"\n  x first +\d+\.\d\d \(0\.50\)\n")
        again = subprocess.run([SATURN, "report", self.out], capture_output=True, text=True, timeout=30)
        self.assertEqual((again.returncode, again.stdout.rstrip("\n"), again.stderr), (0, tables.rstrip("\n"), ""))

    def check_files(self, result):
        self.assertEqual(sorted(p.name for p in self.out.iterdir()), ["attempts.csv", "logs", "runs", "study-result.json", "values.csv"])
        names = sorted(f"{target}-{repeat}" for target in ("first", "second", "native") for repeat in (1, 2))
        self.assertEqual(sorted(p.stem for p in (self.out / "runs").iterdir()), names)
        # Python's server may add how a connection was lost, when saturn closes it before the last read.
        self.assertTrue((self.out / "logs" / "first-1.log").read_text().startswith("listening\n"))
        run = json.loads((self.out / "runs" / "first-1.json").read_text())
        self.assertEqual((run["schema"], run["study"]["target"], run["study"]["repeat"]), ("saturn.result/1", "first", 1))
        self.assertEqual(run["warmup"]["scenarios"][0]["requests"]["completed"], 20)
        hello = run["scenarios"][0]["target"]
        self.assertEqual(len(hello["processes"]), 3)  # the master and two workers
        cpu_s = [process["cpu_s"] for process in hello["processes"]]
        self.assertAlmostEqual(sum(cpu_s), hello["cpu_s"], places=6)
        self.assertAlmostEqual(max(cpu_s[1:]) / sum(cpu_s[1:]), hello["busiest_worker_share"], places=5)
        self.assertGreater(hello["rss_max_bytes"], 1_000_000)
        rows = list(csv.DictReader((self.out / "values.csv").read_text().splitlines()))
        mine = [r for r in rows if (r["target"], r["scenario"], r["metric"]) == ("first", "hello", "rps")]
        samples = result["targets"][0]["scenarios"][0]["samples"]
        self.assertEqual([(int(r["repeat"]), r["unit"]) for r in mine], [(1, "req/s"), (2, "req/s")])
        for row, sample in zip(mine, samples):
            self.assertAlmostEqual(float(row["value"]), sample["value"], delta=sample["value"] * 1e-6)
        runs = [(run["target"], run["repeat"]) for run in result["runs"]]
        for row in rows:
            self.assertEqual((row["attempt"], row["counted"]), ("1", "true"))
            self.assertEqual(int(row["order"]), runs.index((row["target"], int(row["repeat"]))) + 1)
        self.assertEqual(list(rows[0])[:6], ["target", "scenario", "repeat", "metric", "unit", "value"])
        for scenario in ("hello", "create"):
            of = {r["metric"] for r in rows if (r["target"], r["scenario"], r["repeat"]) == ("second", scenario, "2")}
            self.assertLessEqual({"rps", "mean_latency", "completed", "failed"}, of)
        self.assertEqual(len((self.out / "attempts.csv").read_text().splitlines()), 1)  # the head alone

    def check_identity(self, result):
        """What was measured is named by content: anybody can say whether he has the same."""
        def digest(path):
            return hashlib.sha256(path.read_bytes()).hexdigest()

        self.assertEqual(result["sha256"], {"study": digest(self.folder / "study.json"), "plan": digest(self.folder / "plan.json")})
        self.assertEqual(result["environments"], [])
        lines = "".join(f"{digest(path)}  {path}\n" for path in sorted((SERVER, pathlib.Path(sys.executable)), key=str))
        for target in result["targets"]:
            self.assertEqual(target["application"], {"sha256": hashlib.sha256(lines.encode()).hexdigest(), "files": 2})
            self.assertIsNone(target["environment"])
            for scenario in target["scenarios"]:
                for sample in scenario["samples"]:
                    self.assertIn(sample["limited_by"], ("target", "generator", "network", "load", "unknown"))

    def check_exports(self):
        for name, begin in (("tables.md", "# small · full profile"), ("tables.csv", "target,role,scenario,metric,unit,n,mean,stddev,")):
            file = self.folder / name
            done = subprocess.run([SATURN, "report", self.out, "-o", file], capture_output=True, text=True, timeout=30)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            self.assertTrue(file.read_text().startswith(begin), file.read_text())
        self.assertRegex((self.folder / "tables.md").read_text(), r"\n\| \*\*second\*\* \| [\d,.]+\S* \|\n\| min–max \|")
        rows = list(csv.DictReader((self.folder / "tables.csv").read_text().splitlines()))
        self.assertEqual(len(rows), 15)
        self.assertTrue(all(row["n"] == "2" and float(row["stddev"]) >= 0 for row in rows))
        done = subprocess.run([SATURN, "report", self.out, "-o", self.folder / "tables.doc"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertIn("name it .md for Markdown or .csv for CSV", done.stderr)
        run = self.out / "runs" / "first-1.json"
        done = subprocess.run([SATURN, "report", run, "-o", self.folder / "run.md"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertIn("writes the tables of a study", done.stderr)

    def test_a_cell_of_one_worker_is_marked(self):
        """One connection belongs to one worker, so its share is all of it."""
        self.write([self.target("t")], plan={**PLAN, "mode": "sequential", "scenarios": [{**PLAN["scenarios"][0], "vus": 1}]})
        code, out, _ = self.study()
        self.assertEqual(code, 0)
        sample = self.result()["targets"][0]["scenarios"][0]["samples"][0]
        self.assertGreater(sample["busiest_worker_share"], 0.9)
        self.assertIn("one-worker", sample["marks"])
        self.assertRegex(out, r"\nt +[\d.,]+\*")
        self.assertIn("* one worker did over 90 % of the work", out)

    def test_requests_that_fail_are_left_out_and_marked(self):
        self.write([self.target("t", "fails-some-posts")])
        code, out, _ = self.study()
        self.assertEqual(code, 0)
        create = self.result()["targets"][0]["scenarios"][2]["samples"][0]
        self.assertEqual(create["completed"], COUNT)
        self.assertGreater(create["not_ok"], 0)
        self.assertEqual(create["ok"], COUNT - create["not_ok"])
        self.assertIn("failures", create["marks"])
        self.assertIn(f"create {create['not_ok']} of {COUNT}", out)

    def test_connections_that_die_in_the_gaps_cost_nothing(self):
        """gunicorn closes idle connections after 2 s and gaps are 3 s; here 0.3 and 0.6."""
        self.write([self.target("t", "closes-idle")], plan={**PLAN, "gap": "600ms"})
        self.assertEqual(self.study()[0], 0)
        for scenario in self.result()["targets"][0]["scenarios"]:
            self.assertEqual((scenario["samples"][0]["failed"], scenario["samples"][0]["not_ok"]), (0, 0))

    def test_the_only_target_has_no_footnote_about_ratios(self):
        self.write([self.target("t", published={"hello": 1000}), self.target("other")])
        code, out, _ = self.study("--only", "t")
        self.assertEqual(code, 0)
        self.assertNotIn("ratio to it on this machine", out)
        self.assertNotIn("standard deviation", out)  # of one repeat there is none

    def test_the_quick_profile_scales_and_only_restricts(self):
        targets = [self.target("a"), self.target("b", only=["hello"], profiles=["full"]), self.target("c", only=["hello", "one"])]
        self.write(targets, profiles={"quick": {"scale": {"duration": 0.5, "iterations": 0.5}}})
        self.assertEqual(self.study("--profile", "quick")[0], 0)
        a, c = self.result()["targets"]
        self.assertEqual((a["name"], c["name"]), ("a", "c"))
        self.assertEqual((a["scenarios"][0]["duration_s"], a["scenarios"][1]["samples"][0]["completed"]), (0.15, COUNT // 2))
        self.assertEqual([scenario["name"] for scenario in c["scenarios"]], ["hello", "one"])
        self.assertEqual(self.study("--only", "b", "--force")[0], 0)
        self.assertEqual([target["name"] for target in self.result()["targets"]], ["b"])


class Traps(StudyTest):
    def test_a_target_that_ends_at_its_start(self):
        reason = self.fails("ends-at-start", "ended before it was ready: exit code 1")
        self.assertIn("no module named nothing", reason)

    def test_one_good_answer_is_not_ready(self):
        self.fails("dies-after-one-answer", "ended before it was ready: killed by signal 9")

    def test_a_redirect_is_not_ready(self):
        self.write([self.target("t", "redirects-hello")],
                   procedure={"ready": {"get": "/hello", "timeout": "500ms"}, "seed": {"count": 1, "list": "/items/", "post": "/items/"}})
        self.assertEqual(self.study()[0], 2)
        self.assertRegex(self.result()["runs"][0]["reason"], r"^not ready after 500ms: 127\.0\.0\.1:\d+/hello answers 307")

    def test_a_redirect_is_a_failure(self):
        self.fails("redirects-put", "update: not one request succeeded")

    def test_an_update_without_effect_is_found_by_reading_back(self):
        self.fails("ignores-put", "update: read back, /items/", "does not hold what was written")

    def test_a_delete_without_effect_is_found_by_reading_back(self):
        self.fails("ignores-delete", "delete: read back, /items/", "is still there after it was deleted")

    def test_a_target_that_dies_is_noticed_at_once(self):
        began = time.monotonic()
        self.fails("dies-while-measured", "ended while being measured: killed by signal 9")
        self.assertLess(time.monotonic() - began, 30)

    def test_the_schema_is_made_before_the_workers_start(self):
        target = self.target("t")
        target["launch"]["process"]["before"].append("fails")
        self.write([target])
        self.assertEqual(self.study()[0], 2)
        self.assertEqual(self.result()["runs"][0]["reason"],
                         'its "before" command failed: exit code 1, its last words: cannot make the table')
        self.assertEqual(self.started(), [])


if __name__ == "__main__":
    unittest.main()
