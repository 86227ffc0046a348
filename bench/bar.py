"""What Stepgraph is to reach, and whether it did."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.comparison import Comparison
from bench.growth import Growth
from bench.servers import OURS
from bench.waits import Delayed

BASELINE = "baseline"
TIMES_THE_BASELINE = {"W1": 35.0, "W2": 22.0}
AHEAD_OF_ALL = ("W1", "W2", "W5")
SMALL_ONES = ("W3", "W4", "W6")
AHEAD_IN_SMALL_ONES = ("apollo", "hive", "yoga")
NEAR_IN_SMALL_ONES = "mercurius"
NEAR = 2.0
MOST_RISE = 0.1
MOST_ABOVE_TWO_CALLS = 5.0  # milliseconds


@dataclass(frozen=True)
class Verdict:
    """Whether one thing was reached."""

    is_met: bool
    text: str


def compared(comparison: Comparison) -> Iterator[Verdict]:
    """What there is to say of ours beside the others; nothing of what was not measured."""
    for workload in comparison.costs:
        factors = {name: comparison.factor(workload, name) for name in comparison.costs[workload]}
        peers = {name: factor for name, factor in factors.items() if factor and name not in (OURS.name, BASELINE)}
        if workload in AHEAD_OF_ALL and peers:
            yield _ahead(workload, peers, 1.0)
        if workload in SMALL_ONES:
            behind = {name: factor for name, factor in peers.items() if name in AHEAD_IN_SMALL_ONES}
            near = {name: factor for name, factor in peers.items() if name == NEAR_IN_SMALL_ONES}
            yield from (_ahead(workload, behind, 1.0),) if behind else ()
            yield from (_ahead(workload, near, 1 / NEAR),) if near else ()
        factor = factors.get(BASELINE)
        if factor and workload in TIMES_THE_BASELINE:
            wanted = TIMES_THE_BASELINE[workload]
            yield Verdict(factor >= wanted, f"{workload}: {factor:.1f} times less CPU than the baseline ({wanted:.0f})")
        if peers:
            yield _calls(comparison, workload)


def _ahead(workload: str, factors: dict[str, float], least: float) -> Verdict:
    name = min(factors, key=lambda name: factors[name])
    wanted = "more than ours" if least == 1 else f"at least {least:.2f} times ours"
    return Verdict(
        factors[name] > least if least == 1 else factors[name] >= least,
        f"{workload}: the CPU time of {', '.join(factors)} is {wanted}; the least is {factors[name]:.2f}, of {name}",
    )


def _calls(comparison: Comparison, workload: str) -> Verdict:
    costs = comparison.costs[workload]
    ours = costs[OURS.name].calls
    least = min(cost.calls for name, cost in costs.items() if name != OURS.name)
    return Verdict(ours <= least, f"{workload}: {ours:g} REST calls, no more than any other's ({least:g} at least)")


def grown(growth: Growth) -> Verdict:
    return Verdict(
        growth.rise <= MOST_RISE,
        f"{growth.title}: an item of 16 times as many costs {growth.rise:+.0%} ({MOST_RISE:+.0%} at most)",
    )


def delayed(waited: Delayed) -> Verdict:
    return Verdict(
        waited.above_two_calls <= MOST_ABOVE_TWO_CALLS,
        f"W1, slow REST calls: {waited.above_two_calls:.1f} ms above two of them (at most {MOST_ABOVE_TWO_CALLS:.0f})",
    )
