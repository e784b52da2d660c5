"""The functions of the benchmark, as function files."""

import json
import math
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "Examples"
FUNCTIONS = 24
SEED = 1


@dataclass(frozen=True)
class Decomposition:
    """The maximum of 24 random affine functions, as a signed sum of maxima of at most n + 1."""

    inputs: int
    target: float | None = None  # CPU seconds

    @property
    def name(self) -> str:
        return f"max of {FUNCTIONS}, {self.inputs} input" + "s" * (self.inputs > 1)

    def write(self, folder: Path) -> Path:
        source = random.Random(self.inputs)

        def draw() -> int:
            return int(source.random() * 199) - 99

        functions = [
            {"gradient": [draw() for _ in range(self.inputs)], "constant": draw()} for _ in range(FUNCTIONS)]
        clauses = [[index] for index in range(FUNCTIONS)]
        document = {"format": "pleat-function", "form": "max-min", "functions": functions, "clauses": clauses}
        path = folder / f"maximum-{self.inputs}.json"
        path.write_text(json.dumps(document))
        return path


@dataclass(frozen=True)
class Synthesis:
    """A function given by regions that becomes a network."""

    goal: str
    target: float | None = None  # CPU seconds, network and proof together
    triangles: int | None = None  # of a random surface; None for the controller

    @property
    def name(self) -> str:
        return "controller" if self.triangles is None else f"surface of {self.triangles} triangles"

    def write(self, folder: Path) -> Path:
        if self.triangles is None:
            return EXAMPLES / "mpc" / "double_integrator.json"
        path = folder / f"surface-{self.triangles}.json"
        script = EXAMPLES / "functions" / "random_surface.py"
        with path.open("w") as out:
            command = [sys.executable, str(script), str(self.triangles), str(SEED), "--form", "regions"]
            subprocess.run(command, stdout=out, check=True)
        return path


DECOMPOSITIONS = [Decomposition(1), Decomposition(2), Decomposition(3, target=0.1), Decomposition(4)]
SYNTHESES = [
    Synthesis("depth"), Synthesis("units"),
    Synthesis("depth", triangles=24), Synthesis("depth", triangles=50), Synthesis("units", triangles=50),
    Synthesis("depth", triangles=200, target=5), Synthesis("depth", triangles=800),
]


def published_bound(components: int, pieces: int) -> int:
    """Hidden units that suffice for k affine functions on q convex pieces (Chen, Garudadri, Rao 2022, Theorem 2)."""
    k, q = (math.ceil(math.log2(number)) for number in (components, pieces))
    return (3 * 2**k + 2 * k - 3) * pieces + 3 * 2**q - 2 * k - 3
