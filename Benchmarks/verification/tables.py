"""Tables as text, in columns, and as Markdown."""

from pathlib import Path


def text(header: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(row[index]) for row in [header, *rows]) for index in range(len(header))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]).rstrip()
        for row in [header, *rows]
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def write_markdown(path: Path, header: list[str], rows: list[list[str]], notes: list[str]) -> None:
    lines = ["| " + " | ".join(row) + " |" for row in [header, ["---", *["---:"] * (len(header) - 1)], *rows]]
    path.write_text("\n".join([*lines, "", *(f"* {note}" for note in notes)]) + "\n")


def seconds_text(seconds: float) -> str:
    return f"{seconds:.2g}" if seconds < 0.1 else f"{seconds:.3g}" if seconds < 100 else f"{seconds:,.0f}"


def size_text(count: float) -> str:
    return f"{count / 1000:,.0f} kB" if count < 1e6 else f"{count / 1e6:.3g} MB"
