"""Runs `pleat regions` and the peers as processes, and reads what they answer and what they used."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
HERE = Path(__file__).resolve().parent
MEBIBYTE = 1 << 20
PEER_MEMORY = 8 << 30


@dataclass(frozen=True)
class Ours:
    """One run of `pleat regions`."""

    count: int | None = None
    complete: bool = False
    reported: float = 0  # wall seconds of the counting, from the report
    cpu: float = 0  # seconds, user and system, of the whole process
    memory: float = 0  # peak resident MiB
    failure: str | None = None

    @property
    def seconds(self) -> float:
        """Of counting on one thread: wall time, in which others may have had the processor, or the CPU time of the
        whole process where that is less."""
        return min(self.reported, self.cpu)


@dataclass(frozen=True)
class Peer:
    """One run of a peer: its count and CPU seconds, or why there are none; `stopped` says that the cap ended it."""

    count: int | None = None
    seconds: float | None = None
    memory: float = 0
    stopped: bool = False
    failure: str | None = None


def launched(command: list[str], wall_limit: float, memory_limit: int = 0) -> tuple[str, str, dict]:
    """Standard output, standard error, and the record of `launch.py`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        reader, writer = os.pipe()
        script = str(HERE / "launch.py")
        launcher = [sys.executable, "-I", "-S", script, str(writer), str(wall_limit), str(memory_limit)]
        process = subprocess.Popen(
            launcher + command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, pass_fds=(writer,),
            env={**os.environ, **ONE_THREAD})
        os.close(writer)
        with os.fdopen(reader) as pipe:
            try:
                record = pipe.read()
                process.wait()
            except KeyboardInterrupt:
                process.send_signal(signal.SIGTERM)
                process.wait()
                raise
        out.seek(0)
        err.seek(0)
        answer = out.read().decode(errors="replace"), err.read().decode(errors="replace").strip()
    if not record:
        raise RuntimeError(f"the launcher failed: {answer[1][-400:]}")
    return *answer, json.loads(record)


def run_pleat(program: str, file: Path, arguments: list[str], threads: int, wall_limit: float) -> Ours:
    command = [program, "regions", str(file), *arguments, "--json", "--threads", str(threads)]
    text, message, record = launched(command, wall_limit)
    used = {"cpu": record["cpu"], "memory": record["memory"] / MEBIBYTE}
    if record["killed"]:
        return Ours(failure=f"stopped after {wall_limit:g} s", **used)
    try:
        document = json.loads(text)
        return Ours(document["activation_regions"], document["complete"], document["seconds"], **used)
    except (ValueError, KeyError):
        return Ours(failure=f"exit {record['code']}: {message[-200:] or text[:80]!r}", **used)


def run_peer(python: str, name: str, network: Path, domain: str, cap: float) -> Peer:
    """Runs a peer on one thread; it is stopped when it has used `cap` CPU seconds or 8 GiB of addresses."""
    command = [python, str(HERE / "peers.py"), name, str(network), domain, str(cap)]
    # CPU time is limited inside; the wall time here only ends a process that sleeps, or one on a busy machine.
    text, message, record = launched(command, 10 * cap + 60, PEER_MEMORY)
    memory = record["memory"] / MEBIBYTE
    if record["killed"] or record["code"] == -signal.SIGXCPU:
        return Peer(stopped=True, memory=memory)
    if record["code"] != 0:
        return Peer(failure=reason(message, record["code"]), memory=memory)
    return Peer(memory=memory, **json.loads(text))


def reason(message: str, code: int) -> str:
    """Why a peer ended, in a word or two: the name of an exception, a panic, or the exit code."""
    for line in reversed(message.splitlines()):
        head = line.split(":", 1)[0].strip()
        if head and " " not in head and (head.endswith(("Error", "Exception"))):
            return head.rsplit(".", 1)[-1]
    lowered = message.lower()
    if "memory allocation" in lowered or "memoryerror" in lowered:
        return "out of memory"
    return "panic" if "panic" in lowered else f"exit {code}"
