"""What a household is owed, on the page and over the API, for every role and area."""

from collections.abc import Callable

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.models import AuditEntry
from spean.registry.models import Household

MAY = {"commune_clerk", "commune_council", "district_officer", "auditor"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "address",
    ["/households/{}/entitlements", "/api/v1/programmes/households/{}/entitlements"],
)
def test_each_role_has_its_answer(
    family: Household, client_of: Callable[..., Client], role: str, address: str
) -> None:
    answer = client_of(role).get(address.format(family.pk))

    assert answer.status_code == (200 if role in MAY else 403)


def test_a_clerk_of_another_commune_is_refused(
    family: Household, client_of: Callable[..., Client]
) -> None:
    client = client_of("commune_clerk", "160201")

    assert client.get(f"/households/{family.pk}/entitlements").status_code == 403


def test_the_amounts_of_a_day_come_with_what_held_and_the_source(
    family: Household, client_of: Callable[..., Client]
) -> None:
    found = client_of("auditor").get(
        f"/api/v1/programmes/households/{family.pk}/entitlements", {"on": "2023-01-15"}
    ).json()  # fmt: skip

    amounts = {one["programme"]: one["amount"] for one in found["entitlements"]}
    assert amounts == {
        "covid_cash_transfer": 80_000 + 2 * 24_000 + 24_000,
        "flood_cash_transfer": None,
        "inflation_cash_transfer": None,
        "maternal_grant": None,
        "disability_allowance": None,
    }
    by_code = {one["programme"]: one for one in found["entitlements"]}
    criteria = by_code["flood_cash_transfer"]["criteria"]
    assert {one["name"]: one["held"] for one in criteria} == {
        "level": True, "area": True, "hit": False,
    }  # fmt: skip
    assert "Sub-decree 88" in by_code["covid_cash_transfer"]["sources"][0]["reference"]
    assert AuditEntry.objects.filter(action="registry.read_household_as_of").exists()


def test_the_page_says_in_words_what_does_not_hold(
    family: Household, client_of: Callable[..., Client]
) -> None:
    page = client_of("district_officer", "1601").get(f"/households/{family.pk}/entitlements")

    assert "Not entitled" in page.content.decode()
    assert "does not hold" in page.content.decode()
