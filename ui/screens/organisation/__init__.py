"""Agencies, people and authority."""
