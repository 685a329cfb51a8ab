"""`saturn run URL`: what is sent is what was asked for, by the server's own counts, and what is printed."""
import json
import os
import threading
import http.server
import unittest

import support
from support import saturn


class Counts(support.Case):

    def test_a_count_is_exact_and_both_sides_agree(self):
        result = self.result_of(self.url(), "-n", "1000", "-c", "7")
        truth = self.target.truth()
        self.assertEqual(truth["requests"], {"total": 1000, "by": {"GET /hello": 1000}})
        self.assertEqual(truth["responses"]["by_status"], {"200": 1000})
        scenario = result["scenarios"][0]
        requests = scenario["requests"]
        self.assertEqual((requests["started"], requests["completed"], requests["ok"], requests["failed"]),
                         (1000, 1000, 1000, 0))
        self.assertEqual(scenario["status"], {"200": 1000})
        self.assertEqual(scenario["bytes"], {"sent": truth["bytes"]["received"], "received": truth["bytes"]["sent"], "discarded": 0})
        opened = scenario["connections"]["opened_total"] + scenario["connections"]["probes"]
        self.assertEqual(truth["connections"]["accepted"], opened,
                         "one more: the address is tried before the run")
        self.assertEqual(scenario["vus"], 7)
        self.assert_balanced(result)

    def test_two_threads_share_a_count_exactly(self):
        result = self.result_of(self.url(), "-n", "1001", "-c", "7", "-t", "2")
        self.assertEqual(self.target.truth()["requests"]["total"], 1001)
        self.assertEqual(len(result["scenarios"][0]["shards"]), 2)
        self.assertEqual(sum(shard["completed"] for shard in result["scenarios"][0]["shards"]), 1001)

    def test_more_threads_than_allowed_cores_are_a_note(self):
        one_core = {min(os.sched_getaffinity(0))}
        result = self.result_of(self.url(), "-n", "10", "-c", "3", "-t", "3", preexec_fn=lambda: os.sched_setaffinity(0, one_core))
        self.assertEqual(result["scenarios"][0]["requests"]["ok"], 10)
        self.assertEqual([shard["cpu"] for shard in result["scenarios"][0]["shards"]], [*one_core] * 3)
        self.assertEqual(result["notes"], [
            "3 threads share 1 allowed cores: they wait for each other, and what they measure shows it"])

    def test_fewer_requests_than_connections(self):
        result = self.result_of(self.url(), "-n", "3", "-c", "50")
        self.assertEqual(self.target.truth()["requests"]["total"], 3)
        self.assertEqual(result["scenarios"][0]["requests"]["measured"], 3)

    def test_a_duration_measures_that_long(self):
        result = self.result_of(self.url(), "-d", "500ms", "-c", "3")
        scenario = result["scenarios"][0]
        self.assertAlmostEqual(scenario["measured_s"], 0.5, delta=0.05)
        self.assertEqual(self.target.truth()["responses"]["total"], scenario["requests"]["completed"])
        self.assert_balanced(result)

    def test_the_first_limit_reached_ends_the_run(self):
        result = self.result_of(self.url(), "-d", "30s", "-n", "100", "-c", "2")
        self.assertEqual(result["scenarios"][0]["requests"]["started"], 100)
        self.assertLess(result["elapsed_s"], 20)

    def test_warmup_is_outside_the_count(self):
        result = self.result_of(self.url(), "--warmup", "200ms", "-n", "100", "-c", "2")
        requests = result["scenarios"][0]["requests"]
        self.assertEqual(requests["measured"], 100)
        self.assertGreater(requests["warmup"], 0)
        self.assertEqual(requests["completed"], requests["warmup"] + 100)
        self.assertEqual(self.target.truth()["requests"]["total"], requests["started"])

    def test_pipelining(self):
        result = self.result_of(self.url(), "-n", "1000", "-c", "2", "-p", "16")
        self.assertEqual(self.target.truth()["responses"]["total"], 1000)
        self.assertEqual(result["scenarios"][0]["connections"]["opened_total"], 2)

    def test_connections_are_reopened_after_so_many_requests(self):
        result = self.result_of(self.url(), "-n", "20", "-c", "1", "--requests-per-connection", "5")
        self.assertEqual(result["scenarios"][0]["connections"]["opened_total"], 4)
        self.assertEqual(self.target.truth()["requests"]["total"], 20)

    def test_no_keepalive_takes_a_connection_for_each_request(self):
        result = self.result_of(self.url(), "-n", "20", "-c", "2", "--no-keepalive")
        self.assertEqual(result["scenarios"][0]["connections"]["opened_total"], 20)
        self.assertEqual(self.target.truth()["connections"]["accepted"], 21)

    def test_templates_work_in_a_url(self):
        result = self.result_of(self.url("/items/{{seq}}"), "-n", "50", "-c", "4", code=99)
        self.assertEqual(self.target.truth()["requests"]["by"], {"GET /items/{id}": 50})
        self.assertEqual(result["scenarios"][0]["requests"]["not_ok"], 50, "there are no items: 404")

    def test_an_ipv6_target(self):
        with support.target(listen="[::1]:0") as server:
            self.assertTrue(server.url.startswith("http://[::1]:"), server.url)
            result = self.result_of(server.url + "/hello", "-n", "10", "-c", "1")
            self.assertEqual(result["scenarios"][0]["requests"]["ok"], 10)

    def test_a_name_is_looked_up_and_the_address_is_told(self):
        result = self.result_of(f"localhost:{self.target.port}/hello", "-n", "10", "-c", "1")
        self.assertEqual(result["scenarios"][0]["requests"]["ok"], 10)
        self.assertEqual(result["address"], f"127.0.0.1:{self.target.port}")


