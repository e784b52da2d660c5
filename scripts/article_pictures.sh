#!/usr/bin/env bash
# Draws the pictures of the article "Counting regions, three ways" into its catalog.
#
#   PLEAT=path   the program to draw with (default: the project's release build)

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pleat=${PLEAT:-$(scripts/swiftpm.sh path)/pleat}
readonly pictures=Sources/PiecewiseLinear/PiecewiseLinear.docc/Resources

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The networks as .npz archives of float32 arrays W0, b0, W1 …
python3 - "$folder" <<'PYTHON'
import random
import struct
import sys
import zipfile


def array(rows):
    matrix = rows if isinstance(rows[0], list) else None
    shape = f"({len(matrix)}, {len(matrix[0])})" if matrix else f"({len(rows)},)"
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    values = [value for row in rows for value in row] if matrix else rows
    return b"\x93NUMPY\x01\x00" + struct.pack(f"<H{len(header)}s{len(values)}f", len(header), header.encode(), *values)


def write(name, layers):
    with zipfile.ZipFile(f"{sys.argv[1]}/{name}.npz", "w") as archive:
        for index, (weights, biases) in enumerate(layers):
            archive.writestr(f"W{index}.npy", array(weights))
            archive.writestr(f"b{index}.npy", array(biases))


write("hat", [([[1, 0], [1, 0], [1, 0], [0, 1]], [1, 0, -1, 0]), ([[1, -2, 1, 0]], [0])])
write("touching", [
    ([[0, 1], [0, -1], [-1, 1], [1, -1]], [0, 0, 0, 0]), ([[1, -1, -1, 0], [-1, 1, 0, -1]], [0, 0]), ([[1, 1]], [0])])
first, again = ([[1], [1]], [0, -0.5]), ([[2, -4], [2, -4]], [0, -0.5])
write("sawtooth", [first, again, again, again, ([[2, -4]], [0])])

source = random.Random(3)
widths = [2, 16, 16, 16, 1]
write("random-2-16-16-16-1", [
    ([[source.gauss(0, (2 / inputs) ** 0.5) for _ in range(inputs)] for _ in range(outputs)],
     [source.gauss(0, 0.4) for _ in range(outputs)])
    for inputs, outputs in zip(widths, widths[1:])])
PYTHON

mkdir -p "$pictures"
draw() { "$pleat" regions "$folder/$1.npz" "${@:2}" --plot "$pictures/$1.svg" --quiet; }
draw hat --box=-2,2 --color gradient
draw touching --box=-2,2 --color gradient
draw sawtooth --box=-0.25,1.25
draw random-2-16-16-16-1 --box=-1,1 --color pattern
