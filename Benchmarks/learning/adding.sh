#!/usr/bin/env bash
# The adding problem with T = 100, 400 and 750: path optimisers and baselines at equal budgets, three seeds each.
#
# Options: lengths (default: 100 400 750). An interrupted script goes on where it stopped.
#
#   PLEAT=path   the program (default: the project's release build)
#   RUNS=dir     where the runs go (default: build/runs)
#   SEEDS=n      seeds of each row (default: 3; rows that search a rate have one)

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

steps=${STEPS:-20000}
for length in "${@:-100 400 750}"; do for T in $length; do
  common=(adding --length "$T" --hidden 100 --batch 50 --steps "$steps" --target 0.01 --evaluate-every 500)
  train adding-$T/adam-clip "${common[@]}" --cell relu-rnn --optimizer adam --learning-rate 1e-3 --clip-norm 1
  train adding-$T/lstm "${common[@]}" --cell lstm --optimizer adam --learning-rate 1e-3 --clip-norm 1
  train adding-$T/path-ratio "${common[@]}" --cell relu-rnn --optimizer path-sgd --scale first-step-ratio --learning-rate 1e-3
  train adding-$T/path-normalised "${common[@]}" --cell relu-rnn --optimizer path-sgd --scale normalised \
    --learning-rate 1e-2
  train adding-$T/path-full "${common[@]}" --cell relu-rnn --optimizer path-sgd --scale normalised --kappa full \
    --kappa-every 20 --learning-rate 1e-2
  train adding-$T/path-adam "${common[@]}" --cell relu-rnn --optimizer path-adam --learning-rate 1e-3 --clip-path-norm 1
  train adding-$T/eq-adam "${common[@]}" --cell relu-rnn --optimizer eq-adam --learning-rate 1e-3 --clip-path-norm 1
  compare "adding-$T"
done; done
