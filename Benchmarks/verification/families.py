"""Runs `pleat verify` over families of instances: solved, wrong, CPU seconds, witnesses, certificates.

Run it with `Benchmarks/verification/run.sh families`. Exit codes: 0 nothing was wrong, 1 a verdict, a witness or a
certificate was, or a run failed; 2 bad usage.
"""

import os
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from machine import machine

from . import options, tables
from .instances import Instance, chosen
from .runner import Bench, Result, Settings, find_data, find_pleat
from .tables import seconds_text, size_text


@dataclass(frozen=True)
class Target:
    """A share of the instances, and for that many instances CPU seconds in all, or at most a median."""

    share: float = 1
    cpu: float | None = None
    size: int = 0
    median: float | None = None

    def missed(self, results: list[tuple[Instance, Result]]) -> list[str]:
        times = [result.cpu for _, result in results]
        lines = []
        if any(is_wrong(*pair) for pair in results):
            lines.append("wrong")
        if solved_count(results) < self.share * len(results):
            lines.append("solved")
        if self.cpu is not None and sum(times) > self.cpu * len(results) / self.size:
            lines.append("CPU s")
        if self.median is not None and statistics.median(times) > self.median:
            lines.append("median")
        return lines

    def __str__(self) -> str:
        parts = ["all" if self.share == 1 else f"≥ {self.share:.0%}"]
        parts += [f"≤ {self.cpu:g} s for {self.size}"] if self.cpu is not None else []
        parts += [f"median ≤ {self.median:g} s"] if self.median is not None else []
        return ", ".join(parts)


TARGETS = {
    "acasxu": Target(cpu=100, size=186),
    "rl_benchmarks": Target(cpu=15, size=296),
    "reach_prob_density": Target(cpu=60, size=36),
    "nn4sys_lindex": Target(cpu=5, size=24),
    "tllverifybench": Target(cpu=60, size=32),
    "linearizenn": Target(cpu=60, size=60),
    "collins_rul_cnn": Target(cpu=60, size=62),
    "safenlp": Target(share=0.99, median=0.1),
    "mnist_fc": Target(share=0.75),
    "cora_mnist": Target(share=0.65, median=2),
    "oval21": Target(share=0.4),
}
HEADER = [
    "family", "instances", "solved", "sat", "unsat", "wrong", "strict", "CPU s", "median", "max", "MiB", "target", "met",
]
PROOF_HEADER = ["proofs", "accepted", "size", "largest", "check s", "check / solve"]


def main() -> int:
    parser = options.parser(
        "families", "Runs `pleat verify` over families of instances.",
        "run.sh families --family acasxu --timeout 60 --certificates")
    options.add_choice(parser, 60)
    parser.add_argument("--certificates", action="store_true", help="also write certificates, and check them")
    parser.add_argument("--no-attack", action="store_true", help="no search for witnesses")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table as Markdown")
    given = parser.parse_args()
    data = find_data(parser.prog, given.data)
    program = find_pleat(parser.prog, given.pleat)
    try:
        instances = chosen(data.instances(), given.family, given.limit, given.sample, given.seed)
    except ValueError as error:
        parser.error(str(error))
    settings = Settings(given.timeout, given.threads, not given.no_attack, given.certificates, given.memory)
    bench = Bench(program, data, settings, given.log)
    header = HEADER + (PROOF_HEADER if given.certificates else [])
    complaints, table, load = [], [], os.getloadavg()[0]
    for family in dict.fromkeys(instance.family for instance in instances):
        results = []
        for instance in instances:
            if instance.family == family:
                results.append((instance, bench.result(instance)))
                progress(len(results), *results[-1])
                complaints += complaints_about(*results[-1])
        table.append(row(family, results, given.certificates))
    notes = [
        machine(f"{given.threads} thread" + "s" * (given.threads > 1)),
        f"at most {given.timeout:g} s of wall time for an instance; load average {load:.1f} at the start",
        "CPU s, median, max: user and system seconds of the whole process, for all instances, solved or not",
        *complaints,
    ]
    print("\n" + tables.text(header, table) + "\n")
    print("\n".join(notes))
    if given.markdown:
        tables.write_markdown(given.markdown, header, table, notes)
    return 1 if complaints else 0


def progress(count: int, instance: Instance, result: Result) -> None:
    print(
        f"{count:4} {result.verdict:8} {seconds_text(result.cpu):>6} s  {instance.short_name} {result.grade}",
        file=sys.stderr, flush=True)


def solved_count(results: list[tuple[Instance, Result]]) -> int:
    return sum(result.verdict in ("sat", "unsat") and not is_wrong(instance, result) for instance, result in results)


def is_wrong(instance: Instance, result: Result) -> bool:
    return {instance.expected, result.verdict} == {"sat", "unsat"}


def complaints_about(instance: Instance, result: Result) -> list[str]:
    lines = []
    if is_wrong(instance, result):
        lines.append(f"WRONG: {result.verdict}, known to be {instance.expected}: {instance.name}")
    if result.grade in ("wrong", "malformed"):
        lines.append(f"WITNESS {result.grade}: {instance.name}")
    if result.verdict == "failed":
        lines.append(f"FAILED: {instance.name}: {result.message}")
    if result.check == "refused":
        lines.append(f"CERTIFICATE refused: {instance.name}: {result.message}")
    return lines


def row(family: str, results: list[tuple[Instance, Result]], certificates: bool) -> list[str]:
    runs = [result for _, result in results]
    times = [result.cpu for result in runs]
    counts = {word: sum(result.verdict == word for result in runs) for word in ("sat", "unsat")}
    strict = sum(result.grade in ("exact", "strict") for result in runs)
    real = sum(result.grade == "real" for result in runs)
    target = TARGETS.get(family)
    missed = target.missed(results) if target else []
    cells = [
        family, str(len(runs)), str(solved_count(results)), str(counts["sat"]), str(counts["unsat"]),
        str(sum(is_wrong(*pair) for pair in results)), f"{strict}" + (f" + {real} real" if real else ""),
        seconds_text(sum(times)), seconds_text(statistics.median(times)), seconds_text(max(times)),
        f"{max(result.memory for result in runs):.0f}", str(target or ""),
        "" if target is None else "no: " + ", ".join(missed) if missed else "yes",
    ]
    return cells + (proof_cells(runs) if certificates else [])


def proof_cells(runs: list[Result]) -> list[str]:
    proofs = [result for result in runs if result.certificate_bytes is not None]
    decided = sum(result.verdict in ("sat", "unsat") for result in runs)
    cells = [f"{len(proofs)} of {decided}", str(sum(result.check == "accepted" for result in proofs))]
    if not proofs:
        return cells + [""] * 4
    sizes = [result.certificate_bytes for result in proofs]
    check = sum(result.check_cpu for result in proofs)
    ratio = check / max(1e-9, sum(result.cpu for result in proofs))
    return cells + [size_text(statistics.median(sizes)), size_text(max(sizes)), seconds_text(check), f"{ratio:.2f}"]


if __name__ == "__main__":
    sys.exit(main())
