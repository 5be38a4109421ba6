"""Reports, and closing Kith for someone."""
