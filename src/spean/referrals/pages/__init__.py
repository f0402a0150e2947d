"""Pages of referrals, vehicles and delays."""
