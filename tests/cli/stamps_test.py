"""Arrival stamps as users meet them: on by default, off by a flag, refused by a filter."""
import json
import unittest

import seccomp
from support import saturn, target


def scenario_of(done):
    return json.loads(done.stdout)["scenarios"][0]


class Stamps(unittest.TestCase):
    def run_against_serve(self, *flags, **options):
        with target() as server:
            done = saturn("run", server.url + "/hello", "-c", 4, "-n", 400, "--json", *flags, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_the_kernels_stamp_ends_the_latency_and_the_text_says_so(self):
        done = self.run_against_serve()
        s = scenario_of(done)
        self.assertEqual(s["latency_source"], "kernel-rx")
        self.assertEqual(s["generator"]["missing_stamps"], 0)
        self.assertEqual(s["observe_us"]["count"], 400)
        self.assertEqual(s["latency_user_us"]["count"], 400)
        self.assertIn("last byte's arrival", done.stderr)

    def test_a_flag_turns_them_off(self):
        done = self.run_against_serve("--no-kernel-stamps")
        s = scenario_of(done)
        self.assertEqual(s["latency_source"], "user")
        self.assertIsNone(s["observe_us"])
        self.assertIsNone(s["latency_user_us"])
        self.assertNotIn("no arrival stamp", done.stderr, "nobody asked for them")

    @unittest.skipIf(seccomp.SETSOCKOPT is None, "the number of setsockopt is not known here")
    def test_where_a_filter_refuses_them_the_run_goes_on_and_says_whose_time_it_is(self):
        done = self.run_against_serve(
            preexec_fn=lambda: seccomp.refuse(seccomp.SETSOCKOPT, 1, argument=2, value=seccomp.SO_TIMESTAMPNS))
        s = scenario_of(done)
        self.assertEqual(s["latency_source"], "user")
        self.assertEqual(s["generator"]["missing_stamps"], 400)
        self.assertIn("400 of 400 answers have no arrival stamp of the kernel", done.stderr)


if __name__ == "__main__":
    unittest.main()
