"""Works that are held against a fixed goal instead of a peer: many connections up, and the engine without a kernel."""

import dataclasses
import json
import math
import os
import resource
import statistics
import subprocess

from server import SATURN, Server
from tools import TOOLS, Load


def has_flag(flag):
    return flag in subprocess.run([SATURN, "run", "--help"], capture_output=True, text=True, timeout=30).stdout


def free_memory_bytes():
    with open("/proc/meminfo") as facts:
        return next(int(line.split()[1]) for line in facts if line.startswith("MemAvailable")) * 1024


@dataclasses.dataclass
class Fixed:
    title: str
    measure: str
    value: object  # of a tools.Run
    most: float
    unit: str

    def row(self, runs):
        values = [self.value(run) for run in runs]
        median = statistics.median(values)
        return [self.title, self.measure, "—", f"{median:,.2f} {self.unit}", "", f"({min(values):,.2f}–{max(values):,.2f})",
                f"≤ {self.most:g} {self.unit}", "yes" if median <= self.most else "**no**"]


def up(connections, most_s, most_mb, threads=1, serve=(), flags=()):
    load = Load(connections, 1, threads=threads, flags=flags)
    title = f"{connections:,} connections up"
    return load, serve, [Fixed(title, "until all are up", lambda r: r.scenario["connections"]["setup_s"], most_s, "s"),
                         Fixed(title, "peak RSS", lambda r: r.rss_mb, most_mb, "MB")]


def up_10k(_):
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 10_500:
        return "the limit of open files (ulimit -Hn) is too low"
    return up(10_000, 0.4, 30)


def up_100k(_):
    addresses = [f"127.0.0.{i}" for i in range(1, 9)]
    if not has_flag("--source-ip"):
        return "this saturn has no --source-ip"
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if files < 15_000:
        return "the limit of open files (ulimit -Hn) is too low"
    threads = max(1, math.ceil(110_000 / files))  # each one's table of sockets has that limit; all on one core
    if free_memory_bytes() < 3e9:
        return "less than 3 GB of memory are free"
    listen = [word for address in addresses for word in ("--listen", address + ":0")]
    return up(100_000, 6, 100, threads, ("--processes", "8", *listen), ("--source-ip", ",".join(addresses)))


UP = {"up-10k": up_10k, "up-100k": up_100k}
ALONE = ("core", *UP)
CORE_GOAL = 8e6  # requests/s


def core_rows(options, cpu):
    """The turn over a transport that answers at once, by number of connections."""
    bench = os.path.join(os.path.dirname(SATURN), "saturn_bench")
    if not os.access(bench, os.X_OK):
        yield None, f"core: skipped: {bench} is not there"
        return
    command = ["taskset", "-c", str(cpu), bench, "--benchmark_filter=turn", f"--benchmark_repetitions={options.pairs}",
               "--benchmark_min_time=0.2", "--benchmark_format=json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    rates = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run["run_type"] == "iteration":
            rates.setdefault(run["run_name"], []).append(run["items_per_second"])
    for name, values in rates.items():
        connections, pipeline = name.split("/")[1:]
        depth = "" if pipeline == "1" else f", pipelined {pipeline}"
        yield [f"engine over Null, {int(connections):,} connections{depth}", "requests/s a shard", "—",
               f"{statistics.median(values):,.0f}", "", f"({min(values):,.0f}–{max(values):,.0f})", f"≥ {CORE_GOAL:,.0f}",
               "yes" if statistics.median(values) >= CORE_GOAL else "**no**"], None


def rows(name, options, cpus):
    """Rows of one work, or the reason why they are missing, as (row or None, reason or None)."""
    if name == "core":
        yield from core_rows(options, cpus[-1])
        return
    prepared = UP[name](options.seconds)
    if isinstance(prepared, str):
        yield None, f"{name}: skipped: {prepared}"
    else:
        load, serve, figures = prepared
        runs = []
        for _ in range(options.pairs):
            with Server(cpus[0], *serve) as server:  # a new one each time: no rest of the last run's connections
                runs.append(TOOLS["saturn"].run(load, server.url, cpus[-1]))
            connections = runs[-1].scenario["connections"]
            if connections["established"] != connections["requested"]:
                raise RuntimeError(f"{name}: only {connections['established']:,} of {connections['requested']:,} connections came up")
        for figure in figures:
            yield figure.row(runs), None
