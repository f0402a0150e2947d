"""Who pays a facility, who is suspended, and who is on the lists of the schemes."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity.models import Contract, Listing, Suspension
from spean.locations.models import Facility
from spean.registry.models import Person
from tests.calls import post

CONTRACT = {"facility": "HC1", "scheme": "hef", "act": "Prakas 1", "start": "2025-01-01"}


@pytest.mark.parametrize("role", ROLES)
def test_only_the_officer_of_the_schemes_manages_contracts_and_lists(
    mother: Person, facility_of: Callable[..., Facility], client_of: Callable[..., Client],
    role: str,
) -> None:  # fmt: skip
    facility_of(scheme="")
    client = client_of(role)
    may = role == "scheme_officer"
    named = {"person": str(mother.pk), "group": "worker", "start": "2025-01-01"}

    page = client.get("/care/contracts").status_code
    made = post(client, "health_equity/contracts", CONTRACT)
    stopped = post(client, "health_equity/suspensions",
                   {"facility": "HC1", "reason": "Fraud found", "start": "2026-01-01"})  # fmt: skip
    listed = post(client, "health_equity/lists", {"source": "June", "people": [named]})

    assert page == (200 if may else 403)
    assert [one.status_code for one in (made, stopped, listed)] == [201 if may else 403] * 3


def test_a_facility_has_one_contract_with_a_scheme_at_a_time(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of(scheme="")
    client = client_of("scheme_officer")

    first = post(client, "health_equity/contracts", CONTRACT)
    second = post(client, "health_equity/contracts", CONTRACT)
    ended = post(client, f"health_equity/contracts/{first.json()['id']}/end",
                 {"end": "2026-01-01"})  # fmt: skip
    third = post(client, "health_equity/contracts", CONTRACT | {"start": "2026-01-01"})

    assert [one.status_code for one in (first, second, ended, third)] == [201, 409, 200, 201]
    assert second.json()["code"] == "health_equity.contract_held"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scheme": "exemption"}, "health_equity.scheme_unknown"),
        ({"act": "  "}, "kernel.not_valid"),
        ({"facility": "NONE"}, "locations.unknown_facility"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client],
    change: dict[str, str], code: str,
) -> None:  # fmt: skip
    facility_of(scheme="")

    answer = post(client_of("scheme_officer"), "health_equity/contracts", CONTRACT | change)

    assert answer.json()["code"] == code
    assert not Contract.objects.exists()


def test_a_suspension_ends_once(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of()
    client = client_of("scheme_officer")
    made = post(client, "health_equity/suspensions",
                {"facility": "HC1", "reason": "Fraud found", "start": "2026-01-01"})  # fmt: skip
    address = f"health_equity/suspensions/{made.json()['id']}/end"

    first, second = (post(client, address, {"end": "2026-02-01"}) for _ in range(2))

    assert [first.status_code, second.status_code] == [200, 409]
    assert Suspension.objects.get().end == date(2026, 2, 1)


def test_a_list_reports_every_bad_row_and_keeps_the_good_ones_or_none(
    mother: Person, client_of: Callable[..., Client]
) -> None:
    client = client_of("scheme_officer")
    good = {"person": str(mother.pk), "group": "worker", "start": "2025-01-01", "number": "W1"}
    bad = [
        {**good, "group": "poor_1"}, {**good, "person": str(uuid4())},
        {**good, "start": "2026-01-01", "end": "2025-01-01"}, good,
    ]  # fmt: skip
    body = {"source": "List of June 2026", "people": [good, *bad]}

    none = post(client, "health_equity/lists", body | {"keep": "all_or_none"}).json()
    kept = post(client, "health_equity/lists", body).json()

    assert none["listed"] == []
    assert len(kept["listed"]) == 1
    assert [(one["place"], one["code"]) for one in kept["refused"]] == [
        (1, "health_equity.group_unknown"), (2, "kernel.not_found"),
        (3, "kernel.ends_before_start"), (4, "health_equity.listed_already"),
    ]  # fmt: skip
    assert all(one["km"] and one["en"] for one in kept["refused"])
    assert Listing.objects.get().number == "W1"


def test_a_contract_is_made_and_ended_on_the_page(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of(scheme="")
    client = client_of("scheme_officer")

    client.post("/care/contracts", CONTRACT)
    client.post("/care/contracts", {"facility": "HC1", "reason": "Fraud", "start": "2026-01-01"})
    made, stop = Contract.objects.get(), Suspension.objects.get()
    end = {"end": timezone.localdate().isoformat()}
    client.post(f"/care/contracts/contract/{made.pk}/end", end)
    client.post(f"/care/contracts/suspension/{stop.pk}/end", end)

    made.refresh_from_db()
    stop.refresh_from_db()
    assert made.end == stop.end == timezone.localdate()
