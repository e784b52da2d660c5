"""One network by the program of Chen, Garudadri and Rao, in a process of its own: JSON on stdout.

    peer.py FOLDER FUNCTION.json CAP

FOLDER holds their `relu_net.py` and `cpwl.py`; PyTorch and SciPy must be installed. The function is a file of regions
in two inputs. Answer: `units`, `layers`, `seconds`, the CPU time (user and system) from the regions in memory to the
network, and `difference`, the largest one from the function at random points of its regions. A limit on the CPU time
of the network ends the process.
"""

import json
import random
import resource
import signal
import sys
from fractions import Fraction

POINTS = 1000


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def regions(path: str):
    """Unit normals, right sides, gradients and offsets, one of each for a region."""
    import numpy

    def number(token) -> float:
        return float(Fraction(str(token)))

    cells = []
    with open(path) as file:
        document = json.load(file)
    for region in document["regions"]:
        normals = numpy.array([[number(a) for a in row] for row in region["A"]])
        right = numpy.array([number(b) for b in region["b"]])
        length = numpy.linalg.norm(normals, axis=1)
        gradient = numpy.array([number(a) for a in region["gain"][0]])
        cells.append((normals / length[:, None], right / length, gradient, number(region["offset"][0])))
    return cells


def inscribed(normals, right):
    """Centre and radius of the largest circle in a region."""
    import numpy
    from scipy.optimize import linprog

    answer = linprog(
        [0, 0, -1], A_ub=numpy.hstack([normals, numpy.ones((len(right), 1))]), b_ub=right, bounds=[(None, None)] * 3)
    return answer.x[:2], answer.x[2]


class Function:
    """The function as their program sees it: the number of inputs, and values at points."""

    def __init__(self, cells):
        self.n = 2
        self.cells = cells

    def value(self, points):
        import numpy
        import torch

        flat = points.reshape(-1, 2).numpy()
        worst = [(flat @ normals.T - right).max(axis=1) for normals, right, _, _ in self.cells]
        values = [flat @ gradient + offset for _, _, gradient, offset in self.cells]
        nearest = numpy.argmin(numpy.stack(worst), axis=0)
        result = torch.tensor(numpy.stack(values)[nearest, numpy.arange(len(flat))])
        return result[0] if points.dim() == 1 else result


def main():
    folder, path, cap = sys.argv[1], sys.argv[2], float(sys.argv[3])
    sys.path.insert(0, folder)
    import torch
    from cpwl import Pieces
    from relu_net import CPWLReLUNet

    torch.set_num_threads(1)
    cells = regions(path)
    circles = [inscribed(normals, right) for normals, right, _, _ in cells]
    start = cpu_seconds()
    limit = int(start + cap) + 1
    unlimited = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, unlimited[1]))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    pieces = Pieces()
    for (normals, right, _, _), (center, radius) in zip(cells, circles):
        # Slopes are differences of values at a distance of the margin, here half the circle's radius.
        pieces.add(torch.tensor(center), radius / 2, torch.tensor(normals), torch.tensor(right), pieces.q)
    function = Function(cells)
    network, _ = CPWLReLUNet(function, pieces)
    seconds = cpu_seconds() - start
    resource.setrlimit(resource.RLIMIT_CPU, unlimited)
    widths = network.k[1:-1]
    source = random.Random(1)
    points = []
    for center, radius in circles:
        points += [[c + radius * (source.random() - 0.5) for c in center] for _ in range(POINTS // len(circles) + 1)]
    # A few at a time: the matrices of a large network leave little memory.
    batches = torch.tensor(points, dtype=torch.double).split(256)
    difference = max((network(batch).reshape(-1) - function.value(batch)).abs().max().item() for batch in batches)
    json.dump({"units": sum(widths), "layers": len(widths), "seconds": seconds, "difference": difference}, sys.stdout)


if __name__ == "__main__":
    main()
