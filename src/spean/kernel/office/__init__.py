"""The desks of the administrator (users and their roles) and of the auditor (the trail, policy)."""
