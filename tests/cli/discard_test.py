"""--discard-body as users meet it: the result tells what was dropped, and why nothing was."""
import json
import tempfile
import unittest

from support import saturn, target

LARGE = 300_000


class Discard(unittest.TestCase):
    def run_against_serve(self, path, *flags):
        with target() as server:
            done = saturn("run", server.url + path, "-c", 4, "-n", 200, "-t", 1, "--json", "--full", *flags)
            truth = server.truth()
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        scenario = result["scenarios"][0]
        self.assertEqual(scenario["requests"]["ok"], 200)
        self.assertEqual(truth["responses"]["total"], 200)
        self.assertEqual(scenario["latency_source"], "kernel-rx")
        return done, result, scenario

    def test_large_bodies_are_dropped_and_the_result_says_so(self):
        done, result, scenario = self.run_against_serve(f"/_fault/bytes/{LARGE}", "--discard-body")
        _, plain, read = self.run_against_serve(f"/_fault/bytes/{LARGE}")
        self.assertEqual(scenario["bytes"]["received"], read["bytes"]["received"])
        self.assertEqual(scenario["bytes"]["sent"], read["bytes"]["sent"])
        self.assertGreater(scenario["bytes"]["discarded"], 200 * LARGE / 2)
        self.assertEqual(read["bytes"]["discarded"], 0)
        self.assertIn("RECV_TRUNC", result["saturn"]["ring"]["features"])
        self.assertNotIn("RECV_TRUNC", plain["saturn"]["ring"]["features"])
        self.assertIn("dropped unread", done.stderr)
        self.assertIn("--discard-body", done.stderr.rstrip().rsplit("\n", 1)[-1], "the line that runs it again")

    def test_small_bodies_are_read_and_the_result_says_why(self):
        done, result, scenario = self.run_against_serve("/hello", "--discard-body")
        self.assertEqual(scenario["bytes"]["discarded"], 0)
        self.assertNotIn("RECV_TRUNC", result["saturn"]["ring"]["features"])
        self.assertEqual(result["notes"], ["default: --discard-body had no effect: no body was large enough, of a length known beforehand and read by no check"])

    def test_every_scenario_of_a_plan_drops_alike(self):
        one = {"vus": 16, "executor": "shared-iterations", "iterations": 160, "flow": [{"get": f"/_fault/bytes/{LARGE}"}]}
        with target() as server, tempfile.NamedTemporaryFile("w", suffix=".json") as plan:
            scenarios = [{"name": name, **one} for name in ("first", "second", "third")]
            json.dump({"base_url": server.url, "mode": "sequential", "scenarios": scenarios}, plan)
            plan.flush()
            done = saturn("run", plan.name, "--discard-body", "-t", 1, "--json", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        dropped = [scenario["bytes"]["discarded"] for scenario in json.loads(done.stdout)["scenarios"]]
        for bytes_of_one in dropped:
            self.assertGreater(bytes_of_one, 160 * LARGE * 0.8, dropped)

    def test_pipelining_is_refused_with_a_url(self):
        done = saturn("run", "http://127.0.0.1:1/", "-p", 16, "--discard-body")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--discard-body", done.stderr)
        self.assertIn("has no effect with pipelining", done.stderr)


if __name__ == "__main__":
    unittest.main()
