"""Rows for a terminal as they come, and the whole as Markdown."""

import math


class Table:
    def __init__(self, columns: list[str]):
        self.columns = columns
        self.rows: list[list[str]] = []
        print("\n" + " | ".join(columns), flush=True)

    def add(self, row: list[str]) -> None:
        self.rows.append(row)
        print(" | ".join(row), flush=True)

    def markdown(self) -> str:
        lines = [self.columns, ["---"] + ["---:"] * (len(self.columns) - 1), *self.rows]
        return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def seconds(value: float) -> str:
    return f"{value:.2g}" if value < 0.1 else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def difference(value: float | None) -> str:
    return "unbounded" if value is None else "0" if value == 0 else f"{value:.1g}"


def at_most(bound: float | None) -> str:
    """A bound, rounded up to one digit."""
    if bound is None or bound == 0:
        return difference(bound)
    power = math.floor(math.log10(bound))
    return f"≤ {math.ceil(bound / 10**power)}e{power}"
