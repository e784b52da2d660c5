#!/usr/bin/env bash
# Times kernel matrices of wide networks beside neural-tangents and numpy. Options are those of spectrum/__main__.py (see --help).
#
#   BENCH_SPECTRUM=path  the program to measure (`make bench-spectrum` builds it and says where it is)
#   PYTHON=path          the Python that makes the peers' environment: 3.9 to 3.12 (default: python3)
#
# The peers are installed from PyPI into build/bench-spectrum-venv, once: about 3 GB, because neural-tangents needs TensorFlow,
# and it runs with no newer jax than 0.4.30.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/Benchmarks/environment.sh"
python=${PYTHON:-python3}
environment=$root/build/bench-spectrum-venv
packages=('numpy<2' 'scipy<1.13' jax==0.4.30 jaxlib==0.4.30 neural-tangents==0.6.5)

make_environment bench-spectrum "$environment" "$python" "${packages[@]}"

export OPENBLAS_NUM_THREADS=1
PYTHONPATH=$root/Benchmarks${PYTHONPATH:+:$PYTHONPATH} exec "$environment/bin/python" -m spectrum "$@"
