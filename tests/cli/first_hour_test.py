"""The first hour of four new users: of wrk, of k6 in CI, of oha, hey, ab and curl, and a researcher's.

Each walks from the command that they know to an answer that they can use, and what they should see on the way is held here.
Single cases belong to the tests of their commands. Nothing here depends on how fast this machine is.
"""
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import threading
import time
import unittest

import support
from run_progress_test import DRAWN, RED, on_terminal
from study_case import StudyTest
from support import Target, ended, saturn, start

SOURCE = pathlib.Path(os.environ["SATURN_SOURCE_DIR"])
ITEMS = SOURCE / "docs" / "examples" / "items.json"
STUDY = SOURCE / "bench" / "study" / "python-web.json"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
TIME = r"[\d.,]+ (?:ns|µs|ms|s)"


def rows(text):
    """The rows of a short summary by their names; a row that was wrapped is one again."""
    found, name = {}, None
    for line in text.splitlines():
        if re.match(r"  \S.{11} \S", line):
            name = line[2:14].strip()
            found[name] = line[15:]
        elif name and line.startswith(" " * 15):
            found[name] += " " + line.strip()
        else:
            name = None
    return found


class OfWrk(support.Case):
    """Types what they always typed, at a server on the same machine."""

    def test_their_command_works_as_it_stands(self):
        done = saturn("run", "-t2", "-c100", "-d1s", "--latency", self.url())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], f"saturn: GET {self.url()} · 100 connections · 1 s · 2 threads · timeout 30 s")
        summary = rows(done.stdout)
        for name in ("verdict", "requests/s", "latency", "requests", "cost", "more"):
            self.assertIn(name, summary, done.stdout)
        self.assertRegex(summary["requests/s"], r"^[\d,]+\.\d · [\d,]+ answers in 1 s$")
        self.assertRegex(summary["latency"], rf"^p50 {TIME} · p90 {TIME} · p99 {TIME} · max {TIME}$")
        self.assertRegex(summary["requests"], r"^[\d,]+ started · all ok$")
        self.assertRegex(summary["cost"], rf"^saturn {TIME} CPU a request, .* of a core · target {TIME} CPU a request, ")
        self.assertEqual(summary["more"], "--full: every figure · --explain: why · -o FILE: all as JSON")
        self.assertRegex(lines[-2], r"^in CI: --threshold 'p\(99\)<\w+' --threshold 'errors rate<1%' \(exit 99 where not met\)$")
        self.assertEqual(lines[-1], f"again: {support.SATURN} run -t2 -c100 -d1s --latency {self.url()}")
        self.assertLessEqual(len(lines), 18, "about ten lines, and the reasons that can be acted on")
        self.assertNotIn("default", done.stdout, "a name that nobody gave")
        self.assertNotIn("…", done.stdout, "nothing is cut")

    def test_seconds_without_a_unit_and_no_command(self):
        done = saturn("-c", "4", "-d1", f"127.0.0.1:{self.target.port}/hello")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines()[0], f"saturn: GET {self.url()} · 4 connections · 1 s · 1 thread · timeout 30 s")

    def test_the_first_screen_of_a_good_run_has_no_red(self):
        code, text = on_terminal(self.url(), "-c", "2", "-d", "1s")
        self.assertEqual(code, 0)
        self.assertTrue(DRAWN.search(text), "progress while it runs")
        self.assertNotIn(RED, text)
        self.assertNotIn("NOT VALID", text)
        self.assertRegex(text, r"\x1b\[1m  requests/s|requests/s +\x1b\[1m", "the rate is bold")
        self.assertRegex(text, r"\x1b\[1mp99 ", "and so is p99")
        self.assertIn("all ok", COLOURS.sub("", text))

    def test_where_the_rest_is(self):
        full = saturn("run", self.url(), "-c", "8", "-d", "300ms", "--full").stdout
        header = next(line for line in full.splitlines() if "p99.99" in line)
        self.assertEqual(header.split(), ["min", "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99", "max"])
        for said in ("latency = latency_us: from send to the answer's last byte", "first byte = ttfb_us: as latency",
                     "waited in saturn = observe_us: from arrival until saturn looked", "before them 1 to try the address"):
            self.assertIn(said, " ".join(full.split()))
        self.assertNotRegex(full, r"(?m)^  first byte +\d", "no row twice")
        why = saturn("run", self.url(), "-c", "8", "-d", "300ms", "--explain").stdout
        self.assertRegex(why, r"\nwhy this verdict\n  verdict +\S.*\n  because +\S")
        self.assertIn("\nwhat else was weighed\n", why)

    def test_their_script_is_a_line_that_says_what_to_type(self):
        for words in (("-s", "post.lua", self.url()), ("post.lua",)):
            lines = self.refused("run", *words)
            self.assertEqual((len(lines), lines[1]), (2, "see saturn run --help"), lines)
            self.assertIn("type -X POST, -H and -b for a method, headers and a body; for several requests write a plan", lines[0])
        self.assertEqual(self.refused("run", f"https://127.0.0.1:{self.target.port}/")[0].count("no TLS in this build"), 1)


