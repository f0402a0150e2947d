"""Dated changes by legal acts, and places that merge."""

from collections.abc import Callable
from datetime import date

import pytest

from spean.kernel import outbox
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations import actions, queries
from spean.locations.events import PlacesMerged
from spean.locations.models import AreaClass, Catchment, Facility, Place

TODAY = date(2026, 11, 1)


def test_an_area_changes_its_class_on_a_day(places: dict[str, Place], system: Actor) -> None:
    place = places["1602"]
    for kind, day in (("rural", date(2020, 1, 1)), ("other_urban", TODAY)):
        actions.classify_area(place=place, kind=kind, act="Order 5", by=system, on=day)

    assert queries.area_class("1602", date(2026, 10, 31)).kind == "rural"  # type: ignore[union-attr]
    assert queries.area_class("1602", TODAY).kind == "other_urban"  # type: ignore[union-attr]
    line = AuditEntry.objects.latest("id")
    assert (line.action, line.area) == ("locations.classify_area", "1602")
    assert (line.detail["before"], line.detail["kind"]) == ("rural", "other_urban")


def test_a_class_that_already_holds_is_refused(places: dict[str, Place], system: Actor) -> None:
    actions.classify_area(place=places["16"], kind="rural", act="A", by=system, on=date(2020, 1, 1))

    with pytest.raises(actions.AlreadySo, match="2020-01-01"):
        actions.classify_area(place=places["16"], kind="rural", act="B", by=system, on=TODAY)


def test_a_change_before_a_recorded_one_is_refused(places: dict[str, Place], system: Actor) -> None:
    actions.classify_area(place=places["16"], kind="rural", act="A", by=system, on=TODAY)

    with pytest.raises(actions.LaterChangeExists):
        actions.classify_area(
            place=places["16"], kind="other_urban", act="B", by=system, on=date(2020, 1, 1)
        )


def test_a_facility_is_raised_to_a_level_on_a_day(health_centre: Facility, system: Actor) -> None:
    actions.set_facility_level(
        facility=health_centre, kind="cpa1", act="Prakas 31", by=system, on=TODAY
    )

    before = queries.facility("160101", date(2026, 10, 31))
    after = queries.facility("160101", TODAY)
    assert queries.level_of(before).kind == "health_centre"  # type: ignore[union-attr]
    assert queries.level_of(after).kind == "cpa1"  # type: ignore[union-attr]
    assert AuditEntry.objects.latest("id").detail["before"] == "health_centre"


def test_merged_villages_end_and_point_to_their_successor(
    places: dict[str, Place], system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[PlacesMerged] = []
    monkeypatch.setattr(outbox, "_handlers", {PlacesMerged: [heard.append]})

    actions.merge_places(
        predecessors=[places["16010102"]], successor=places["16010101"], act="Sub-decree 9",
        by=system, on=TODAY,
    )  # fmt: skip

    assert queries.current_successor("16010102", TODAY).code == "16010101"
    assert heard == [PlacesMerged(("16010102",), "16010101", TODAY)]
    assert AuditEntry.objects.latest("id").detail["predecessors"] == ["16010102"]


def test_class_and_catchment_end_with_the_place(
    places: dict[str, Place], health_centre: Facility, system: Actor
) -> None:
    ended = places["16010102"]
    Catchment.objects.create(facility=health_centre, place=ended, start=date(2020, 1, 1))
    AreaClass.objects.create(place=ended, kind="rural", act="A", start=date(2020, 1, 1))

    actions.merge_places(
        predecessors=[ended], successor=places["16010101"], act="B", by=system, on=TODAY
    )

    assert Catchment.objects.get(place=ended).end == TODAY
    assert AreaClass.objects.get(place=ended).end == TODAY


def test_a_commune_with_villages_does_not_end(places: dict[str, Place], system: Actor) -> None:
    with pytest.raises(actions.ChildrenStillOpen, match="2 places"):
        actions.merge_places(
            predecessors=[places["160101"]],
            successor=places["160102"],
            act="B",
            by=system,
            on=TODAY,
        )


@pytest.mark.parametrize(
    ("ending", "successor"), [("16010101", "160102"), ("16010101", "16010101")]
)
def test_places_merge_only_within_a_level_and_never_into_themselves(
    places: dict[str, Place], system: Actor, ending: str, successor: str
) -> None:
    with pytest.raises(actions.BadMerger):
        actions.merge_places(
            predecessors=[places[ending]], successor=places[successor], act="B", by=system, on=TODAY
        )


def test_a_place_merges_only_once(places: dict[str, Place], system: Actor) -> None:
    def merge(into: str) -> None:
        ending = Place.objects.get(code="16010102")
        actions.merge_places(
            predecessors=[ending], successor=places[into], act="B", by=system, on=TODAY
        )

    merge("16010101")

    with pytest.raises(actions.BadMerger):
        merge("16010201")


def test_only_who_may_amend_both_places_merges_them(
    places: dict[str, Place], actor: Callable[..., Actor]
) -> None:
    administrator = actor("administrator", "1601", Purpose.ADMINISTRATION)

    with pytest.raises(NotAllowed):
        actions.merge_places(
            predecessors=[places["16010101"]], successor=places["16020101"], act="B",
            by=administrator, on=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize("role", ["commune_clerk", "district_officer", "auditor", "analyst"])
def test_other_roles_change_nothing(
    places: dict[str, Place], actor: Callable[..., Actor], role: str
) -> None:
    with pytest.raises(NotAllowed):
        actions.classify_area(
            place=places["16"], kind="rural", act="A", on=TODAY,
            by=actor(role, "", Purpose.ADMINISTRATION),
        )  # fmt: skip
