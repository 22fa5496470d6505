"""The trust settings."""
