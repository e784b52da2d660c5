"""Counts linear regions with `pleat regions` and with its peers, row by row.

Run it with `Benchmarks/bench_regions.sh`, which makes the environment that the networks and the peers need.
Exit codes: 0 all rows were run and ours were right, 1 a count of ours was wrong, 2 bad usage.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from machine import machine

from . import jobs, report, scaling
from .jobs import Job
from .report import PEER_NAMES, Outcome
from .runner import MEBIBYTE, Ours, Peer, launched, run_peer, run_pleat

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "build" / "bench-regions"
QUICK_CAP, CAP, OUR_WALL_LIMIT = 10.0, 60.0, 600.0
# A short count is run again, until so many CPU seconds are spent: one reading is mostly noise, and the least counts.
ENOUGH, REPEATS = 2.0, 20


def main() -> int:
    options = parse()
    FILES.mkdir(parents=True, exist_ok=True)
    try:
        rows = chosen(options)
    except (OSError, KeyError, ValueError) as error:
        print(f"bench-regions: {error}", file=sys.stderr)
        return 2
    if options.list:
        for job in rows:
            print(f"{job.name:24} {job.domain:6} {job.regions:>11,}  {' '.join(job.peers):32} {job.target}")
        return 0
    program = "" if options.peers_only else find_pleat(options.pleat)
    return benchmark(options, program, rows)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench_regions.sh", description="Counts linear regions with `pleat regions` and with its peers.",
        epilog="Example: Benchmarks/bench_regions.sh --quick --only 2-64 --markdown table.md")
    parser.add_argument("--pleat", help="the program to measure (default: $PLEAT, then the project's release build)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the rows whose network contains TEXT")
    parser.add_argument("--quick", action="store_true", help=f"peers are stopped after {QUICK_CAP:g} CPU seconds")
    parser.add_argument("--cap", type=float, metavar="S", help=f"CPU seconds that a peer may use (default {CAP:g})")
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument("--no-peers", action="store_true", help="measure only pleat")
    sides.add_argument("--peers-only", action="store_true", help="measure only the peers")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep the peers' figures as JSON")
    parser.add_argument(
        "--reuse-peers", type=Path, metavar="FILE", help="take the peers' figures from the --record of an earlier run")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table as Markdown")
    parser.add_argument("--cases", type=Path, metavar="DIR", help="the networks of DIR/regions_reference.json instead")
    parser.add_argument("--acas", type=Path, metavar="DIR", help="also ACAS Xu: its .onnx and .vnnlib files below DIR")
    parser.add_argument("--scaling", action="store_true", help="also memory at 10 million regions, and two threads")
    parser.add_argument("--list", action="store_true", help="list the rows and stop")
    options = parser.parse_args()
    for folder in (options.cases, options.acas):
        if folder is not None and not folder.is_dir():
            parser.error(f"there is no folder {folder}")
    if options.reuse_peers is not None and not options.reuse_peers.is_file():
        parser.error(f"there is no file {options.reuse_peers}")
    if options.cap is not None and not 1 <= options.cap <= 86_400:
        parser.error("--cap takes 1 to 86400 seconds")
    if options.cap is None:
        options.cap = QUICK_CAP if options.quick else CAP
    return options


def chosen(options: argparse.Namespace) -> list[Job]:
    rows = jobs.reference(options.cases) if options.cases else jobs.SPEED + jobs.DEGENERATE
    if options.acas:
        rows = rows + jobs.acas(options.acas, FILES)
    rows = [job for job in rows if options.only in job.name]
    if not rows:
        raise ValueError(f"no row contains '{options.only}'; --list shows all rows")
    return rows


def find_pleat(given: str | None) -> str:
    program = given or os.environ.get("PLEAT") or str(ROOT / ".build" / "release" / "pleat")
    if not os.access(program, os.X_OK):
        print(f"bench-regions: there is no program {program}: run `make build`, or say --pleat PATH", file=sys.stderr)
        raise SystemExit(2)
    return os.path.abspath(program)


def benchmark(options: argparse.Namespace, program: str, rows: list[Job]) -> int:
    bench = Bench(options, program)
    print(machine(), flush=True)
    print(report.header(), flush=True)
    outcomes = []
    for job in rows:
        outcomes.append(bench.run(job))
        print(report.aligned(outcomes[-1].cells()), flush=True)
    notes = []
    if options.scaling and program:
        print("\nmemory and threads …", flush=True)
        few, many = (100_000, 1_000_000) if options.quick else (1_000_000, 10_000_000)
        notes += scaling.memory(program, jobs.LARGE, FILES, few, many)
        notes += scaling.threads(program, [job for job in jobs.SPEED if job.name == "5-20-20"] + [jobs.LARGE], FILES)
    notes += bench.notes()
    print()
    for line in report.summary(outcomes) + notes:
        print(line)
    if options.markdown:
        report.markdown(options.markdown, outcomes, notes, machine())
    return 1 if any(outcome.one is not None and not outcome.is_right for outcome in outcomes) else 0


class Bench:
    """Runs jobs, and remembers the peers' figures and the load of the machine."""

    def __init__(self, options: argparse.Namespace, program: str):
        self.options, self.program = options, program
        self.recorded: dict[str, dict] = json.loads(options.reuse_peers.read_text()) if options.reuse_peers else {}
        self.loads: list[float] = []
        self.start_memory = 0.0
        if program:
            _, _, record = launched([program, "--version"], 60)
            self.start_memory = record["memory"] / MEBIBYTE

    def run(self, job: Job) -> Outcome:
        self.loads.append(os.getloadavg()[0])
        network = job.network(FILES)
        one = two = None
        if self.program:
            one, two = self.measure(job, network, 1), self.measure(job, network, 2)
        peers = {}
        if not self.options.no_peers:
            peers = {name: self.peer(name, job, network.with_suffix(".npz")) for name in job.peers}
        return Outcome(job, one, two, self.start_memory, self.options.cap, peers)

    def measure(self, job: Job, network: Path, threads: int) -> Ours:
        def once() -> Ours:
            return run_pleat(self.program, network, [*job.arguments(), "--count-only"], threads, OUR_WALL_LIMIT)

        runs = [once()]
        while runs[0].failure is None and sum(run.cpu for run in runs) < ENOUGH and len(runs) < REPEATS:
            runs.append(once())
        best = (lambda run: run.seconds) if threads == 1 else (lambda run: run.reported)
        return min((run for run in runs if run.failure is None), key=best, default=runs[0])

    def peer(self, name: str, job: Job, network: Path) -> Peer:
        key = f"{name} {job.name} {job.domain} {self.options.cap:g}"
        if key not in self.recorded:
            peer = run_peer(sys.executable, name, network, job.domain, self.options.cap)
            self.recorded[key] = asdict(peer)
            if self.options.record:
                self.options.record.write_text(json.dumps(self.recorded, indent=1) + "\n")
        return Peer(**self.recorded[key])

    def notes(self) -> list[str]:
        """Which peers these were, and how busy the machine was."""
        lines = []
        if not self.options.no_peers:
            names = ", ".join(f"{name} {peer_version(name)}" for name in PEER_NAMES)
            lines.append(f"peers: {names}; each stopped after {self.options.cap:g} s of CPU, or 8 GiB")
        lines.append(f"load average while the rows ran: {min(self.loads):.1f} to {max(self.loads):.1f}")
        if self.options.reuse_peers:
            lines.append("some of the peers' figures are from an earlier run")
        return lines


def peer_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
