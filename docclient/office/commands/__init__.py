"""Every command of the office with its rule, a file per area of work."""
