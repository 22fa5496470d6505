"""The office: its rules, its store, its exchange with others, its paper. Knows no Qt."""
