"""Targets that are not there, or misbehave: each failure has its kind, the accounts balance, the exit code is right."""
import contextlib
import json
import re
import resource
import socket
import threading
import time
import unittest

import support
from support import ended, full_backlog, refused_port, saturn, start


class Unreachable(support.Case):
    wants_target = False

    def test_a_refused_port(self):
        holder, port = refused_port()
        with holder:
            lines = self.refused("run", f"http://127.0.0.1:{port}/", code=2)
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], rf"^error: 127\.0\.0\.1:{port}: .*refused.*;")

    def test_a_connect_without_an_answer(self):
        with full_backlog() as port:
            lines = self.refused("run", f"http://127.0.0.1:{port}/", "--connect-timeout", "200ms", code=2)
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], rf"^error: 127\.0\.0\.1:{port}: .*timed out; .*--connect-timeout")

    def test_an_unknown_name(self):
        name = "a" * 64 + ".invalid"  # too long a label: refused without asking a name server
        lines = self.refused("run", f"http://{name}/", code=2)
        self.assertEqual(lines, [f"error: {name}: the name cannot be resolved: Name or service not known; check the "
                                 "spelling, /etc/hosts and DNS"])


class EndlessBody(support.Case):
    wants_target = False

    def test_bodies_that_come_faster_than_they_are_read_time_out(self):
        def pour(client):
            with client, contextlib.suppress(OSError):
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\n")
                while True:
                    client.sendall(bytes(1 << 20))

        def accept(listener):
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=pour, args=(listener.accept()[0],), daemon=True).start()

        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=accept, args=(listener,), daemon=True).start()
            result = self.result_of(f"http://127.0.0.1:{listener.getsockname()[1]}/", "-c", "8", "-d", "1s", "--timeout", "400ms",
                                    "--graceful-stop", "1s", code=2)
            listener.shutdown(socket.SHUT_RDWR)
        scenario = result["scenarios"][0]
        self.assertEqual(scenario["errors"], {"response_timeout": scenario["requests"]["failed"]})
        self.assertGreaterEqual(scenario["requests"]["failed"], 16)
        self.assertLess(result["elapsed_s"], 5)


class Descriptors(support.Case):

    def limited(self, soft, hard, *words):
        return saturn("run", self.url(), "-n", "100", *words,
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)))

    def test_the_soft_limit_is_raised(self):
        self.assertEqual(self.limited(64, 1024, "-c", "100").returncode, 0)

    def test_beyond_the_hard_limit_it_says_how_many_there_can_be(self):
        done = self.limited(64, 128, "-c", "5000")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"^error: --connections: 5000 connections need \d+ file descriptors; this process "
                                      r"may open 128 \(its hard limit\), and so many sockets fit the table of each "
                                      r"thread's ring; use at most \d+ connections")
        possible = re.search(r"use at most (\d+) connections", done.stderr).group(1)
        self.assertEqual(self.limited(64, 128, "-c", possible).returncode, 0)


class Faults(support.Case):

    def failures(self, path, *flags, code=2):
        result = self.result_of(self.url(path), "-n", "6", "-c", "2", *flags, code=code)
        scenario = result["scenarios"][0]
        self.assert_balanced(result)
        self.assertEqual(scenario["requests"]["started"], 6)
        self.assertEqual(scenario["requests"]["failed"], sum(scenario["errors"].values()))
        return scenario["errors"]

    def test_garbage_is_malformed(self):
        self.assertEqual(self.failures("/_fault/garbage"), {"malformed": 6})

    def test_half_a_body_is_closed_early(self):
        self.assertEqual(self.failures("/_fault/half"), {"closed_early": 6})

    def test_a_close_without_an_answer_is_closed_early(self):
        self.assertEqual(self.failures("/_fault/early"), {"closed_early": 6})

    def test_a_reset(self):
        self.assertEqual(self.failures("/_fault/reset"), {"reset": 6})

    def test_no_answer_at_all(self):
        self.assertEqual(self.failures("/_fault/silence", "--timeout", "100ms"), {"response_timeout": 6})

    def test_an_endless_head(self):
        self.assertEqual(self.failures("/_fault/endless-head"), {"too_large": 6})

    def test_nothing_completed_is_printed_with_its_code(self):
        done = saturn("run", self.url("/_fault/garbage"), "-n", "4", "-c", "1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("malformed", done.stdout)
        self.assertIn("again: ", done.stdout)

    def test_bytes_that_nobody_asked_for_are_no_second_answer(self):
        result = self.result_of(self.url("/_fault/extra"), "-n", "6", "-c", "1")
        self.assertEqual(result["scenarios"][0]["requests"]["completed"], 6)
        self.assert_balanced(result)

    def test_shapes_of_answers(self):
        for path in ("/_fault/chunked/100000", "/_fault/close-delimited/5000", "/_fault/informational",
                     "/_fault/close", "/_fault/drop-after/2", "/_fault/bytes/0", "/_fault/bytes/300000",
                     "/_fault/status/204", "/_fault/status/304"):
            with self.subTest(path=path):
                result = self.result_of(self.url(path), "-n", "12", "-c", "3")
                self.assertEqual(result["scenarios"][0]["requests"]["ok"], 12)
                self.assert_balanced(result)


class Dying(support.Case):
    wants_target = False

    def test_a_server_that_dies_in_the_middle(self):
        server = support.Target()
        self.addCleanup(server.stop)
        run = start("run", server.url + "/hello", "-c", "4", "-d", "1500ms", "--graceful-stop", "1s", "--json")
        while server.truth()["responses"]["total"] < 100:
            time.sleep(0.01)
        server.stop(how=9)
        code, out, err = ended(run)
        self.assertEqual(code, 2, "it died and did not come back: " + err)
        result = json.loads(out)
        scenario = result["scenarios"][0]
        self.assert_balanced(result)
        self.assertGreaterEqual(scenario["requests"]["completed"], 100)
        self.assertGreater(scenario["errors"]["connect_refused"], 0)
        self.assertLess(scenario["errors"]["connect_refused"], 100, "a dead server is not hammered")

    def test_a_backlog_that_never_accepts(self):
        """The connection is established by the kernel, no answer ever comes: time-outs, not a hang."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(16)
            port = listener.getsockname()[1]
            result = self.result_of(f"http://127.0.0.1:{port}/", "-n", "4", "-c", "2", "--timeout", "100ms", code=2)
        self.assertEqual(result["scenarios"][0]["errors"], {"response_timeout": 4})

    def test_a_head_that_trickles_is_held_to_the_time_out(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(16)
            done = threading.Event()

            def trickle(connection):
                with connection:
                    try:
                        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                        while not done.wait(0.03):
                            connection.sendall(b"x")
                    except OSError:
                        pass

            def accept():
                while not done.is_set():
                    try:
                        connection, _ = listener.accept()
                    except OSError:
                        return
                    threading.Thread(target=trickle, args=(connection,), daemon=True).start()

            threading.Thread(target=accept, daemon=True).start()
            result = self.result_of(f"http://127.0.0.1:{listener.getsockname()[1]}/", "-n", "2", "-c", "1",
                                    "--timeout", "200ms", code=2)
            done.set()
        self.assertEqual(result["scenarios"][0]["errors"], {"response_timeout": 2})
        self.assert_balanced(result)


if __name__ == "__main__":
    unittest.main()
