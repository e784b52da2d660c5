"""One count by one peer, in a process of its own: JSON on stdout.

    peers.py PEER NETWORK.npz box|space CAP

The box is [−1, 1]ⁿ. Answer: `count`, and `seconds`, the CPU time (user and system) from the network in memory to the
count; importing packages and reading the file are not part of it. A limit on the CPU time ends the process.
"""

import json
import os
import resource
import signal
import sys
import warnings
from pathlib import Path

import networks


def cpu_seconds() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


class Clock:
    def __init__(self, cap: float):
        self.start = cpu_seconds()
        limit = int(self.start + cap) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)

    def answer(self, count: int) -> dict:
        return {"count": count, "seconds": cpu_seconds() - self.start}


def regioncam(layers, inputs, domain, cap):
    import regioncam

    clock = Clock(cap)
    # In one dimension the size is the interval's length, in two half the square's side.
    mesh = regioncam.Regioncam1D(size=2) if inputs == 1 else regioncam.Regioncam(size=1)
    for weights, biases in layers[:-1]:
        mesh.linear(weights.T.copy(), biases)
        mesh.relu()
    return clock.answer(mesh.num_edges if inputs == 1 else mesh.num_faces)


def affinitree(layers, inputs, domain, cap):
    import affinitree

    clock = Clock(cap)
    network = affinitree.Architecture(inputs)
    for index, (weights, biases) in enumerate(layers):
        network.linear(affinitree.AffFunc.from_mats(weights.astype("float64"), biases.astype("float64")))
        if index < len(layers) - 1:
            network.relu()
    box = None
    if domain == "box":
        polytope = affinitree.Polytope.hyperrectangle(inputs, [(-1.0, 1.0)] * inputs)
        identity = affinitree.AffFunc.from_mats(*identity_map(inputs))
        box = affinitree.AffTree.from_poly(polytope, identity, None)
    tree = affinitree.builder.from_layers(network, box, None)
    return clock.answer(tree.num_terminals())


def identity_map(inputs):
    import numpy

    return numpy.eye(inputs), numpy.zeros(inputs)


def relucent(layers, inputs, domain, cap):
    import numpy
    import relucent
    from relucent.model.model import LinearLayer, ReLULayer, ReLUNetwork

    clock = Clock(cap)
    stack = []
    for weights, biases in layers[:-1]:
        stack += [LinearLayer(weights.astype("float64"), biases.astype("float64")), ReLULayer()]
    weights, biases = layers[-1]
    stack.append(LinearLayer(weights.astype("float64"), biases.astype("float64")))
    cells = relucent.Complex(ReLUNetwork(stack))
    box = {"cube_radius": 1.0, "cube_mode": "intersect"} if domain == "box" else {}
    # Its own choice, the origin, lies on a hyperplane of many a network.
    start = numpy.random.default_rng(0).uniform(-0.5, 0.5, inputs)
    cells.bfs(start, nworkers=1, verbose=0, **box)
    return clock.answer(len(cells))


PEERS = {"regioncam": regioncam, "affinitree": affinitree, "relucent": relucent}


def main():
    peer, file, domain, cap = sys.argv[1:]
    answer_to = os.dup(1)
    os.dup2(2, 1)  # what a peer prints must not mix with the answer
    warnings.simplefilter("ignore")
    layers = networks.read(Path(file))
    answer = PEERS[peer](layers, layers[0][0].shape[1], domain, float(cap))
    with os.fdopen(answer_to, "w") as out:
        json.dump(answer, out)


if __name__ == "__main__":
    main()
