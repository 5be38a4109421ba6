"""Pods: three to five members who see each other's weeks for a term, and a community's digest of them."""
