"""Statistics of a period."""
