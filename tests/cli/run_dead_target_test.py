"""A target that dies, stands still, refuses or resets for a while: the time without answers is named and it is the target's.

Real processes; the windows' bounds are as wide as a disturbed machine needs. The exact ones are tests/sim/dead_test.cpp's.
"""
import contextlib
import json
import signal
import socket
import struct
import threading
import time
import unittest

import support
from support import Target, ended, start, target

MARGIN_S = 0.6  # a program's start, and a machine that is busy
ILL_S = 2.0  # twice what has to be seen: on a busy machine saturn may stand still itself meanwhile


class Dead(support.Case):
    wants_target = False

    def run_while(self, url, *flags, after, meanwhile):
        """(exit code, scenario, result): `meanwhile` is called so many seconds after the program was started."""
        running = start("run", url, "--json", *flags)
        time.sleep(after)
        meanwhile()
        code, out, err = ended(running)
        result = json.loads(out)
        self.assertTrue(result["conservation"]["balanced"])
        return code, result["scenarios"][0], result, err

    def expect_window(self, dead, from_s, to_s):
        self.assertEqual(len(dead["windows"]), 1, dead)
        window = dead["windows"][0]
        self.assertAlmostEqual(window["from_s"], from_s, delta=MARGIN_S)
        self.assertAlmostEqual(window["to_s"], to_s, delta=MARGIN_S)
        self.assertAlmostEqual(dead["time_s"], window["to_s"] - window["from_s"], places=6)
        self.assertAlmostEqual(dead["share"], dead["time_s"] / dead["over_s"], places=5)

    def expect_target(self, scenario):
        verdict = scenario["verdict"]
        self.assertEqual(verdict["limited_by"], "target", verdict)
        self.assertEqual(verdict["rules"][0], "dead")
        self.assertEqual(verdict["severity"], "failure")
        for words in ("--spin", "type -t", "another machine"):
            self.assertNotIn(words, verdict["reasons"][0])

    def test_killed_in_a_closed_loop(self):
        server = Target()
        code, scenario, _, err = self.run_while(server.url + "/hello", "-d", "2900ms", "-c", "4", after=0.8,
                                                meanwhile=lambda: server.stop(signal.SIGKILL))
        self.assertEqual(code, 2)
        self.expect_window(scenario["dead"], 0.7, 2.9)
        self.assertEqual(scenario["dead"]["windows"][0]["to_s"], scenario["dead"]["over_s"])
        self.assertTrue(scenario["dead"]["at_end"])
        self.assertTrue(scenario["dead"]["gone"])
        self.assertLess(scenario["requests"]["failed"], 60)  # asked seldom: the share of requests says nothing
        self.expect_target(scenario)
        self.assertIn("NO ANSWER in the last", " ".join(err.split()))

    def test_killed_at_a_fixed_rate(self):
        server = Target()
        code, scenario, _, _ = self.run_while(server.url + "/hello", "-R", "200", "-d", "2500ms", after=0.8,
                                              meanwhile=lambda: server.stop(signal.SIGKILL))
        self.assertEqual(code, 2)
        self.expect_window(scenario["dead"], 0.7, 2.5)
        self.assertTrue(scenario["dead"]["gone"])
        self.expect_target(scenario)

    def test_one_that_stands_still_and_goes_on(self):
        for load in (("-c", "4"), ("-R", "200")):
            with self.subTest(load=load), target() as server:
                def stand_still(process=server.process):
                    process.send_signal(signal.SIGSTOP)
                    time.sleep(ILL_S)
                    process.send_signal(signal.SIGCONT)

                code, scenario, _, _ = self.run_while(server.url + "/hello", *load, "-d", "4500ms", after=0.8,
                                                      meanwhile=stand_still)
                self.assertEqual(code, 0)
                self.expect_window(scenario["dead"], 0.7, 0.7 + ILL_S)
                self.assertGreater(scenario["dead"]["time_s"], 1.5)
                self.assertFalse(scenario["dead"]["at_end"])
                self.assertEqual(scenario["requests"]["failed"], 0)
                self.expect_target(scenario)

    def test_one_that_refuses_for_a_while(self):
        first = Target()
        servers = [first]

        def restart():
            first.stop(signal.SIGKILL)
            time.sleep(ILL_S)
            servers.append(Target(listen=f"127.0.0.1:{first.port}"))

        try:
            code, scenario, _, _ = self.run_while(first.url + "/hello", "-c", "4", "-d", "5s", after=0.8, meanwhile=restart)
        finally:
            for server in servers[1:]:
                server.stop()
        self.assertEqual(code, 0)
        self.assertEqual(len(scenario["dead"]["windows"]), 1, scenario)
        self.assertGreater(scenario["dead"]["time_s"], 1.5)
        self.assertLess(scenario["dead"]["time_s"], ILL_S + 1.0 + 2 * MARGIN_S)  # the next try may be a second later
        self.assertFalse(scenario["dead"]["gone"])
        self.expect_target(scenario)

    def test_one_that_resets_for_a_while(self):
        with ResettingServer() as server:
            def reset_for_a_while():
                server.resets.set()
                time.sleep(ILL_S)
                server.resets.clear()

            code, scenario, _, _ = self.run_while(server.url, "-c", "2", "-d", "4500ms", "-X", "POST", after=0.8,
                                                  meanwhile=reset_for_a_while)
        self.assertEqual(code, 0)
        self.expect_window(scenario["dead"], 0.7, 0.7 + ILL_S)
        self.assertGreater(scenario["errors"]["reset"], 0)
        self.expect_target(scenario)

    def test_the_generator_standing_still_is_not_the_targets_death(self):
        with target() as server:
            for load in (("-c", "4"), ("-R", "200")):
                for stamps in ((), ("--no-kernel-stamps",)):
                    with self.subTest(load=load, stamps=stamps):
                        running = start("run", server.url + "/hello", "--json", *load, *stamps, "-d", "3s")
                        time.sleep(0.8)
                        running.send_signal(signal.SIGSTOP)
                        time.sleep(1.4)
                        running.send_signal(signal.SIGCONT)
                        code, out, _ = ended(running)
                        self.assertEqual(code, 0)
                        self.assertEqual(json.loads(out)["scenarios"][0]["dead"]["windows"], [])


