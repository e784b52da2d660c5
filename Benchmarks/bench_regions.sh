#!/usr/bin/env bash
# Counts linear regions with `pleat regions` and with its peers. Options are those of regions/__main__.py (see --help).
#
#   PLEAT=path   the program to measure (default: the project's release build)
#   PYTHON=path  the Python that makes the environment of the benchmark (default: python3)
#
# What makes the networks (NumPy, ONNX) and the peers are installed from PyPI into build/bench-regions-venv, once.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/Benchmarks/environment.sh"
python=${PYTHON:-python3}
environment=$root/build/bench-regions-venv
packages=(
  numpy==2.4.6 onnx==1.23.2                                              # the networks
  regioncam==0.5.2 affinitree==0.23.0 relucent==1.0.0 gurobipy==13.0.3  # the peers, and the solver of the last
  scipy==1.17.1
)

make_environment bench-regions "$environment" "$python" "${packages[@]}"

PYTHONPATH=$root/Benchmarks${PYTHONPATH:+:$PYTHONPATH} exec "$environment/bin/python" -m regions "$@"
