"""VNN-LIB formulas, versions 1.0 and 2.0, evaluated without rounding. It accepts what well-formed files hold; it is no
checker."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

TOKEN = re.compile(r';[^\n]*|"[^"]*"|[()]|[^\s()";]+')


@dataclass(frozen=True)
class Variable:
    name: str
    role: str  # "input", "hidden" or "output"
    network: str
    element_type: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        size = 1
        for dimension in self.shape:
            size *= dimension
        return size


class Query:
    """The variables in the order of their declaration, and the assertions as nested lists of words."""

    def __init__(self, path: Path, numerals: Callable[[str], Fraction] = Fraction):
        """`numerals` says what a number in the text stands for: its decimal value, or what it is rounded to."""
        self.numerals = numerals
        expressions = parsed(path.read_text())
        self.version_two = any(item[0] == "vnnlib-version" for item in expressions)
        self.assertions = [item[1] for item in expressions if item[0] == "assert"]
        self.variables = declared(expressions) if self.version_two else counted(expressions)
        self.by_name = {variable.name: variable for variable in self.variables}

    def of_role(self, role: str) -> list[Variable]:
        return [variable for variable in self.variables if variable.role == role]

    def holds(self, values: dict[str, list[Fraction]]) -> bool:
        """Whether all assertions hold; `values` has the elements of each variable, row-major."""
        return all(self.formula(assertion, values) for assertion in self.assertions)

    def formula(self, item: list, values: dict[str, list[Fraction]]) -> bool:
        head, *rest = item
        if head == "and":
            return all(self.formula(part, values) for part in rest)
        if head == "or":
            return any(self.formula(part, values) for part in rest)
        numbers = [self.number(part, values) for part in rest]
        pairs = list(itertools.pairwise(numbers))
        match head:
            case "<=":
                return all(left <= right for left, right in pairs)
            case "<":
                return all(left < right for left, right in pairs)
            case ">=":
                return all(left >= right for left, right in pairs)
            case ">":
                return all(left > right for left, right in pairs)
            case "=" | "==":
                return all(left == right for left, right in pairs)
            case "!=" | "distinct":
                return len(set(numbers)) == len(numbers)
        raise ValueError(f"not a formula: {head}")

    def number(self, item: list | str, values: dict[str, list[Fraction]]) -> Fraction:
        if isinstance(item, str):
            return self.element(item, values)
        numbers = [self.number(part, values) for part in item[1:]]
        match item[0]:
            case "+":
                return sum(numbers, Fraction())
            case "-":
                return -numbers[0] if len(numbers) == 1 else numbers[0] - sum(numbers[1:], Fraction())
            case "*":
                product = Fraction(1)
                for number in numbers:
                    product *= number
                return product
        raise ValueError(f"not a number: {item[0]}")

    def element(self, word: str, values: dict[str, list[Fraction]]) -> Fraction:
        if word[0] in "+-.0123456789":
            return self.numerals(word)
        if not self.version_two:
            name, _, index = word.partition("_")
            return values[name][int(index)]
        name, _, indices = word.partition("[")
        flat = 0
        if indices:
            for dimension, index in zip(self.by_name[name].shape, indices.rstrip("]").split(","), strict=True):
                flat = flat * dimension + int(index)
        return values[name][flat]


def parsed(text: str) -> list[list]:
    """The top-level lists of a text."""
    # A shape or an index may be written with blanks inside its brackets.
    text = re.sub(r"\[[^\]\n]*\]", lambda match: re.sub(r"\s", "", match.group()), text)
    stack: list[list] = [[]]
    for match in TOKEN.finditer(text):
        token = match.group()
        if token == "(":
            stack.append([])
        elif token == ")":
            finished = stack.pop()
            stack[-1].append(finished)
        elif token[0] != ";":
            stack[-1].append(token)
    return stack[0]


def declared(expressions: list[list]) -> list[Variable]:
    variables = []
    for expression in expressions:
        if expression[0] != "declare-network":
            continue
        for item in expression[2:]:
            if not item[0].startswith("declare-"):
                continue
            words = [word for word in item[2:] if not word.startswith('"')]
            shape = tuple(int(size) for size in words[-1].strip("[]").split(",") if size)
            variables.append(Variable(item[1], item[0].removeprefix("declare-"), expression[1], words[0], shape))
    return variables


def counted(expressions: list[list]) -> list[Variable]:
    names = [item[1] for item in expressions if item[0] in ("declare-const", "declare-fun")]
    counts = {letter: sum(name.startswith(letter + "_") for name in names) for letter in "XY"}
    return [
        Variable("X", "input", "", "real", (counts["X"],)), Variable("Y", "output", "", "real", (counts["Y"],)),
    ]
