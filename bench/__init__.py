"""Benchmarks: ours and a peer in one go, on the same machine, as ratios. `make bench` runs them all."""
