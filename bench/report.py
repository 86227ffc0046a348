"""The benchmark's results as Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bench import bar
from bench.bar import Verdict
from bench.comparison import Comparison
from bench.growth import TIMES, Growth
from bench.load import Load
from bench.machine import Machine
from bench.measuring import Round
from bench.rest import DELAY_SECONDS
from bench.servers import OURS
from bench.soak import WARM_AFTER, Soak
from bench.waits import CROWD, FEW, Beside, Delayed
from bench.workloads import WORKLOADS


@dataclass
class Results:
    """Everything one run found; what was not asked for is None.

    Attributes:
        titles: The servers' titles, by name.
        versions: Which versions of others were measured, by title.
        missing: Why servers are not in the run, by title.
        made_by: What served the REST answers, and what made the load.
        stolen: The share of the CPU time wanted meanwhile that the machine's host gave to others.
    """

    machine: Machine
    made_by: tuple[str, str]
    titles: dict[str, str]
    versions: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    comparison: Comparison | None = None
    growth: dict[str, Growth] = field(default_factory=dict)
    delayed: Delayed | None = None
    crowd: Load | None = None
    beside: Beside | None = None
    soak: Soak | None = None
    stolen: float = 0.0

    def verdicts(self) -> list[Verdict]:
        return [
            *(bar.compared(self.comparison) if self.comparison else ()),
            *map(bar.grown, self.growth.values()),
            *((bar.delayed(self.delayed),) if self.delayed else ()),
        ]


def write(results: Results) -> str:
    """The whole report."""
    return "\n\n".join(part for part in _parts(results) if part) + "\n"


def _parts(results: Results) -> Iterator[str]:
    yield _machine(results)
    yield from (_bar(verdicts),) if (verdicts := results.verdicts()) else ()
    if results.comparison:
        yield _summary(results, results.comparison)
        yield from (_workload(results, results.comparison, name) for name in results.comparison.costs)
    if results.growth:
        yield _growth(results.growth)
    if results.delayed or results.crowd or results.beside:
        yield _waits(results)
    if results.soak:
        yield _soak(results.soak)
    if results.missing:
        yield "## Not measured\n\n" + _bullets(f"{name}: {why}" for name, why in results.missing.items())


def _machine(results: Results) -> str:
    machine = results.machine
    optimised = "with" if machine.python_is_optimised else "without"
    rest, load = results.made_by
    rows = [
        ("date", machine.date),
        ("CPU", f"{machine.cpu}, {machine.cores} cores; the server on one, REST answers and load on another"),
        ("kernel", machine.kernel),
        ("stolen", f"{results.stolen:.0%} of the CPU time wanted during the run was given to others by the host"),
        (
            "Python",
            f"{machine.python}, configured {optimised} `--enable-optimizations`; "
            f"a fixed loop takes it {machine.python_loop_ms:.1f} ms",
        ),
        ("Node", machine.node or "none"),
        ("REST answers", rest),
        ("load", load),
    ]
    if results.versions:
        rows.append(("others", ", ".join(f"{title} {version}" for title, version in results.versions.items())))
    return _table(["", ""], rows)


def _bar(verdicts: Sequence[Verdict]) -> str:
    return "## The bar\n\n" + _bullets(
        f"{'PASS' if verdict.is_met else '**FAIL**'} {verdict.text}" for verdict in verdicts
    )


def _summary(results: Results, comparison: Comparison) -> str:
    """CPU time by server and workload, and how many times ours that is."""
    names = [name for name in results.titles if any(name in costs for costs in comparison.costs.values())]
    rows = []
    for workload, costs in comparison.costs.items():
        cells = []
        for name in names:
            factor = comparison.factor(workload, name)
            times = f" (×{factor:.2f})" if factor and name != OURS.name else ""
            cells.append(f"{costs[name].best.cpu_ms:.3f}{times}" if name in costs else "–")
        rows.append((workload, *cells))
    titles = [results.titles[name] for name in names]
    note = "In milliseconds per operation, user and system time of all the server's processes; ×: as many times ours."
    return f"## CPU time\n\n{note}\n\n{_table(['', *titles], rows)}"


def _workload(results: Results, comparison: Comparison, name: str) -> str:
    title = next(workload.title for workload in WORKLOADS if workload.name == name)
    rows = []
    for server, cost in comparison.costs[name].items():
        best, load = cost.best, cost.best.load
        factor = comparison.factor(name, server)
        rows.append(
            (
                results.titles[server],
                f"{best.cpu_ms:.3f}",
                f"{factor:.2f}" if factor else "–",
                f"{load.per_second:,.0f}",
                f"{load.p50:.1f}",
                f"{load.p99:.1f}",
                f"{best.peak_megabytes:.0f}",
                f"{cost.calls:g}",
                f"{load.body:,.0f}",
                _disturbance(best),
            )
        )
    heads = ["", "CPU ms", "× ours", "ops/s", "p50 ms", "p99 ms", "peak MB", "REST calls", "answer bytes", ""]
    left_out = _bullets(f"{results.titles.get(key, key)}: {why}" for key, why in comparison.left_out[name].items())
    return "\n\n".join(part for part in (f"### {name}: {title}", _table(heads, rows), left_out) if part)


def _disturbance(done: Round) -> str:
    if done.is_quiet:
        return ""
    return (
        f"disturbed: others used {done.disturbance:.0%} of a core, the machine took {done.slowness:.2f} times as long"
    )


def _growth(growths: dict[str, Growth]) -> str:
    rows = [
        (
            f"{name}: {growth.title}",
            *(
                f"{growth.cpu_ms[times] * 1000:.1f} ({growth.items[times]}, {growth.calls[times]:g} calls)"
                for times in TIMES
            ),
            f"{growth.rise:+.1%}",
        )
        for name, growth in growths.items()
    ]
    note = "CPU time of Stepgraph per item of the list, in microseconds (items, REST calls)."
    return f"## Growth\n\n{note}\n\n{_table(['', *(f'{times} times' for times in TIMES), 'rise'], rows)}"


def _waits(results: Results) -> str:
    lines = []
    if delayed := results.delayed:
        lines.append(
            f"W1, one at a time, with {DELAY_SECONDS * 1000:.0f} ms added to every REST call: {delayed.median:.1f} ms, "
            f"{delayed.above_two_calls:.1f} ms above two calls one after the other; such a call alone takes "
            f"{delayed.call:.1f} ms."
        )
    if crowd := results.crowd:
        lines.append(
            f"W2 at {CROWD} connections: p50 {crowd.p50:.1f} ms, p99 {crowd.p99:.1f} ms ({crowd.p99 / crowd.p50:.2f} "
            f"times), the longest {crowd.longest:.1f} ms."
        )
    if beside := results.beside:
        lines.append(
            f"W4 at {FEW} connections: p50 {beside.alone.p50:.2f} ms alone; {beside.slow.p50:.2f} ms beside an "
            f"operation that waits for slow REST calls; {beside.large.p50:.2f} ms beside W1 over and over "
            f"(p99 {beside.alone.p99:.2f}, {beside.slow.p99:.2f}, {beside.large.p99:.2f} ms)."
        )
    return "## Waiting\n\n" + _bullets(lines)


def _soak(soak: Soak) -> str:
    done = max(soak.resident)
    return (
        f"## Memory over {done:,} operations\n\n"
        f"{soak.warm:.1f} MB after {min(WARM_AFTER, done):,}, {soak.last:.1f} MB at the end "
        f"({soak.last - soak.warm:+.1f} MB), {soak.peak:.1f} MB at most; {soak.resident[0]:.1f} MB before the first."
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
