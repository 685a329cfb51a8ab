"""The program that docs/library.md shows, built beside saturn: it runs what it says, and its errors are the engine's."""
import os
import pathlib
import subprocess
import unittest

import support

PROGRAM = pathlib.Path(os.environ["SATURN_BINARY_DIR"]) / "saturn_embed_example"


def embedded(*words):
    return subprocess.run([str(PROGRAM), *words], capture_output=True, text=True, timeout=support.LONGEST_S)


class Embedded(support.Case):
    def test_a_run_of_a_plan_that_is_a_value(self):
        done = embedded(self.target.url)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^1000 ok, [1-9]\d* requests/s\n$")
        self.assertEqual(self.target.truth()["requests"]["by"], {"GET /hello": 1000})

    def test_an_error_is_a_value_with_its_place(self):
        holder, port = support.refused_port()
        self.addCleanup(holder.close)
        done = embedded(f"http://127.0.0.1:{port}")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"127.0.0.1:{port}", done.stderr)


if __name__ == "__main__":
    unittest.main()