class OfK6InCi(support.Case):
    """Wants a plan and a build that goes red."""

    def plan(self, flow, **scenario):
        path = self.directory / "plan.json"
        path.write_text(json.dumps({"base_url": self.target.url, "scenarios": [{"name": "a", **scenario, "flow": flow}]}))
        return path

    def test_their_words_in_a_plan_get_the_word_that_works(self):
        script = self.directory / "script.js"
        script.write_text("export default function () {}")
        self.assertIn("this is a script for k6, which saturn does not run",
                      self.refused("run", "--vus", "10", "--duration", "30s", script)[0])
        load = {"executor": "shared-iterations", "vus": 1, "iterations": 1}
        for step, says in (({"check": {"status": 200}}, 'unknown key "check"; write "expect": { "status": 200 }'),
                           ({"header": {"A": "b"}}, 'unknown key "header"; write "headers": ')):
            path = self.plan([{"get": "/hello", **step}], **load)
            lines = self.refused("run", path)
            self.assertEqual(len(lines), 2, lines)
            self.assertTrue(lines[0].startswith(f"error: {path} /scenarios/0/flow/0/{[*step][0]}: {says}"), lines)

    def test_iterations_and_requests_are_two_figures(self):
        path = self.plan([{"get": "/hello"}] * 4, executor="per-vu-iterations", vus=4, iterations=25)
        done = saturn(path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(" · 4 VUs · 25 iterations a VU of 4 requests (400 requests) · ", done.stdout.splitlines()[0])
        summary = rows(done.stdout)
        self.assertRegex(summary["iterations/s"], r" · 100, all completed · 4 requests each$")
        self.assertEqual(summary["requests"], "400 started · all ok")
        path = self.plan([{"get": "/hello"}] * 2, executor="constant-arrival-rate", rate="100/s", duration="300ms")
        self.assertIn(" · 100 iterations/s of 2 requests (200 requests/s) · ", saturn(path).stdout.splitlines()[0])

    def test_the_plan_of_the_readme_is_smaller_in_ci(self):
        done = saturn("run", ITEMS, "--base-url", self.target.url, "--only", "browse", "-c", "2", "-d", "300ms")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(" · by flags: vus 2 (plan: 20), duration 300ms (plan: 5s) · ", done.stdout.splitlines()[0])
        self.assertIn("it has browse, create", self.refused("run", ITEMS, "--only", "nope")[0])
        self.assertEqual([line.split()[0] for line in saturn("run", ITEMS, "--list").stdout.splitlines()],
                         ["scenario", "browse", "create"])

    def test_the_build_goes_red_when_every_answer_is_an_error(self):
        for status in (404, 500):
            url = self.url(f"/_fault/status/{status}")
            done = saturn("run", url, "-n", "100", "-c", "4")
            self.assertEqual(done.returncode, 99, done.stdout)
            summary = rows(done.stdout)
            self.assertEqual(summary["NOT OK"], f"100 % of answers: 100 of 100 · status {status} × 100")
            self.assertEqual(summary["NONE OK"], f"no answer was ok: {status} × 100; exit 99 (type --expect {status} if that is what you want)")
            self.assertEqual(saturn("run", url, "-n", "100", "-c", "4", "--expect", status).returncode, 0)

    def test_the_hint_of_the_summary_can_be_pasted(self):
        words = ["run", self.url(), "-n", "500", "-c", "4"]
        [hint] = [line for line in saturn(*words).stdout.splitlines() if line.startswith("in CI: ")]
        pasted = shlex.split(hint.removeprefix("in CI: ").removesuffix(" (exit 99 where not met)"))
        done = saturn(*words, *pasted, "--json", "-q")
        judged = json.loads(done.stdout)["thresholds"]
        self.assertEqual([t["expression"] for t in judged], [pasted[1], "errors rate<1%"])
        self.assertEqual((judged[1]["passed"], judged[1]["value"]), (True, 0))
        self.assertEqual(done.returncode, 0 if judged[0]["passed"] else 99)
        text = saturn(*words, "--threshold", "p(99)<1ns", "--threshold", "rps>1")
        self.assertEqual(text.returncode, 99)
        self.assertRegex(text.stdout, r"\n  ✗ NOT MET +p\(99\)<1ns: .*\n  ✓ met +rps>1: ")

    def test_the_build_goes_red_when_the_server_dies(self):
        server = Target()
        self.addCleanup(server.stop)
        running = start("run", "-d", "2900ms", "-c", "4", server.url + "/hello")
        while server.truth()["requests"]["total"] == 0 and running.poll() is None:
            time.sleep(0.01)
        time.sleep(0.7)
        server.stop(signal.SIGKILL)
        code, out, err = ended(running)
        self.assertEqual(code, 2, out + err)
        summary = rows(out)
        self.assertRegex(summary["NO ANSWER"], r"^in the last [\d.]+ s of 2\.9 s · \d\d % of the time "
                                               r"from [\d.]+ s to 2\.9 s · it did not come back$")
        self.assertRegex(summary["FAILED"], r"^[\d.]+ % of requests: [\d,]+ of [\d,]+ .*connect refused")
        self.assertTrue(summary["verdict"].startswith("limited by the target"), summary)
        self.assertLess(out.index("NO ANSWER"), out.index("requests/s"))

    def test_their_templates_can_be_sent_as_they_stand(self):
        self.assertIn("write \\{{, or give --no-templates", self.refused("run", self.url("/echo"), "-b", "{{ user }}")[0])
        for words in (("-b", '{"message": "\\{{ user }}"}'), ("-b", '{"message": "{{ user }}"}', "--no-templates")):
            self.result_of(self.url("/echo"), "-n", "2", "-H", "Content-Type: application/json", *words)


class Http10:
    """A server from before connections were kept: one answer without a length, then it closes."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self):
        while True:
            try:
                with self.listener.accept()[0] as client:
                    if client.recv(65536):
                        client.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello")
            except OSError:
                return


class OfOhaHeyAbAndCurl(support.Case):
    """Has flags in the fingers."""

    HINTS = (
        (["--json", '{"a": 1}'], "type -H 'Content-Type: application/json' -b '{\"a\": 1}'"),
        (["-p", "body.json"], "type -b @body.json"),
        (["--user", "a:b"], "http://USER:PASSWORD@HOST/"),
        (["-u", "user:pw"], "http://USER:PASSWORD@HOST/"),
        (["-L"], "redirects are not followed in this version"),
        (["--redirect", "3"], "redirects are not followed in this version"),
        (["--cookie", "a=b"], "type -H 'Cookie: NAME=VALUE'"),
        (["-F", "a=b"], "multipart forms are not in this version"),
        (["--compressed"], "type -H 'Accept-Encoding: gzip'"),
        (["--host", "x.example"], "type -H 'Host: x.example'"),
        (["--latency-correction"], "give the rate with -R"),
        (["--out", "json=x.json"], "type -o x.json"),
        (["--summary-export", "x.json"], "type -o x.json"),
        (["--no-tui"], "type -q"),
        (["-v"], "there is no verbose mode"),
        (["--file", "x"], "-b @x for a body"),
        (["-z", "10s"], "type -d 10s"),
        (["-q", "500"], "type -R 500"),
        (["--iterations", "10"], "type -n 10"),
    )

    def test_each_flag_of_theirs_is_one_line_with_what_to_type(self):
        for words, says in self.HINTS:
            with self.subTest(words=words):
                lines = self.refused("run", self.url(), *words)
                self.assertEqual((len(lines), lines[1]), (2, "see saturn run --help"), lines)
                self.assertTrue(lines[0].startswith(f"error: {words[0]}"), lines)
                self.assertIn(says, lines[0])
        self.assertEqual(self.target.truth()["requests"]["total"], 0)

    def test_a_site_that_moved(self):
        done = saturn(self.url("/_fault/status/301"), "-n", "50")
        self.assertEqual(done.returncode, 0)
        self.assertTrue(rows(done.stdout)["REDIRECTED"].startswith("every answer was a redirect, not followed: 301 × 50"))
        self.assertLess(done.stdout.index("REDIRECTED"), done.stdout.index("requests/s"))

    def test_one_request_reads_well(self):
        done = saturn("run", self.url(), "-n", "1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        summary = rows(done.stdout)
        self.assertRegex(summary["requests/s"], rf"^one answer in {TIME}, which is no rate yet$")
        self.assertRegex(summary["latency"], rf"^{TIME}$")
        self.assertEqual(summary["requests"], "1 started · ok")

    def test_a_server_of_http_1_0(self):
        with Http10() as server:
            done = saturn("run", server.url, "-n", "20", "-c", "2")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(rows(done.stdout)["requests"], "20 started · all ok")

    def test_a_rate_that_no_one_can_send_is_not_all_ok(self):
        done = saturn("run", self.url(), "-R", "1000000", "-d", "300ms", "--max-in-flight", "4")
        requests = rows(done.stdout)["requests"]
        self.assertRegex(requests, r"^300,000 due · [\d,]+ started · [\d,]+ (never sent|dropped)")
        self.assertNotIn("all ok", requests)

    def test_the_highest_rate_of_a_server_that_is_known(self):
        with support.target("--delay", "20ms", "--max-concurrency", "8") as server:
            done = saturn("saturate", server.url + "/hello", "--start", "200", "--step", "600ms", "--warmup", "200ms",
                          "--precision", "10%", "--json")
        self.assertEqual(done.returncode, 0, done.stdout[-1000:] + done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual((found["schema"], found["limited_by"]), ("saturn.saturation/1", "target"))
        self.assertTrue(300 < found["max_rate"] < 440, found["max_rate"])
        self.assertEqual(found["slo"], found["slo_default"])
        self.assertRegex(found["slo"][0], r"^p\(99\)<[\d.]+ms$")
        self.assertEqual(found["slo"][1], "errors rate<0.1%")
        self.assertRegex(done.stderr, r"p\(99\)<[\d.]+ms · errors rate<0.1%", "and it is printed")
        self.assertIn("█", done.stderr)

    def test_nobody_listens(self):
        holder, port = support.refused_port()
        with holder:
            self.assertEqual(self.refused(f"127.0.0.1:{port}/", code=2),
                             [f"error: 127.0.0.1:{port}: no connection: Connection refused; nothing listens there: start the "
                              "server, or check the port"])


class Researcher(StudyTest):
    """Has to trust the figures, and to publish them."""

    def test_no_latency_is_below_what_the_server_waits(self):
        with support.target("--delay", "2ms") as server:
            done = saturn("run", server.url + "/hello", "-c", "200", "-d", "1s", "--json", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        scenario = json.loads(done.stdout)["scenarios"][0]
        self.assertGreaterEqual(scenario["latency_us"]["min"], 1995)
        self.assertGreaterEqual(scenario["service_us"]["min"], 1995)

    def test_what_is_in_a_study_before_it_runs(self):
        listed = saturn("study", STUDY, "--list").stdout
        names = ["fastapi-sqlite3", "fastapi-sqlmodel", "flask-sqlite3", "flask-sqlalchemy", "django-drf"]
        for name in (*names, "native", "glance", "quick", "full"):
            self.assertRegex(listed, rf"(?m)^{name} ")
        refused = saturn("study", STUDY, "--only", "nope")
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f'there is no target "nope" in this study; it has {", ".join(names)}', refused.stderr)
        [took] = [f for f in json.loads(saturn("doctor", "--json", "--study", STUDY).stdout)["findings"] if f["name"] == "study time"]
        self.assertRegex(took["found"], r"^python-web: full \d+ min, quick \d+ min, glance ")

    def test_each_file_says_which_command_it_is_for(self):
        self.assertIn(f"this is a study, not a plan; run it with: saturn study {STUDY}", saturn("run", STUDY).stderr)
        result = self.folder / "result.json"
        with support.target() as server:
            saturn("run", server.url + "/hello", "-n", "5", "-o", result)
        for command in ("run", "study"):
            done = saturn(command, result)
            self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 2), done.stderr)
            self.assertIn(f"print it with: saturn report {result}", done.stderr)
        self.assertIn("waited in saturn", saturn("report", result).stdout, "the whole table")

    def test_from_a_study_to_the_tables_of_a_paper(self):
        self.write([self.target("first", published={"hello": 1000}), self.target("second", published={"hello": 500})])
        code, out, err = self.study("--seed", "7")
        self.assertEqual((code, err), (0, ""), out)
        result = self.result()
        self.assertEqual({target["name"] for target in result["targets"]}, {"first", "second"})
        for target in result["targets"]:
            for scenario in target["scenarios"]:
                self.assertIsNotNone(scenario["samples"][0]["limited_by"])
        self.assertEqual(len(result["sha256"]["study"]), 64)
        self.assertEqual((self.out / "values.csv").read_text().splitlines()[0],
                         "target,scenario,repeat,metric,unit,value,attempt,counted,marks,order")
        for name, begins in (("t.md", "# small"), ("t.csv", "target,role,scenario,metric,unit,n,mean,stddev,")):
            self.assertEqual(saturn("report", self.out, "-o", self.folder / name).returncode, 0)
            self.assertTrue((self.folder / name).read_text().startswith(begins))

    def test_it_may_be_used_again_and_cited(self):
        self.assertIn("MIT License", (SOURCE / "LICENSE").read_text().splitlines()[0])
        self.assertIn("the saturn authors", (SOURCE / "LICENSE").read_text())
        self.assertTrue((SOURCE / "CITATION.cff").read_text().startswith("cff-version:"))
        self.assertIn("@", (SOURCE / "docs" / "study.md").read_text().split("```bibtex")[1])
        self.assertLessEqual(len((SOURCE / "README.md").read_text().splitlines()), 90)


if __name__ == "__main__":
    unittest.main()
