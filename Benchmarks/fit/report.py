"""The table: one line a job, aligned for a terminal and as Markdown."""

import math
from dataclasses import dataclass
from pathlib import Path

from fit.jobs import PEER_NAMES, Job
from fit.runner import Ours, Peer

# A larger loss than ours by more than this share counts as a miss.
MISS = 1e-4
MEMORY_LIMIT = 1024.0  # MiB

COLUMNS = [
    ("job", 26, "<"), ("peer", 18, "<"), ("peer s", 8, ">"), ("peer's loss", 20, ">"), ("search s", 9, ">"),
    ("check s", 8, ">"), ("process s", 9, ">"), ("ratio", 8, ">"), ("loss", 14, ">"), ("certified", 9, "<"),
    ("MiB", 6, ">"), ("target", 16, "<"), ("met", 7, "<"),
]


@dataclass(frozen=True)
class Outcome:
    """A job with what both sides did; `ours` or `peer` is missing when that side was not run."""

    job: Job
    ours: Ours | None
    peer: Peer | None
    cap: float
    mismatch: str | None = None  # the network in the report does not have the loss that the report claims

    @property
    def has_ours(self) -> bool:
        return self.ours is not None and bool(self.ours.documents)

    @property
    def ratio(self) -> float | None:
        """The peer's seconds over our search seconds; a lower bound when the cap stopped the peer."""
        if self.peer is None or self.peer.failure or not self.has_ours:
            return None
        seconds = self.cap if self.peer.stopped else self.peer.seconds
        return seconds / max(self.ours.search_seconds, 1e-6)

    @property
    def excesses(self) -> list[float]:
        """By what share each of the peer's losses is above ours (positive: the peer is worse)."""
        if self.peer is None or not self.has_ours:
            return []
        pairs = zip(self.peer.losses, self.ours.losses)
        return [(theirs - own) / max(abs(own), 1e-9) for theirs, own in pairs if theirs is not None]

    @property
    def met(self) -> str:
        """yes, no, ? when the peer is missing or its cap was too low to tell, - when we were not run."""
        if self.ours is None:
            return "-"
        if not self.has_ours or not self.ours.certified or self.mismatch or self.ours.memory > MEMORY_LIMIT:
            return "no"
        if min(self.excesses, default=0) < -1e-7:
            return "no"
        if self.job.seconds_at_most is not None and self.ours.search_seconds > self.job.seconds_at_most:
            return "no"
        if self.job.ratio_at_least is not None:
            if self.ratio is None or (self.peer.stopped and self.ratio < self.job.ratio_at_least):
                return "?"
            if self.ratio < self.job.ratio_at_least:
                return "no"
        return "?" if self.job.quality and not self.excesses else "yes"

    def cells(self) -> list[str]:
        job = self.job
        return [job.name, PEER_NAMES[job.peer], *self.peer_cells(), *self.our_cells(), job.target, self.met]

    def peer_cells(self) -> list[str]:
        peer = self.peer
        if peer is None:
            return ["-", "-"]
        if peer.failure:
            return ["failed", peer.failure]
        return [f"> {self.cap:g}" if peer.stopped else seconds_text(peer.seconds), self.peer_loss()]

    def peer_loss(self) -> str:
        known = [loss for loss in self.peer.losses if loss is not None]
        if not known:
            return "none"
        if not self.excesses:
            return f"{known[-1]:.7g}"
        if len(self.excesses) > 1:
            missed = sum(excess > MISS for excess in self.excesses)
            return f"misses {missed} of {len(self.excesses)}, {percent(max(self.excesses))}"
        return f"{known[-1]:.5g} ({percent(self.excesses[0])})"

    def our_cells(self) -> list[str]:
        ours = self.ours
        if ours is None:
            return ["-"] * 7
        if ours.failure:
            return ["failed", "-", seconds_text(ours.process_seconds), "-", "-", "no", f"{ours.memory:.0f}"]
        ratio = "-"
        if self.ratio is not None:
            ratio = ("> " if self.peer.stopped else "") + two_digits(self.ratio)
        times = [ours.search_seconds, ours.check_seconds, ours.process_seconds]
        certified = "yes" if ours.certified else "no"
        return [*map(seconds_text, times), ratio, f"{ours.losses[-1]:.7g}", certified, f"{ours.memory:.0f}"]


def seconds_text(seconds: float) -> str:
    return f"{seconds:.2g}" if seconds < 0.1 else f"{seconds:.3g}" if seconds < 100 else f"{seconds:.0f}"


def two_digits(ratio: float) -> str:
    """A ratio with the two digits that it deserves, and its thousands marked."""
    return f"{ratio:.2g}" if ratio < 10 else f"{round(ratio, 1 - math.floor(math.log10(ratio))):,.0f}"


def percent(share: float) -> str:
    """A share in per cent; what is within the tolerance of the peers' arithmetic is called equal."""
    if abs(share) <= 1e-6:
        return "equal"
    return f"{100 * share:+.0f} %" if abs(share) >= 1 else f"{100 * share:+.2g} %"


def aligned(cells: list[str]) -> str:
    return "  ".join(f"{cell:{side}{width}}" for cell, (_, width, side) in zip(cells, COLUMNS)).rstrip()


def header() -> str:
    line = aligned([name for name, _, _ in COLUMNS])
    return line + "\n" + "-" * len(line)


def summary(outcomes: list[Outcome]) -> list[str]:
    """The sentences under the table: targets, misses of each peer, memory, checking."""
    done = [outcome for outcome in outcomes if outcome.has_ours]
    if not done:
        return []
    lines = [
        f"targets met: {sum(o.met == 'yes' for o in outcomes)} of {len(outcomes)}"
        + "".join(f"; {o.job.name}: {o.met}" for o in outcomes if o.met != "yes"),
        f"certified optimal: {sum(o.ours.certified for o in done)} of {len(outcomes)}",
    ]
    tried = [o for o in outcomes if o.job.peer == "sklearn" and o.excesses]
    if tried:
        missed = sum(excess > MISS for o in tried for excess in o.excesses)
        worst = max(excess for o in tried for excess in o.excesses)
        lines.append(
            f"scikit-learn's best of 100 restarts misses the optimum on {missed} of {len(tried)} "
            f"({100 * missed / len(tried):.0f} %)" + (f", by up to {percent(worst)}" if missed else ""))
    heaviest = max(done, key=lambda o: o.ours.memory)
    lines.append(f"largest memory: {heaviest.ours.memory:.0f} MiB ({heaviest.job.name})")
    runs = {o.job.name: o.ours for o in done}
    costly = [name for name, ours in runs.items() if not ours.checking_is_cheaper]
    lines.append(
        f"checking took less than searching on {len(runs) - len(costly)} of {len(runs)}"
        + "".join(f"; not on {name}" for name in costly))
    lines += [f"{o.job.name}: {o.mismatch}" for o in done if o.mismatch]
    lines += [f"{o.job.name}: {o.ours.failure}" for o in outcomes if o.ours is not None and o.ours.failure]
    return lines


def write_markdown(path: Path, outcomes: list[Outcome], origins: list[str], machine: str) -> None:
    lines = [machine, ""]
    lines.append("| " + " | ".join(name for name, _, _ in COLUMNS) + " |")
    lines.append("|" + "|".join("---:" if side == ">" else "---" for _, _, side in COLUMNS) + "|")
    lines += ["| " + " | ".join(outcome.cells()) + " |" for outcome in outcomes]
    lines.append("")
    lines += [f"* {line}" for line in summary(outcomes) + origins]
    path.write_text("\n".join(lines) + "\n")
