#!/usr/bin/env bash
# Makes ready for one instance of VNN-COMP: prepare_instance.sh v1 CATEGORY ONNX VNNLIB
#
# Exits with 0 when the instance is to be run. Nothing is kept between instances: what is done here is to look whether the
# files can be read, and to end what an earlier instance may have left running.

set -euo pipefail

if [[ ${1-} != v1 || $# -lt 4 ]]; then
  echo "usage: prepare_instance.sh v1 CATEGORY ONNX VNNLIB (found '$*')" >&2
  exit 2
fi

# shellcheck source=vnncomp/pleat.sh
source "$(dirname "${BASH_SOURCE[0]}")/pleat.sh"
onnx=$3
vnnlib=$4

end_earlier_instance

# Several networks of one query come as NAME=FILE;NAME=FILE.
IFS=';' read -ra models <<< "$onnx"
for path in "${models[@]#*=}" "$vnnlib"; do
  if [[ ! -r $path && ! -r $path.gz ]]; then
    echo "prepare_instance.sh: cannot read $path" >&2
    exit 1
  fi
done
"$pleat" --version > /dev/null
