"""Every query of the office with its answer, a file per area."""
