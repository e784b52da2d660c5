"""The gate: every instance known to be sat is run with the search for witnesses switched off; an `unsat` stops the run.

Run it with `Benchmarks/verification/run.sh soundness`. Exit codes: 0 no instance was called unsat, 1 one was, or a run
failed; 2 bad usage.
"""

import sys

from . import options
from .instances import chosen
from .families import progress
from .runner import Bench, Settings, find_data, find_pleat


def main() -> int:
    parser = options.parser(
        "soundness", "Runs every instance known to be sat without the attack; `unsat` stops it.",
        "run.sh soundness --timeout 20")
    options.add_choice(parser, 20)
    given = parser.parse_args()
    data = find_data(parser.prog, given.data)
    program = find_pleat(parser.prog, given.pleat)
    try:
        known = [instance for instance in data.instances() if instance.expected == "sat"]
        instances = chosen(known, given.family, given.limit, given.sample, given.seed)
    except ValueError as error:
        parser.error(str(error))
    settings = Settings(given.timeout, given.threads, attack=False, memory=given.memory)
    bench = Bench(program, data, settings, given.log)
    counts: dict[str, int] = {}
    failures = []
    for number, instance in enumerate(instances, 1):
        result = bench.result(instance)
        progress(number, instance, result)
        counts[result.verdict] = counts.get(result.verdict, 0) + 1
        if result.verdict == "unsat":
            print(f"soundness: UNSAT, known to be sat: {instance.name}")
            return 1
        if result.verdict == "failed" or result.grade in ("wrong", "malformed"):
            failures.append(f"{instance.name}: {result.grade and f'witness {result.grade}'}{result.message}")
    summary = ", ".join(f"{word} {count}" for word, count in sorted(counts.items()))
    print(f"soundness: {len(instances)} instances known to be sat, attack off, none called unsat: {summary}")
    for failure in failures:
        print(f"soundness: FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
