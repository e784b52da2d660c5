#!/usr/bin/env bash
# Times training steps of `pleat train` beside PyTorch on the CPU, both in one run. Options are those of speed.py (see
# --help).
#
#   PLEAT=path   the program to measure (default: the project's release build)
#   PYTHON=path  the Python that makes PyTorch's environment (default: python3)
#   MNIST=dir    the folder with the files of MNIST (default: data/mnist)
#   TORCH=spec   what pip installs (default: torch; PIP_EXTRA_INDEX_URL can name the index of the smaller CPU builds)
#
# PyTorch is installed into build/bench-torch-venv, once.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/Benchmarks/environment.sh"
environment=$root/build/bench-torch-venv
export PLEAT=${PLEAT:-$("$root/scripts/swiftpm.sh" path)/pleat}
make_environment bench-learning "$environment" "${PYTHON:-python3}" numpy \
  "${TORCH:-torch}"
exec "$environment/bin/python" "$root/Benchmarks/learning/speed.py" "$@"
