"""The comparison itself: what it lets pass, and every kind of wrong result that it must not."""

import copy
import unittest

from compare import differences

TRUTH = {"unstamped": 0, "latency_us": {"count": 1000, "p50": 500.0, "p99": 10_000.0}}
RIGHT = {"latency_source": "kernel-rx", "latency_us": {"count": 1000, "p50": 505.0, "p99": 9_990.0},
         "latency_user_us": {"count": 1000, "p50": 1500.0, "p99": 14_000.0}}


def with_(result, **changes):
    changed = copy.deepcopy(result)
    for name, value in changes.items():
        if name in changed:
            changed[name] = value
        else:
            changed["latency_us"][name] = value
    return changed


class Compare(unittest.TestCase):
    def test_the_servers_own_figures_pass(self):
        self.assertEqual(differences(RIGHT, TRUTH), [])

    def test_errors_up_to_the_bound_pass_and_no_further(self):
        for percentile, bound in (("p50", 200), ("p99", 3000)):
            true = TRUTH["latency_us"][percentile]
            for sign in (-1, 1):
                self.assertEqual(differences(with_(RIGHT, **{percentile: true + sign * bound}), TRUTH), [])
                self.assertEqual(len(differences(with_(RIGHT, **{percentile: true + sign * (bound + 1)}), TRUTH)), 1)

    def test_a_result_that_lost_an_exchange_fails(self):
        self.assertEqual(differences(with_(RIGHT, count=999), TRUTH), ["999 latencies for 1000 answers"])

    def test_user_space_time_under_the_kernels_name_fails(self):
        self.assertEqual(differences(with_(RIGHT, latency_us=RIGHT["latency_user_us"]), TRUTH),
                         ["p50 is 1500 us, the server's 500: off by +1000, more than 200",
                          "p99 is 14000 us, the server's 10000: off by +4000, more than 3000"])

    def test_arrivals_of_user_space_fail_however_good_they_look(self):
        self.assertEqual(differences(with_(RIGHT, latency_source="user"), TRUTH), ["arrival is by user, not by the kernel"])

    def test_a_truth_with_gaps_fails(self):
        self.assertEqual(differences(RIGHT, {**TRUTH, "unstamped": 3}), ["the server has no time for 3 of its answers"])


if __name__ == "__main__":
    unittest.main()
