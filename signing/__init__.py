"""PDF signatures: files, keys and pages. Knows no office and no window."""
