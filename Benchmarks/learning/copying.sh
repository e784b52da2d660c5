#!/usr/bin/env bash
# The copying problem with T = 100: the unitary cell, an LSTM and the ReLU network from the identity, of about 6500 parameters.
#
#   PLEAT=path   the program (default: the project's release build)
#   RUNS=dir     where the runs go (default: build/runs)
#   SEEDS=n      seeds of each row (default: 3; rows that search a rate have one)

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

common=(copying --length "${LENGTH:-100}" --batch 20 --steps "${STEPS:-5000}" --evaluate-every 250 --target 0.01)
train copying/unitary "${common[@]}" --cell urnn --hidden 128 --optimizer rmsprop --learning-rate 1e-3
train copying/lstm "${common[@]}" --cell lstm --hidden 40 --optimizer rmsprop --learning-rate 1e-3 --clip-value 1
train copying/irnn "${common[@]}" --cell relu-rnn --hidden 80 --optimizer rmsprop --learning-rate 1e-3 --clip-value 1
compare copying
