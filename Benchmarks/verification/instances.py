"""The instances of a data folder: networks, properties, official timeouts, and what is known of the answers."""

import csv
import gzip
import random
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

EQUAL = re.compile(r"\(\s*declare-network\s+(\w+)\s*\(\s*equal-to\s+(\w+)\s*\)")


@dataclass(frozen=True)
class Instance:
    """One row of `public/instances.csv`. A network without a name is the only one."""

    family: str
    networks: tuple[tuple[str, str], ...]
    property: str
    timeout: float
    expected: str

    @property
    def name(self) -> str:
        networks = ";".join(f"{name}={path}" if name else path for name, path in self.networks)
        return f"{self.family}/{networks}/{self.property}"

    @property
    def is_named(self) -> bool:
        return self.networks[0][0] != ""

    @property
    def short_name(self) -> str:
        return f"{self.family} {' '.join(Path(path).stem for _, path in self.networks)} {Path(self.property).stem}"


class Data:
    """A folder with `nets/` and `public/`, whose `.gz` files are decompressed into `cache` when they are wanted."""

    def __init__(self, folder: Path, cache: Path):
        self.folder, self.cache = folder, cache

    def instances(self, default_timeout: float = 60) -> list[Instance]:
        public = self.folder / "public"
        expected = {row_key(row): row["expected"] for row in rows(public / "expected.csv")}
        found = []
        for row in rows(public / "instances.csv"):
            # The name of a network ends at the first equals sign; a path may hold one too, after its folder.
            parts = [part.split("=", 1) for part in row["onnx"].split(";")]
            networks = tuple(
                (part[0], part[1]) if len(part) > 1 and "/" not in part[0] else ("", "=".join(part)) for part in parts)
            found.append(Instance(
                row["family"], networks, row["vnnlib"] or row["vnnlib2"], float(row["timeout_s"] or default_timeout),
                expected.get(row_key(row), "unknown")))
        return found

    def property(self, instance: Instance) -> Path:
        return self.file(Path("public") / instance.family / instance.property)

    def networks(self, instance: Instance) -> list[tuple[str, Path]]:
        """The files by the names of the networks, those that are equal to another one too."""
        files = {name: self.file(Path("nets") / instance.family / path) for name, path in instance.networks}
        if "" not in files:
            for name, other in EQUAL.findall(self.property(instance).read_text()):
                files.setdefault(name, files[other])
        return list(files.items())

    def arguments(self, instance: Instance) -> list[str]:
        """Of `pleat verify`, and of any solver with the command line of the standard where the networks have names."""
        query, networks = str(self.property(instance)), self.networks(instance)
        if instance.is_named:
            return [query, *(word for name, path in networks for word in ("--network", f"{name}={path}"))]
        return [str(networks[0][1]), query]

    def file(self, path: Path) -> Path:
        """The file itself, or its decompressed copy. Raises FileNotFoundError when there is neither."""
        whole = self.folder / path
        if whole.exists():
            return whole
        copy = self.cache / path
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_name(copy.name + ".part")
            with gzip.open(f"{whole}.gz") as source, part.open("wb") as target:
                shutil.copyfileobj(source, target)
            part.rename(copy)
        return copy


def row_key(row: dict[str, str]) -> tuple[str, ...]:
    return row["family"], row["onnx"], row["vnnlib"], row["vnnlib2"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def chosen(
    instances: list[Instance], families: list[str], limit: int | None, sample: int | None, seed: int
) -> list[Instance]:
    """The instances of the families (of all, when none is named), `sample` random or the first `limit` of each."""
    known = list(dict.fromkeys(instance.family for instance in instances))
    for family in families:
        if family not in known:
            raise ValueError(f"there is no family '{family}'; there are {', '.join(known)}")
    result = []
    for family in families or known:
        members = [instance for instance in instances if instance.family == family]
        if sample is not None and sample < len(members):
            picked = sorted(random.Random(f"{seed} {family}").sample(range(len(members)), sample))
            members = [members[index] for index in picked]
        result += members[:limit]
    return result
