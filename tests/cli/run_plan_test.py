"""`saturn run PLAN.json`: three executors, checks, --only and --base-url; broken plans with all their errors at once."""
import json
import unittest

import support
from support import saturn


def plan(url, *scenarios, **more):
    text = {"schema": "saturn.plan/1", "base_url": url, "scenarios": list(scenarios), **more}
    if len(scenarios) > 1:
        text.setdefault("mode", "sequential")
    return text


HELLO = {"name": "hello", "executor": "shared-iterations", "vus": 4, "iterations": 100,
         "flow": [{"get": "/hello", "expect": {"status": 200}}]}
ECHO = {"name": "echo", "executor": "per-vu-iterations", "vus": 3, "iterations": 10,
        "flow": [{"post": "/echo", "json": {"message": "hi", "n": "{{seq}}"},
                  "expect": {"status": 200, "json_equals_request": True}}]}
TIMED = {"name": "timed", "executor": "constant-vus", "vus": 2, "duration": "200ms",
         "flow": [{"get": "/hello"}]}


class Plans(support.Case):

    def write(self, text, name="plan.json"):
        path = self.directory / name
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        return path

    def test_scenarios_run_one_after_another_with_exact_totals(self):
        path = self.write(plan(self.target.url, HELLO, ECHO, TIMED, gap="10ms", seed=7))
        result = self.result_of(path)
        self.assertEqual([s["name"] for s in result["scenarios"]], ["hello", "echo", "timed"])
        hello, echo, timed = result["scenarios"]
        self.assertEqual((hello["requests"]["ok"], echo["requests"]["ok"]), (100, 30))
        self.assertEqual(echo["checks"], [{"name": "status is 200", "passed": 30, "failed": 0},
                                          {"name": "json equals request", "passed": 30, "failed": 0}])
        by = self.target.truth()["requests"]["by"]
        self.assertEqual(by["POST /echo"], 30)
        self.assertEqual(by["GET /hello"], 100 + timed["requests"]["started"])
        self.assertEqual(result["seed"], 7)
        self.assert_balanced(result)

    def test_the_command_line_overrides_the_seed(self):
        path = self.write(plan(self.target.url, HELLO, seed=7))
        self.assertEqual(self.result_of(path, "--seed", "8")["seed"], 8)

    def test_a_plan_from_standard_input(self):
        result = self.result_of("-", stdin=json.dumps(plan(self.target.url, HELLO)))
        self.assertEqual(result["scenarios"][0]["requests"]["ok"], 100)

    def test_base_url_replaces_the_plans_and_may_stand_for_a_missing_one(self):
        for text in (plan("http://127.0.0.1:1", HELLO), plan("", HELLO)):
            if not text["base_url"]:
                del text["base_url"]
            result = self.result_of(self.write(text), "--base-url", self.target.url)
            self.assertEqual(result["scenarios"][0]["requests"]["ok"], 100)

    def test_only_runs_what_is_named(self):
        path = self.write(plan(self.target.url, HELLO, ECHO, TIMED))
        result = self.result_of(path, "--only", "echo")
        self.assertEqual([s["name"] for s in result["scenarios"]], ["echo"])

    def test_only_with_an_unknown_name_lists_the_names(self):
        path = self.write(plan(self.target.url, HELLO, ECHO, TIMED))
        self.assertEqual(self.refused("run", path, "--only", "nope")[0],
                         'error: --only: the plan has no scenario "nope"; it has hello, echo, timed')

    def test_a_load_flag_beside_a_plan_says_where_to_put_it(self):
        path = self.write(plan(self.target.url, HELLO))
        self.assertEqual(self.refused("run", path, "-H", "A: b", "--timeout", "1s"), [
            "error: -H: a plan says this itself; leave the flag out and write it in the plan, at "
            "/scenarios/N/flow/0/headers",
            "error: --timeout: a plan says this itself; leave the flag out and write it in the plan, at "
            "/scenarios/N/timeout",
            "see saturn run --help"])

    def test_flags_change_a_plan_of_one_scenario(self):
        path = self.write(plan(self.target.url, HELLO))
        result = self.result_of(path, "-c", "2", "-n", "7")
        self.assertEqual((result["scenarios"][0]["vus"], result["scenarios"][0]["requests"]["ok"]), (2, 7))
        self.assertEqual(result["plan"]["scenarios"][0]["iterations"], 7)
        line = saturn("run", path, "-n", "7").stdout.splitlines()[0]
        self.assertIn(" · by flags: iterations 7 (plan: 100) · ", line)

    def test_flags_change_the_one_that_only_chose(self):
        path = self.write(plan(self.target.url, HELLO, TIMED))
        lines = self.refused("run", path, "-d", "1s")
        self.assertEqual(lines[0], 'error: -d: replaces the "duration" of one scenario, and here are 2: hello, timed; '
                                   "choose one with --only, or write it in the plan, at /scenarios/0/duration")
        result = self.result_of(path, "--only", "timed", "-d", "0.1")
        self.assertEqual(result["plan"]["scenarios"][0]["duration"], "100ms")
        lines = self.refused("run", path, "--only", "timed", "-R", "5")
        self.assertIn("-R: scenario \"timed\" is constant-vus, which has no rate", lines[0])
        self.assertIn("/scenarios/1/executor", lines[0])

    def test_the_list_of_scenarios(self):
        text = plan("", HELLO, ECHO, TIMED)
        del text["base_url"]
        path = self.write(text)
        done = saturn("run", path, "--list")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.splitlines(), [
            "scenario  executor           load                       steps",
            "hello     shared-iterations  4 VUs, 100 iterations      GET /hello",
            "echo      per-vu-iterations  3 VUs, 10 iterations each  POST /echo",
            "timed     constant-vus       2 VUs, 200ms               GET /hello"])
        self.assertEqual(len(saturn("run", path, "--list", "--only", "echo").stdout.splitlines()), 2)
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_braces_in_a_plan(self):
        scenario = {**ECHO, "flow": [{"post": "/echo", "json": {"message": "\\{{ user }}", "n": "{{seq}}"},
                                      "expect": {"status": 200, "json_equals_request": True}}]}
        result = self.result_of(self.write(plan(self.target.url, scenario)))
        self.assertEqual(result["scenarios"][0]["requests"]["ok"], 30)
        self.assertEqual(result["plan"]["scenarios"][0]["flow"][0]["json"]["message"], "\\{{ user }}")

    def test_the_places_named_are_those_of_a_plan(self):
        """Each key that the messages name is one that a plan takes."""
        keys = {"vus": 2, "iterations": 4, "warmup": "0s", "graceful_stop": "1s", "pipeline": 1,
                "requests_per_connection": 2, "timeout": "5s", "connect_timeout": "5s", "max_head": 4096}
        scenario = {**HELLO, **keys, "executor": "constant-vus", "duration": "10s"}
        scenario["flow"] = [{"post": "/echo", "headers": {"X-A": "1"}, "body": "text"}]
        result = self.result_of(self.write(plan(self.target.url, scenario)), code=99)  # no JSON: 400
        self.assertEqual(result["scenarios"][0]["requests"]["started"], 4)

    def test_all_errors_of_a_plan_at_once_each_with_its_pointer(self):
        broken = plan(self.target.url, {**HELLO, "vus": 0, "unknown_key": 1},
                      {**ECHO, "executor": "ramping-vus"}, {**TIMED, "duration": 10})
        path = self.write(broken)
        lines = self.refused("run", path)
        places = {line.split(": ")[1] for line in lines[:-1]}
        for pointer in ("/scenarios/0/vus", "/scenarios/0/unknown_key", "/scenarios/1/executor",
                        "/scenarios/2/duration"):
            self.assertIn(f"{path} {pointer}", places, lines)
        self.assertEqual(lines[-1], "see saturn run --help")
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_broken_json(self):
        path = self.write('{"schema": "saturn.plan/1", ')
        lines = self.refused("run", path)
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[0].startswith(f"error: {path}"), lines)

    def test_a_plan_that_is_not_there(self):
        self.assertEqual(self.refused("run", self.directory / "none.json")[0],
                         f"error: {self.directory}/none.json: cannot be read: No such file or directory; check the name; a URL "
                         "starts with http://")

    def test_mistakes_in_flags_and_plan_are_told_together(self):
        path = self.write(plan(self.target.url, {**HELLO, "vus": 0}))
        lines = self.refused("run", path, "-p", "5", "-o", "/nonexistent/r.json")
        self.assertEqual([line.split(": ")[1] for line in lines[:-1]], ["-p", f"{path} /scenarios/0/vus", "-o"])

    def test_a_failed_check_is_exit_code_99(self):
        scenario = {**HELLO, "flow": [{"get": "/hello", "expect": {"status": 201}}]}
        result = self.result_of(self.write(plan(self.target.url, scenario)), code=99)
        self.assertEqual(result["scenarios"][0]["requests"]["not_ok"], 100)

    def test_the_first_line_names_the_plan(self):
        path = self.write(plan(self.target.url, HELLO, ECHO, gap="10ms"))
        lines = saturn("run", path).stdout.splitlines()
        self.assertEqual(lines[0], f"saturn: {path} at {self.target.url}/ · 2 scenarios, one after another, 10 ms "
                                   "apart · 1 thread")
        self.assertEqual(lines[-1], f"again: {support.SATURN} run {path}")


if __name__ == "__main__":
    unittest.main()
