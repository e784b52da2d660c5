"""Counts linear regions with `pleat regions` and with its peers, in one run.

`python -m regions` (from the folder above) is the program; `bench_regions.sh` makes its environment and starts it.
"""
