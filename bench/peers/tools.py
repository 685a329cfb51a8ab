"""How each tool is called for the same load, and how its answer is read. A tool is a class with `missing()`, the reason why it cannot be
used here, `refuses(load)`, why not for this load, and `run(load, url, cpu)`. Tools get one thread; what a tool does not say is None.
"""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import tempfile

from server import SATURN


@dataclasses.dataclass
class Load:
    connections: int = 64
    seconds: int = 3
    path: str = "/hello"
    pipeline: int = 1
    close: bool = False  # a connection for each request, closed by the server
    body_bytes: int = 0
    rate: int = 0  # requests/s by a schedule; 0: as fast as answers come
    threads: int = 1  # this and flags: of saturn alone, where only saturn is measured
    flags: tuple = ()


@dataclasses.dataclass
class Run:
    cpu_s: float
    rss_mb: float
    rps: float
    p50_us: float | None = None
    p99_us: float | None = None
    scenario: dict | None = None  # saturn's whole account


def measured(command, cpu, accepted=(0,), **options):
    """(CPU seconds, peak RSS in MB, standard output) of one process pinned to `cpu`, from its start to its end; `accepted` exit codes."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = subprocess.Popen(["taskset", "-c", str(cpu), *map(str, command)], stdout=out, stderr=err, **options)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode not in accepted:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit {child.returncode}\n{out.read()[-2000:]}{err.read()[-2000:]}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6, out.read()


class Tool:
    name = ""
    features = ()  # of: pipeline, close

    def program(self):
        """A path in the environment (GCANNON=/opt/gcannon), or the PATH."""
        return os.environ.get(self.name.upper()) or shutil.which(self.name)

    def missing(self):
        return None if shutil.which(self.program() or self.name) else f"{self.program() or self.name} is not installed"

    def refuses(self, load):
        if load.pipeline > 1 and "pipeline" not in self.features:
            return "does not pipeline"
        if load.close and "close" not in self.features:
            return "keeps its connections"
        if load.rate and "rate" not in self.features:
            return "keeps no rate"
        return None


class Saturn(Tool):
    name = "saturn"
    features = ("pipeline", "close", "rate")

    def program(self):
        return SATURN if os.access(SATURN, os.X_OK) else None

    def run(self, load, url, cpu):
        command = [SATURN, "run", url + load.path, "-c", load.connections, "-t", load.threads, "-d", f"{load.seconds}s", "-q", "--json",
                   *load.flags]
        command += ["-p", load.pipeline] * (load.pipeline > 1) + ["--no-keepalive"] * load.close + ["-R", load.rate] * (load.rate > 0)
        cpu_s, rss_mb, out = measured(command, cpu)
        scenario = json.loads(out)["scenarios"][0]
        latency = scenario["latency_us"]
        return Run(cpu_s, rss_mb, scenario["rps"], latency["p50"], latency["p99"], scenario)


class Varied(Saturn):
    """saturn itself with other flags, to see what they cost."""

    def __init__(self, *flags):
        self.flags = flags
        self.name = " ".join(["saturn", *flags])

    def run(self, load, url, cpu):
        return super().run(dataclasses.replace(load, flags=(*load.flags, *self.flags)), url, cpu)


UNSTAMPED, DISCARDING = Varied("--no-kernel-stamps"), Varied("--discard-body")
IN_TABLE, LINKED = Varied("--sockets", "table"), Varied("--sockets", "linked")


class Wrk(Tool):
    name = "wrk"
    features = ("pipeline", "close")
    PIPELINE = """
init = function(args)
  local batch = {}
  for i = 1, %d do batch[i] = wrk.format() end
  all = table.concat(batch)
