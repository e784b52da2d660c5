#!/usr/bin/env bash
# Times `pleat fit` beside its peers, or runs it on reference cases. Options are those of bench_fit.py (see --help).
#
#   PLEAT=path   the program to measure (default: the project's release build)
#   PYTHON=path  the Python that makes the peers' environment (default: python3)
#
# The peers are installed from PyPI into build/bench-venv, once. Reference cases need no peers and install nothing.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/Benchmarks/environment.sh"
python=${PYTHON:-python3}
environment=$root/build/bench-venv
packages=(numpy scipy scikit-learn pwlf pyscipopt highspy)

needs_peers=yes
for argument in "$@"; do
  case $argument in
    --cases | --cases=* | --no-peers | --list | -h | --help) needs_peers=no ;;
  esac
done

if [[ $needs_peers == yes ]]; then make_environment bench-fit "$environment" "$python" "${packages[@]}"; fi

exec "$python" "$root/Benchmarks/bench_fit.py" "$@"
