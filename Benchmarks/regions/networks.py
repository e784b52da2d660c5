"""The networks of the benchmark, made from seeds or from their definition, and the files that they are kept in.

A network is a list of `(weights, biases)`, float32, weights `[out × in]`, with a ReLU after each pair but the last.
"""

from pathlib import Path

import numpy

Layers = list[tuple[numpy.ndarray, numpy.ndarray]]


def random_network(widths: tuple[int, ...], seed: int) -> Layers:
    """Weights from N(0, 2 / inputs), biases from N(0, 0.4²), rounded to float32."""
    source = numpy.random.default_rng(seed)
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        weights = source.normal(0, 1, (outputs, inputs)) * numpy.sqrt(2 / inputs)
        layers.append((weights, source.normal(0, 1, outputs) * 0.4))
    return rounded(layers)


def rounded(layers) -> Layers:
    single = [(numpy.asarray(w, dtype=numpy.float32), numpy.asarray(b, dtype=numpy.float32)) for w, b in layers]
    return [(weights.reshape(len(biases), -1), biases) for weights, biases in single]


def summed(weights, biases) -> Layers:
    """One hidden layer, its units added."""
    return rounded([(weights, biases), (numpy.ones((1, len(biases))), [0])])


# Networks whose number of regions is known from their definition, and which are hard on tolerances.


def duplicates(lines: int) -> Layers:
    """Tangents of a circle about the origin, no two parallel, each four times: as it is, negated, doubled, times −4;
    and two units that never change sides.

    Tangents of a circle of radius 0.1 at angles below 5π/6 meet within 0.4 of its centre, no three in a point: there
    are 1 + m + m (m − 1) / 2 regions, in the box as in the plane.
    """
    angles = (numpy.arange(lines) + 0.1 * numpy.sin(numpy.arange(lines))) * (5 * numpy.pi / 6) / lines
    tangents = numpy.column_stack([numpy.cos(angles), numpy.sin(angles)]).astype(numpy.float32)
    radius = numpy.full(lines, numpy.float32(0.1))
    copies = [(factor * tangents, -factor * radius) for factor in (1, -1, 2, -4)]
    constant = (numpy.zeros((2, 2)), numpy.array([1, -1]))
    weights, biases = zip(*copies, constant)
    return summed(numpy.concatenate(weights), numpy.concatenate(biases))


def fan(inputs: int, units: int, seed: int) -> Layers:
    """Hyperplanes through the origin in general position: 2 Σ_{i < n} C(m − 1, i) regions."""
    return summed(numpy.random.default_rng(seed).normal(0, 1, (units, inputs)), numpy.zeros(units))


def grid(inputs: int, planes: int) -> Layers:
    """k planes across each axis, evenly spaced: (k + 1)ⁿ regions."""
    offsets = [1 - 2 * (i + 1) / (planes + 1) for i in range(planes)]
    weights = numpy.repeat(numpy.eye(inputs), planes, axis=0)
    return summed(weights, offsets * inputs)


def sum_of_magnitudes(inputs: int) -> Layers:
    """ReLU(Σ |xᵢ| − 1/2): the orthants, each divided once, so 2ⁿ⁺¹ regions."""
    weights = numpy.concatenate([numpy.eye(inputs), -numpy.eye(inputs)])
    return rounded([(weights, numpy.zeros(2 * inputs)), (numpy.ones((1, 2 * inputs)), [-0.5]), ([[1]], [0])])


def folds(inputs: int, depth: int) -> Layers:
    """xᵢ ↦ |xᵢ| − 2⁻ᵏ for k = 1 … d − 1, and a last |xᵢ|: 2ᵈ intervals on each axis, 2ⁿᵈ regions."""
    signs = numpy.concatenate([numpy.eye(inputs), -numpy.eye(inputs)])
    magnitudes = numpy.hstack([numpy.eye(inputs), numpy.eye(inputs)])
    layers = [(signs, numpy.zeros(2 * inputs))]
    for level in range(1, depth):
        layers.append((signs @ magnitudes, signs @ numpy.full(inputs, -(2.0**-level))))
    return rounded([*layers, (numpy.ones((1, 2 * inputs)), [0])])


def tents(depth: int) -> Layers:
    """The tent map of [0, 1], d times: 2ᵈ intervals there, one to the left, one to the right."""
    layers = [([[1], [1]], [0, -0.5])]
    layers += [([[2, -4], [2, -4]], [0, -0.5])] * (depth - 1)
    return rounded([*layers, ([[2, -4]], [0])])


def far_lines(lines: int, seed: int) -> Layers:
    """Lines in general position whose distances from the origin grow from 1 to 10²⁰: 1 + m + m (m − 1) / 2 regions of
    the plane. What a trained network with weights that are almost dead looks like."""
    angles = (numpy.arange(lines) + numpy.random.default_rng(seed).uniform(0.2, 0.8, lines)) * numpy.pi / lines
    distances = 10.0 ** numpy.linspace(0, 20, lines)
    weights = numpy.column_stack([numpy.cos(angles), numpy.sin(angles)]) / distances[:, None]
    return summed(weights, numpy.ones(lines))


# Files.


def write(layers: Layers, stem: Path) -> None:
    """Writes `stem`.npz (W0, b0, W1, …) and `stem`.onnx (Gemm and Relu)."""
    arrays = {}
    for index, (weights, biases) in enumerate(layers):
        arrays |= {f"W{index}": weights, f"b{index}": biases}
    numpy.savez(stem.with_suffix(".npz"), **arrays)
    write_onnx(layers, stem.with_suffix(".onnx"))


def write_onnx(layers: Layers, path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, value = [], [], "x"
    for index, (weights, biases) in enumerate(layers):
        last = index == len(layers) - 1
        names = [f"W{index}", f"b{index}"]
        constants += [numpy_helper.from_array(array, name) for array, name in zip((weights, biases), names)]
        affine = "y" if last else f"z{index}"
        nodes.append(helper.make_node("Gemm", [value, *names], [affine], name=f"Gemm_{index}", transB=1))
        if not last:
            value = f"h{index}"
            nodes.append(helper.make_node("Relu", [affine], [value], name=f"Relu_{index}"))
    inputs, outputs = layers[0][0].shape[1], len(layers[-1][1])
    graph = helper.make_graph(
        nodes, path.stem,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, inputs])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, outputs])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def read(path: Path) -> Layers:
    """The layers in a file that `write` made, or one with the same keys."""
    with numpy.load(path) as arrays:
        return [(arrays[f"W{index}"], arrays[f"b{index}"]) for index in range(len(arrays.files) // 2)]
