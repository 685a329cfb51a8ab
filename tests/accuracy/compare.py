"""Is a latency that saturn reports the server's own? Compares the distribution of a result with the truth of `saturn serve --truth`.

The bounds are for a busy machine of two cores: bench/peers/run states the real errors.
"""

BOUNDS = {"p50": (200, 0.20), "p99": (1000, 0.30)}  # percentile: µs, share of the truth; the larger one holds


def differences(scenario, truth, distribution="latency_us", bounds=BOUNDS):
    """What speaks against it, in words; empty when nothing does."""
    reported, true = scenario[distribution], truth["latency_us"]
    found = []
    if distribution == "latency_us" and scenario["latency_source"] != "kernel-rx":
        found.append(f"arrival is by {scenario['latency_source']}, not by the kernel")
    if truth["unstamped"] != 0:
        found.append(f"the server has no time for {truth['unstamped']} of its answers")
    if reported["count"] != true["count"]:
        found.append(f"{reported['count']} latencies for {true['count']} answers")
    for percentile, (floor_us, share) in bounds.items():
        error, bound = reported[percentile] - true[percentile], max(floor_us, share * true[percentile])
        if abs(error) > bound:
            found.append(f"{percentile} is {reported[percentile]:.0f} us, the server's {true[percentile]:.0f}: off by {error:+.0f}, "
                         f"more than {bound:.0f}")
    return found
