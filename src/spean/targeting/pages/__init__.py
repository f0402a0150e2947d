"""Pages of targeting: a household's way from its request to the district's check."""
