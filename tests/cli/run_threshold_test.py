"""What makes CI red: thresholds of the command line and of plans, and answers of which none is ok. Exit 99, said in text and JSON."""
import json
import unittest

import support
from support import saturn


class Thresholds(support.Case):
    def plan(self, *scenarios, **top):
        path = self.directory / "plan.json"
        path.write_text(json.dumps({"base_url": self.target.url, **top, "scenarios": list(scenarios)}))
        return path

    @staticmethod
    def scenario(name="a", path="/hello", **more):
        return {"name": name, "executor": "shared-iterations", "vus": 2, "iterations": 20, "flow": [{"get": path}], **more}

    def test_met_thresholds_are_exit_0_and_stand_in_text_and_json(self):
        words = (self.url(), "-n", "50", "-c", "2", "--threshold", "p(99)<30s", "--threshold", "errors rate<1%",
                 "--threshold=rps>0.1")
        text = saturn("run", *words)
        self.assertEqual(text.returncode, 0, text.stdout + text.stderr)
        self.assertRegex(text.stdout, r"✓ met +p\(99\)<30s: [\d.]+ (µs|ms|s)\n")
        self.assertRegex(text.stdout, r"✓ met +errors rate<1%: 0 %")
        self.assertNotIn("in CI:", text.stdout)
        judged = self.result_of(*words)["thresholds"]
        self.assertEqual([(t["expression"], t["scenario"], t["metric"], t["unit"], t["passed"]) for t in judged],
                         [("p(99)<30s", "default", "latency", "s", True), ("errors rate<1%", "default", "errors", "%", True),
                          ("rps>0.1", "default", "rps", "", True)])
        self.assertEqual(judged[1]["value"], 0)

    def test_one_that_is_not_met_is_exit_99(self):
        words = (self.url(), "-n", "50", "-c", "2", "--threshold", "p(99)<30s", "--threshold", "p(50)<1ns")
        text = saturn("run", *words)
        self.assertEqual(text.returncode, 99)
        self.assertRegex(text.stdout, r"✗ NOT MET +p\(50\)<1ns: [\d.]+ (µs|ms|s)\n")
        self.assertEqual([t["passed"] for t in self.result_of(*words, code=99)["thresholds"]], [True, False])

    def test_what_was_not_measured_is_not_met(self):
        result = self.result_of(self.url(), "-n", "5", "-c", "1", "--threshold", "checks rate==1", code=99)
        self.assertEqual(result["thresholds"][0]["value"], None)

    def test_every_one_that_cannot_be_read_is_named_and_nothing_is_sent(self):
        lines = self.refused("run", self.url(), "--threshold", "p(99)<200", "--threshold", "speed>1", "--threshold", "lag p(9)<1s")
        self.assertEqual(lines[:3], [
            'error: --threshold: "p(99)<200" has no unit; did you mean p(99)<200ms?',
            'error: --threshold: "speed>1" looks at "speed", which is no metric; this version has latency, service, ttfb, '
            'errors, checks, dropped, rps and ok_rps',
            'error: --threshold: "lag p(9)<1s" looks at lag, which is not in this version; this version has latency, '
            'service, ttfb, errors, checks, dropped, rps and ok_rps'])
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_of_a_plan_and_of_the_command_line_add_up(self):
        plan = self.plan(self.scenario("a"), self.scenario("b", thresholds=["p(99)<1ns"]), mode="sequential",
                         thresholds=["errors count==0"])
        judged = self.result_of(plan, "--threshold", "rps>0", code=99)["thresholds"]
        self.assertEqual([(t["scenario"], t["expression"], t["passed"]) for t in judged],
                         [("a", "errors count==0", True), ("a", "rps>0", True), ("b", "errors count==0", True),
                          ("b", "rps>0", True), ("b", "p(99)<1ns", False)])

    def test_in_a_plan_an_error_has_its_place(self):
        plan = self.plan(self.scenario(thresholds=["p99<1s", {"expr": "rps>1", "abort_on_fail": True}]))
        self.assertEqual(self.refused("run", plan)[:2], [
            f'error: {plan} /scenarios/0/thresholds/0: "p99<1s" has no brackets; write p(99)',
            f'error: {plan} /scenarios/0/thresholds/1/abort_on_fail: "abort_on_fail" is not in this version; leave it out'])

    def test_a_report_prints_them_again(self):
        file = self.directory / "result.json"
        saturn("run", self.url(), "-n", "5", "-c", "1", "--threshold", "rps>0", "-o", file)
        self.assertRegex(saturn("report", file).stdout, r"✓ met +rps>0: [\d,.]+\n")

    def test_a_run_without_one_says_how_to_get_one(self):
        text = saturn("run", self.url(), "-n", "50", "-c", "2").stdout
        self.assertRegex(text, r"\nin CI: --threshold 'p\(99\)<[\d.]+(us|ms|s)' --threshold 'errors rate<1%' \(exit 99 where not met\)\n")
        self.assertNotIn("in CI:", saturn("run", self.url(), "-n", "50", "-c", "2", "-q").stdout)


class NothingOk(support.Case):
    def test_answers_of_which_none_is_ok_are_exit_99_with_the_reason(self):
        for path, status in (("/_fault/status/404", 404), ("/_fault/status/500", 500)):
            done = saturn("run", self.url(path), "-n", "1234", "-c", "4")
            self.assertEqual(done.returncode, 99)
            said = " ".join(done.stdout.split())
            self.assertIn(f"no answer was ok: {status} × 1,234; exit 99 (type --expect {status} if that is what you want)", said)

    def test_without_text_the_reason_is_on_standard_error(self):
        done = saturn("run", self.url("/_fault/status/404"), "-n", "10", "-c", "1", "--json", "-q")
        self.assertEqual(done.returncode, 99)
        self.assertTrue(done.stderr.startswith("no answer was ok: 404 × 10"), done.stderr)

    def test_a_threshold_on_errors_decides_instead(self):
        self.result_of(self.url("/_fault/status/404"), "-n", "10", "-c", "1", "--threshold", "errors rate<=100%")
        self.result_of(self.url("/_fault/status/404"), "-n", "10", "-c", "1", "--threshold", "errors rate<50%", code=99)

    def test_what_a_plan_expects_decides_instead(self):
        plan = self.directory / "plan.json"
        plan.write_text(json.dumps({"base_url": self.target.url, "scenarios": [
            {"name": "a", "executor": "shared-iterations", "vus": 1, "iterations": 5,
             "flow": [{"get": "/_fault/status/404", "expect": {"status": 404}}]}]}))
        self.result_of(plan)

    def test_some_ok_answers_are_enough(self):
        plan = self.directory / "plan.json"
        plan.write_text(json.dumps({"base_url": self.target.url, "scenarios": [
            {"name": "a", "executor": "shared-iterations", "vus": 1, "iterations": 5,
             "flow": [{"get": "/_fault/status/404"}, {"get": "/hello"}]}]}))
        self.result_of(plan)

    def test_nothing_completed_stays_2(self):
        with support.full_backlog() as port:
            done = saturn("run", f"127.0.0.1:{port}/", "-n", "1", "-c", "1", "--connect-timeout", "200ms", "--threshold", "rps>5")
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
