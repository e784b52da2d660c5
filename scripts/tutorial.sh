#!/usr/bin/env bash
# The commands of the tutorial "From theorem to network" (Sources/Representation/Representation.docc), with what they
# print, and the pictures that they make, which go into its catalog.
#
#   PLEAT=path   the program to use (default: the project's release build)

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pleat=$(realpath "${PLEAT:-$(scripts/swiftpm.sh path)/pleat}")
readonly root=$PWD pictures=$PWD/Sources/Representation/Representation.docc/Resources

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$pictures"
cd "$folder"
ln -s "$root/Examples" Examples

# Prints a command as a user would type it, and runs it. Exit code 1, the answer no, is an answer.
show() {
  printf '\n$ pleat %s\n' "$*"
  "$pleat" "$@" || (($? == 1))
}

draw() { "$pleat" regions "$@" --quiet >/dev/null; }

cat >line.json <<'JSON'
{"format": "pleat-function", "form": "breakpoints", "points": [[0, 0], [1, -2], [2, -3]],
 "left_slope": 1, "right_slope": 1}
JSON
cat >corner.json <<'JSON'
{"format": "pleat-function", "form": "max-min", "clauses": [[0], [1], [2]],
 "functions": [{"gradient": [0, 0], "constant": 0}, {"gradient": [1, 0], "constant": 0},
               {"gradient": [0, 1], "constant": 0}]}
JSON
# sin x at 64 points of a period, with nine digits.
awk 'BEGIN { print "x,y"; for (i = 0; i <= 64; i++) { x = i * 0.1; printf "%.1f,%.9f\n", x, sin(x) } }' >sine.csv

# Theorem 2.1
show synthesize Examples/functions/median.json --out median.onnx
show decompose Examples/functions/median.json
draw median.onnx --box=-2,2 --color gradient --plot median.svg
show synthesize Examples/functions/terrain.json --out terrain.onnx
draw terrain.onnx --box='0,5;0,4' --color value --plot terrain.svg
show synthesize Examples/mpc/double_integrator.json --goal depth --out controller.onnx
show equivalent Examples/mpc/double_integrator.json controller.onnx --tolerance 1e-12
show synthesize Examples/mpc/double_integrator.json --goal units --out controller-exact.json
show equivalent Examples/mpc/double_integrator.json controller-exact.json
draw controller.onnx --box='-10,10;-3,3' --color value --plot controller.svg

# Theorems 2.2 and 2.3
show synthesize line.json --out line.onnx
draw line.onnx --box=-1,3 --plot line.svg
show synthesize sine.csv --pieces 6 --curvature 1 --out sine.onnx
draw sine.onnx --box=0,6.4 --data sine.csv --plot sine.svg

# One hidden layer, and maxima in few layers
show synthesize corner.json --out corner.onnx
draw corner.onnx --box=-1,1 --color gradient --plot corner.svg
show family maximum --count 5 --shallow

# Theorems 3.1 to 3.5
show family sawtooth --width 3 --layers 4 --plot sawtooth.svg
show bounds --pieces 82 --inputs 1 --layers 2
show bounds --corollary 7
show bounds --gap --width 2 --layers 6 --shallow-layers 2
show bounds --gap --width 2 --layers 6 --shallow-layers 2 --units 8

# Theorems 3.6 to 3.9
show family zonotope --inputs 3 --generators 5 --seed 5 --plot zonotope.svg
show family zonotope --inputs 2 --generators 4 --generator-kind regular --width 3 --layers 3 \
  --plot-function folded.svg

cp ./*.svg "$pictures"
