"""The links at the top of the pages lead somewhere, and somebody may follow them."""

from django.urls import reverse

from spean.config.navigation import NAVIGATION
from spean.config.roles import ROLES


def test_every_link_leads_to_a_page() -> None:
    assert all(reverse(link.page) for link in NAVIGATION)


def test_every_link_is_shown_to_some_role_for_each_of_its_purposes() -> None:
    unseen = [
        (link.label, purpose)
        for link in NAVIGATION
        for purpose in (link.purpose if isinstance(link.purpose, tuple) else (link.purpose,))
        if link.permission
        and not any(purpose in r.permissions.get(link.permission, ()) for r in ROLES.values())
    ]

    assert unseen == []
