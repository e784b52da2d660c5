#!/usr/bin/env bash
# Runs the conformance suite of VNN-LIB 2.0, vnnlib-satisfactory, against pleat: its queries, then its compliance checks.
# Exit code 1 when a test fails, ends in an error, or is claimed and answered unknown.
#
#   PLEAT=path    the program (default: the project's release build)
#   PYTHON=path   the Python that makes the environment of the suite (default: python3)
#   TIMEOUT=s     for one test (default: 10)
#
# The suite is installed from PyPI into build/bench-suite-venv, once; its tests are made below build/bench-suite.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/Benchmarks/environment.sh"
environment=$root/build/bench-suite-venv
make_environment bench-suite "$environment" "${PYTHON:-python3}" vnnlib-satisfactory==1.0.1 vnnlib==1.0.2
pleat=$(realpath "${PLEAT:-$root/.build/release/pleat}")
[[ -x $pleat ]] || {
  echo "bench-suite: there is no program $pleat: run \`make build\`, or set PLEAT" >&2
  exit 2
}

mkdir -p "$root/build/bench-suite"
cd "$root/build/bench-suite"
suite=$environment/bin/vnnlib-satisfactory
status=0
"$suite" run --solver "$pleat" --timeout "${TIMEOUT:-10}" || status=1
for check in opset vnnlib serialise-assignments; do
  "$suite" compliance "$check" --solver "$pleat" || status=1
done
"$suite" report view --outcome fail --outcome suspect --outcome error || status=1
exit $status