class Recorder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.command, self.path, dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    do_PUT = do_POST

    def log_message(self, *_):
        pass


class Requests(support.Case):
    wants_target = False

    def setUp(self):
        super().setUp()
        Recorder.seen = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
        self.server.daemon_threads = True
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def test_a_body_headers_and_user_info_arrive(self):
        port = self.server.server_address[1]
        self.result_of(f"http://user:pass@127.0.0.1:{port}/a/b?c=d", "-n", "1", "-c", "1", "-b", "hello {{seq}}",
                       "-H", "X-One: 1", "-H", "Content-Type: text/plain")
        method, path, headers, body = Recorder.seen[0]
        self.assertEqual((method, path, body), ("POST", "/a/b?c=d", b"hello 1"))
        self.assertEqual(headers["X-One"], "1")
        self.assertEqual(headers["Content-Type"], "text/plain")
        self.assertEqual(headers["Host"], f"127.0.0.1:{port}")
        self.assertEqual(headers["Authorization"], "Basic dXNlcjpwYXNz")
        self.assertRegex(headers["User-Agent"], "^saturn/")

    def test_a_body_from_a_file_is_sent_byte_for_byte(self):
        content = bytes(range(256)) * 40
        (self.directory / "body.bin").write_bytes(content)
        port = self.server.server_address[1]
        self.result_of(f"http://127.0.0.1:{port}/", "-n", "1", "-c", "1", "-X", "PUT",
                       "-b", f"@{self.directory / 'body.bin'}")
        self.assertEqual((Recorder.seen[0][0], Recorder.seen[0][3]), ("PUT", content))


class Printed(support.Case):

    def test_first_and_last_line(self):
        done = saturn("run", self.url("/hello?a&b"), "-n", "10", "-c", "2", "-H", "Cookie: secret=1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], f"saturn: GET {self.url('/hello?a&b')} · 2 connections · 10 requests · 1 thread · "
                                   "timeout 30 s")
        self.assertEqual(lines[-1], f"again: {support.SATURN} run '{self.url('/hello?a&b')}' -n 10 -c 2 -H "
                                    "'Cookie: ***'")

    def test_json_is_alone_on_standard_output(self):
        done = saturn("run", self.url(), "-n", "10", "-c", "2", "--json", "--label", "branch=main", "--seed", "7")
        result = json.loads(done.stdout)
        self.assertEqual(result["schema"], "saturn.result/1")
        self.assertEqual(result["labels"], {"branch": "main"})
        self.assertEqual(result["seed"], 7)
        self.assertEqual(result["argv"][1:], ["run", self.url(), "-n", "10", "-c", "2", "--json", "--label",
                                              "branch=main", "--seed", "7"])
        self.assertTrue(done.stderr.startswith("saturn: GET "), done.stderr)
        self.assertIn("again: ", done.stderr)

    def test_quiet_json_says_nothing_else(self):
        done = saturn("run", self.url(), "-n", "10", "-c", "2", "--json", "-q")
        self.assertEqual(done.stderr, "")
        self.assertEqual(json.loads(done.stdout)["scenarios"][0]["requests"]["ok"], 10)

    def test_without_a_terminal_there_is_no_colour(self):
        done = saturn("run", self.url("/_fault/status/500"), "-n", "10", "-c", "2")
        self.assertEqual(done.returncode, 99)
        self.assertNotIn("\x1b", done.stdout)
        self.assertIn("10 of 10", done.stdout)
        self.assertLess(done.stdout.index("NOT OK"), done.stdout.index("requests/s"))

    def test_the_seed_of_random_values_is_named_and_repeats_them(self):
        done = saturn("run", self.url("/items/{{random_int(1, 1000000)}}"), "-n", "5", "-c", "1")
        self.assertRegex(done.stdout.splitlines()[-1], r" --seed \d+$")


class Secrets(support.Case):

    def test_secrets_are_in_no_result(self):
        url = f"http://user:hunter2@127.0.0.1:{self.target.port}/hello"
        file = self.directory / "result.json"
        done = saturn("run", url, "-n", "2", "-c", "1", "-H", "Cookie: session=hunter2", "-H",
                      "proxy-authorization: hunter2", "--header=Authorization: hunter2", "-o", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        written = file.read_text()
        for text in (written, done.stdout, done.stderr):
            self.assertNotIn("hunter2", text)
            self.assertNotIn("dXNlcjpodW50ZXIy", text)
        self.assertIn(f"http://***@127.0.0.1:{self.target.port}/hello", json.loads(written)["argv"])


if __name__ == "__main__":
    unittest.main()
