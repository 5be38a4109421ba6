"""Tests that break what Kith stands on: Discord's answers, its gateway, the database, the clock."""
