"""What the tests of saturn study share: a small study with targets of our own, and a look at the processes it leaves."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SATURN = os.environ["SATURN"]
SERVER = pathlib.Path(os.environ["SATURN_SOURCE_DIR"]) / "tests" / "support" / "study_server.py"
SEEDED, COUNT, DELETED = 40, 60, 10

PLAN = {
    "schema": "saturn.plan/1", "mode": "sequential", "gap": "50ms",
    "scenarios": [
        {"name": "hello", "executor": "constant-vus", "vus": 4, "duration": "300ms", "flow": [{"get": "/hello"}]},
        {"name": "one", "executor": "shared-iterations", "vus": 4, "iterations": COUNT,
         "flow": [{"get": f"/items/{{{{random_int(1, {SEEDED})}}}}"}]},
        {"name": "create", "executor": "shared-iterations", "vus": 4, "iterations": COUNT,
         "flow": [{"post": "/items/", "json": {"name": "created-{{seq}}", "price": 2}}]},
        {"name": "update", "executor": "shared-iterations", "vus": 4, "iterations": COUNT,
         "flow": [{"put": f"/items/{{{{random_int(1, {SEEDED})}}}}", "json": {"name": "updated-{{seq}}", "price": 3.5}}]},
        {"name": "delete", "executor": "shared-iterations", "vus": 1, "iterations": DELETED,
         "flow": [{"delete": "/items/{{seq}}"}]},
    ],
}


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


class StudyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.pids = self.folder / "pids"
        self.pids.touch()
        self.out = self.folder / "out"

    def tearDown(self):
        for pid in self.started():
            self.assertFalse(alive(pid), f"process {pid} of a target is left")

    def started(self):
        return [int(pid) for pid in self.pids.read_text().split()]

    def target(self, name, fault="", **changes):
        process = {"env": {"DATABASE": "{{database}}", "PIDS": str(self.pids), "WORKERS": "{{workers}}"},
                   "before": [sys.executable, str(SERVER), "schema"],
                   "command": [sys.executable, str(SERVER), "serve", "{{port}}", *([fault] if fault else [])]}
        target = {"name": name, "launch": {"process": process}, "settings": {"workers": 2}, **changes}
        return target

    def write(self, targets, repeats=1, plan=None, **changes):
        (self.folder / "plan.json").write_text(json.dumps(plan or PLAN))
        study = {
            "schema": "saturn.study/1", "name": "small", "plan": "plan.json", "targets": targets, "repeats": repeats,
            "baseline": targets[0]["name"],
            "procedure": {
                "ready": {"get": "/hello", "times": 3, "timeout": "20s"}, "settle": "20ms", "pause": "10ms",
                "seed": {"count": SEEDED, "vus": 4, "list": "/items/", "post": "/items/", "json": {"name": "i-{{seq}}", "price": 1}},
                "warmup": [{"name": "hello", "executor": "shared-iterations", "vus": 2, "iterations": 20, "flow": [{"get": "/hello"}]}],
                "idle": "10ms"},
            "metrics": {s["name"]: "rps" if s["name"] == "hello" else "mean_latency" for s in (plan or PLAN)["scenarios"]},
            **changes}
        (self.folder / "study.json").write_text(json.dumps(study))

    def study(self, *arguments):
        done = subprocess.run([SATURN, "study", self.folder / "study.json", "-o", self.out, *arguments],
                              capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def result(self):
        return json.loads((self.out / "study-result.json").read_text())

    def fails(self, fault, *reasons, code=2):
        """A target with this fault fails for this reason, and the good one beside it keeps its numbers."""
        self.write([self.target("good"), self.target("bad", fault)])
        self.assertEqual(self.study()[0], code)
        runs = {run["target"]: run for run in self.result()["runs"]}
        self.assertTrue(runs["good"]["ok"], runs["good"]["reason"])
        self.assertFalse(runs["bad"]["ok"])
        for reason in reasons:
            self.assertIn(reason, runs["bad"]["reason"])
        good, bad = self.result()["targets"]
        self.assertTrue(all(scenario["mean"] is not None for scenario in good["scenarios"]))
        self.assertTrue(all(scenario["mean"] is None for scenario in bad["scenarios"]))
        self.assertEqual({row["target"] for row in csv.DictReader((self.out / "values.csv").read_text().splitlines())}, {"good"})
        others = list(csv.DictReader((self.out / "attempts.csv").read_text().splitlines()))
        self.assertEqual({row["target"] for row in others}, {"bad"} if any(s["samples"] for s in bad["scenarios"]) else set())
        self.assertTrue(all(row["counted"] == "false" for row in others))
        return runs["bad"]["reason"]
