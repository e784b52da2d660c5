"""The options that the programs of this folder share."""

import argparse
from pathlib import Path

from .runner import ROOT


def parser(name: str, description: str, example: str) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(prog=name, description=description, epilog=f"Example: {example}")
    result.add_argument("--pleat", metavar="PATH", help="the program (default: $PLEAT, then the project's release build)")
    result.add_argument("--data", type=Path, metavar="FOLDER", help="nets/ and public/ (default: $VNN_DATA)")
    return result


def add_choice(result: argparse.ArgumentParser, cap: float) -> None:
    """Which instances, how long, and where the results are kept."""
    result.add_argument("--family", action="append", default=[], metavar="NAME", help="only this family; repeatable")
    result.add_argument("--limit", type=positive, metavar="N", help="the first N instances of each family")
    result.add_argument("--sample", type=positive, metavar="N", help="N random instances of each family")
    result.add_argument("--seed", type=int, default=1, metavar="N", help="of --sample (default 1)")
    result.add_argument(
        "--timeout", type=seconds, default=cap, metavar="S",
        help=f"wall seconds for one instance, where its official limit is longer (default {cap:g})")
    result.add_argument("--threads", type=positive, default=1, metavar="N", help="of pleat (default 1)")
    result.add_argument("--memory", type=int, default=0, metavar="MIB", help="addresses of pleat (default: no limit)")
    result.add_argument(
        "--log", type=Path, metavar="FILE",
        default=ROOT / "build" / "bench-verify" / f"{result.prog}.jsonl",
        help="results are kept here, and not computed again (default: build/bench-verify/%(prog)s.jsonl)")


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("takes a number from 1")
    return number


def seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 86_400:
        raise argparse.ArgumentTypeError("takes up to 86400 seconds")
    return number
