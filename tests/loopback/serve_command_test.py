"""`saturn serve` as a command: its first line, its flags, how it stops and what it refuses."""

import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SATURN = os.environ["SATURN"]
PREFIX = "saturn serve: listening on http://"


class Serve(unittest.TestCase):
    def start(self, *arguments):
        """Starts it on a free port; (process, host, port) once it has said where."""
        process = subprocess.Popen(
            [SATURN, "serve", "--listen", "127.0.0.1:0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.addCleanup(self.end, process)
        line = process.stdout.readline()
        self.assertTrue(line.startswith(PREFIX), line)
        host, _, port = line.removeprefix(PREFIX).strip().rpartition(":")
        return process, host, int(port)

    @staticmethod
    def end(process):
        process.kill()
        process.communicate()

    def ask(self, port, method, path, value=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, path, None if value is None else json.dumps(value))
        response = connection.getresponse()
        return response.status, json.loads(response.read() or "null")

    def refused(self, *arguments):
        done = subprocess.run([SATURN, "serve", *arguments], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr

    def test_has_room_for_descriptors_before_anybody_connects(self):
        process, *_ = self.start()
        facts = dict(line.split(":", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
        self.assertGreaterEqual(int(facts["FDSize"]), min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65536))

    def test_says_first_where_it_listens_and_serves_there(self):
        _, host, port = self.start()
        self.assertEqual(host, "127.0.0.1")
        self.assertEqual(self.ask(port, "GET", "/hello"), (200, {"message": "Hello, World!"}))

    def test_both_signals_stop_it_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process, _, port = self.start("--threads", "2")
            self.ask(port, "GET", "/hello")
            self.ask(port, "GET", "/hello")
            process.send_signal(number)
            rest, errors = process.communicate(timeout=10)
            self.assertEqual(process.returncode, 0)
            self.assertEqual((rest, errors), ("", "saturn serve: stopped after 2 requests on 2 connections\n"))

    def test_its_counters_tell_everything_but_themselves(self):
        _, _, port = self.start()
        self.ask(port, "POST", "/items/", {"name": "pen", "price": 1.5})
        self.ask(port, "GET", "/items/2")
        for _ in range(2):
            status, truth = self.ask(port, "GET", "/_truth")
            self.assertEqual(status, 200)
            self.assertEqual(truth["requests"], {"total": 2, "by": {"POST /items/": 1, "GET /items/{id}": 1}})
            self.assertEqual(truth["responses"], {"total": 2, "by_status": {"201": 1, "404": 1}})
            self.assertEqual(truth["connections"]["accepted"], 2)
        self.assertEqual(self.ask(port, "POST", "/_truth/reset")[0], 200)
        self.assertEqual(self.ask(port, "GET", "/_truth")[1]["requests"], {"total": 0, "by": {}})

    def test_a_database_file_outlives_it(self):
        with tempfile.TemporaryDirectory() as folder:
            file = str(Path(folder) / "items.db")
            process, _, port = self.start("--db", file, "--seed-items", "3", "--threads", "2")
            self.assertEqual(self.ask(port, "DELETE", "/items/2")[0], 204)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=10)
            _, _, port = self.start("--db", file)
            self.assertEqual([item["id"] for item in self.ask(port, "GET", "/items/")[1]], [1, 3])

    def test_delays_its_answers(self):
        _, _, port = self.start("--delay", "150ms")
        began = time.monotonic()
        self.assertEqual(self.ask(port, "GET", "/hello")[0], 200)
        self.assertGreaterEqual(time.monotonic() - began, 0.150)

    def test_closes_idle_connections(self):
        _, _, port = self.start("--idle-timeout", "100ms")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            began = time.monotonic()
            connection.sendall(b"GET /hello HTTP/1.1\r\nHost: test\r\n\r\n")
            while connection.recv(65536):
                pass
            self.assertGreaterEqual(time.monotonic() - began, 0.100)

    def test_raises_the_limit_of_open_files(self):
        process, _, _ = self.start()
        limits = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
        soft, hard = next(line.split()[3:5] for line in limits if line.startswith("Max open files"))
        self.assertEqual(soft, hard)

    def test_help_has_examples(self):
        done = subprocess.run([SATURN, "serve", "--help"], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for part in ("Examples:", "saturn serve --listen 127.0.0.1:0", "--idle-timeout T", "/_truth"):
            self.assertIn(part, done.stdout)

    def test_a_taken_port_is_refused_with_the_way_out(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            address = f"127.0.0.1:{other.getsockname()[1]}"
            self.assertEqual(
                self.refused("--listen", address),
                f"error: --listen: cannot listen on {address}: Address already in use; another program listens there: "
                "stop it, or take a free port with --listen 127.0.0.1:0\n",
            )

    def test_bad_values_are_refused_all_at_once(self):
        text = self.refused("--listen", "8000", "--delay", "5 ms", "--idle-timeout", "soon")
        for part in ("--listen: '8000' is not HOST:PORT", '--delay: "5 ms" is not a duration', "--idle-timeout: "):
            self.assertIn(part, text)
        self.assertTrue(text.endswith("see saturn serve --help\n"), text)

    def test_a_bare_number_is_seconds_and_said(self):
        process, *_ = self.start("--idle-timeout", "2")
        process.terminate()
        self.assertIn("saturn serve: --idle-timeout 2 is 2s\n", process.communicate(timeout=20)[1])

    def test_other_bad_input_is_refused(self):
        for arguments, part in (
            (["--threads", "0"], "--threads: 0 is out of range; write 1 to 1024"),
            (["--threads", "two"], "--threads"),
            (["--seed-items", "-1"], "--seed-items"),
            (["--bogus"], "--bogus"),
            (["extra"], "extra"),
            (["--listen", "127.0.0.1:65536"], "is not HOST:PORT"),
            (["--listen", "no.such.host.invalid:0"], "unknown address 'no.such.host.invalid'"),
            (["--listen", "127.0.0.1:0", "--db", "/nonexistent/items.db"], "unable to open database file"),
        ):
            with self.subTest(arguments):
                self.assertIn(part, self.refused(*arguments))


if __name__ == "__main__":
    unittest.main()
