"""Kith's tests."""
