"""Runs reference cases through `pleat fit`: one line a row, a summary, exit code 1 if a row fails.

A folder of cases holds `data/NAME.csv` and lists of optima: `refs_1d_l2.json` and `refs_1d_l1.json` (K free knots),
`refs_nd_l2.json` (networks of w units). A folder `arora` beside it may hold `erm_sq.json`, `erm_l1.json` and
`erm_extra.json`, with the data inside.

The rules:

* a proved optimum is reached within 1e-7 (relative, plus 1e-9) and not undercut by more, or the reference is wrong;
* the reported lower bound is never above the reference by more than 1e-9;
* a value that is only the best known may be undercut; only a false claim of optimality or of a bound fails;
* the small exact cases (`arora`) are reached to 1e-9, with status optimal and certified.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fit.runner import Ours, run_pleat

TIME_LIMIT, WALL_LIMIT = 100, 120
COARSE, FINE = 1e-7, 1e-9


@dataclass(frozen=True)
class Case:
    name: str
    file: Path
    arguments: list[str]
    optimum: float
    proved: bool
    exact: bool  # reached to 1e-9 and certified

    def verdict(self, ours: Ours) -> str:
        """Empty if the case is met, else why it is not."""
        if ours.failure:
            return ours.failure
        document = ours.documents[0]
        loss, bound, status = document["loss"], document["lower_bound"], document["status"]
        if bound is not None and bound > self.optimum * (1 + 1e-9) + 1e-9:
            return f"UNSOUND: lower bound {bound:.12g} above {self.optimum:.12g}"
        tolerance = (FINE if self.exact else COARSE) * self.optimum + 1e-9
        if loss > self.optimum + tolerance:
            if not self.proved:
                return "UNSOUND: called optimal" if status == "optimal" else ""
            claim = ", yet called optimal" if status == "optimal" else ""
            return f"loss {loss:.12g} above {self.optimum:.12g}{claim}"
        if loss < self.optimum - tolerance and self.proved:
            return f"loss {loss:.12g} below the reference {self.optimum:.12g}: one of them is wrong"
        if self.exact and status != "optimal":
            return f"status {status}"
        if self.exact and not document["certified"]:
            return "not certified"
        return ""


def run(program: str, folder: Path, only: str) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        found = [case for case in all_cases(folder, Path(scratch)) if only in case.name]
        if not found:
            print(f"bench-fit: no cases in {folder}" + (f" contain '{only}'" if only else ""))
            return 1
        failed, certified, absent = [], 0, 0
        for case in found:
            if not case.file.is_file():
                absent += 1
                continue
            arguments = [*case.arguments, "--time-limit", str(TIME_LIMIT)]
            ours = run_pleat(program, case.file, arguments, WALL_LIMIT)
            why = case.verdict(ours)
            certified += ours.certified
            print(line(case, ours, why), flush=True)
            if why:
                failed.append(f"{case.name}: {why}")
        tried = len(found) - absent
        missing = f", {absent} without data" if absent else ""
        print(f"\n{tried - len(failed)} of {tried} met, {certified} certified optimal{missing}")
        for text in failed:
            print(f"FAILED {text}")
        return 1 if failed or tried == 0 else 0


def line(case: Case, ours: Ours, why: str) -> str:
    text = f"{'FAIL' if why else 'ok':5}{case.name:46}"
    if ours.documents:
        document = ours.documents[0]
        mark = "certified" if document["certified"] else "-"
        text += f"{document['loss']:20.12g} {document['status']:12}{mark:10}"
        text += f"{ours.search_seconds:9.3f} s search {ours.check_seconds:8.3f} s check {ours.memory:6.0f} MiB"
    return text + (f"  {why}" if why else "") + ("" if case.proved else "  (reference: best known)")


def all_cases(folder: Path, scratch: Path) -> Iterator[Case]:
    yield from knot_cases(folder, "refs_1d_l2.json", "squared")
    yield from knot_cases(folder, "refs_1d_l1.json", "absolute")
    yield from network_cases(folder)
    small = folder.resolve().parent / "arora"
    if small.is_dir():
        yield from small_cases(small, scratch)


def rows(path: Path) -> list[dict]:
    return json.loads(path.read_text()) if path.is_file() else []


def knot_cases(folder: Path, name: str, loss: str) -> Iterator[Case]:
    for row in rows(folder / name):
        data = row.get("instance") or row["inst"]
        optimum = float(row["best_sse"] if "best_sse" in row else row["loss"])
        yield Case(
            f"{data} K={row['K']} {loss}", folder / "data" / f"{data}.csv",
            ["--target", "y", "--model", "pwl", "--hidden", str(row["K"]), "--loss", loss], optimum,
            row["status"].startswith("proved"), exact=False)


def network_cases(folder: Path) -> Iterator[Case]:
    for row in rows(folder / "refs_nd_l2.json"):
        bias = "" if row["output_bias"] else " no bias"
        arguments = ["--target", "y", "--hidden", str(row["w"])]
        yield Case(
            f"{row['instance']} w={row['w']}{bias}", folder / "data" / f"{row['instance']}.csv",
            arguments + ([] if row["output_bias"] else ["--no-output-bias"]), float(row["best_sse"]),
            row["status"].startswith("proved"), exact=False)


def small_cases(folder: Path, scratch: Path) -> Iterator[Case]:
    for name, loss in [("erm_sq.json", "squared"), ("erm_l1.json", "absolute")]:
        for entry in rows(folder / name):
            for result in entry["results"]:
                yield small_case(scratch, entry["id"], entry["X"], entry["y"], loss, result, result["loss"])
    if (folder / "erm_extra.json").is_file():
        for row in json.loads((folder / "erm_extra.json").read_text())["hinge"]:
            yield small_case(scratch, row["id"], row["X"], row["labels"], "hinge", row, row["hinge_sum"])


def small_case(scratch: Path, name: str, points: list, targets: list, loss: str, row: dict, optimum: float) -> Case:
    file = scratch / f"{name}_{loss}.csv"
    header = [f"x{i + 1}" for i in range(len(points[0]))] + ["y"]
    table = [header, *([*point, target] for point, target in zip(points, targets))]
    file.write_text("".join(",".join(map(str, cells)) + "\n" for cells in table))
    arguments = ["--target", "y", "--hidden", str(row["w"]), "--loss", loss]
    return Case(
        f"{name} w={row['w']} {loss}{'' if row['bias'] else ' no bias'}", file,
        arguments + ([] if row["bias"] else ["--no-output-bias"]), float(optimum), proved=True, exact=True)
