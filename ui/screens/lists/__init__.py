"""Lists of incoming and outgoing documents."""
