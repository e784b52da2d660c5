"""The rows of the benchmark: a data set, a model, a peer, and the target that the project has set itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """One row. The targets are on our search seconds and on the peer's seconds divided by ours."""

    name: str
    data: str
    widths: tuple[int, ...]
    peer: str
    piecewise_linear: bool = False
    loss: str = "squared"
    seconds_at_most: float | None = None
    ratio_at_least: float | None = None
    quality: bool = False  # the target is never to be worse than the peer

    def arguments(self) -> list[str]:
        first, last = self.widths[0], self.widths[-1]
        hidden = f"{first}..{last}" if last > first else f"{first}"
        arguments = ["--target", "y", "--hidden", hidden]
        if self.piecewise_linear:
            arguments += ["--model", "pwl"]
        if self.loss != "squared":
            arguments += ["--loss", self.loss]
        return arguments

    @property
    def target(self) -> str:
        parts = []
        if self.seconds_at_most is not None:
            parts.append(f"≤ {self.seconds_at_most:g} s")
        if self.ratio_at_least is not None:
            parts.append(f"≥ {self.ratio_at_least:g}×")
        if self.quality:
            parts.append("never worse")
        return ", ".join(parts)


PEER_NAMES = {
    "pwlf": "pwlf.fit",
    "scip-joins": "SCIP, exact MIQP",
    "highs-joins": "HiGHS, exact MILP",
    "scip-network": "SCIP, big-M",
    "sklearn": "scikit-learn ×100",
}


def knots(name: str, data: str, widths: tuple[int, ...], peer: str = "pwlf", **targets) -> Job:
    return Job(name, data, widths, peer, piecewise_linear=True, **targets)


def network(inputs: int, units: int, samples: int, **targets) -> Job:
    name = f"n={inputs}, w={units}, D={samples}"
    data = f"relu_n{inputs}_w{units}_D{samples}_n2"
    return Job(name, data, (units,), **{"peer": "scip-network", **targets})


SPEED = [
    knots("mcycle, K=1..6 path", "mcycle", (1, 2, 3, 4, 5, 6), seconds_at_most=0.05, ratio_at_least=300),
    knots("D=100, K=6", "pwl_D100_k6_n5", (6,), ratio_at_least=200),
    knots("D=1000, K=6, good signal", "sine_D1000", (6,), ratio_at_least=40),
    knots("D=1000, K=6, heavy noise", "pwl_D1000_k6_n5", (6,), seconds_at_most=5, ratio_at_least=2),
    knots("D=10000, K=6, good signal", "sine_D10000", (6,), seconds_at_most=5),
    knots("D=100, K=2", "pwl_D100_k3_n1", (2,), "scip-joins", ratio_at_least=5000),
    knots("mcycle, K=2", "mcycle", (2,), "scip-joins", ratio_at_least=5000),
    knots(
        "absolute loss, D=50, K=3", "pwl_D50_k6_n5", (3,), "highs-joins", loss="absolute", seconds_at_most=1,
        ratio_at_least=100),
    network(2, 1, 100, ratio_at_least=1000),
    network(3, 1, 100, seconds_at_most=0.1),
    network(2, 2, 20, ratio_at_least=500),
    network(2, 2, 100, seconds_at_most=30),
    network(3, 2, 100, seconds_at_most=10),
    network(2, 3, 30, seconds_at_most=20),
    network(2, 3, 50, seconds_at_most=20),
]

QUALITY = [
    *(
        network(inputs, units, samples, peer="sklearn", quality=True)
        for inputs, units, samples in [
            (2, 1, 12), (2, 1, 30), (2, 1, 100), (3, 1, 20), (3, 1, 50), (3, 1, 100), (2, 2, 12), (2, 2, 20),
            (2, 2, 50), (2, 2, 100), (3, 2, 12), (3, 2, 20), (3, 2, 30), (3, 2, 50), (3, 2, 100), (2, 3, 12),
            (2, 3, 16), (2, 3, 20), (2, 3, 30), (2, 3, 50),
        ]
    ),
    Job("stackloss, n=3, w=2", "stackloss", (2,), "sklearn", quality=True),
]
