"""Where Kith meets Discord, for all features."""
