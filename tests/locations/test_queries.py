"""Reads of the gazetteer and of facilities."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from spean.kernel.i18n import explain
from spean.locations import queries
from spean.locations.models import AreaClass, Catchment, Facility, Place, Succession

TODAY = date(2026, 11, 1)
LONG_AGO = date(2010, 1, 1)


def _end(place: Place, day: date, *successors: Place) -> None:
    place.end = day
    place.save()
    for successor in successors:
        Succession.objects.create(predecessor=place, successor=successor, day=day, act="Act 1")


def test_a_code_gives_its_place(places: dict[str, Place]) -> None:
    assert queries.place("16010102", TODAY) == places["16010102"]


def test_a_code_that_never_was_is_said_to_be_unknown(places: dict[str, Place]) -> None:
    with pytest.raises(queries.UnknownPlace, match="99"):
        queries.place("99", TODAY)


def test_a_code_is_unknown_before_its_first_day(places: dict[str, Place]) -> None:
    with pytest.raises(queries.UnknownPlace):
        queries.place("16", date(2009, 12, 31))


@pytest.mark.parametrize("language", ["km", "en"])
def test_a_village_that_no_longer_exists_names_its_successor_in_both_languages(
    places: dict[str, Place], language: str
) -> None:
    _end(places["16010102"], date(2025, 6, 1), places["16010101"])

    with pytest.raises(queries.VillageNoLongerExists) as refused:
        queries.place("16010102", TODAY)

    assert refused.value.successors == (places["16010101"],)
    with translation.override(language):
        text = explain(refused.value)
    assert "16010102 ដល់ (Dal)" in text
    assert "16010101 ញ៉ាង (Nhang)" in text


def test_a_village_is_valid_until_the_day_before_its_end(places: dict[str, Place]) -> None:
    _end(places["16010102"], date(2025, 6, 1))

    assert queries.place("16010102", date(2025, 5, 31)).name_en == "Dal"
    with pytest.raises(queries.VillageClosed):
        queries.place("16010102", date(2025, 6, 1))


def test_successions_are_followed_to_the_place_of_the_day(places: dict[str, Place]) -> None:
    _end(places["16010102"], date(2024, 1, 1), places["16010101"])
    _end(places["16010101"], date(2025, 1, 1), places["16010201"])

    assert queries.current_successor("16010102", date(2023, 1, 1)) == places["16010102"]
    assert queries.current_successor("16010102", date(2024, 6, 1)) == places["16010101"]
    assert queries.current_successor("16010102", TODAY) == places["16010201"]


def test_a_split_place_has_no_single_successor(places: dict[str, Place]) -> None:
    _end(places["16010102"], date(2024, 1, 1), places["16010101"], places["16010201"])

    with pytest.raises(queries.VillageNoLongerExists) as refused:
        queries.current_successor("16010102", TODAY)

    assert [p.code for p in refused.value.successors] == ["16010101", "16010201"]


def test_children_are_those_valid_on_the_day(places: dict[str, Place]) -> None:
    _end(places["16010102"], date(2025, 6, 1))

    assert [p.code for p in queries.children("160101", TODAY)] == ["16010101"]
    assert queries.children("160101", date(2025, 5, 31)).count() == 2
    assert [p.code for p in queries.children("", TODAY)] == ["16"]


def test_places_are_asked_by_level_parent_and_area(places: dict[str, Place]) -> None:
    villages = queries.places("village", "1601", on=TODAY)

    assert villages.count() == 3
    assert villages.filter(code__startswith="160102").count() == 1
    assert queries.places("village", on=TODAY, areas=("160101", "1602")).count() == 3
    assert queries.places("village", on=TODAY, areas=()).count() == 0


def test_a_path_leads_from_the_province_to_the_village(
    places: dict[str, Place], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        path = queries.path("16010102", TODAY)

    assert [p.name_en for p in path] == ["Ratanak Kiri", "Andoung Meas", "Nhang", "Dal"]


def test_many_paths_take_one_query(
    places: dict[str, Place], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        found = queries.paths(["16010102", "16020101", "99"], TODAY)

    assert [p.code for p in found["16020101"]] == ["16", "1602", "160201", "16020101"]
    assert found["99"] == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("16020101", "16020101"),
        ("១៦០២០១០១", "16020101"),
        ("banlung", "1602"),
        ("Ban Lung", "1602"),
        ("បានលុង", "1602"),
        ("អណ្ដូង", "1601"),
        ("lav", "160102"),
    ],
)
def test_a_place_is_found_by_code_or_part_of_a_name(
    places: dict[str, Place], text: str, first: str
) -> None:
    assert queries.search_places(text, on=TODAY)[0].code == first


@pytest.mark.parametrize("text", ["", "  ", "99", "%", "nowhere"])
def test_what_no_place_bears_finds_nothing(places: dict[str, Place], text: str) -> None:
    assert queries.search_places(text, on=TODAY) == []


def test_a_search_stays_in_its_areas(places: dict[str, Place]) -> None:
    found = queries.search_places("Nhang", on=TODAY, areas=("160101",))

    assert [p.code for p in found] == ["160101", "16010101"]
    assert queries.search_places("Nhang", on=TODAY, areas=("1602",)) == []


def test_the_class_of_a_village_is_that_of_the_nearest_place_that_holds_it(
    places: dict[str, Place],
) -> None:
    for code, kind in (("16", "rural"), ("1602", "other_urban")):
        AreaClass.objects.create(place=places[code], kind=kind, act="Act 1", start=LONG_AGO)

    assert queries.area_class("16020101", TODAY).kind == "other_urban"  # type: ignore[union-attr]
    assert queries.area_class("16010101", TODAY).kind == "rural"  # type: ignore[union-attr]
    assert queries.area_class("16010101", date(2009, 1, 1)) is None


def test_a_village_goes_first_to_the_lowest_level_that_serves_it(
    hospital: Facility, health_centre: Facility
) -> None:
    assert queries.facilities_of("16010101", TODAY) == [health_centre, hospital]
    assert queries.facility_of("16010101", TODAY) == health_centre
    assert queries.facility_of("16020101", TODAY) is None


def test_a_catchment_that_names_the_village_counts_before_its_commune(
    hospital: Facility, health_centre: Facility, places: dict[str, Place]
) -> None:
    Catchment.objects.create(facility=hospital, place=places["16010102"], start=LONG_AGO)

    assert queries.facility_of("16010102", TODAY) == hospital


def test_facilities_of_an_area_come_with_their_level_in_two_queries(
    hospital: Facility, health_centre: Facility, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        found = list(queries.facilities(TODAY, area="1601"))
        kinds = [queries.level_of(f).kind for f in found]  # type: ignore[union-attr]

    assert kinds == ["health_centre", "cpa2"]
    assert not queries.facilities(TODAY, area="1602").exists()


def test_a_facility_is_unknown_before_it_opens(health_centre: Facility) -> None:
    assert queries.facility("160101", TODAY) == health_centre
    with pytest.raises(queries.UnknownFacility):
        queries.facility("160101", date(2019, 12, 31))


def test_places_are_counted_by_level(places: dict[str, Place]) -> None:
    assert queries.counts(TODAY) == {"province": 1, "district": 2, "commune": 3, "village": 4}


def test_a_name_is_given_in_the_readers_language(village: Place) -> None:
    with translation.override("km"):
        assert village.name == "ញ៉ាង"
    with translation.override("en"):
        assert village.name == "Nhang"
