"""The administrator's and the auditor's pages, for every role."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.models import AuditEntry, RoleGrant, User

PAGES = {
    "/office/users": {"administrator"},
    "/office/users/new": {"administrator"},
    "/office/systems/new": {"administrator"},
    "/office/audit": {"auditor"},
    "/office/policy": set(ROLES),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers_each_role(
    client_of: Callable[..., Client], page: str, role: str
) -> None:
    answer = client_of(role).get(page)

    assert answer.status_code == (200 if role in PAGES[page] else 403)


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_sign_in(db: None, page: str) -> None:
    answer = Client().get(page)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_an_account_is_opened_given_a_role_and_relieved_of_it(
    client_of: Callable[..., Client],
) -> None:
    client = client_of("administrator")
    form = {
        "username": "dara",
        "full_name": "ដារ៉ា",
        "password": "three-boats-upriver",
        "language": "km",
    }

    client.post("/office/users/new", form)
    user = User.objects.get(username="dara")
    client.post(f"/office/users/{user.pk}", {"role": "commune_clerk", "area": "១៦០១០១"})
    grant = RoleGrant.objects.get(user=user)
    RoleGrant.objects.filter(pk=grant.pk).update(start=date(2026, 1, 1))
    client.post(f"/office/users/{user.pk}/grants/{grant.pk}/end")

    grant.refresh_from_db()
    assert (grant.role, grant.area) == ("commune_clerk", "160101")
    assert grant.end is not None


def test_a_refusal_stands_beside_its_field(client_of: Callable[..., Client]) -> None:
    client = client_of("administrator")

    page = client.post(
        "/office/users/new",
        {"username": "dara", "full_name": "x", "password": "password", "language": "km"},
    ).content.decode()

    assert "too easy to guess" in page
    assert 'href="#id_password"' in page


def test_a_systems_secret_is_shown_once_and_not_kept_by_the_browser(
    client_of: Callable[..., Client],
) -> None:
    answer = client_of("administrator").post("/office/systems/new", {"name": "moh-records"})

    assert "shown only once" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_reading_the_audit_trail_is_itself_a_line(client_of: Callable[..., Client]) -> None:
    client = client_of("auditor")

    client.get("/office/audit", {"actor": "somebody"})

    line = AuditEntry.objects.get(action="kernel.audit_read")
    assert (line.actor, line.kind, line.detail["actor"]) == ("auditor_nation", "read", "somebody")


def test_a_list_of_users_costs_the_same_however_long_it_is(
    client_of: Callable[..., Client],
    user_of: Callable[..., User],
    django_assert_num_queries: object,
) -> None:
    client = client_of("administrator")
    for number in range(12):
        user_of("analyst", "16", name=f"analyst{number}")

    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get("/office/users")
