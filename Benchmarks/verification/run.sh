#!/usr/bin/env bash
# Benchmarks and gates of `pleat verify`: run.sh families|soundness|peers [option ...]; --help after the name lists them.
#
#   PLEAT=path     the program to measure (default: the project's release build)
#   VNN_DATA=path  the folder of the instances; without one nothing is run
#   PYTHON=path    the Python that makes the environment of the benchmark (default: python3)
#
# What replays witnesses (NumPy, ONNX Runtime) is installed from PyPI into build/bench-verify-venv, once.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/Benchmarks/environment.sh"
case ${1-} in
  families | soundness | peers) ;;
  *)
    echo "usage: run.sh families|soundness|peers [option ...]" >&2
    exit 2
    ;;
esac
environment=$root/build/bench-verify-venv
make_environment bench-verify "$environment" "${PYTHON:-python3}" numpy==2.4.6 onnxruntime==1.31.1

name=$1
shift
PYTHONPATH=$root/Benchmarks${PYTHONPATH:+:$PYTHONPATH} exec "$environment/bin/python" -m "verification.$name" "$@"
