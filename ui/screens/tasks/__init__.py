"""Tasks without a document."""
