"""Thin item models over plain lists."""
