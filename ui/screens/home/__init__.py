"""Home: what waits for this person."""
