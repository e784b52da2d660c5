"""Runs `pleat fit` and the peers as processes, and reads what they answer and what they used."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from fit.data import Dataset

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Ours:
    """One run of `pleat fit`: the documents it printed (one a width), or why there are none."""

    documents: list[dict] = field(default_factory=list)
    failure: str | None = None
    process_seconds: float = 0  # CPU user seconds of the whole process
    memory: float = 0  # peak resident MiB

    # The report has wall-clock seconds, in which other programs may have had the processor. On one thread, no part of
    # the process can have used more CPU time than its wall time, nor more than the whole process did.

    @property
    def search_seconds(self) -> float:
        return min(self.process_seconds, sum(document["seconds"] for document in self.documents))

    @property
    def check_seconds(self) -> float:
        return min(self.process_seconds, sum(document["check_seconds"] for document in self.documents))

    @property
    def checking_is_cheaper(self) -> bool:
        """Compares the wall-clock times: one process, moments apart."""
        return sum(document["check_seconds"] - document["seconds"] for document in self.documents) <= 0

    @property
    def losses(self) -> list[float]:
        return [document["loss"] for document in self.documents]

    @property
    def certified(self) -> bool:
        documents = self.documents
        return bool(documents) and all(d["status"] == "optimal" and d["certified"] for d in documents)


@dataclass(frozen=True)
class Peer:
    """One run of a peer: its seconds and losses, or why there are none; `stopped` says that the cap ended it."""

    seconds: float | None = None
    losses: list[float | None] = field(default_factory=list)
    stopped: bool = False
    failure: str | None = None
    version: str = ""


def run_pleat(program: str, file: Path, arguments: list[str], wall_limit: float) -> Ours:
    """Runs `pleat fit` on one thread. What it used is read from the process's own record, not from its report."""
    command = [program, "fit", str(file), *arguments, "--json", "--quiet", "--threads", "1"]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        timer = threading.Timer(wall_limit, lambda: os.kill(process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        process.returncode = code = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text, message = out.read().decode(), err.read().decode().strip()
    unit = 1 if sys.platform == "darwin" else 1024
    used = {"process_seconds": usage.ru_utime, "memory": usage.ru_maxrss * unit / MEBIBYTE}
    if code == -signal.SIGKILL:
        return Ours(failure=f"killed after {wall_limit:g} s", **used)
    if code != 0 and not text:
        return Ours(failure=f"exit {code}: {message[-200:]}", **used)
    try:
        document = json.loads(text)
    except ValueError:
        return Ours(failure=f"exit {code}, not JSON: {text[:80]!r}", **used)
    return Ours(documents=document.get("widths", [document]), **used)


def run_peer(python: Path, name: str, dataset: Dataset, widths: list[int], cap: float) -> Peer:
    """Runs a peer on one thread; it is stopped when it has used `cap` CPU seconds."""
    request = {
        "peer": name, "inputs": dataset.inputs(), "targets": dataset.targets(), "widths": widths, "cap": cap,
    }
    script = Path(__file__).with_name("peers.py")
    try:
        # CPU time is limited inside; the wall time here only ends a process that sleeps.
        run = subprocess.run(
            [python, script], input=json.dumps(request), capture_output=True, text=True, timeout=20 * cap + 60,
            env={**os.environ, **ONE_THREAD})
    except subprocess.TimeoutExpired:
        return Peer(failure="no answer")
    if run.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return Peer(stopped=True)
    if run.returncode != 0:
        last = run.stderr.strip().splitlines()[-1:] or [""]
        return Peer(failure=f"exit {run.returncode} {last[0][:80]}")
    return Peer(**json.loads(run.stdout))


def network_loss(dataset: Dataset, document: dict, kind: str) -> float:
    """The loss of the network in a report, computed here from its weights."""
    network, total = document["network"], 0.0
    for point, value in zip(dataset.inputs(), dataset.targets()):
        output = network["output_bias"] + sum(w * x for w, x in zip(network["skip"], point))
        for unit in network["units"]:
            inner = unit["bias"] + sum(w * x for w, x in zip(unit["weights"], point))
            output += unit["sign"] * max(0.0, inner)
        residual = output - value
        total += abs(residual) if kind == "absolute" else residual * residual
    return total
