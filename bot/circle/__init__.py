"""A member's own diary of the people met through Kith."""
