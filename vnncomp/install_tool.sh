#!/usr/bin/env bash
# Builds Pleat for VNN-COMP: install_tool.sh v1
#
# Needs a Swift 6 toolchain, and root for the C libraries (GMP, OpenBLAS, zlib) where they are missing.

set -euo pipefail

if [[ ${1-} != v1 ]]; then
  echo "usage: install_tool.sh v1 (found version '${1-}')" >&2
  exit 2
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
make build
"$(scripts/swiftpm.sh path)/pleat" --version
