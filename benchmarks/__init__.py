"""Measures what DESIGN promises, in one run and as ratios: `make bench`."""
