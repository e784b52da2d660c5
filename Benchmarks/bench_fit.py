#!/usr/bin/env python3
"""Times `pleat fit` beside its peers, row by row; or runs it on reference cases and says which it meets.

Needs only the standard library: the peers run in an environment of their own, which `bench_fit.sh` makes.
Exit codes: 0 all rows were run (cases: all rows met), 1 a case failed, 2 bad usage.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from fit import cases, report
from fit.data import Dataset, NoSuchData, load
from fit.jobs import QUALITY, SPEED, Job
from fit.report import Outcome
from fit.runner import Ours, Peer, network_loss, run_peer, run_pleat
from machine import machine

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "Examples"
QUICK_CAP, CAP, OUR_WALL_LIMIT = 20.0, 120.0, 300.0
# A short search is run again, since one reading is then mostly noise; the least of the readings counts.
SHORT, REPEATS = 0.5, 5


def main() -> int:
    options = parse()
    if options.list:
        for job in SPEED + QUALITY:
            print(f"{job.name:28} {job.data:22} {job.peer:14} {job.target}")
        return 0
    program = "" if options.peers_only else find_pleat(options.pleat)
    if options.cases:
        return cases.run(program, options.cases, options.only)
    return benchmark(options, program)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Times `pleat fit` beside its peers, or runs it on reference cases (--cases).",
        epilog="Example: Benchmarks/bench_fit.sh --quick --only 'D=100' --markdown table.md")
    parser.add_argument("--pleat", help="the program to measure (default: $PLEAT, then the project's release build)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="take data sets from DIR where it has NAME.csv")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the rows whose name or data set contains TEXT")
    parser.add_argument("--quick", action="store_true", help=f"peers are stopped after {QUICK_CAP:g} CPU seconds")
    parser.add_argument("--cap", type=float, metavar="S", help=f"CPU seconds that a peer may use (default {CAP:g})")
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument("--no-peers", action="store_true", help="measure only pleat")
    sides.add_argument("--peers-only", action="store_true", help="measure only the peers")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep the peers' figures as JSON")
    parser.add_argument(
        "--reuse-peers", type=Path, metavar="FILE", help="take the peers' figures from the --record of an earlier run")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table as Markdown")
    parser.add_argument("--list", action="store_true", help="list the rows and stop")
    sides.add_argument("--cases", type=Path, metavar="DIR", help="run the reference cases of DIR instead")
    options = parser.parse_args()
    for folder in [options.data, options.cases]:
        if folder is not None and not folder.is_dir():
            parser.error(f"there is no folder {folder}")
    if options.reuse_peers is not None and not options.reuse_peers.is_file():
        parser.error(f"there is no file {options.reuse_peers}")
    if options.cap is not None and not 1 <= options.cap <= 86_400:
        parser.error("--cap takes 1 to 86400 seconds")
    if options.cap is None:
        options.cap = QUICK_CAP if options.quick else CAP
    return options


def find_pleat(given: str | None) -> str:
    program = given or os.environ.get("PLEAT") or str(ROOT / ".build" / "release" / "pleat")
    if not os.access(program, os.X_OK):
        print(f"bench-fit: there is no program {program}: run `make build`, or say --pleat PATH", file=sys.stderr)
        raise SystemExit(2)
    return program


def benchmark(options: argparse.Namespace, program: str) -> int:
    jobs = [job for job in SPEED + QUALITY if options.only in job.name or options.only in job.data]
    if not jobs:
        print(f"bench-fit: no row contains '{options.only}'; --list shows all rows", file=sys.stderr)
        return 2
    bench = Bench(options, program)
    print(machine("one thread used"), flush=True)
    print(report.header(), flush=True)
    outcomes = []
    for job in jobs:
        try:
            outcomes.append(bench.run(job))
        except NoSuchData as error:
            print(f"bench-fit: {error}", file=sys.stderr)
            return 2
        print(report.aligned(outcomes[-1].cells()), flush=True)
    print()
    for line in report.summary(outcomes) + bench.notes():
        print(line)
    if options.markdown:
        report.write_markdown(options.markdown, outcomes, bench.notes(), machine("one thread used"))
    return 0


class Bench:
    """Runs jobs and remembers what was run: two rows may share one run of ours."""

    def __init__(self, options: argparse.Namespace, program: str):
        self.options, self.program = options, program
        self.ours: dict[tuple, Ours] = {}
        self.origins: dict[str, str] = {}
        self.versions: set[str] = set()
        self.recorded: dict[str, dict] = json.loads(options.reuse_peers.read_text()) if options.reuse_peers else {}

    def run(self, job: Job) -> Outcome:
        dataset = load(job.data, self.options.data, EXAMPLES)
        self.origins[job.data] = dataset.origin
        ours = peer = mismatch = None
        if not self.options.peers_only:
            key = (job.data, *job.arguments())
            if key not in self.ours:
                self.ours[key] = self.measure(job, dataset.write(ROOT / "build" / "bench-data"))
            ours = self.ours[key]
            for document in ours.documents:
                loss = network_loss(dataset, document, job.loss)
                if abs(loss - document["loss"]) > 1e-6 * max(loss, document["loss"]) + 1e-9:
                    mismatch = f"the network's loss is {loss:.9g}, the report says {document['loss']:.9g}"
        if not self.options.no_peers:
            peer = self.peer(job, dataset)
        return Outcome(job, ours, peer, self.options.cap, mismatch)

    def measure(self, job: Job, file: Path) -> Ours:
        runs = [run_pleat(self.program, file, job.arguments(), OUR_WALL_LIMIT)]
        while runs[0].documents and runs[0].process_seconds < SHORT and len(runs) < REPEATS:
            runs.append(run_pleat(self.program, file, job.arguments(), OUR_WALL_LIMIT))
        return min((run for run in runs if run.documents), key=lambda run: run.search_seconds, default=runs[0])

    def peer(self, job: Job, dataset: Dataset) -> Peer:
        key = f"{job.peer} {job.data} {dataset.digest()} {job.widths} {self.options.cap:g}"
        if key not in self.recorded:
            python = ROOT / "build" / "bench-venv" / "bin" / "python"
            if not python.exists():
                print("bench-fit: the peers are not installed: run Benchmarks/bench_fit.sh", file=sys.stderr)
                raise SystemExit(2)
            peer = run_peer(python, job.peer, dataset, list(job.widths), self.options.cap)
            self.recorded[key] = asdict(peer)
            if self.options.record:
                self.options.record.write_text(json.dumps(self.recorded, indent=1) + "\n")
        peer = Peer(**self.recorded[key])
        self.versions |= {peer.version} - {""}
        return peer

    def notes(self) -> list[str]:
        """Where the data come from, and which peers these were."""
        by_origin: dict[str, list[str]] = {}
        for name, origin in self.origins.items():
            by_origin.setdefault(origin, []).append(name)
        lines = [f"data {origin}: {', '.join(names)}" for origin, names in by_origin.items()]
        if self.versions:
            lines.append(f"peers: {', '.join(sorted(self.versions))}; stopped after {self.options.cap:g} CPU s")
        if self.options.reuse_peers:
            lines.append("some of the peers' figures are from an earlier run")
        return lines


if __name__ == "__main__":
    sys.exit(main())
