"""Pages of the health schemes."""
