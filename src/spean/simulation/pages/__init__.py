"""Pages of the simulation."""
