"""Runs `pleat verify` on instances, one after another, and keeps what came of each in a log, so that a run can go on."""

import hashlib
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from regions.runner import MEBIBYTE, launched

from . import witness
from .instances import Data, Instance

ROOT = Path(__file__).resolve().parent.parent.parent
# Wall seconds after its own time limit that a program gets to end.
GRACE = 30
WORDS = {"sat": "sat", "unsat": "unsat", "unknown": "unknown", "timeout": "timeout", "timed-out": "timeout"}


@dataclass
class Result:
    """One run; `verdict` is the program's word, `refused` for exit code 2, or else `failed`."""

    verdict: str
    cpu: float  # seconds, user and system, of the whole process
    wall: float
    memory: float  # peak resident MiB
    message: str = ""
    grade: str = ""  # of the witness, see witness.py
    certificate_bytes: int | None = None
    check: str = ""  # "accepted", "refused" or "stopped"
    check_cpu: float | None = None


@dataclass(frozen=True)
class Settings:
    """What a result depends on besides the instance and the program."""

    cap: float  # the official time limit counts where it is shorter
    threads: int
    attack: bool = True
    certificates: bool = False
    memory: int = 0  # MiB, of addresses; 0 is no limit


class Bench:
    """Results are taken from the log where it has one of the same program, settings and instance."""

    def __init__(self, program: str, data: Data, settings: Settings, log: Path):
        self.program, self.data, self.settings, self.log = program, data, settings, log
        self.identity = {"program": digest(program), **asdict(settings)}
        self.known: dict[str, Result] = {}
        log.parent.mkdir(parents=True, exist_ok=True)
        for line in log.read_text().splitlines() if log.exists() else []:
            try:
                record = json.loads(line)
            except ValueError:
                continue  # the last line of a run that was ended while it wrote
            if record["run"] == self.identity:
                self.known[record["instance"]] = Result(**record["result"])

    def result(self, instance: Instance) -> Result:
        if instance.name not in self.known:
            result = self.run(instance)
            self.known[instance.name] = result
            with self.log.open("a") as file:
                record = {"instance": instance.name, "run": self.identity, "result": asdict(result)}
                file.write(json.dumps(record) + "\n")
        return self.known[instance.name]

    def run(self, instance: Instance) -> Result:
        limit = min(instance.timeout, self.settings.cap)
        with tempfile.TemporaryDirectory() as folder:
            found, proof = Path(folder) / "witness.txt", Path(folder) / "proof.json"
            command = [
                self.program, "verify", *self.data.arguments(instance), "--timeout", f"{limit:g}",
                "--threads", str(self.settings.threads)]
            command += [] if instance.is_named else ["--witness", str(found)]
            command += [] if self.settings.attack else ["--no-attack"]
            command += ["--certificate", str(proof)] if self.settings.certificates else []
            text, message, record = launched(command, limit + GRACE, self.settings.memory * MEBIBYTE)
            result = Result(verdict(text, record), record["cpu"], record["wall"], record["memory"] / MEBIBYTE)
            if result.verdict in ("refused", "failed"):
                result.message = f"exit {record['code']}: {message[-300:] or text[:100]!r}"
            if result.verdict == "sat":
                if not instance.is_named:
                    text = found.read_text() if found.exists() else ""
                result.grade = witness.grade(self.data.property(instance), self.data.networks(instance), text)
            if self.settings.certificates and result.verdict in ("sat", "unsat") and proof.exists():
                self.check(proof, result, limit)
        return result

    def check(self, proof: Path, result: Result, limit: float) -> None:
        result.certificate_bytes = proof.stat().st_size
        _, message, record = launched([self.program, "check", str(proof)], 10 * limit + GRACE)
        result.check_cpu = record["cpu"]
        result.check = "stopped" if record["killed"] else "accepted" if record["code"] == 0 else "refused"
        if result.check == "refused":
            result.message = f"check, exit {record['code']}: {message[-300:]}"


def verdict(text: str, record: dict) -> str:
    """The program's word; what it says before it crashes or is stopped does not count."""
    if record["killed"]:
        return "timeout"
    word = WORDS.get(text.split(None, 1)[0] if text.strip() else "")
    if word and record["code"] in (0, 1, 3):
        return word
    return "refused" if record["code"] == 2 else "failed"


def digest(program: str) -> str:
    return hashlib.sha256(Path(program).read_bytes()).hexdigest()[:16]


def find_pleat(name: str, given: str | None) -> str:
    program = given or os.environ.get("PLEAT") or str(ROOT / ".build" / "release" / "pleat")
    if not os.access(program, os.X_OK):
        print(f"{name}: there is no program {program}: run `make build`, or say --pleat PATH", file=sys.stderr)
        raise SystemExit(2)
    return os.path.abspath(program)


def find_data(name: str, given: Path | None) -> Data:
    """Ends the program, with success, when no data folder is named: the data are not part of the project."""
    folder = given or (Path(os.environ["VNN_DATA"]) if os.environ.get("VNN_DATA") else None)
    if folder is None:
        print(f"{name}: skipped, no data (say --data FOLDER, or set VNN_DATA)")
        raise SystemExit(0)
    if not (folder / "public" / "instances.csv").is_file():
        print(f"{name}: there is no public/instances.csv in {folder}", file=sys.stderr)
        raise SystemExit(2)
    return Data(folder, ROOT / "build" / "bench-verify" / "files")
