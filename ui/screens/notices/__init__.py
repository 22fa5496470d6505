"""What this person was told."""
