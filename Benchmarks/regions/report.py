"""The table: one line a job, aligned for a terminal and as Markdown."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from .jobs import SPACE, Job
from .runner import Ours, Peer

COLUMNS = [
    ("network", 18, "<"), ("domain", 6, "<"), ("regions", 10, ">"), ("1 thread s", 10, ">"), ("2 threads s", 11, ">"),
    ("process s", 9, ">"), ("MiB", 9, ">"), ("regioncam", 26, "<"), ("affinitree", 26, "<"), ("relucent", 26, "<"),
    ("ratio", 8, ">"), ("target", 24, "<"), ("met", 3, "<"),
]
PEER_NAMES = ("regioncam", "affinitree", "relucent")


@dataclass(frozen=True)
class Outcome:
    """A job with what each side did; `one` or `two` (threads) is missing when we were not run."""

    job: Job
    one: Ours | None
    two: Ours | None
    start_memory: float  # MiB that the program has touched when it has only started
    cap: float
    peers: dict[str, Peer] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return self.one.seconds

    @property
    def memory(self) -> float:
        """MiB that counting took."""
        return max(0.0, self.one.memory - self.start_memory)

    @property
    def is_right(self) -> bool:
        runs = (self.one, self.two)
        return all(run is not None and run.complete and run.count == self.job.regions for run in runs)

    @property
    def ratio(self) -> tuple[float, bool] | None:
        """Seconds of the best peer that is right (or of the target's) over ours; and whether the cap ended it, which
        makes that a lower bound."""
        if self.one is None or self.one.failure:
            return None
        names = [self.job.target.peer] if self.job.target.peer else list(self.peers)
        peers = [self.peers[name] for name in names if name in self.peers]
        right = [peer.seconds for peer in peers if peer.count == self.job.regions]
        if right:
            return min(right) / max(self.seconds, 1e-6), False
        if any(peer.stopped for peer in peers):
            return self.cap / max(self.seconds, 1e-6), True
        return None

    @property
    def met(self) -> str:
        """yes, no; ? when a peer is missing or its cap was too low to tell; - when we were not run."""
        target = self.job.target
        if self.one is None:
            return "-"
        if not self.is_right:
            return "no"
        if target.seconds is not None and self.seconds > target.seconds:
            return "no"
        if target.memory is not None and self.memory >= target.memory:
            return "no"
        if target.ratio is not None:
            if self.ratio is None or (self.ratio[1] and self.ratio[0] < target.ratio):
                return "?"
            if self.ratio[0] < target.ratio:
                return "no"
        return "yes"

    def cells(self) -> list[str]:
        domain = "Rⁿ" if self.job.domain == SPACE else "box"
        return [
            self.job.name, domain, f"{self.job.regions:,}", *self.our_cells(),
            *(self.peer_cell(name) for name in PEER_NAMES), self.ratio_cell(), str(self.job.target), self.met,
        ]

    def our_cells(self) -> list[str]:
        if self.one is None:
            return ["-"] * 4
        if self.one.failure:
            return [self.one.failure[:40], "-", seconds_text(self.one.cpu), f"{self.one.memory:.0f}"]
        wrong = "" if self.one.count == self.job.regions else f" WRONG {self.one.count:,}"
        two = "-" if self.two is None else self.two.failure or seconds_text(self.two.reported)
        return [
            seconds_text(self.seconds) + wrong, two, seconds_text(self.one.cpu),
            f"{self.one.memory:.0f} (+{self.memory:.0f})",
        ]

    def peer_cell(self, name: str) -> str:
        if name not in self.job.peers:
            return ""
        peer = self.peers.get(name)
        if peer is None:
            return "-"
        if peer.failure:
            return peer.failure
        if peer.stopped:
            return f"> {self.cap:g} s, {peer.memory:.0f} MiB"
        wrong = "" if peer.count == self.job.regions else f" WRONG {peer.count:,}"
        return f"{seconds_text(peer.seconds)} s, {peer.memory:.0f} MiB{wrong}"

    def ratio_cell(self) -> str:
        if self.ratio is None:
            return "-"
        value, is_bound = self.ratio
        return ("> " if is_bound else "") + two_digits(value)


def seconds_text(seconds: float) -> str:
    return f"{seconds:.2g}" if seconds < 0.1 else f"{seconds:.3g}" if seconds < 100 else f"{seconds:.0f}"


def two_digits(ratio: float) -> str:
    """A ratio with the two digits that it deserves, and its thousands marked."""
    return f"{ratio:.2g}" if ratio < 10 else f"{round(ratio, 1 - math.floor(math.log10(ratio))):,.0f}"


def aligned(cells: list[str]) -> str:
    return "  ".join(f"{cell:{side}{width}}" for cell, (_, width, side) in zip(cells, COLUMNS)).rstrip()


def header() -> str:
    line = aligned([name for name, _, _ in COLUMNS])
    return line + "\n" + "-" * len(line)


def summary(outcomes: list[Outcome]) -> list[str]:
    """The sentences under the table: who was right, targets, memory."""
    lines = []
    ours = [o for o in outcomes if o.one is not None]
    if ours:
        wrong = [f"{o.job.name}, {o.job.domain}" for o in ours if not o.is_right]
        right = f"pleat: right on {len(ours) - len(wrong)} of {len(ours)}"
        lines.append(right + "".join(f"; not on {w}" for w in wrong))
        missed = [f"{o.job.name}, {o.job.domain}: {o.met}" for o in ours if o.met != "yes"]
        lines.append(f"targets met: {len(ours) - len(missed)} of {len(ours)}" + "".join(f"; {m}" for m in missed))
        heaviest = max(ours, key=lambda o: o.memory)
        lines.append(
            f"largest memory above that of starting ({heaviest.start_memory:.0f} MiB): {heaviest.memory:.0f} MiB "
            f"({heaviest.job.name}, {heaviest.job.domain})")
    for name in PEER_NAMES:
        runs = [(o.peers[name], o.job.regions) for o in outcomes if name in o.peers]
        if runs:
            right = sum(peer.count == regions for peer, regions in runs)
            wrong = sum(peer.count is not None and peer.count != regions for peer, regions in runs)
            stopped = sum(peer.stopped for peer, _ in runs)
            failed = sum(peer.failure is not None for peer, _ in runs)
            lines.append(
                f"{name}: of {len(runs)}, right {right}, wrong {wrong}, refused or failed {failed}, stopped {stopped}")
    return lines


def markdown(path: Path, outcomes: list[Outcome], notes: list[str], machine: str) -> None:
    lines = [machine, "", "| " + " | ".join(name for name, _, _ in COLUMNS) + " |"]
    lines.append("|" + "|".join("---:" if side == ">" else "---" for _, _, side in COLUMNS) + "|")
    lines += ["| " + " | ".join(outcome.cells()) + " |" for outcome in outcomes]
    lines.append("")
    lines += [f"* {line}" for line in summary(outcomes) + notes]
    path.write_text("\n".join(lines) + "\n")
