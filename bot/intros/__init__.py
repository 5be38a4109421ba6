"""Introductions: who meets whom, why, and whether it happened."""
