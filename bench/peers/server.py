"""The server of all comparisons: `saturn serve` on the first core, its counters, its own times and its CPU."""

import json
import os
import subprocess
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SATURN = os.environ.get("SATURN", os.path.join(ROOT, "build", "release", "saturn"))
ANSWER_S = 30


def cpu_of(pid):
    """CPU seconds of another process, to the nanosecond (clock_getcpuclockid's own arithmetic)."""
    return time.clock_gettime((~pid << 3) | 2)


class Server:
    def __init__(self, cpu, *flags):
        listen = [] if "--listen" in flags else ["--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(["taskset", "-c", str(cpu), SATURN, "serve", *listen, *flags], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("saturn serve: " + self.process.communicate()[1].strip())
        self.url = line.split()[-1]
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            self.pids = [pid, *map(int, children.read().split())]

    def cpu_s(self):
        return sum(map(cpu_of, self.pids))

    def truth(self):
        with urllib.request.urlopen(self.url + "/_truth", timeout=ANSWER_S) as answer:
            return json.load(answer)

    def reset(self):
        urllib.request.urlopen(urllib.request.Request(self.url + "/_truth/reset", data=b""), timeout=ANSWER_S).close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()
