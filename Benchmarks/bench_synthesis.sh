#!/usr/bin/env bash
# Makes networks from piecewise-linear functions with `pleat`, and with its peer. Options are those of
# synthesis/__main__.py (see --help). Nothing but Python's standard library is needed for our side.
#
#   PLEAT=path   the program to measure (default: the project's release build)
#   PYTHON=path  the Python that runs the benchmark (default: python3)

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PYTHONPATH=$root/Benchmarks${PYTHONPATH:+:$PYTHONPATH} exec "${PYTHON:-python3}" -m synthesis "$@"
