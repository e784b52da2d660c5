"""The rows of the benchmark: a network, a domain, its number of regions, and the target the project has set itself.

Where the number of a random network stands, two programs of different arithmetic, or exact rational arithmetic, have
found it; the numbers of the other networks follow from their definitions (`networks.py`).
"""

import gzip
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from . import networks

UNIT_BOX, SPACE = "box", "space"


@dataclass(frozen=True)
class Target:
    """On our counting seconds on one thread, on the ratio to the best right peer (or a named one), on memory in MiB."""

    seconds: float | None = None
    ratio: float | None = None
    peer: str | None = None
    memory: float | None = None

    def __str__(self) -> str:
        parts = []
        if self.seconds is not None:
            parts.append(f"≤ {self.seconds:g} s")
        if self.ratio is not None:
            parts.append(f"≥ {self.ratio:g}×" + (f" {self.peer}" if self.peer else ""))
        if self.memory is not None:
            parts.append(f"< {self.memory:g} MiB")
        return ", ".join(parts) or "right"


@dataclass(frozen=True)
class Job:
    """One row. `make` gives the layers; or `file` is a network that is there already, with `box` for its domain."""

    name: str
    domain: str
    inputs: int
    regions: int
    make: Callable[[], networks.Layers] | None = None
    file: Path | None = None
    box: str = "-1,1"
    target: Target = field(default_factory=Target)
    peers: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        if self.domain == SPACE:
            return ["--unbounded"]
        sides = [side.split(",") for side in self.box.split(";")]
        free = [index for index, side in enumerate(sides) if len(set(map(float, side))) == 2]
        if len(free) == len(sides):
            return [f"--box={self.box}"]
        # Inputs whose side is flat are held where they are; what varies is a slice.
        return [
            "--slice=" + ",".join(f"x{index}" for index in free), "--at=" + ",".join(low for low, _ in sides),
            "--box=" + ";".join(",".join(sides[index]) for index in free),
        ]

    def network(self, folder: Path) -> Path:
        """The ONNX file, made if need be; peers read the .npz of the same name."""
        if self.file is not None:
            return self.file
        stem = folder / re.sub(r"[^A-Za-z0-9.-]+", "_", self.name)
        networks.write(self.make(), stem)
        return stem.with_suffix(".onnx")


def able(job: Job) -> Job:
    """The job with the peers that can do it: two inputs at most and a box for regioncam; up to 2,500 regions for
    relucent and 300,000 for affinitree, of which they find less than 100 and 20,000 a second."""
    peers = []
    if job.inputs <= 2 and job.domain == UNIT_BOX:
        peers.append("regioncam")
    if job.regions <= 300_000:
        peers.append("affinitree")
    if job.regions <= 2_500:
        peers.append("relucent")
    return replace(job, peers=tuple(peers))


def random(widths: str, seed: int, regions: int, domain: str = UNIT_BOX, **target) -> Job:
    sizes = tuple(map(int, widths.split("-")))
    make = partial(networks.random_network, (*sizes, 1), seed)
    return able(Job(widths, domain, sizes[0], regions, make, target=Target(**target)))


def definite(name: str, inputs: int, make: Callable[[], networks.Layers], box: int | None, space: int) -> list[Job]:
    """A network of known count, in both domains, or only in all of space."""
    rows = [] if box is None else [Job(name, UNIT_BOX, inputs, box, make)]
    return [able(row) for row in [*rows, Job(name, SPACE, inputs, space, make)]]


def central(inputs: int, planes: int) -> int:
    """Hyperplanes through one point, else in general position."""
    return 2 * sum(math.comb(planes - 1, i) for i in range(inputs))


def general(inputs: int, planes: int) -> int:
    """Hyperplanes in general position: Zaslavsky."""
    return sum(math.comb(planes, i) for i in range(inputs + 1))


SPEED = [
    random("2-32-32", 103, 1512, ratio=1000, peer="relucent"),
    random("2-64-64-64", 104, 9981, seconds=0.03, ratio=2),
    random("2-256-256", 106, 83019, seconds=0.25, ratio=10, memory=20),
    random("3-64-64", 109, 183554, seconds=0.4),
    random("3-32-32-32", 108, 68297),
    random("4-16-16", 110, 17580),
    random("4-32-32", 111, 265502, seconds=0.7),
    random("5-20-20", 112, 297156, seconds=1.3),
    random("6-16-16", 113, 160093),
    random("8-16", 114, 18851, seconds=0.15, ratio=12),
    random("8-12-12", 115, 219584),
    random("10-14", 116, 11690),
    random("2-32-32", 103, 2243, SPACE, ratio=1000, peer="relucent"),
    random("4-16-16", 110, 47151, SPACE, seconds=5),
    random("8-16", 114, general(8, 16), SPACE),
]

