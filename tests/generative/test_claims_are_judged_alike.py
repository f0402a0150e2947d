"""Claims judged in one batch, one by one, and by a slow reading of the rules: the same answers."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.health_equity import actions
from spean.health_equity.models import Claim, ClaimLine, Listing, Suspension
from spean.health_equity.queries import grounds_of
from spean.health_equity.rules import SERVICES
from spean.health_equity.rules.fees import fee
from spean.kernel.access import Actor
from spean.locations.models import Facility
from spean.locations.models import Place as Gazetteer
from spean.registry.models import Household, Person
from tests.generative import claims_by_hand
from tests.generative.claims_by_hand import Judged, Place, Somebody, World
from tests.health_equity.conftest import facility_of, family_in

__all__ = ["facility_of", "family_in"]
DAYS = st.dates(date(2026, 3, 1), date(2026, 3, 25))
SERVICE = st.one_of(
    st.sampled_from([*SERVICES, "massage"]),
    st.sampled_from(["outpatient", "delivery", "inpatient_adult", "transport"]),
)
LINE = st.fixed_dictionaries({
    "service": SERVICE, "on": DAYS, "quantity": st.sampled_from([1, 1, 1, 0, 2, 3, 600]),
    "asked": st.sampled_from([4000, 4000, 8000, 12_000, 80_000, 0, 1, 999_999, 5_000_000]),
})  # fmt: skip
CLAIM = st.fixed_dictionaries({
    "who": st.sampled_from(["mother", "mother", "daughter", "man", "late", "nobody"]),
    "where": st.sampled_from(["HC1", "HC1", "H2", "H3"]),
    "scheme": st.sampled_from(["hef", "hef", "hef", "workers"]),
    "sex": st.sampled_from(["", "female", "male"]),
    "birth_date": st.sampled_from([None, None, date(1990, 1, 1), date(1960, 7, 1)]),
    "came_on": DAYS, "left_on": DAYS, "usual": st.sampled_from([True, True, True, False]),
    "diagnoses": st.sampled_from([["A09"], ["O80.0"], ["Z34", "O80"], [], ["fever"]]),
    "referred": st.booleans(),
    "documents": st.sampled_from([[], ["birth_record", "discharge_note"], ["receipt"]]),
    "submitted_on": st.sampled_from([date(2026, 3, 10), date(2026, 4, 1), date(2026, 7, 1)]),
    "lines": st.lists(LINE, min_size=1, max_size=3),
})  # fmt: skip
LEVELS = {"HC1": "health_centre", "H2": "cpa2", "H3": "national"}


@pytest.fixture
def people(family_in: Callable[..., Household], places: dict[str, Gazetteer]) -> dict[str, Person]:
    """Give a poor mother and daughter, a man who died, and somebody whose cover begins late."""
    first, second = family_in(places["16010101"]), family_in(places["16020101"], level="at_risk")
    mother, man = (one.memberships.get(relation="head").person for one in (first, second))
    daughter, late = (one.memberships.get(relation="child").person for one in (first, second))
    Person.objects.filter(pk=man.pk).update(
        sex="male", birth_date=date(1960, 5, 1), birth_date_precision="year",
        death_date=date(2026, 3, 20),
    )  # fmt: skip
    second.memberships.filter(person=late).update(end=date(2026, 3, 8))
    listings = ((mother, "exempted", date(2020, 1, 1)), (man, "worker", date(2026, 3, 12)),
                (late, "self_employed", date(2026, 1, 12)))  # fmt: skip
    for person, group, start in listings:
        Listing.objects.create(person=person, group=group, start=start, source="t", listed_by="t")
    return {"mother": mother, "daughter": daughter, "man": man, "late": late}


@pytest.fixture
def facilities(facility_of: Callable[..., Facility]) -> dict[str, Facility]:
    """Give a health centre, a hospital that was suspended for days, and one without contract."""
    made = {
        "HC1": facility_of("HC1", "health_centre", "16010101"),
        "H2": facility_of("H2", "cpa2", "16020101"),
        "H3": facility_of("H3", "national", "16020101", scheme="workers"),
    }
    facility_of("HC1", scheme="workers")
    Suspension.objects.create(
        facility=made["H2"], reason="t", start=date(2026, 3, 5), end=date(2026, 3, 9), made_by="t"
    )
    return made


def _world(people: dict[str, Person]) -> World:
    grounds = grounds_of([one.pk for one in people.values()])
    known = {}
    for key, one in people.items():
        one.refresh_from_db()
        known[key] = Somebody(one.sex, one.birth_date, one.birth_date_precision, one.death_date,
                              grounds[one.pk])  # fmt: skip
    return World(known, {
        "HC1": Place("health_centre", ("hef", "workers")),
        "H2": Place("cpa2", ("hef",), ((date(2026, 3, 5), date(2026, 3, 9)),)),
        "H3": Place("national", ("workers",)),
    })  # fmt: skip


def _kept(
    drawn: list[dict[str, Any]], people: dict[str, Person], facilities: dict[str, Facility]
) -> list[Claim]:
    made = []
    for n, one in enumerate(drawn):
        facility, person = facilities[one["where"]], people.get(one["who"])
        same = {name: one[name] for name in (
            "scheme", "sex", "birth_date", "came_on", "left_on", "diagnoses", "referred",
            "documents", "submitted_on")}  # fmt: skip
        claim = Claim.objects.create(
            number=f"G{n:04}", facility=facility, area=facility.place.code, source="file",
            month=date(2026, 3, 1), external=str(n), person=person, submitted_by="t",
            asked=sum(line["asked"] for line in one["lines"]), **same,
        )  # fmt: skip
        for place, line in enumerate(one["lines"], start=1):
            ClaimLine.objects.create(claim=claim, place=place, **line)
        made.append(claim)
    return made


def _answers(claims: list[Claim]) -> list[Judged]:
    found = []
    for claim in claims:
        claim.refresh_from_db()
        (kept,) = claim.adjudications.all()
        assert (kept.outcome, kept.amount) == (claim.state, claim.amount)
        lines = [(one["place"], one["codes"], one["quantity"], one["amount"])
                 for one in kept.lines]  # fmt: skip
        amount = None if kept.amount is None else int(kept.amount)
        found.append((kept.outcome, amount, list(kept.codes), lines))
    return found


def _usual(one: dict[str, Any]) -> dict[str, Any]:
    """Put a claim's days, papers, place and fees in order, as most are."""
    came, left = sorted((one["came_on"], one["left_on"]))
    stay = SERVICES.get(one["lines"][0]["service"])
    place = "H2" if stay and stay.inpatient else "HC1"
    usual = ("inpatient_adult", "caretaker_food") if place == "H2" else ("outpatient", "emergency")
    lines = [
        {"service": service, "on": came, "quantity": line["quantity"],
         "asked": line["quantity"] * int(fee("hef", service, LEVELS[place], on=came) or 0)
                  + line["asked"] % 2}
        for line, service in zip(one["lines"], usual, strict=False)
    ]  # fmt: skip
    return one | {
        "came_on": came, "left_on": left, "lines": lines, "where": place, "scheme": "hef",
        "diagnoses": ["A09"], "referred": True, "submitted_on": date(2026, 4, 1),
        "documents": one["documents"] and ["discharge_note"],
        "birth_date": None if one["who"] != "man" else one["birth_date"],
        "sex": "" if one["referred"] else one["sex"],
    }  # fmt: skip


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(drawn=st.lists(CLAIM, min_size=1, max_size=6))
def test_batch_one_by_one_and_by_hand_agree(
    drawn: list[dict[str, Any]], people: dict[str, Person], facilities: dict[str, Facility],
    system: Actor,
) -> None:  # fmt: skip
    drawn = [_usual(one) if one["usual"] else one for one in drawn]
    drawn = [one | {"level": LEVELS[one["where"]]} for one in drawn]
    on = date(2026, 7, 2)
    with transaction.atomic():
        claims = _kept(drawn, people, facilities)
        in_order = sorted(range(len(drawn)), key=lambda n: (drawn[n]["submitted_on"], n))
        world = _world(people)
        by_hand = {
            n: claims_by_hand.judge(drawn[n], [drawn[m] for m in in_order[:k]], world)
            for k, n in enumerate(in_order)
        }
        mark = transaction.savepoint()
        for n in in_order:
            actions.adjudicate(claim_ids=[claims[n].pk], by=system, on=on)
        one_by_one = _answers(claims)
        transaction.savepoint_rollback(mark)
        actions.adjudicate(claim_ids=[one.pk for one in claims], by=system, on=on)
        batch = _answers(claims)
        transaction.set_rollback(True)

    assert one_by_one == batch
    assert batch == [by_hand[n] for n in range(len(drawn))]
