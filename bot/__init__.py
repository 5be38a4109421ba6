"""Kith: niches, introductions, gigs and check-ins for communities of data entrepreneurs."""
