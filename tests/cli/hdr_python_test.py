"""The public package hdrhistogram reads the histograms that saturn writes.

Values go through saturn's histogram (saturn_hdr_sample) and, the same ones, through the package's own: every bucket
must agree, and the summary with the values themselves. Runs in the tests' virtual environment, which has the package.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(os.environ.get("SATURN_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
VENV = pathlib.Path(os.environ.get("SATURN_TEST_VENV", SOURCE / "build" / "test-venv"))
SAMPLE = pathlib.Path(os.environ["SATURN"]).with_name("saturn_hdr_sample")
HOUR_NS = 3_600_000_000_000


def enter_venv():
    """Starts this script again under the virtual environment's Python, once."""
    python = VENV / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == VENV.resolve():
        return
    if not python.exists():
        sys.exit(f"{VENV} is missing. Make it with:\n  python3 -m venv {VENV} && "
                 f"{VENV}/bin/pip install -r {SOURCE}/tests/requirements.txt")
    os.execv(python, [str(python), *sys.argv])


enter_venv()
try:
    from hdrh.histogram import HdrHistogram
except ImportError as error:
    sys.exit(f"{error}: the environment {VENV} lacks the package hdrhistogram. Add it with:\n"
             f"  {VENV}/bin/pip install -r {SOURCE}/tests/requirements.txt")


def saturn(values):
    text = "\n".join(map(str, values))
    done = subprocess.run([SAMPLE], input=text, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def magnitudes(count, bits, seed):
    draw = random.Random(seed)
    return [draw.getrandbits(draw.randint(1, bits)) for _ in range(count)]


class HdrPython(unittest.TestCase):
    def check(self, values):
        sample = saturn(values)
        read = HdrHistogram.decode(sample["histogram"])
        own = HdrHistogram(1, HOUR_NS, 3)
        for value in values:
            self.assertTrue(own.record_value(min(value, HOUR_NS)))
        self.assertEqual(read.get_total_count(), len(values))
        self.assertEqual(read.counts_len, own.counts_len)
        for index in range(own.counts_len):
            self.assertEqual(read.get_count_at_index(index), own.get_count_at_index(index), index)
        self.assertEqual(sample["count"], len(values))
        self.assertEqual(sample["min"], min(values) / 1000)
        self.assertEqual(sample["max"], max(values) / 1000)
        self.assertAlmostEqual(sample["mean"], sum(values) / len(values) / 1000, delta=sample["mean"] * 1e-12)
        ordered = sorted(values)
        for key, part in (("p50", 5000), ("p90", 9000), ("p99", 9900), ("p99_9", 9990), ("p99_99", 9999)):
            # Rank rounded up, as HdrHistogram for Java has it; the Python package rounds to the nearest rank.
            value = ordered[-(-len(values) * part // 10_000) - 1]
            wanted = min(read.get_highest_equivalent_value(value), max(values))
            self.assertEqual(sample[key], wanted / 1000, key)

    def test_one_value(self):
        self.check([123_456])

    def test_every_value_of_the_exact_range(self):
        self.check(list(range(0, 2048)))

    def test_edges_of_every_octave(self):
        self.check([v for bit in range(1, 42) for v in (2**bit - 1, 2**bit, 2**bit + 1) if v <= HOUR_NS])

    def test_twenty_thousand_values_of_all_magnitudes(self):
        self.check(magnitudes(20_000, 41, seed=1))

    def test_values_like_a_web_server(self):
        draw = random.Random(2)
        self.check([int(draw.lognormvariate(14, 0.5)) for _ in range(50_000)])

    def test_one_hour_is_kept(self):
        self.check([1, HOUR_NS, HOUR_NS])

    def test_above_one_hour_is_in_the_top_bucket(self):
        sample = saturn([5, HOUR_NS + 1, 2 * HOUR_NS])
        read = HdrHistogram.decode(sample["histogram"])
        self.assertEqual(read.get_total_count(), 3)
        self.assertEqual(read.get_count_at_value(HOUR_NS), 2)
        self.assertEqual(sample["max"], 2 * HOUR_NS / 1000)

    def test_decoded_histograms_add_up(self):
        a, b = magnitudes(5_000, 30, seed=3), magnitudes(5_000, 40, seed=4)
        both = HdrHistogram.decode(saturn(a)["histogram"])
        both.add(HdrHistogram.decode(saturn(b)["histogram"]))
        joint = HdrHistogram.decode(saturn(a + b)["histogram"])
        self.assertTrue(all(both.get_count_at_index(i) == joint.get_count_at_index(i) for i in range(joint.counts_len)))

    def test_nothing_recorded_is_null(self):
        self.assertIsNone(saturn([]))


if __name__ == "__main__":
    unittest.main()
