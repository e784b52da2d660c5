#!/usr/bin/env bash
# Times the theory of solution spaces and its solvers, and the same computations in numpy and scipy, in one run.
#
#   PROGRAM=path  the program to measure (default: the project's release build)
#   PYTHON=path   a Python with numpy and scipy (default: one of its own, made in build/capacity-venv)
#   --long        adds focusing belief propagation with 10 000 inputs

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=${PROGRAM:-$("$root/scripts/swiftpm.sh" path)/bench-capacity}
if [[ -z ${PYTHON-} ]]; then
  PYTHON=$root/build/capacity-venv/bin/python3
  if [[ ! -x $PYTHON ]]; then
    python3 -m venv "$root/build/capacity-venv"
    "$PYTHON" -m pip install --quiet numpy scipy
  fi
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$PYTHON" - "$program" "$@" > "$folder/pleat" << 'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(f"peak memory, MB\t{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000}\t")
END
OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-$(nproc)} "$PYTHON" "$root/Benchmarks/capacity/peers.py" > "$folder/peers"
awk -F '\t' '
  BEGIN { printf "%-34s %12s %16s %8s   %-20s %s\n", "", "pleat, s", "numpy, s", "ratio", "pleat", "numpy" }
  FNR == NR { seconds[$1] = $2; result[$1] = $3; next }
  $1 ~ /^peak/ { printf "%-34s %12.1f\n", $1, $2; next }
  $1 in seconds { printf "%-34s %12.6f %16.6f %7.0fx   %-20s %s\n", $1, $2, seconds[$1], seconds[$1] / $2, $3, result[$1]; next }
  { printf "%-34s %12.6f %16s %8s   %s\n", $1, $2, "", "", $3 }
' "$folder/peers" "$folder/pleat"
