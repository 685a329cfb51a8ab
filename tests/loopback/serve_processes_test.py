"""`saturn serve --processes`: one server to its clients, one truth, and no process left behind however it ends."""

import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SATURN = os.environ["SATURN"]
PREFIX = "saturn serve: listening on "
LONGEST_S = 20


def children_of(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until_gone(pids):
    """True when none of the processes runs any more (zombies of another parent count as gone)."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        states = []
        for pid in pids:
            try:
                states.append(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0])
            except FileNotFoundError:
                pass
        if all(state in "ZX" for state in states):
            return True
        time.sleep(0.01)
    return False


class Processes(unittest.TestCase):
    def start(self, *arguments):
        """(process, port, urls) of three processes unless `arguments` say otherwise."""
        if "--listen" not in arguments:
            arguments = ("--listen", "127.0.0.1:0", *arguments)
        addresses = arguments.count("--listen")
        process = subprocess.Popen([SATURN, "serve", "--processes", "3", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        self.addCleanup(self.end, process)
        urls = [process.stdout.readline().removeprefix(PREFIX).strip() for _ in range(addresses)]
        self.assertTrue(all(url.startswith("http://127.") for url in urls), urls)
        return process, int(urls[0].rpartition(":")[2]), urls

    @staticmethod
    def end(process):
        process.kill()
        process.communicate()

    def ask(self, port, path, method="GET", host="127.0.0.1"):
        connection = http.client.HTTPConnection(host, port, timeout=LONGEST_S)
        self.addCleanup(connection.close)
        connection.request(method, path)
        return json.loads(connection.getresponse().read())

    def test_one_truth_whichever_process_answers(self):
        process, port, _ = self.start("--truth")
        self.assertEqual(len(children_of(process.pid)), 3)
        for _ in range(30):
            self.ask(port, "/hello")
        truths = [self.ask(port, "/_truth") for _ in range(10)]
        for truth in truths:
            self.assertEqual(truth["requests"], {"total": 30, "by": {"GET /hello": 30}})
            self.assertEqual(truth["connections"]["accepted"], 30)
            self.assertEqual(len(truth["connections"]["open_by_thread"]), 3)
        by_thread = truths[-1]["connections"]["open_by_thread"]
        self.assertEqual(sum(by_thread), 30)
        until = time.monotonic() + LONGEST_S  # times are noted behind the answer
        while time.monotonic() < until:
            truth = self.ask(port, "/_truth")
            if truth["unstamped"] + (truth["latency_us"] or {"count": 0})["count"] == 30:
                break
        self.assertEqual(truth["unstamped"] + truth["latency_us"]["count"], 30)
        self.ask(port, "/_truth/reset", "POST")
        for _ in range(5):
            truth = self.ask(port, "/_truth")
            self.assertEqual((truth["requests"]["total"], truth["latency_us"], truth["unstamped"]), (0, None, 0))

    def test_signals_end_all_of_them(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process, port, _ = self.start("--threads", "2")
            children = children_of(process.pid)
            self.ask(port, "/hello")
            process.send_signal(number)
            rest, errors = process.communicate(timeout=LONGEST_S)
            self.assertEqual(process.returncode, 0)
            self.assertEqual((rest, errors), ("", "saturn serve: stopped after 1 requests on 1 connections\n"))
            self.assertTrue(wait_until_gone(children))

    def test_ctrl_c_in_a_terminal_reaches_all_and_ends_all(self):
        process = subprocess.Popen([SATURN, "serve", "--processes", "2", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(self.end, process)
        self.assertTrue(process.stdout.readline().startswith(PREFIX))
        children = children_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=LONGEST_S)
        self.assertEqual((process.returncode, errors), (0, "saturn serve: stopped after 0 requests on 0 connections\n"))
        self.assertTrue(wait_until_gone(children))

    def test_none_outlives_a_killed_parent(self):
        process, _, _ = self.start()
        children = children_of(process.pid)
        self.assertEqual(len(children), 3)
        process.kill()
        process.communicate()
        self.assertTrue(wait_until_gone(children))

    def test_all_end_when_one_does(self):
        process, _, _ = self.start()
        children = children_of(process.pid)
        os.kill(children[1], signal.SIGKILL)
        _, errors = process.communicate(timeout=LONGEST_S)
        self.assertEqual((process.returncode, errors), (2, "error: one of the processes has ended, so the others were stopped\n"))
        self.assertTrue(wait_until_gone(children))

    def test_several_addresses(self):
        _, port, urls = self.start("--listen", "127.0.0.1:0", "--listen", "127.0.0.2:0")
        self.assertEqual(urls, [f"http://127.0.0.1:{port}", f"http://127.0.0.2:{port}"])
        for host in ("127.0.0.1", "127.0.0.2"):
            self.assertEqual(self.ask(port, "/hello", host=host), {"message": "Hello, World!"})

    def test_records_of_a_file_are_the_same_in_all(self):
        with tempfile.TemporaryDirectory() as folder:
            _, port, _ = self.start("--db", str(Path(folder) / "items.db"), "--seed-items", "7")
            for _ in range(6):
                self.assertEqual([item["id"] for item in self.ask(port, "/items/")], [1, 2, 3, 4, 5, 6, 7])

    def test_a_port_that_others_share_is_refused_too(self):
        _, port, _ = self.start()
        done = subprocess.run([SATURN, "serve", "--processes", "2", "--listen", f"127.0.0.1:{port}"], capture_output=True, text=True,
                              timeout=LONGEST_S)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("Address already in use", done.stderr)

    def test_bad_numbers_are_refused(self):
        for arguments, part in (
            (["--processes", "0"], "--processes: 0 is out of range; write 1 to 256"),
            (["--processes", "257"], "--processes: 257 is out of range; write 1 to 256"),
            (["--processes", "2", "--threads", "0"], "--threads: 0 is out of range; write 1 to 1024"),
            (["--processes", "2", "--listen", "127.0.0.1:0", "--db", "/nonexistent/items.db"], "unable to open database file"),
        ):
            with self.subTest(arguments):
                done = subprocess.run([SATURN, "serve", *arguments], capture_output=True, text=True, timeout=LONGEST_S)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(part, done.stderr)


if __name__ == "__main__":
    unittest.main()
