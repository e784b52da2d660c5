#!/usr/bin/env bash
# Writes the reference documentation of the library rooms, as static web pages, to build/docs.
#
# The DocC plugin is a dependency of the package only while PLEAT_DOCS is set, so that those who build Pleat, or depend
# on it, do not fetch it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/environment.sh
export PLEAT_DOCS=1

readonly output=$PWD/build/docs
readonly scratch=.build-docs
readonly rooms=(
  PiecewiseLinear Representation Fitting Certificates Networks Polyhedra Datasets Figures Exact LinearAlgebra
  Probability Execution
)

# Resolving with the plugin would leave its pins in the file that ordinary builds read.
pins=$(mktemp)
[[ ! -e Package.resolved ]] || cp Package.resolved "$pins"
restore_pins() { if [[ -s $pins ]]; then mv "$pins" Package.resolved; else rm -f "$pins" Package.resolved; fi; }
trap restore_pins EXIT

targets=()
for room in "${rooms[@]}"; do targets+=(--target "$room"); done
mkdir -p "$output"
swift package --scratch-path "$scratch" --allow-writing-to-directory "$output" generate-documentation \
  "${targets[@]}" --enable-experimental-combined-documentation --transform-for-static-hosting \
  --hosting-base-path / --output-path "$output"
echo "documentation: build/docs (look at it with: python3 -m http.server -d build/docs, then /documentation)"
