"""What is kept, for how long, and how it is taken along or deleted."""