end
request = function() return all end
"""

    def run(self, load, url, cpu):
        command = [self.program(), "-t1", "-c", load.connections, "-d", f"{load.seconds}s", "--latency"]
        command += ["-H", "Connection: close"] * load.close
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            if load.pipeline > 1:
                script.write(self.PIPELINE % load.pipeline)
                script.flush()
                command += ["-s", script.name]
            cpu_s, rss_mb, out = measured([*command, url + load.path], cpu)
        percentile = lambda p: self.micros(re.search(rf"^\s+{p}%\s+(\S+)", out, re.M)[1])
        return Run(cpu_s, rss_mb, float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), percentile(50), percentile(99))

    @staticmethod
    def micros(text):
        value, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
        return float(value) * {"us": 1, "ms": 1e3, "s": 1e6, "m": 6e7}[unit]


class Gcannon(Tool):
    name = "gcannon"
    features = ("pipeline", "close")
    DEFAULT_BUFFER = 4096

    def run(self, load, url, cpu):
        command = [self.program(), url + load.path, "-t", 1, "-c", load.connections, "-d", f"{load.seconds}s", "--json"]
        command += ["-p", load.pipeline] * (load.pipeline > 1) + ["-r", 1] * load.close
        if load.body_bytes + 256 > self.DEFAULT_BUFFER:  # it stalls on answers larger than its buffer
            command += ["--recv-buf", 65536]
        with tempfile.TemporaryDirectory() as home:  # it keeps a history there
            # 1: an answer was still under way when it ended
            cpu_s, rss_mb, out = measured(command, cpu, accepted=(0, 1), env={**os.environ, "HOME": home})
        try:
            said = json.loads(out)
        except ValueError:
            raise RuntimeError(f"{' '.join(map(str, command))}: no result: {out[-2000:]}") from None
        return Run(cpu_s, rss_mb, said["rps"], said["latency_us"]["p50"], said["latency_us"]["p99"])


class H2load(Tool):
    name = "h2load"
    features = ("pipeline",)

    def run(self, load, url, cpu):
        command = [self.program(), "--h1", "-t1", "-c", load.connections, "-D", load.seconds, "-m", load.pipeline, url + load.path]
        cpu_s, rss_mb, out = measured(command, cpu)
        return Run(cpu_s, rss_mb, float(re.search(r"finished in [^,]+, ([\d.]+) req/s", out)[1]))


class Hey(Tool):
    name = "hey"
    features = ("close",)

    def run(self, load, url, cpu):
        command = [self.program(), "-z", f"{load.seconds}s", "-c", load.connections, "-cpus", 1, *["-disable-keepalive"] * load.close]
        cpu_s, rss_mb, out = measured([*command, url + load.path], cpu)
        percentile = lambda p: float(re.search(rf"^\s+{p}%+ in ([\d.]+) secs", out, re.M)[1]) * 1e6
        return Run(cpu_s, rss_mb, float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), percentile(50), percentile(99))


class Bombardier(Tool):
    name = "bombardier"
    features = ("rate",)

    def run(self, load, url, cpu):
        command = [self.program(), "-c", load.connections, "-d", f"{load.seconds}s", "-l", "-p", "r", "-o", "json", *["-r", load.rate] * (load.rate > 0)]
        cpu_s, rss_mb, out = measured([*command, url + load.path], cpu, env={**os.environ, "GOMAXPROCS": "1"})
        said = json.loads(out)["result"]
        percentiles = said["latency"]["percentiles"]
        return Run(cpu_s, rss_mb, said["rps"]["mean"], percentiles["50"], percentiles["99"])


class Oha(Tool):
    name = "oha"
    features = ("close", "rate")

    def run(self, load, url, cpu):
        modern = "--output-format" in subprocess.run([self.program(), "--help"], capture_output=True, text=True, timeout=30).stdout
        command = [self.program(), "-z", f"{load.seconds}s", "-c", load.connections, "--no-tui", *["--disable-keepalive"] * load.close]
        command += ["--output-format", "json"] if modern else ["--json"]
        command += ["-q", load.rate] * (load.rate > 0)
        cpu_s, rss_mb, out = measured([*command, url + load.path], cpu)
        said = json.loads(out)
        latency = said["latencyPercentiles"]
        return Run(cpu_s, rss_mb, said["summary"]["requestsPerSec"], latency["p50"] * 1e6, latency["p99"] * 1e6)


class K6(Tool):
    name = "k6"
    features = ("close",)
    SCRIPT = """
import http from "k6/http";
export const options = { noConnectionReuse: %s };
export default function () { http.get("%s"); }
"""

    def run(self, load, url, cpu):
        with tempfile.TemporaryDirectory() as folder:
            script, summary = os.path.join(folder, "script.js"), os.path.join(folder, "summary.json")
            with open(script, "w") as file:
                file.write(self.SCRIPT % (str(load.close).lower(), url + load.path))
            command = [self.program(), "run", "-q", "--vus", load.connections, "--duration", f"{load.seconds}s", "--summary-trend-stats",
                       "med,p(99)", "--summary-export", summary, script]
            cpu_s, rss_mb, _ = measured(command, cpu, env={**os.environ, "K6_NO_USAGE_REPORT": "true"})
            with open(summary) as file:
                metrics = json.load(file)["metrics"]
        latency = metrics["http_req_duration"]
        return Run(cpu_s, rss_mb, metrics["http_reqs"]["rate"], latency["med"] * 1e3, latency["p(99)"] * 1e3)


PEERS = {tool.name: tool for tool in (Wrk(), Gcannon(), H2load(), Hey(), Bombardier(), Oha(), K6())}
TOOLS = {tool.name: tool for tool in (Saturn(), UNSTAMPED, IN_TABLE, LINKED, DISCARDING)} | PEERS
