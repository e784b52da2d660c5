"""Replays witnesses: strictly in float32 with onnxruntime, on one thread, with no tolerance at all.

A grade is
* `exact`: the inputs rounded to float32 and the outputs that onnxruntime computes from them satisfy the property, compared
  as rationals;
* `strict`: that holds when the numbers of the property are rounded to float64, as the competition reads them. Where such a
  property fixes an input, it writes a float32 value with 17 digits, and the decimal box holds no float32 point;
* `real`: neither, but the numbers of the file satisfy the property exactly, and its outputs are near those of onnxruntime;
* `wrong`: none of these; `malformed`: the file has not the form that the competition or the standard prescribes.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy
import onnxruntime

from .formula import Query

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
PAIR = re.compile(rf"\(([XY])_(\d+) ({NUMBER})\)")
FILE = re.compile(rf"sat\s*\(\s*(?:\([XY]_\d+ {NUMBER}\)\s*)+\)\s*")
# How far, relatively, outputs over the reals may be from those computed in float32.
NEAR = 1e-3


class Malformed(Exception):
    pass


@dataclass
class Session:
    """A network in onnxruntime."""

    session: onnxruntime.InferenceSession

    @classmethod
    def of(cls, path: Path) -> "Session":
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return cls(onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]))

    def outputs(self, inputs: list[list[float]]) -> list[numpy.ndarray]:
        """Flat outputs; open dimensions are 1."""
        feed = {}
        for given, values in zip(self.session.get_inputs(), inputs, strict=True):
            shape = [size if isinstance(size, int) and size > 0 else 1 for size in given.shape]
            kind = numpy.float64 if given.type == "tensor(double)" else numpy.float32
            feed[given.name] = numpy.array(values, dtype=kind).reshape(shape)
        return [numpy.asarray(output).ravel() for output in self.session.run(None, feed)]


def grade(path: Path, networks: list[tuple[str, Path]], text: str) -> str:
    """The grade of a witness of the property at a path; `networks` by the names that the property gives them."""
    query = Query(path)
    try:
        given = read_two(query, text) if query.version_two else read_one(query, text)
    except Malformed:
        return "malformed"
    rounded = {
        variable.name: [as_float32(number) for number in given[variable.name]] for variable in query.of_role("input")
    }
    try:
        computed = run(query, networks, rounded)
        values = {**rounded, **{name: exact(outputs) for name, outputs in computed.items()}}
    except (ValueError, OverflowError):
        return "wrong"
    if query.holds(values):
        return "exact"
    if Query(path, lambda word: Fraction(float(word))).holds(values):
        return "strict"
    near = all(
        abs(float(number) - float(value)) <= NEAR * (1 + abs(float(value)))
        for name, outputs in computed.items() for number, value in zip(given[name], outputs, strict=True))
    return "real" if near and query.holds(given) else "wrong"


def as_float32(number: Fraction) -> Fraction:
    return Fraction(float(numpy.float32(float(number))))


def exact(values: numpy.ndarray) -> list[Fraction]:
    if not numpy.isfinite(values).all():
        raise ValueError("the network's output is not finite")
    return [Fraction(float(value)) for value in values]


def run(
    query: Query, networks: list[tuple[str, Path]], inputs: dict[str, list[Fraction]]
) -> dict[str, numpy.ndarray]:
    """The outputs of all networks, by the names of the query's variables."""
    computed = {}
    for name, path in networks:
        def of_network(role: str) -> list:
            return [variable for variable in query.of_role(role) if not name or variable.network == name]

        values = [[float(number) for number in inputs[variable.name]] for variable in of_network("input")]
        outputs = Session.of(path).outputs(values)
        for variable, output in zip(of_network("output"), outputs, strict=True):
            if len(output) != variable.size:
                raise ValueError(f"{variable.name} has {variable.size} elements, the network's output {len(output)}")
            computed[variable.name] = output
    return computed


def read_one(query: Query, text: str) -> dict[str, list[Fraction]]:
    """The competition's form of version 1.0: `sat`, then ((X_0 v) (X_1 v) … (Y_0 v) …), indices without gaps."""
    if not FILE.fullmatch(text):
        raise Malformed
    values: dict[str, list[Fraction]] = {"X": [], "Y": []}
    for name, index, number in PAIR.findall(text):
        if int(index) != len(values[name]) or (name == "X" and values["Y"]):
            raise Malformed
        values[name].append(Fraction(number))
    if any(len(values[variable.name]) != variable.size for variable in query.variables):
        raise Malformed
    return values


def read_two(query: Query, text: str) -> dict[str, list[Fraction]]:
    """The standard's form: `sat`, then for each variable a header NAME TYPE [SHAPE] and one value on a line."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines or lines[0].strip() != "sat":
        raise Malformed
    position, values = 1, {}
    for variable in query.variables:
        words = lines[position].split(None, 2) if position < len(lines) else []
        shape = "[" + ",".join(map(str, variable.shape)) + "]"
        if len(words) != 3 or words[0] != variable.name or words[2].replace(" ", "") != shape:
            raise Malformed
        numbers = lines[position + 1:position + 1 + variable.size]
        if len(numbers) != variable.size or not all(re.fullmatch(NUMBER, number.strip()) for number in numbers):
            raise Malformed
        values[variable.name] = [Fraction(number.strip()) for number in numbers]
        position += 1 + variable.size
    if position != len(lines):
        raise Malformed
    return values
