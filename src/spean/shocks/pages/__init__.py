"""Pages of shocks."""
