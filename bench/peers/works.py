"""The works that tools are compared at, with the goal of each figure, and how a row of the table comes from the rounds of one work.

A round is one run of each tool, one after the other; a ratio is saturn's figure over the peer's of the same round, so that a drifting
machine moves both. CPU is over the answers that the server counted, since the tools count differently.
"""

import dataclasses
import math
import statistics

from tools import DISCARDING, IN_TABLE, LINKED, UNSTAMPED, Load


@dataclasses.dataclass
class Sample:
    run: object  # tools.Run
    answers: int
    server_cpu_s: float
    truth: dict | None  # the server's latency_us

    @property
    def cpu_us(self):
        return self.run.cpu_s / self.answers * 1e6

    @property
    def server_us(self):
        return self.server_cpu_s / self.answers * 1e6


@dataclasses.dataclass
class Measure:
    title: str
    value: object  # of a Sample
    digits: str
    goals: dict = dataclasses.field(default_factory=dict)  # peer: ("≤" or "≥", ratio)


def cpu(**goals):
    return Measure("CPU, µs/request", lambda s: s.cpu_us, ",.2f", {peer: ("≤", goal) for peer, goal in goals.items()})


def rps(**goals):
    return Measure("requests/s", lambda s: s.run.rps, ",.0f", {peer: ("≥", goal) for peer, goal in goals.items()})


SERVER = Measure("server's CPU, µs/request", lambda s: s.server_us, ",.2f")


@dataclasses.dataclass
class Case:
    title: str
    load: Load
    measures: tuple
    serve: tuple = ()


def keep_alive(connections):
    goals = {"wrk": 0.90, "gcannon": 0.95} if 16 <= connections <= 256 else {}
    return Case(f"keep-alive, {connections:,} connections", Load(connections), (cpu(**goals), rps(), SERVER))


def moderate(connections, delay):
    return Case(f"about 20,000 requests/s, {connections} connections, server takes {delay}", Load(connections),
                (cpu(wrk=0.85), rps(), SERVER), ("--delay", delay))


def scheduled(rate):
    return Case(f"{rate:,} requests/s by a schedule, asleep, 256 connections, server takes 1ms",
                Load(256, rate=rate, flags=("--no-spin",)), (cpu(bombardier=0.90, oha=0.90), rps(), SERVER), ("--delay", "1ms"))


def pipelined(depth, goal):
    return Case(f"pipelined {depth}, 64 connections", Load(64, pipeline=depth, body_bytes=depth * 200), (rps(wrk=goal), cpu(), SERVER))


def bodies(kib, cpu_goal, **rps_goals):
    size = kib * 1024
    return Case(f"{kib} KiB bodies, 32 connections", Load(32, path=f"/_fault/bytes/{size}", body_bytes=size),
                (cpu(wrk=cpu_goal), rps(**rps_goals), SERVER))


def stamps(connections):
    return Case(f"arrival stamps, {connections} connections", Load(connections), (cpu(**{UNSTAMPED.name: 1.05}), SERVER))


def discarded(kib):
    size = kib * 1024
    return Case(f"bodies dropped or not, {kib:,} KiB, 32 connections", Load(32, path=f"/_fault/bytes/{size}", body_bytes=size),
                (cpu(), rps(), SERVER))


CONNECTIONS = (16, 64, 256, 1024)
COMPARED = {  # name: a function from the wanted connections to cases
    "keep-alive": lambda connections: [keep_alive(c) for c in connections],
    "moderate": lambda _: [moderate(64, "3050us"), moderate(256, "12500us")],
    "scheduled": lambda _: [scheduled(10_000), scheduled(50_000)],
    "pipelined": lambda _: [pipelined(16, 1.5), pipelined(64, 2.0)],
    "bodies": lambda _: [bodies(16, 0.75), bodies(100, 0.65, wrk=1.35)],
    "close": lambda _: [Case("connection per request, 64 connections", Load(64, close=True), (rps(wrk=1.15), cpu(), SERVER))],
    "stamps": lambda _: [stamps(64), stamps(256)],
    "sockets": lambda _: [Case("sockets by descriptor, 64 connections", Load(64), (cpu(), rps())),
                          Case("sockets by descriptor, connection per request", Load(64, close=True), (cpu(), rps()))],
    "discard": lambda _: [discarded(kib) for kib in (1, 16, 100, 1024)],
}
BESIDE_ITSELF = {  # works that compare saturn with itself
    "stamps": [UNSTAMPED.name],
    "sockets": [IN_TABLE.name, LINKED.name],
    "discard": [DISCARDING.name],
}
MEAN_GOALS = {"wrk": 1.05, "gcannon": 0.97}  # of the requests/s, geometric mean over the connections of keep-alive


def reached(median, goal):
    if goal is None:
        return "—", "—"
    sign, wanted = goal
    return f"{sign} {wanted:.2f}", "yes" if (median <= wanted if sign == "≤" else median >= wanted) else "**no**"


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def ratio_rows(case, rounds):
    """Rows of one case; `rounds` are dicts of tool: Sample, and every round has saturn."""
    for measure in case.measures:
        for peer in [tool for tool in rounds[0] if tool != "saturn"]:
            pairs = [(measure.value(r["saturn"]), measure.value(r[peer])) for r in rounds]
            ratios = [a / b for a, b in pairs]
            goal, yes = reached(statistics.median(ratios), measure.goals.get(peer))
            own, other = (format(statistics.median(side), measure.digits) for side in zip(*pairs))
            yield [case.title, measure.title, peer, own, other, spread(ratios), goal, yes]


def mean_rows(all_rounds):
    """The geometric mean of the rates over several cases: of the same round of each."""
    cases = list(all_rounds)
    for peer in [tool for tool in cases[0][0] if tool != "saturn"]:
        ratios = []
        for same_round in zip(*cases):
            logs = [math.log(r["saturn"].run.rps / r[peer].run.rps) for r in same_round]
            ratios.append(math.exp(sum(logs) / len(logs)))
        goal, yes = reached(statistics.median(ratios), ("≥", MEAN_GOALS[peer]) if peer in MEAN_GOALS else None)
        yield ["keep-alive, geometric mean", "requests/s", peer, "", "", spread(ratios), goal, yes]


# Latency against the server's own: percentile → µs, share of the truth; the larger one holds.
ALLOWED = {"p50": (10, 0.02), "p99": (25, 0.05)}


def latency_rows(connections, rounds):
    for percentile, (floor_us, share) in ALLOWED.items():
        for tool in rounds[0]:
            said = [getattr(r[tool].run, percentile + "_us") for r in rounds]
            if None in said:
                continue
            true = [r[tool].truth[percentile] for r in rounds]
            errors = [a - b for a, b in zip(said, true)]
            used = statistics.median(abs(e) / max(floor_us, share * t) for e, t in zip(errors, true))
            goal = (f"≤ max({floor_us} µs, {share * 100:.0f} %)", "yes" if used <= 1 else "**no**") if tool == "saturn" else ("—", "—")
            yield [f"latency {percentile}, {connections:,} connections", "µs: said, the server's own, error", tool,
                   f"{statistics.median(said):,.0f}", f"{statistics.median(true):,.0f}",
                   f"{statistics.median(errors):+,.0f} ({min(errors):+,.0f}–{max(errors):+,.0f})", *goal]
