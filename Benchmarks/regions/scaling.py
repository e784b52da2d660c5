"""Two questions: does memory grow with the number of regions, and what is a second thread worth?"""

import os
from pathlib import Path

from .jobs import Job
from .report import seconds_text
from .runner import run_pleat

WALL_LIMIT = 1800.0
PAIRS = 3


def memory(program: str, job: Job, folder: Path, few: int, many: int) -> list[str]:
    """Counts and streams the first `few` and the first `many` regions; the streamed file is deleted."""
    network = job.network(folder)
    lines = []
    for what in ("counted", "streamed"):
        peaks = []
        for limit in (few, many):
            arguments = [*job.arguments(), "--max-regions", str(limit)]
            file = folder / "regions.jsonl"
            arguments += (
                ["--count-only"] if what == "counted" else ["--out", str(file), "--detail", "map", "--no-pieces"])
            run = run_pleat(program, network, arguments, 1, WALL_LIMIT)
            size = f", {file.stat().st_size / 1e9:.2f} GB" if file.exists() else ""
            file.unlink(missing_ok=True)
            if run.failure or run.count is None:
                return [*lines, f"{job.name}, {what}: {run.failure}"]
            peaks.append(run.memory)
            lines.append(
                f"{job.name}, {run.count:,} regions {what}: {run.memory:.0f} MiB, "
                f"{seconds_text(run.cpu)} s of CPU{size}")
        lines.append(
            f"{job.name}, {what}: memory {'is flat' if peaks[1] <= peaks[0] + 4 else 'grows'}, "
            f"{peaks[1] - peaks[0]:+.1f} MiB for {many // few} times as many regions")
    return lines


def threads(program: str, jobs: list[Job], folder: Path) -> list[str]:
    """The best of several runs on one and on two threads, taken in turn so that both meet the same load.

    The wall times say what a second thread is worth when the machine has a core for it; the CPU times what dividing the
    work costs, on a busy machine as well.
    """
    lines = []
    for job in jobs:
        network = job.network(folder)
        runs = {1: [], 2: []}
        for _ in range(PAIRS):
            for count, done in runs.items():
                run = run_pleat(program, network, [*job.arguments(), "--count-only"], count, WALL_LIMIT)
                if run.failure is None and run.count == job.regions:
                    done.append(run)
        if not all(runs.values()):
            lines.append(f"{job.name}: no run on one and on two threads with the right count")
            continue
        wall = [min(run.reported for run in done) for done in runs.values()]
        cpu = [min(run.cpu for run in done) for done in runs.values()]
        lines.append(
            f"{job.name}, {job.regions:,} regions: {seconds_text(wall[0])} s on one thread, {seconds_text(wall[1])} s "
            f"on two, {wall[0] / wall[1]:.2f} times as fast, for {100 * (cpu[1] / cpu[0] - 1):+.0f} % of CPU time "
            f"(best of {PAIRS} each; load average {os.getloadavg()[0]:.1f})")
    return lines
