"""The checks of tools/checks find what they are there for: each is shown a small tree with one fault and must name it."""

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["SATURN_SOURCE_DIR"])
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tools" / "checks"))

import docs  # noqa: E402
import format  # noqa: E402
import layers  # noqa: E402
import text  # noqa: E402
import tidy  # noqa: E402
import unit_tests  # noqa: E402


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, content):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


class Layers(Tree):
    def setUp(self):
        super().setUp()
        for path in ("engine/core/base/a.hpp", "engine/core/plan/p.hpp", "engine/system/net/s.hpp", "cli/study/plan.hpp", "cli/args.hpp"):
            self.write(path, "// a header\n")

    def found(self, path, line):
        self.write(path, f"// a file\n{line}\n")
        return layers.check(self.root)

    def test_a_later_folder_of_the_core_may_include_an_earlier_one(self):
        self.assertEqual(self.found("engine/core/plan/x.cpp", '#include "core/base/a.hpp"'), [])

    def test_an_earlier_folder_of_the_core_may_not_include_a_later_one(self):
        self.assertEqual(
            self.found("engine/core/base/x.cpp", '#include "core/plan/p.hpp"'),
            ["engine/core/base/x.cpp:2: engine/core/base may not include engine/core/plan (core/plan/p.hpp)"],
        )

    def test_the_core_may_not_include_the_system(self):
        self.assertEqual(
            self.found("engine/core/shard/x.cpp", '#include "system/net/s.hpp"'),
            ["engine/core/shard/x.cpp:2: engine/core/shard may not include engine/system (system/net/s.hpp)"],
        )

    def test_the_core_may_not_include_a_header_of_the_operating_system(self):
        for header in ("sys/socket.h", "unistd.h", "thread", "fstream", "cstdio", "atomic_ops.h"):
            self.assertEqual(
                self.found("engine/core/stats/x.cpp", f"#include <{header}>"),
                [f"engine/core/stats/x.cpp:2: <{header}> does not belong into the pure part"],
            )

    def test_the_core_may_not_read_a_clock_or_the_environment(self):
        for call in ("std::chrono::steady_clock::now", "getenv"):
            found = self.found("engine/core/stats/x.cpp", f"auto now = {call}();")
            self.assertEqual(len(found), 1, found)

    def test_the_system_may_include_both(self):
        self.assertEqual(self.found("engine/system/net/x.cpp", '#include <sys/socket.h>\n#include "core/plan/p.hpp"'), [])

    def test_a_third_party_has_one_door(self):
        self.assertEqual(self.found("engine/core/json/x.cpp", "#include <simdjson.h>"), [])
        self.assertEqual(
            self.found("engine/core/json/x.cpp", "#include <llhttp.h>"),
            ["engine/core/json/x.cpp:2: <llhttp.h> has its one door in engine/core/http"],
        )
        for header in ("liburing.h", "liburing/io_uring.h", "simdjson.h", "zlib.h", "nlohmann/json.hpp", "sqlite3.h"):
            self.assertEqual(len(self.found("engine/core/json/x.cpp", "#include <fmt/format.h>")), 0)
            self.assertEqual(len(self.found("engine/core/http/x.cpp", f"#include <{header}>")), 1, header)
            (self.root / "engine/core/http/x.cpp").unlink()

    def test_the_study_does_not_know_the_command_line(self):
        self.assertEqual(self.found("cli/cmd_study.cpp", '#include "study/plan.hpp"'), [])
        self.assertEqual(len(self.found("cli/study/x.cpp", '#include "args.hpp"')), 1)

    def test_a_folder_without_a_layer_is_refused(self):
        self.assertEqual(len(self.found("engine/misc/x.cpp", "int x;")), 1)


class Text(Tree):
    def test_faults_are_named(self):
        self.write("engine/a.hpp", "#pragma once\n")
        self.write("engine/b.cpp", "// b\n" * 351)
        self.write("engine/c.cpp", "// c\n// " + "TO" + "DO: later\n")
        self.write("tools/d", "cp x /" + "root/x\n")
        self.write("engine/fine.cpp", "// fine\nint x;\n")
        self.assertEqual(
            [problem.split(":")[0] for problem in text.check(self.root)], ["engine/a.hpp", "engine/b.cpp", "engine/c.cpp", "tools/d"]
        )


class UnitTests(Tree):
    def test_a_core_file_without_a_test_is_named(self):
        for name in ("tested", "included", "claimed", "lonely"):
            self.write(f"engine/core/base/{name}.cpp", "// a file\n")
        self.write("engine/core/base/claimed.hpp", "// Tested through other_test.\n")
        self.write("tests/unit/tested_test.cpp", "\n")
        self.write("tests/sim/other_test.cpp", '#include "core/base/included.hpp"\n')
        problems = unit_tests.check(self.root)
        self.assertEqual([problem.split(":")[0] for problem in problems], ["engine/core/base/lonely.cpp"])

    def test_a_header_of_its_own_has_to_get_into_a_test(self):
        self.write("engine/core/base/outer.hpp", '// a\n#include "core/base/inner.hpp"\n')
        self.write("engine/core/base/inner.hpp", "// b\n")
        self.write("engine/core/base/lonely.hpp", "// c\n")
        self.write("tests/unit/x_test.cpp", '#include "core/base/outer.hpp"\n')
        problems = unit_tests.check(self.root)
        self.assertEqual([problem.split(":")[0] for problem in problems], ["engine/core/base/lonely.hpp"])

    def test_a_comment_may_not_name_a_test_that_does_not_exist(self):
        self.write("engine/system/x.hpp", "// Tested in tests/loopback/x_test.cpp.\n")
        self.assertEqual(unit_tests.check(self.root), ["engine/system/x.hpp:1: names x_test, which is nowhere in tests/"])