DEGENERATE = [
    *definite("duplicates", 2, partial(networks.duplicates, 6), general(2, 6), general(2, 6)),
    *definite("fan, 2 inputs", 2, partial(networks.fan, 2, 12, 201), central(2, 12), central(2, 12)),
    *definite("fan, 3 inputs", 3, partial(networks.fan, 3, 12, 202), central(3, 12), central(3, 12)),
    *definite("grid, 2 inputs", 2, partial(networks.grid, 2, 7), 64, 64),
    *definite("grid, 3 inputs", 3, partial(networks.grid, 3, 3), 64, 64),
    *definite("sum of magnitudes", 2, partial(networks.sum_of_magnitudes, 2), 8, 8),
    *definite("folds", 2, partial(networks.folds, 2, 3), 64, 64),
    *definite("tents", 1, partial(networks.tents, 6), 65, 66),
    *definite("far lines", 2, partial(networks.far_lines, 12, 203), None, general(2, 12)),
]

# One network, for memory and for threads.
LARGE = random("4-80-80", 120, 11_751_964)


def reference(folder: Path) -> list[Job]:
    """The networks of a folder with `regions_reference.json`, in every domain for which it knows the count."""
    jobs = []
    for network in json.loads((folder / "regions_reference.json").read_text())["networks"]:
        for key, domain in (("box", UNIT_BOX), ("unbounded", SPACE)):
            regions = network["domains"].get(key, {}).get("regions")
            if regions is None:
                continue
            file = folder / network["onnx"]
            jobs.append(able(Job(network["name"], domain, network["input_dim"], regions, file=file)))
    return jobs


def acas(folder: Path, scratch: Path) -> list[Job]:
    """ACAS Xu networks on the boxes of properties, from the ONNX and VNN-LIB files anywhere below a folder."""
    rows = [
        ("1_1", "prop_3", 71930, Target(seconds=0.5)),
        ("1_1", "prop_4", 19143, Target()),
        ("3_3", "prop_3", 7935, Target()),
        ("3_3", "prop_9", 338599, Target()),
    ]
    jobs = []
    for name, prop, regions, target in rows:
        network = unpacked(folder, f"ACASXU*_{name}_*.onnx*", scratch)
        box = PROPERTY_9 if prop == "prop_9" else vnnlib_box(unpacked(folder, f"{prop}.vnnlib*", scratch).read_text())
        title, inputs = f"ACAS Xu {name}, {prop}", len(box.split(";"))
        jobs.append(Job(title, UNIT_BOX, inputs, regions, file=network, box=box, target=target))
    return jobs


# The box of property 9 in the networks' normalised inputs: 2000 to 7000 ft, bearing −0.4 to −0.14, heading −π to
# −π + 0.01, own speed 100 to 150 ft/s, intruder's 0 to 150 ft/s.
PROPERTY_9 = (
    "-0.295233916,-0.212261512;-0.063661977,-0.022281692;-0.499999896,-0.498408347;-0.5,-0.454545455;-0.5,-0.375")


def unpacked(folder: Path, pattern: str, scratch: Path) -> Path:
    found = sorted(folder.rglob(pattern))
    if not found:
        raise FileNotFoundError(f"there is no {pattern} below {folder}")
    if found[0].suffix != ".gz":
        return found[0]
    copy = scratch / found[0].stem
    copy.write_bytes(gzip.decompress(found[0].read_bytes()))
    return copy


def vnnlib_box(text: str) -> str:
    """The bounds that a VNN-LIB file puts on each input by itself, as `--box` takes them."""
    bounds = {}
    for sense, index, value in re.findall(r"\(assert \((<=|>=) X_(\d+) ([-+.\deE]+)\)\)", text):
        bounds.setdefault(int(index), {})[sense] = value
    return ";".join(f"{bounds[i]['>=']},{bounds[i]['<=']}" for i in sorted(bounds))
