#!/usr/bin/env bash
# The main jobs on shipped data: fits two public data sets to certified global optimality, has the certificates checked
# by exact arithmetic, takes a classifier apart into its linear regions, makes a network of a controller, and leaves
# networks, certificates and figures in build/demo. Run it after `make build`, or let PLEAT name another `pleat` to use.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

pleat=${PLEAT:-$(scripts/swiftpm.sh path)/pleat}
[[ -x $pleat ]] || {
  echo "demo: there is no program at $pleat; build it with: make build" >&2
  exit 1
}
readonly out=build/demo
mkdir -p "$out"

# Prints a heading and the command as a user would type it, then runs it.
show() {
  local heading=$1
  shift
  printf '\n== %s\n$ pleat %s\n\n' "$heading" "$*"
  "$pleat" "$@"
}

show "How many bends does the flow of the Nile need? The best continuous piecewise-linear fit of each width" \
  fit Examples/nile.csv --target volume --model pwl --hidden 1..6 --plot "$out/nile-widths.svg"

show "The best one with three bends, as a network, with its proof of optimality" \
  fit Examples/nile.csv --target volume --model pwl --hidden 3 \
  --out "$out/nile.onnx" --certificate "$out/nile.json" --plot "$out/nile.svg"

show "The proof, checked again in exact arithmetic" \
  check "$out/nile.json"

show "Three inputs: the best network with two hidden units for the losses of a chemical plant" \
  fit Examples/stackloss.csv --target stackloss --hidden 2 \
  --out "$out/stackloss.onnx" --certificate "$out/stackloss.json" --plot "$out/stackloss.svg"

show "Its proof, checked again in exact arithmetic" \
  check "$out/stackloss.json"

show "The classifier of two half-moons as the function it is: its linear regions and its decision boundary" \
  regions Examples/moons.npz --box -1.5,1.5 --boundary f0=0 --measures \
  --data Examples/moons.csv --color class --plot "$out/moons.svg"

show "The same on the whole plane: near-dead weights put corners 10^20 away, and the count is exact all the same" \
  regions Examples/moons.npz --unbounded

show "What is this network?" \
  describe "$out/stackloss.onnx"

show "A controller of 47 regions as a network, proved equal" \
  synthesize Examples/mpc/double_integrator.json --goal depth --out "$out/controller.onnx"

show "The network that was written, against the controller over its whole domain" \
  equivalent Examples/mpc/double_integrator.json "$out/controller.onnx" --tolerance 1e-12

show "Is it safe? No state in which it moves fast to the right and the controller brakes too little" \
  verify "$out/controller.onnx" Examples/mpc/brake.vnnlib --certificate "$out/brake.json" --explain

show "That proof, checked again" \
  check "$out/brake.json"

show "A sawtooth of 82 pieces from twelve units, and what shallower networks need for it" \
  family sawtooth --width 3 --layers 4 --plot "$out/sawtooth.svg"

show "Will gradient descent train it? Kernel spectra of six activations on 24 points of an arc, down to 10^-36" \
  spectrum --synthetic arc --activation relu,elu,tanh,gelu,silu,sin --plot "$out/spectrum.svg"

show "How many random patterns can networks with these activations store?" \
  capacity --activation relu,erf,tanh --weights spherical --ansatz rs,1rsb

printf '\n== Done. Written to %s:\n\n' "$out"
for file in "$out"/*; do printf '  %s\n' "$file"; done
