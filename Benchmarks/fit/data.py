"""The data sets of the benchmark: read from a folder if it has them, else made here from fixed seeds.

The generators use the standard library's Mersenne Twister, whose sequence for a given seed does not change between
versions, and round what they make to decimals: the CSV text is the data.
"""

import csv
import math
import random
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

Row = list[str]

# Columns under the names that the sets carry where they come from.
KNOWN_COLUMNS = {"mcycle": ("times", "accel")}


@dataclass(frozen=True)
class Dataset:
    """A table whose last column is the target, as CSV text cells; `origin` says where it comes from."""

    name: str
    origin: str
    header: Row
    rows: list[Row]

    def inputs(self) -> list[list[float]]:
        return [[float(cell) for cell in row[:-1]] for row in self.rows]

    def targets(self) -> list[float]:
        return [float(row[-1]) for row in self.rows]

    def text(self) -> str:
        return "".join(",".join(cells) + "\n" for cells in [self.header, *self.rows])

    def digest(self) -> str:
        """Tells two sets of the same name apart."""
        return f"{zlib.crc32(self.text().encode()):08x}"

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.csv"
        path.write_text(self.text())
        return path


class NoSuchData(Exception):
    """A name that is neither a file of the given folder nor one that a generator knows."""


def load(name: str, folder: Path | None, examples: Path) -> Dataset:
    """The set called `name`: `folder/name.csv`, else the example shipped with the project, else generated."""
    for place, origin in [(folder, "given"), (examples, "example")]:
        if place is not None and (place / f"{name}.csv").is_file():
            return read(name, place / f"{name}.csv", origin)
    if name == "mcycle":
        return Dataset(name, "generated, mcycle-like", ["x", "y"], impact_test(generator(name)))
    if match := re.fullmatch(r"pwl_D(\d+)_k(\d+)_n(\d+)", name):
        count, knots, tenths = map(int, match.groups())
        return Dataset(name, "generated", ["x", "y"], bent_line(generator(name), count, knots, tenths / 10))
    if match := re.fullmatch(r"sine_D(\d+)", name):
        return Dataset(name, "generated", ["x", "y"], damped_sine(generator(name), int(match[1])))
    if match := re.fullmatch(r"relu_n(\d+)_w(\d+)_D(\d+)_n(\d+)", name):
        inputs, units, count, tenths = map(int, match.groups())
        header = [f"x{i + 1}" for i in range(inputs)] + ["y"]
        rows = teacher_network(generator(name), inputs, units, count, tenths / 10)
        return Dataset(name, "generated", header, rows)
    raise NoSuchData(f"no data set {name}: it is neither in the folder of --data nor one that the benchmark generates")


def read(name: str, path: Path, origin: str) -> Dataset:
    """Reads a CSV file with a header; a set with known column names is reduced to those, others are taken whole."""
    with path.open(newline="") as file:
        table = [row for row in csv.reader(file) if row]
    header, rows = table[0], table[1:]
    wanted = KNOWN_COLUMNS.get(name)
    if wanted and all(column in header for column in wanted):
        indices = [header.index(column) for column in wanted]
        return Dataset(name, origin, ["x", "y"], [[row[i] for i in indices] for row in rows])
    return Dataset(name, origin, [*header[:-1], "y"], rows)


def generator(name: str) -> random.Random:
    return random.Random(zlib.crc32(name.encode()))


def spread(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))


def bent_line(rng: random.Random, count: int, knots: int, noise: float) -> list[Row]:
    """A continuous piecewise-linear signal of standard deviation 1 on [0, 10], plus normal noise."""
    xs = sorted(rng.uniform(0, 10) for _ in range(count))
    places = [rng.uniform(0.5, 9.5) for _ in range(knots)]
    slope, changes = rng.gauss(0, 1), [rng.gauss(0, 2) for _ in range(knots)]
    signal = [slope * x + sum(c * max(0.0, x - t) for c, t in zip(changes, places)) for x in xs]
    scale = spread(signal)
    return [[f"{x:.6f}", f"{s / scale + noise * rng.gauss(0, 1):.6f}"] for x, s in zip(xs, signal)]


def damped_sine(rng: random.Random, count: int) -> list[Row]:
    """sin(6 pi x) exp(-x) on an even grid of [0, 1], plus normal noise of standard deviation 0.3."""
    xs = [i / (count - 1) for i in range(count)]
    return [
        [f"{x:.6f}", f"{math.sin(6 * math.pi * x) * math.exp(-x) + 0.3 * rng.gauss(0, 1):.6f}"] for x in xs
    ]


def impact_test(rng: random.Random) -> list[Row]:
    """133 points at 94 distinct times, shaped like a motorcycle helmet's acceleration in a crash test."""
    times = sorted(rng.sample(range(12, 289), 94))
    times = sorted(times + rng.choices(times[15:75], k=133 - 94))
    shape = [(0, 0.0), (14, 0.0), (21, -118.0), (31, 38.0), (42, 0.0), (60, 0.0)]
    rows = []
    for tick in times:
        t = tick / 5
        (t0, v0), (t1, v1) = next(pair for pair in zip(shape, shape[1:]) if t <= pair[1][0])
        value = v0 + (v1 - v0) * (t - t0) / (t1 - t0)
        deviation = 1.5 if t < 13.5 else 24 if t < 38 else 12
        rows.append([f"{t:.1f}", f"{value + deviation * rng.gauss(0, 1):.1f}"])
    return rows


def teacher_network(rng: random.Random, inputs: int, units: int, count: int, noise: float) -> list[Row]:
    """Standard normal inputs; the target is a random ReLU network plus `noise` times its own standard deviation."""
    signs = [rng.choice([-1.0, 1.0]) for _ in range(units)]
    weights = [[rng.gauss(0, 1) for _ in range(inputs)] for _ in range(units)]
    biases, offset = [rng.gauss(0, 0.5) for _ in range(units)], rng.gauss(0, 1)
    points = [[round(rng.gauss(0, 1), 4) for _ in range(inputs)] for _ in range(count)]
    signal = []
    for point in points:
        heights = [sum(w * x for w, x in zip(row, point)) + b for row, b in zip(weights, biases)]
        signal.append(offset + sum(s * max(0.0, h) for s, h in zip(signs, heights)))
    scale = noise * spread(signal)
    return [
        [*(f"{x:.4f}" for x in point), f"{value + scale * rng.gauss(0, 1):.12f}"]
        for point, value in zip(points, signal)
    ]
