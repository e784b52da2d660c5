#!/usr/bin/env bash
# Characters of a text with 512 units: path-Adam, the equivariant Adam, plain Adam and an LSTM at equal epochs and over one
# grid of rates.
#
#   TEXT=dir     the folder with train, valid and test; RATES, EPOCHS (default 1e-4,5e-4,1e-3 and 10)
#
#   PLEAT=path   the program (default: the project's release build)
#   RUNS=dir     where the runs go (default: build/runs)
#   SEEDS=n      seeds of each row (default: 3; rows that search a rate have one)

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

common=(text --data "${TEXT:?name the folder of the text}" --length 50 --batch 32 --epochs "${EPOCHS:-10}"
  --evaluate-every 1000 --checkpoint-every 500)
rates=${RATES:-1e-4,5e-4,1e-3}
train text/adam "${common[@]}" --cell relu-rnn --hidden 512 --optimizer adam --clip-norm 1 --rates "$rates"
train text/path-adam "${common[@]}" --cell relu-rnn --hidden 512 --optimizer path-adam --clip-path-norm 1 --rates "$rates"
train text/eq-adam "${common[@]}" --cell relu-rnn --hidden 512 --optimizer eq-adam --clip-path-norm 1 --rates "$rates"
train text/lstm "${common[@]}" --cell lstm --hidden 256 --optimizer adam --clip-norm 1 --rates "$rates"
compare text/adam text/path-adam text/eq-adam text/lstm
