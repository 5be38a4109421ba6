"""Finding members by what they chose to show."""
