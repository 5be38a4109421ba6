"""How Kith looks on Discord, one folder a feature."""