class ResettingServer:
    """Answers, or resets every connection that asks, as long as `resets` is set."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def __enter__(self):
        self.resets = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.serve, args=(self.listener.accept()[0],), daemon=True).start()

    def serve(self, client):
        with client, contextlib.suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while client.recv(65536):
                if self.resets.is_set():
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                client.sendall(self.ANSWER)


class Figures(support.Case):
    def test_each_connect_has_its_own_time(self):
        result = self.result_of(self.target.url + "/hello", "-c", "64", "-n", "64")
        scenario = result["scenarios"][0]
        connect = scenario["connect_us"]
        self.assertEqual(connect["count"], 64)
        self.assertLess(connect["min"], connect["max"])
        # One after another on this machine: together they took no longer than the set-up did.
        self.assertLess(connect["mean"] * connect["count"], scenario["connections"]["setup_s"] * 1e6 * 1.1)

    def test_memory_and_what_else_the_machine_did_are_in_the_result(self):
        result = self.result_of(self.target.url + "/hello", "-c", "4", "-d", "500ms")
        self.assertGreater(result["generator"]["rss_max_bytes"], 1 << 20)
        scenario = result["scenarios"][0]
        self.assertGreater(scenario["generator"]["rss_max_bytes"], 1 << 20)
        load = scenario["host_load"]
        self.assertGreaterEqual(load["other_cores"], 0)
        self.assertAlmostEqual(load["other_share"], load["other_cores"] / result["host"]["cpus_online"], places=5)
        self.assertGreater(load["loadavg"], 0)


if __name__ == "__main__":
    unittest.main()
