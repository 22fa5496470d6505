"""Devices and certificates."""
