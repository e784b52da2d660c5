"""Kernel matrices by `bench-spectrum` (ours), neural-tangents and numpy, one after the other, with errors.

Run it with `Benchmarks/bench_spectrum.sh`, which makes the environment. Exit codes: 0 all rows were run and our targets were
met, 1 one was missed, 2 bad usage.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from machine import machine

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "build" / "bench-spectrum"

# job, rows, columns, peers, the factor in CPU time and in memory that we promise over neural-tangents (None: no promise).
JOBS = [
    ("tanh:1", 1000, 784, ("neural-tangents", "numpy"), 40.0, 50.0),
    ("tanh:3", 1000, 784, ("neural-tangents",), None, None),
    ("relu:1", 1000, 784, ("neural-tangents", "numpy"), None, None),
    ("relu:1", 4000, 784, ("neural-tangents", "numpy"), 1.0, None),
    ("relu:3", 4000, 784, ("neural-tangents", "numpy"), None, None),
    ("empirical:relu:1024", 300, 784, ("neural-tangents", "numpy"), 30.0, None),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_spectrum.sh", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="only the jobs whose name contains TEXT")
    parser.add_argument("--no-peers", action="store_true", help="measure only ours")
    options = parser.parse_args()
    program = os.environ.get("BENCH_SPECTRUM", "")
    if not program:
        print("bench-spectrum: BENCH_SPECTRUM must name the program", file=sys.stderr)
        return 2
    FILES.mkdir(parents=True, exist_ok=True)
    print(f"{machine('one thread each')}\nCPU seconds, the best of three calls; peak memory of the process in MB; largest error "
          "over 12 entries\n")
    print(f"{'kernel':24}{'rows':>6}  {'by':16}{'seconds':>10}{'memory':>9}{'error':>10}   factor")
    missed = 0
    for job, count, columns, peers, speed, memory in JOBS:
        if options.only not in job:
            continue
        source = rows_file(count, columns)
        ours = run([program, job, str(source)], "ours")
        show(job, count, "pleat", ours, source, "")
        for peer in () if options.no_peers else peers:
            theirs = run([sys.executable, "-m", "spectrum.peers", peer, job, str(source)], peer)
            if theirs is None:
                print(f"{job:24}{count:6}  {peer:16}    failed")
                continue
            faster = theirs["seconds"] / ours["seconds"]
            smaller = theirs["megabytes"] / ours["megabytes"]
            verdict = f"{faster:.1f}x time, {smaller:.1f}x memory"
            if peer == "neural-tangents" and speed is not None:
                met = faster >= speed and (memory is None or smaller >= memory)
                missed += not met
                promise = f"{speed:g}x" + (f", {memory:g}x memory" if memory else "")
                verdict += f"  [{'met' if met else 'MISSED'}: {promise}]"
            show(job, count, peer, theirs, source, verdict)
    return 1 if missed else 0


def rows_file(count: int, columns: int) -> Path:
    """Non-negative sparse rows, like images; the same on every machine."""
    path = FILES / f"rows-{count}-{columns}.npy"
    if not path.exists():
        source = np.random.Generator(np.random.PCG64(7))
        np.save(path, np.maximum(source.standard_normal((count, columns)) + 0.3, 0))
    return path


def run(command: list, name: str):
    target = FILES / f"kernel-{name}.npy"
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    flags = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1", "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([*command, str(target)], capture_output=True, text=True, env=os.environ | threads | flags)
    if done.returncode != 0:
        print(done.stderr.strip()[-400:], file=sys.stderr)
        return None
    result = json.loads(done.stdout.strip().splitlines()[-1])
    result["kernel"] = np.load(target)
    return result


def show(job: str, count: int, name: str, result: dict, source: Path, verdict: str) -> None:
    error = largest_error(job, result["kernel"], source)
    text = "" if error is None else f"{error:.0e}"
    print(f"{job:24}{count:6}  {name:16}{result['seconds']:10.4f}{result['megabytes']:9.0f}{text:>10}   {verdict}", flush=True)


def largest_error(job: str, kernel: np.ndarray, source: Path):
    """Against a product of two trapezoidal rules, or the closed form with angles from chords; nil for random networks."""
    parts = job.split(":")
    if parts[0] == "empirical":
        return None
    rows = np.load(source)[:200]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    pairs = [(i, (7 * i) % 13) for i in range(12)]
    return max(abs(kernel[i, j] - exact(parts[0], int(parts[1]), rows[i], rows[j])) for i, j in pairs)


def exact(name: str, depth: int, x: np.ndarray, y: np.ndarray) -> float:
    angle = 2 * np.arctan2(np.linalg.norm(x - y), np.linalg.norm(x + y))
    q, covariance = 1.0, np.cos(angle)
    tangent = covariance
    for _ in range(depth):
        value, slope = dual(name, q, covariance)
        tangent = value + slope * tangent
        q, covariance = dual(name, q, q)[0], value
    return tangent


def dual(name: str, q: float, covariance: float):
    if name == "relu":
        angle = np.arccos(min(covariance / q, 1)) if covariance < q else 0.0
        return (q * (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / (2 * np.pi), (np.pi - angle) / (2 * np.pi))
    nodes = np.arange(-240, 241) * 0.05
    weights = 0.05 * np.exp(-nodes**2 / 2) / np.sqrt(2 * np.pi)
    rho = min(covariance / q, 1.0)
    u = np.tanh(np.sqrt(q) * nodes)[:, None]
    v = np.tanh(np.sqrt(q) * (rho * nodes[:, None] + np.sqrt(1 - rho * rho) * nodes[None, :]))
    w = weights[:, None] * weights[None, :]
    return (w * u * v).sum(), (w * (1 - u * u) * (1 - v * v)).sum()


sys.exit(main())