class Docs(Tree):
    TABLE = "<!-- flags: run -->\n\n| flag | meaning | default |\n|---|---|---|\n| `-c N` | connections | 50 |\n\n<!-- /flags -->\n"

    def setUp(self):
        super().setUp()
        self.write("engine/core/a.cpp", "// a\n")
        self.write("ARCHITECTURE.md", "`engine/` · `engine/core/` · `docs/`\n")
        self.write("HACKING.md", "\n")
        self.write("README.md", "short\n")
        self.write("docs/run.md", self.TABLE)
        self.program = self.root / "saturn"

    def flags(self, *more):
        rows = [{"command": "run", "names": ["-c"], "value": "N", "group": "Load", "help": "connections (50)", "default": "50"}, *more]
        self.program.write_text(f"#!/bin/sh\necho '{json.dumps(rows)}'\n")
        self.program.chmod(0o755)
        return docs.check(self.root, str(self.program))

    def test_a_tree_in_step_has_no_finding(self):
        self.assertEqual(docs.check(self.root), [])
        self.assertEqual(self.flags(), [])

    def test_a_named_file_that_is_gone_is_found(self):
        self.write("HACKING.md", "see `engine/core/b.cpp` and `tests/LABEL/x`\n")
        self.assertEqual(docs.check(self.root), ["HACKING.md:1: engine/core/b.cpp does not exist"])

    def test_a_link_counts_from_its_document(self):
        self.write("docs/plan.md", "[here](run.md) [there](../README.md) [gone](README.md)\n")
        self.assertEqual(docs.check(self.root), ["docs/plan.md:1: README.md does not exist"])

    def test_a_folder_without_its_line_is_found(self):
        self.write("engine/core/new/x.cpp", "// x\n")
        self.assertEqual(docs.check(self.root), ["ARCHITECTURE.md:1: no line for `engine/core/new/`"])

    def test_a_flag_that_its_table_does_not_know_is_found(self):
        new = {"command": "run", "names": ["-n", "--requests"], "value": "N", "group": "Load", "help": "how many", "default": ""}
        self.assertEqual(self.flags(new), ["docs/run.md:1: its flag table is old: run tools/docs/tables.py --write"])

    def test_a_command_without_a_table_is_found(self):
        new = {"command": "serve", "names": ["--listen"], "value": "HOST:PORT", "group": "Serve", "help": "where", "default": ""}
        self.assertEqual(self.flags(new), ["docs:1: no table of the flags of serve"])

    def test_a_flag_that_no_command_has_is_found(self):
        self.write("docs/plan.md", "text\n`--gone 5` and `-c`\n")
        self.assertEqual(self.flags(), ["docs/plan.md:2: no command has --gone"])

    def test_a_key_that_nothing_has_is_found(self):
        self.write("engine/core/a.cpp", '// "latency_us"\n')
        self.write("docs/plan.md", "`latency_us` and\n`.scenarios[0].latency_ms`, `x/a_b`\n")
        self.assertEqual(docs.check(self.root), ["docs/plan.md:2: latency_ms is no key, rule or kind"])

    def test_a_block_that_is_not_its_file_is_found(self):
        self.write("docs/plan.json", "{}\n")
        self.write("docs/plan.md", "<!-- file: docs/plan.json -->\n```json\n{}\n```\n<!-- file: docs/plan.json -->\n```json\n[]\n```\n")
        self.assertEqual(docs.check(self.root), ["docs/plan.md:7: not what stands in docs/plan.json"])

    def test_a_long_sentence_and_a_riddle_are_found(self):
        self.write("docs/plan.md", "Fine.\n\n- " + "word " * 26 + "end.\n\n```sh\n" + "word " * 30 + "\n```\n\nThe last of those.\n")
        found = docs.check(self.root)
        self.assertEqual(len(found), 2, found)
        self.assertIn("docs/plan.md:3: a sentence of 27 words", found[0])
        self.assertIn('docs/plan.md:9: "of those"', found[1])

    def test_a_long_readme_is_found(self):
        self.write("README.md", "line\n\n" * 46)
        self.assertEqual(docs.check(self.root), ["README.md:92: 92 lines, more than 90: what can go to docs/?"])


@unittest.skipIf(format.program() is None, "clang-format 14 is not installed")
class Format(Tree):
    def test_a_file_in_another_layout_is_found(self):
        self.write(".clang-format", (SOURCE / ".clang-format").read_text())
        self.write("engine/a.cpp", "int  x ;\n")
        self.write("engine/b.cpp", "int x;\n")
        self.assertEqual(format.check(self.root), ["engine/a.cpp:1: not formatted: run tools/format"])


class Tidy(Tree):
    def test_a_changed_header_is_read_through_one_file_that_includes_it(self):
        self.write("engine/a.hpp", "// a\n")
        self.write("engine/a.cpp", "// a\n")
        self.write("engine/b.hpp", "// b\n")
        self.write("engine/z.cpp", '#include "engine/b.hpp"\n')
        self.write("tests/b_test.cpp", '#include "engine/b.hpp"\n')
        found = tidy.sources_for(self.root, [Path("engine/a.hpp"), Path("engine/b.hpp"), Path("README.md")])
        self.assertEqual([str(path) for path in found], ["engine/a.cpp", "engine/z.cpp"])


if __name__ == "__main__":
    unittest.main()
