"""Case files: the list, one file, export."""
