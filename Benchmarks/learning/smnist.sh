#!/usr/bin/env bash
# Pixel by pixel MNIST with 100 units: path-SGD, path-Adam and Adam, for as many epochs as EPOCHS says (default 40).
#
#   MNIST=dir    the folder with the files of MNIST
#
#   PLEAT=path   the program (default: the project's release build)
#   RUNS=dir     where the runs go (default: build/runs)
#   SEEDS=n      seeds of each row (default: 3; rows that search a rate have one)

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

common=(smnist --data "${MNIST:?name the folder of MNIST}" --hidden 100 --batch 64 --epochs "${EPOCHS:-40}"
  --evaluate-every 859 --log-every 100 --checkpoint-every 200)
train smnist/adam "${common[@]}" --cell relu-rnn --optimizer adam --learning-rate 3e-4 --clip-norm 1
train smnist/path-normalised "${common[@]}" --cell relu-rnn --optimizer path-sgd --scale normalised --learning-rate 1e-2
train smnist/path-adam "${common[@]}" --cell relu-rnn --optimizer path-adam --learning-rate 3e-4 --clip-path-norm 1
train smnist/np-adam "${common[@]}" --cell relu-rnn --init np --optimizer adam --learning-rate 3e-4 --clip-norm 1
compare smnist
