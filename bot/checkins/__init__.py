"""Weekly check-ins: a few commitments, looked back on a week later, at each member's own hour."""
