"""In whatever order entries of stock come, the stock is the same; and both readings of it agree."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.kernel.access import Actor
from spean.locations.models import Facility, OperationalDistrict, Place
from spean.supplies import actions, queries
from spean.supplies.models import Balance, Waiting

START = date(2026, 1, 1)
END = START + timedelta(days=200)
EXPIRY = {"LONG": date(2028, 1, 1), "SHORT": START + timedelta(days=60)}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receipt", "issue", "loss", "count"]), st.sampled_from(sorted(EXPIRY)),
        st.integers(1, 50), st.integers(0, 9),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def true_story(
    steps: list[tuple[str, str, int, int]],
) -> tuple[list[actions.Entry], dict[str, int]]:
    """Make of random steps a story that can be true: give its entries, and what is left of each."""
    there = dict.fromkeys(EXPIRY, 0)
    day, story, came = START, [], set()
    for number, (kind, batch, quantity, pause) in enumerate(steps):
        day += timedelta(days=pause)
        if day > EXPIRY[batch] and kind in ("receipt", "issue"):
            kind = "loss"
        if kind != "receipt" and batch not in came:
            continue
        if kind in ("issue", "loss"):
            quantity = min(quantity, there[batch])
        if kind == "count":
            quantity = min(quantity, there[batch])
        if quantity == 0 and kind != "count":
            continue
        came.add(batch)
        there[batch] = {
            "receipt": there[batch] + quantity, "count": quantity,
        }.get(kind, there[batch] - quantity)  # fmt: skip
        story.append(actions.Entry(
            kind=kind, item="PARA500", quantity=quantity, day=day, batch=batch,
            expiry=EXPIRY[batch] if kind == "receipt" else None, source_key=str(number),
            to="ward" if kind == "issue" else "", reason="broken" if kind == "loss" else "",
            note="Counted" if kind == "count" else "",
        ))  # fmt: skip
        if kind == "count":
            day += timedelta(days=1)
    return story, {batch: there[batch] for batch in sorted(came)}


@pytest.fixture
def centre(places: dict[str, Place]) -> Facility:
    """Give a health centre and the list of items."""
    actions.load_items(by=Actor.system("test"))
    district = OperationalDistrict.objects.create(
        code="OD", name_km="-", name_en="-", province=places["16"], start=date(2015, 1, 1)
    )
    return Facility.objects.create(
        code="HC1", name_km="-", name_en="-", operational_district=district,
        place=places["160101"], start=date(2015, 1, 1),
    )  # fmt: skip


def apart(examine: Callable[[], None]) -> None:
    """Examine one example, and leave nothing of it."""
    with transaction.atomic():
        examine()
        transaction.set_rollback(True)


SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SETTINGS
@given(steps=STEPS, data=st.data())
def test_entries_in_any_order_give_the_same_stock(
    centre: Facility, system: Actor, steps: list[tuple[str, str, int, int]], data: st.DataObject
) -> None:
    story, left = true_story(steps)

    def examine() -> None:
        for entry in data.draw(st.permutations(story)):
            actions.take_in(facility="HC1", entries=[entry], by=system, on=END)
        found = Balance.objects.order_by("batch__number")
        assert dict(found.values_list("batch__number", "quantity")) == left
        assert not Waiting.objects.filter(state="waiting").exists()

    apart(examine)


@SETTINGS
@given(steps=STEPS, days=st.integers(0, 200))
def test_what_is_worked_out_for_all_agrees_with_the_plain_reading_of_one(
    centre: Facility, system: Actor, steps: list[tuple[str, str, int, int]], days: int
) -> None:
    story, _ = true_story(steps)
    on = START + timedelta(days=days)

    def examine() -> None:
        actions.take_in(facility="HC1", entries=story, by=system, on=END)
        item = queries.item("PARA500")
        facility = queries.facility_for("HC1", by=system, on=on)
        since, length = queries.window(on)
        without = queries.stock_outs(facility=facility, item=item, on=on)
        for one in queries.supplied(facilities=[facility], on=on):
            numbers = one.numbers
            assert numbers.issued == sum(
                entry.quantity
                for entry in story
                if entry.kind == "issue" and since <= entry.day <= on
            )
            empty = sum((last - first).days + 1 for first, last in without)
            assert numbers.days_in_stock == length - empty
            assert numbers.on_hand == sum(
                queries.closing(facility_id=facility.pk, batch_id=held.batch_id, day=on)
                for held in Balance.objects.select_related("batch")
                if held.batch.expiry >= on
            )

    apart(examine)
