#!/usr/bin/env bash
# Runs one instance of VNN-COMP: run_instance.sh v1 CATEGORY ONNX VNNLIB RESULTS TIMEOUT
#
# Writes to RESULTS one word, sat, unsat, unknown, timeout or error, and after sat the counterexample.

set -uo pipefail

if [[ ${1-} != v1 || $# -lt 6 ]]; then
  echo "usage: run_instance.sh v1 CATEGORY ONNX VNNLIB RESULTS TIMEOUT (found '$*')" >&2
  exit 2
fi

# shellcheck source=vnncomp/pleat.sh
source "$(dirname "${BASH_SOURCE[0]}")/pleat.sh"
onnx=$3
vnnlib=$4
results=$5
timeout=$6

rm -f "$results"
witness=$(mktemp)
answer=$(mktemp)
trap 'rm -f "$witness" "$answer"' EXIT

# In the background with its process id noted, so that a later instance can end it, should this script be killed.
"$pleat" verify "$onnx" "$vnnlib" --timeout "$timeout" --witness "$witness" --quiet > "$answer" &
tool=$!
note_instance "$tool"
wait "$tool"
status=$?
forget_instance

word=$(head -n 1 "$answer")
case $word in
  sat) cp "$witness" "$results" ;;
  unsat | unknown | timeout) echo "$word" > "$results" ;;
  *)
    echo error > "$results"
    echo "run_instance.sh: pleat ended with status $status and no answer" >&2
    exit 1
    ;;
esac
