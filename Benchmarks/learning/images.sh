#!/usr/bin/env bash
# Two hidden layers of 4000 units on MNIST, from a balanced and from an unbalanced start: the curves of path-SGD are the same,
# those of SGD are not.
#
#   MNIST=dir    the folder with the files of MNIST; EPOCHS (default 1), LAYERS (default 4000,4000)
#
#   PLEAT=path   the program (default: the project's release build)
#   RUNS=dir     where the runs go (default: build/runs)
#   SEEDS=n      seeds of each row (default: 3; rows that search a rate have one)

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

common=(images --data "${MNIST:?name the folder of MNIST}" --layers "${LAYERS:-4000,4000}" --batch 100
  --epochs "${EPOCHS:-1}" --held-out 10000 --log-every 10 --evaluate-every 250)
for start in balanced unbalanced; do
  train images/path-sgd-$start "${common[@]}" --init $start --optimizer path-sgd --learning-rate "${PATH_RATE:-0.1}"
  train images/sgd-$start "${common[@]}" --init $start --optimizer sgd --learning-rate "${RATE:-0.1}"
  train images/adagrad-$start "${common[@]}" --init $start --optimizer adagrad --learning-rate "${ADA_RATE:-0.01}"
done
compare images
