"""Niches: what members gather around, and what a community makes of them."""
