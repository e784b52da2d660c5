#!/usr/bin/env bash
# SwiftPM with the project's one set of flags.
#
#   scripts/swiftpm.sh build [option ...]   swift build
#   scripts/swiftpm.sh test  [option ...]   builds everything, then runs the tests
#   scripts/swiftpm.sh path                 prints the folder of the built programs
#
# JOBS=n limits the build to n parallel jobs; the default is one per core.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/environment.sh

verb=${1-}
(($# == 0)) || shift
build_flags=("${swift_flags[@]}" ${JOBS:+--jobs "$JOBS"})

case $verb in
  build)
    swift build "${build_flags[@]}" "$@"
    ;;
  test)
    # `swift test` on its own adds a compiler option, which would rebuild every module: the tests are built first, with
    # the flags of all other builds, and only run here.
    swift build --build-tests "${build_flags[@]}"
    swift test --skip-build --disable-xctest "${swift_flags[@]}" "$@"
    ;;
  path)
    swift build "${swift_flags[@]}" --show-bin-path
    ;;
  *)
    echo "usage: scripts/swiftpm.sh build|test|path [option ...]" >&2
    exit 2
    ;;
esac
