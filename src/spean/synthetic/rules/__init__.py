"""How the people of a synthetic country are drawn. Pure: the same seed gives the same people."""
