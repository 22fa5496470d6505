"""The signing queue."""
