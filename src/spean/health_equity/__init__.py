"""Health Equity Fund and the other health schemes: cover, visits, claims, payment of facilities."""
