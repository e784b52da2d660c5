"""Makes networks from piecewise-linear functions with `pleat` and with its peer, and prints what it took.

Run it with `Benchmarks/bench_synthesis.sh`. Exit codes: 0 all rows were run and proved, 1 a network of ours was not the
function or the proof did not end in time, 2 bad usage.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from machine import machine
from regions.runner import launched, reason

from .functions import DECOMPOSITIONS, SYNTHESES, Decomposition, Synthesis, published_bound
from .table import Table, at_most, difference, seconds

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "build" / "bench-synthesis"
CAP = 120.0
# A check that ends at once: what remains is start, reading, decomposition, network.
AT_ONCE = "0.000001"
# A short run is repeated until so many CPU seconds are spent; the least counts.
ENOUGH, REPEATS = 2.0, 10


def main() -> int:
    options = parse()
    FILES.mkdir(parents=True, exist_ok=True)
    bench = Bench(options)
    print(machine("one thread") + f"; load average {os.getloadavg()[0]:.1f}", flush=True)
    tables = [bench.decompositions(), bench.syntheses()]
    notes = bench.notes()
    print("\n" + "\n".join(notes))
    if options.markdown:
        blocks = [table.markdown() for table in tables] + ["\n".join(f"* {note}" for note in notes)]
        options.markdown.write_text("\n\n".join(blocks) + "\n")
    return 0 if bench.is_proved else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench_synthesis.sh", description="Makes networks from piecewise-linear functions, and proves them equal.")
    parser.add_argument("--pleat", help="the program to measure (default: $PLEAT, then the project's release build)")
    parser.add_argument(
        "--peer", type=Path, metavar="DIR", help="a copy of kjason/CPWL2ReLUNetwork; without, the peer is not run")
    parser.add_argument(
        "--peer-python", default=sys.executable, metavar="PROGRAM",
        help="a Python with PyTorch and SciPy (default: this one)")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep the peer's figures as JSON")
    parser.add_argument(
        "--reuse-peers", type=Path, metavar="FILE", help="take the peer's figures from the --record of an earlier run")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the rows whose name contains TEXT")
    parser.add_argument(
        "--cap", type=float, default=CAP, metavar="S",
        help=f"seconds that a proof or the peer may take (default {CAP:g})")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables as Markdown")
    options = parser.parse_args()
    if options.peer is not None and not (options.peer / "relu_net.py").is_file():
        parser.error(f"there is no relu_net.py in {options.peer}")
    if options.reuse_peers is not None and not options.reuse_peers.is_file():
        parser.error(f"there is no file {options.reuse_peers}")
    if not 1 <= options.cap <= 86_400:
        parser.error("--cap takes 1 to 86400 seconds")
    options.pleat = options.pleat or os.environ.get("PLEAT") or str(ROOT / ".build" / "release" / "pleat")
    if not os.access(options.pleat, os.X_OK):
        parser.error(f"there is no program {options.pleat}: run `make build`, or say --pleat PATH")
    return options


class Bench:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.is_proved = True
        self.targets: list[tuple[str, bool]] = []
        reuse = options.reuse_peers
        self.peers: dict[str, dict | str] = json.loads(reuse.read_text()) if reuse else {}

    def decompositions(self) -> Table:
        table = Table(["function", "terms", "arguments", "CPU s", "proof CPU s", "pieces", "target", "met"])
        for job in self.chosen(DECOMPOSITIONS):
            path = job.write(FILES)
            document, cpu = self.best(["decompose", path], stopped=True)
            arities = document["decomposition"][0]["arities"]
            proved, whole = self.pleat(["decompose", path], stopped=False)
            table.add([
                job.name, f"{sum(arities)}", f"{len(arities)}", seconds(cpu), self.proof(proved["proof"], whole),
                f"{proved['proof']['pieces']:,}", *self.target(job, cpu)])
        return table

    def syntheses(self) -> Table:
        table = Table([
            "function", "regions", "laws", "goal", "layers", "units", "published bound", "CPU s", "with proof s",
            "pieces", "float64 differs", "with that s", "peer units", "peer layers", "peer CPU s", "peer differs", "target",
            "met"])
        for job in self.chosen(SYNTHESES):
            path = job.write(FILES)
            command = ["synthesize", path, "--goal", job.goal, "--out"]
            exact, rounded = [*command, FILES / "network.json"], [*command, FILES / "network.onnx"]
            # Stopped, it has made the network of the signed maxima only, which the fewest layers have.
            made = seconds(self.best(exact, stopped=True)[1]) if job.goal == "depth" else ""
            document, whole = self.best(exact, stopped=False)
            network = next(candidate for candidate in document["candidates"] if candidate["chosen"])
            check = document["check"]
            proof = self.proof(check, whole)
            bound = published_bound(document["affine_functions"], document["cells"])
            float64, with_float64 = self.pleat(rounded, stopped=False)
            table.add([
                job.name, f"{document['cells']}", f"{document['affine_functions']}", job.goal,
                f"{network['hidden_layers']}", f"{network['units']:,}", f"{bound:,}", made, proof,
                f"{check['pieces']:,}", self.rounding(float64["check"]), seconds(with_float64), *self.peer(path),
                *self.target(job, whole)])
        return table

    def chosen(self, jobs: list) -> list:
        return [job for job in jobs if self.options.only in job.name]

    def target(self, job: Decomposition | Synthesis, cpu: float) -> list[str]:
        if job.target is None:
            return ["", ""]
        self.targets.append((job.name, cpu <= job.target))
        return [f"≤ {job.target:g} s", "yes" if cpu <= job.target else "no"]

    def proof(self, proof: dict, cpu: float) -> str:
        if proof["complete"] and not proof["equal"]:
            self.is_proved = False
            return "WRONG"
        if not proof["complete"]:
            self.is_proved = False
            return f"> {cpu:.0f}"
        return seconds(cpu)

    @staticmethod
    def rounding(check: dict) -> str:
        return at_most(check["bound"]) if check["complete"] else "stopped"

    def best(self, command: list, stopped: bool) -> tuple[dict, float]:
        """The answer, and the least CPU seconds of some runs."""
        runs = [self.pleat(command, stopped)]
        while sum(cpu for _, cpu in runs) < ENOUGH and len(runs) < REPEATS:
            runs.append(self.pleat(command, stopped))
        return min(runs, key=lambda run: run[1])

    def pleat(self, command: list, stopped: bool) -> tuple[dict, float]:
        """The answer and the CPU seconds, user and system, of the whole process on one thread."""
        limit = AT_ONCE if stopped else f"{self.options.cap:g}"
        arguments = [*map(str, command), "--json", "--quiet", "--threads", "1", "--time-limit", limit]
        text, message, record = launched([self.options.pleat, *arguments], 100 * self.options.cap)
        try:
            return json.loads(text), record["cpu"]
        except ValueError:
            print(f"bench-synthesis: pleat {' '.join(arguments)}\n{message or text}", file=sys.stderr)
            raise SystemExit(1) from None

    def peer(self, path: Path) -> list[str]:
        if path.name not in self.peers:
            if self.options.peer is None:
                return ["not available", "", "", ""]
            script = str(Path(__file__).resolve().parent / "peer.py")
            command = [self.options.peer_python, "-B", script, str(self.options.peer), str(path), str(self.options.cap)]
            text, message, record = launched(command, 10 * self.options.cap + 60, 8 << 30)
            stopped = record["killed"] or record["code"] < 0
            self.peers[path.name] = json.loads(text) if record["code"] == 0 else "stopped" if stopped else reason(
                message, record["code"])
            if self.options.record:
                self.options.record.write_text(json.dumps(self.peers, indent=1) + "\n")
        answer = self.peers[path.name]
        if isinstance(answer, str):
            return [answer, "", "", ""]
        wrong = " WRONG" if answer["difference"] > 1e-6 else ""
        return [
            f"{answer['units']:,}", f"{answer['layers']}", seconds(answer["seconds"]),
            difference(answer["difference"]) + wrong]

    def notes(self) -> list[str]:
        lines = []
        if self.targets:
            missed = "".join(f"; not {name}" for name, is_met in self.targets if not is_met)
            lines.append(f"targets met: {sum(is_met for _, is_met in self.targets)} of {len(self.targets)}{missed}")
        if self.options.reuse_peers:
            lines.append("some of the peer's figures are from an earlier run")
        lines.append(f"a proof or the peer is stopped after {self.options.cap:g} s")
        lines.append(f"load average at the end: {os.getloadavg()[0]:.1f}")
        return lines


if __name__ == "__main__":
    sys.exit(main())
