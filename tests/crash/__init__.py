"""Tests that kill, cut and refuse: what must hold whatever happens."""
