"""What `bench_fit.py` is made of. Only `peers.py`, run in its own process, needs more than the standard library."""
