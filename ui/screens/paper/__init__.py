"""Paper intake: from scans to a registered document."""
