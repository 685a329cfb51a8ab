#!/usr/bin/env python3
"""saturn for the documents' test: the same words, but a run is as long as a test may be. A measured time becomes 300 ms, a warm-up
100 ms, and a URL run that says neither -d nor -n gets the 300 ms too. SATURN is the program. Started by tests/cli/docs_test.py.
"""

import os
import re
import sys

SHORTER = {"-d": "300ms", "--duration": "300ms", "--warmup": "100ms", "--step": "400ms"}
COMMANDS = {"run", "serve", "study", "report", "calibrate", "doctor", "saturate", "help", "version"}


def is_run(words):
    return bool(words) and (words[0] == "run" or (words[0] not in COMMANDS and not words[0].startswith("-")))


def shortened(words):
    if not words or words[0] not in ("run", "saturate") and not is_run(words):
        return words
    words = [part for word in words for part in (("-d", word[2:]) if re.match(r"-d\d", word) else (word,))]
    found = [SHORTER.get(before, word) for before, word in zip(["", *words], words)]
    ends = {"-d", "--duration", "-n", "--requests", "--help", "-h", "--list"}
    plan = any(word.endswith(".json") and before not in ("-o", "--output") for before, word in zip(["", *words], words))
    if is_run(words) and not plan and "-" not in words and not ends & set(words):
        found += ["-d", "300ms"]
    return found


if __name__ == "__main__":
    program = os.environ["SATURN"]
    os.execv(program, ["saturn", *shortened(sys.argv[1:])])
