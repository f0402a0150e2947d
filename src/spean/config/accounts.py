"""Sign-in: accounts are made by an administrator, never by their holder."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class NoSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Close the door that allauth would open to strangers."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Refuse every sign-up."""
        return False
