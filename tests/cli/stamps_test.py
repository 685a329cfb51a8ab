"""Arrival stamps as users meet them: on by default, off by a flag, refused by a filter. Send times checked by the kernel's stamps."""
import json
import pathlib
import resource
import unittest

import seccomp
from support import saturn, target


CONGESTION = pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control")


def features_of(done):
    return json.loads(done.stdout)["saturn"]["ring"]["features"]


def scenario_of(done):
    return json.loads(done.stdout)["scenarios"][0]


class Stamps(unittest.TestCase):
    def run_against_serve(self, *flags, connections=4, **options):
        with target() as server:
            done = saturn("run", server.url + "/hello", "-c", connections, "-n", 400, "--json", "--full", *flags, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_the_kernels_stamp_ends_the_latency_and_the_text_says_so(self):
        done = self.run_against_serve()
        s = scenario_of(done)
        self.assertEqual(s["latency_source"], "kernel-rx")
        self.assertEqual(s["generator"]["missing_stamps"], 0)
        self.assertEqual(s["observe_us"]["count"], 400)
        self.assertEqual(s["latency_user_us"]["count"], 400)
        self.assertIn("from send to the answer's last byte\n", done.stderr)
        self.assertIn("SO_TIMESTAMPNS", features_of(done))

    def test_a_flag_turns_them_off(self):
        done = self.run_against_serve("--no-kernel-stamps")
        s = scenario_of(done)
        self.assertEqual(s["latency_source"], "user")
        self.assertIsNone(s["observe_us"])
        self.assertIsNone(s["latency_user_us"])
        self.assertNotIn("no arrival stamp", done.stderr, "nobody asked for them")
        self.assertNotIn("SO_TIMESTAMPNS", features_of(done))

    @unittest.skipIf(seccomp.SETSOCKOPT is None, "the number of setsockopt is not known here")
    def test_where_a_filter_refuses_them_the_run_goes_on_and_says_whose_time_it_is(self):
        done = self.run_against_serve(
            preexec_fn=lambda: seccomp.refuse(seccomp.SETSOCKOPT, 1, argument=2, value=seccomp.SO_TIMESTAMPNS))
        s = scenario_of(done)
        self.assertEqual(s["latency_source"], "user")
        self.assertEqual(s["generator"]["missing_stamps"], 400)
        self.assertIn("400 of 400 answers have no arrival stamp of the kernel", done.stderr)
        self.assertNotIn("SO_TIMESTAMPNS", features_of(done))

    @unittest.skipIf(seccomp.SETSOCKOPT is None, "the number of setsockopt is not known here")
    @unittest.skipUnless(CONGESTION.exists() and CONGESTION.read_text().startswith("bbr"), "connections are not paced here")
    def test_a_congestion_control_that_was_refused_is_not_said_to_be_in_use(self):
        self.assertIn("TCP_CONGESTION=reno", features_of(self.run_against_serve()))
        done = self.run_against_serve(
            preexec_fn=lambda: seccomp.refuse(seccomp.SETSOCKOPT, 1, argument=2, value=seccomp.TCP_CONGESTION))
        self.assertEqual([f for f in features_of(done) if f.startswith("TCP_CONGESTION")], [])

    def test_send_times_are_checked_when_asked_for(self):
        self.assertIsNone(scenario_of(self.run_against_serve())["generator"]["send_time_error_us"])
        done = self.run_against_serve("--check-send-times")
        g = scenario_of(done)["generator"]
        error = g["send_time_error_us"]
        self.assertGreater(error["samples"], 0)
        self.assertLessEqual(error["samples"], 400)
        self.assertEqual(sorted(error), ["max", "min", "p1", "p50", "p99", "samples"])
        self.assertLess(abs(error["p50"]), 50)
        self.assertEqual(json.loads(done.stdout)["generator"]["send_time_error_us"], error)
        self.assertRegex(done.stderr, r"send times +[\d,]+ checked against the kernel's TX stamps")
        self.assertIn("SO_TIMESTAMPING", features_of(done))

    def not_checked(self, why, *flags, **options):
        done = self.run_against_serve("--check-send-times", *flags, **options)
        self.assertIsNone(scenario_of(done)["generator"]["send_time_error_us"])
        notes = [note for note in json.loads(done.stdout)["notes"] if "send times were not checked" in note]
        self.assertEqual(len(notes), 1)
        self.assertIn(why, notes[0])
        self.assertNotIn("SO_TIMESTAMPING", features_of(done))

    @unittest.skipIf(seccomp.SETSOCKOPT is None, "the number of setsockopt is not known here")
    def test_where_a_filter_refuses_the_check_the_run_goes_on_and_says_so(self):
        self.not_checked("refused by a filter", preexec_fn=lambda: seccomp.refuse(
            seccomp.SETSOCKOPT, 1, argument=2, value=seccomp.SO_TIMESTAMPING))

    def test_sockets_without_a_descriptor_are_not_checked_and_that_is_said(self):
        self.not_checked("in the ring's own table", connections=200,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128)))


if __name__ == "__main__":
    unittest.main()
