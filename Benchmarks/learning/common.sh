# Sourced by the experiments: `train NAME options …` runs every seed, or goes on where it was interrupted; `compare NAME …`
# prints the table of the runs in folders.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
pleat=${PLEAT:-$("$root/scripts/swiftpm.sh" path)/pleat}
runs=${RUNS:-$root/build/runs}
mkdir -p "$runs"

train() {
  local name=$1
  shift
  local several=(--seeds "${SEEDS:-3}")
  for argument in "$@"; do if [[ $argument == --rates ]]; then several=(); fi; done
  echo "== $name" >&2
  # A row of which every run diverged is a result, not a failure of the script.
  "$pleat" train "$@" "${several[@]}" --run "$runs/$name" --resume || [[ $? == 3 ]]
}

compare() {
  for name in "$@"; do
    local folders=()
    if [[ -d $runs/$name ]]; then for folder in "$runs/$name" "$runs/$name"/*/; do folders+=("${folder%/}"); done; fi
    "$pleat" compare "${folders[@]}"
  done
}
