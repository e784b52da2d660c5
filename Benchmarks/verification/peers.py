"""Runs pleat and two other verifiers, nnenum and vibecheck, on the same instances in one run, one thread or process each.

Run it with `Benchmarks/verification/run.sh peers`. The peers are not part of the project and not installed by it: a peer
that is not given is left out. Exit codes: 0 pleat was not wrong, 1 it was, 2 bad usage.
"""

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from machine import machine
from regions.runner import MEBIBYTE, launched

from . import options, tables
from .families import is_wrong
from .instances import Data, Instance
from .runner import GRACE, Bench, Result, Settings, find_data, find_pleat, verdict
from .tables import seconds_text

NNENUM_WORDS = {"holds": "unsat", "violated": "sat", "timeout": "timeout"}
ACAS = [
    ("1_1", 3, "unsat"), ("1_1", 1, "unsat"), ("2_9", 1, "unsat"), ("4_2", 2, "unsat"), ("3_3", 2, "unsat"),
    ("1_1", 5, "unsat"), ("1_1", 6, "unsat"), ("3_3", 9, "unsat"), ("4_5", 10, "unsat"), ("1_9", 7, "sat"),
    ("2_9", 8, "sat"), ("5_3", 2, "sat"), ("2_1", 2, "sat"), ("1_7", 3, "sat"),
]
OTHERS = ["reach_prob_density", "rl_benchmarks", "safenlp", "linearizenn", "tllverifybench", "mnist_fc"]


@dataclass(frozen=True)
class Peers:
    """How the peers are started; None for one that is not there."""

    nnenum: Path | None
    nnenum_python: str
    vibecheck: str | None

    def names(self) -> list[str]:
        return [name for name, given in (("nnenum", self.nnenum), ("vibecheck", self.vibecheck)) if given]

    def run(self, name: str, data: Data, instance: Instance, cap: float) -> Result:
        network, query = data.arguments(instance)
        with tempfile.TemporaryDirectory() as folder:
            if name == "nnenum":
                answer = Path(folder) / "answer.txt"
                # The last argument is the number of processes.
                command = [
                    "/usr/bin/env", f"PYTHONPATH={self.nnenum}/src", self.nnenum_python, "-m", "nnenum.nnenum", network,
                    query, f"{cap:g}", str(answer), "1"]
                text, _, record = launched(command, cap + GRACE)
                text = answer.read_text() if answer.exists() else ""
                word = NNENUM_WORDS.get(text.strip(), "failed")
            else:
                command = [self.vibecheck, "verify", query, "--network", f"N={network}", "--timeout", f"{cap:g}"]
                text, _, record = launched(command, cap + GRACE)
                word = verdict(text, {**record, "code": 0})
            word = "timeout" if record["killed"] else word
            return Result(word, record["cpu"], record["wall"], record["memory"] / MEBIBYTE)


def main() -> int:
    parser = options.parser(
        "peers", "Runs pleat beside nnenum and vibecheck.",
        "run.sh peers --nnenum checkouts/nnenum --vibecheck venv/bin/vibecheck")
    parser.add_argument("--nnenum", type=Path, metavar="FOLDER", help="a checkout of nnenum (default: $NNENUM)")
    parser.add_argument(
        "--nnenum-python", metavar="PATH", help="a Python with what nnenum imports (default: $NNENUM_PYTHON, python3)")
    parser.add_argument("--vibecheck", metavar="PATH", help="the program vibecheck (default: $VIBECHECK)")
    parser.add_argument("--timeout", type=options.seconds, default=300, metavar="S", help="wall seconds (default 300)")
    parser.add_argument("--others", type=int, default=1, metavar="N", help="of each other family (default 1)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows whose name contains TEXT")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table as Markdown")
    given = parser.parse_args()
    data = find_data(parser.prog, given.data)
    program = find_pleat(parser.prog, given.pleat)
    folder = given.nnenum or (Path(os.environ["NNENUM"]) if os.environ.get("NNENUM") else None)
    peers = Peers(
        folder.resolve() if folder else None, given.nnenum_python or os.environ.get("NNENUM_PYTHON", "python3"),
        given.vibecheck or os.environ.get("VIBECHECK"))
    instances = [item for item in rows_of(data, given.others) if given.only in item.short_name]
    missing = [item.short_name for item in instances if not present(data, item)]
    instances = [item for item in instances if present(data, item)]
    return compare(given, data, program, peers, instances, missing)


def rows_of(data: Data, others: int) -> list[Instance]:
    chosen = [
        Instance(
            "acasxu", (("", f"onnx/ACASXU_run2a_{net}_batch_2000.onnx"),), f"vnnlib/prop_{number}.vnnlib", 116, expected)
        for net, number, expected in ACAS
    ]
    listed = data.instances()
    for family in OTHERS:
        members = [item for item in listed if item.family == family and item.expected in ("sat", "unsat")]
        if members and others:
            chosen += members[len(members) // (2 * others)::max(1, len(members) // others)][:others]
    return chosen


def present(data: Data, instance: Instance) -> bool:
    try:
        data.arguments(instance)
    except FileNotFoundError:
        return False
    return True


def compare(given, data: Data, program: str, peers: Peers, instances: list[Instance], missing: list[str]) -> int:
    names = ["pleat", *peers.names()]
    totals = dict.fromkeys(names, 0.0)
    solved = dict.fromkeys(names, 0)
    table, wrong, best_sum, ours_sum, load = [], 0, 0.0, 0.0, os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(program, data, Settings(given.timeout, threads=1), Path(folder) / "log.jsonl")
        for instance in instances:
            results = {"pleat": bench.run(instance)}
            results |= {name: peers.run(name, data, instance, given.timeout) for name in peers.names()}
            wrong += is_wrong(instance, results["pleat"]) or results["pleat"].grade in ("wrong", "malformed")
            cells = [instance.short_name.replace("_batch_2000", "").replace("ACASXU_run2a_", ""), instance.expected]
            for name, result in results.items():
                totals[name] += result.cpu
                solved[name] += result.verdict in ("sat", "unsat")
                mark = "" if result.verdict == instance.expected else f" {result.verdict}"
                mark += " WRONG" if is_wrong(instance, result) else ""
                cells.append(f"{seconds_text(result.cpu)}{mark}")
            right = [results[name].cpu for name in peers.names() if results[name].verdict == instance.expected]
            is_ratio = bool(right) and results["pleat"].verdict == instance.expected
            cells.append(f"{min(right) / results['pleat'].cpu:.1f}" if is_ratio else "-")
            if right:
                best_sum += min(right)
                ours_sum += results["pleat"].cpu
            cells.append(f"{max(result.memory for result in results.values()):.0f}")
            table.append(cells)
            print("  ".join(cells), file=sys.stderr, flush=True)
    header = ["instance", "expected", *(f"{name}, CPU s" for name in names), "best peer / pleat", "largest MiB"]
    notes = [
        machine("one thread or process for each program"),
        f"stopped after {given.timeout:g} s of wall time; load average {load:.1f} at the start",
        "solved and CPU s in all: "
        + "; ".join(f"{name} {solved[name]} of {len(instances)}, {seconds_text(totals[name])} s" for name in names),
        f"where a peer is right: best peer {seconds_text(best_sum)} s, pleat {seconds_text(ours_sum)} s",
        *([f"not in the data: {', '.join(missing)}"] if missing else []),
    ]
    print("\n" + tables.text(header, table) + "\n")
    print("\n".join(notes))
    if given.markdown:
        tables.write_markdown(given.markdown, header, table, notes)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
