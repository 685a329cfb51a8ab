"""The reader of the documents' blocks (tools/docs/blocks.py): what is run, what is compared, and what counts as a difference."""

import os
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(os.environ["SATURN_SOURCE_DIR"]) / "tools" / "docs"))

import blocks  # noqa: E402

TEXT = """# A page
<!-- exit: 99 -->
<!-- rows -->
```console
$ saturn run localhost:8000/x --strict  # a remark
  requests/s   310.0
  limited by   the target
$ saturn report \\
    r.json
```
Text between a mark and a fence takes the mark away.
<!-- not run: needs root -->

```sh
saturn doctor
```
<!-- exit: 2 -->
text
```sh
taskset -c 0 saturn serve --listen 127.0.0.1:8001 &
saturn run 127.0.0.1:8001/hello -n 1
kill %1
```
```sh
tools/quickstart
```
"""


def steps_of(text):
    return [step for block in blocks.blocks(text) for step in blocks.steps(block)]


class Blocks(unittest.TestCase):
    def test_a_block_knows_its_place_its_language_and_its_marks(self):
        found = blocks.blocks(TEXT)
        self.assertEqual([block.language for block in found], ["console", "sh", "sh", "sh"])
        self.assertEqual(found[0].line, 5)
        self.assertEqual(found[0].marks, {"exit": "99", "rows": ""})
        self.assertEqual(found[1].marks, {"not run": "needs root"})
        self.assertEqual(found[2].marks, {}, "text came between")

    def test_what_is_run(self):
        found = steps_of(TEXT)
        self.assertEqual(
            [(step.server, step.command) for step in found],
            [
                (False, "saturn run localhost:8000/x --strict"),
                (False, "saturn report \\\n    r.json"),
                (True, "taskset -c 0 saturn serve --listen 127.0.0.1:8001"),
                (False, "saturn run 127.0.0.1:8001/hello -n 1\nkill %1"),
            ],
        )
        self.assertEqual(found[0].output, ["  requests/s   310.0", "  limited by   the target"])

    def test_a_block_in_a_list_loses_its_indent(self):
        self.assertEqual(blocks.blocks("- x\n  ```sh\n  saturn doctor\n  ```\n")[0].lines, ["saturn doctor"])

    def test_commands_in_cells_are_found(self):
        text = "`saturn run URL -c 5` in prose\n| `wrk -t2 URL` | `saturn run URL -t 2` or `saturn run URL …` |\n"
        self.assertEqual(blocks.inline(text), [(2, "saturn run URL -t 2")])

    def test_help_of_the_server_is_no_server(self):
        self.assertEqual([step.server for step in steps_of("```sh\nsaturn serve --help\n```\n")], [False])

    def test_ports_are_exchanged_and_back(self):
        text = "saturn run 127.0.0.1:8000/a http://localhost:8001/"
        self.assertEqual(blocks.ports(text), ["8000", "8001"])
        there = blocks.with_ports(text, {"8000": 41234, "8001": 41235})
        self.assertEqual(there, "saturn run 127.0.0.1:41234/a http://localhost:41235/")
        self.assertEqual(blocks.with_ports(there, {"41234": "8000", "41235": "8001"}), text)


class Difference(unittest.TestCase):
    def same(self, wanted, printed, **how):
        self.assertIsNone(blocks.difference(wanted.splitlines(), printed.splitlines(), **how))

    def differ(self, wanted, printed, message, **how):
        self.assertIn(message, blocks.difference(wanted.splitlines(), printed.splitlines(), **how))

    def test_numbers_units_and_widths_are_no_difference(self):
        self.same("requests/s   310,032.0 · 930,096 in 3 s", "requests/s  1.5 · 2 in 300 ms")

    def test_words_are(self):
        self.differ("answers 5", "responses 5", "'answers 0', saturn prints 'responses 0'")
        self.differ("a\nb", "a", "not printed: 'b'")
        self.differ("a", "a\nb", "not in the document: 'b'")

    def test_an_ellipsis_stands_for_lines_or_for_text(self):
        self.same("a\n…\nd", "a\nb\nc\nd")
        self.same("a\n…", "a")
        self.same("limited by …: busy", "limited by the target: busy")
        self.differ("a\n…\ne", "a\nb", "not printed")

    def test_rows_are_compared_by_name_and_order(self):
        wanted = "  requests/s   1\n  limited by   the target: x\n  p99   3"
        self.same(wanted, "  requests/s   2\n  NOT VALID   y\n  p99   4\n  more   1", rows=True)
        self.differ(wanted, "  p99   4\n  requests/s   2", "no row 'p99'", rows=True)

    def test_a_row_of_a_narrow_table_has_its_name_too(self):
        self.assertEqual(blocks.label("  waited in saturn 25.21 44.45  47.55 ms"), "waited in saturn")
        self.assertEqual(blocks.label("  sent late by     11ms 14,549 15,570 µs"), "sent late by")
        self.assertEqual(blocks.label("  first byte       0.792 10.10"), "first byte")

    def test_beside_rows_lines_are_compared_whole(self):
        wanted = "saturn: 64 connections · 3 s\n\n  requests/s   1\n               2 more"
        self.same(wanted, "saturn: 64 connections · 300 ms\n\n  requests/s   7", rows=True)
        self.differ(wanted, "saturn: 64 users · 300 ms\n\n  requests/s   7", "no line 'saturn: 64 connections", rows=True)


if __name__ == "__main__":
    unittest.main()
