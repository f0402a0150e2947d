"""Writes of the health schemes."""
