"""The first start: no office yet, or nobody at the desk."""
