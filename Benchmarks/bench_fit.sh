#!/usr/bin/env bash
# Times `pleat fit` beside its peers, or runs it on reference cases. Options are those of bench_fit.py (see --help).
#
#   PLEAT=path   the program to measure (default: the project's release build)
#   PYTHON=path  the Python that makes the peers' environment (default: python3)
#
# The peers are installed from PyPI into build/bench-venv, once. Reference cases need no peers and install nothing.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=${PYTHON:-python3}
environment=$root/build/bench-venv
packages=(numpy scipy scikit-learn pwlf pyscipopt highspy)

needs_peers=yes
for argument in "$@"; do
  case $argument in
    --cases | --cases=* | --no-peers | --list | -h | --help) needs_peers=no ;;
  esac
done

if [[ $needs_peers == yes && ! -e $environment/ready ]]; then
  echo "bench-fit: installing ${packages[*]} into ${environment#"$root"/} (once)" >&2
  rm -rf "$environment"
  "$python" -m venv "$environment" || {
    echo "bench-fit: Python's venv module is needed (Debian and Ubuntu: apt-get install python3-venv)" >&2
    exit 2
  }
  "$environment/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
  touch "$environment/ready"
fi

exec "$python" "$root/Benchmarks/bench_fit.py" "$@"
