"""Kernel matrices of wide networks by `pleat`, neural-tangents and numpy, in one run.

`python -m spectrum` (from the folder above) is the program; `bench_spectrum.sh` makes its environment and starts it.
"""
