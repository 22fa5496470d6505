"""Verifying any file; a signed revision beside the current one."""
