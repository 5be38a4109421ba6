"""What moderators set up: zone, channels, the day of the round, and whether Kith may speak."""
