"""Tests of the edge: where Kith meets Discord."""
