"""SP-DCI 1.0.0: as a registry that others ask, and as a client that asks other registries."""
