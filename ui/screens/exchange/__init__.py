"""Exchange with other agencies: what leaves, what is silent, the ways, the directory, groups."""
