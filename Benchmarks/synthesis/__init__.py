"""Piecewise-linear functions as networks: `pleat synthesize` and `pleat decompose` beside the program of Chen,
Garudadri and Rao. `Benchmarks/bench_synthesis.sh` runs it."""
