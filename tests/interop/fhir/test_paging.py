"""Pages: whatever their size, a walk over them meets everything exactly once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.interop.fhir.paging import Few, page, sealed, unsealed
from spean.kernel.api import BadCursor
from spean.locations.models import Facility, OperationalDistrict, Place
from spean.registry.models import Household, Person
from tests.interop.fhir.conftest import System, code, ids

OTHERS = 1 + 5  # the ministry and the schemes that pay claims


@pytest.fixture
def facilities(places: dict[str, Place]) -> list[Facility]:
    """Add seven health posts, one of them under a code like a village's."""
    district = OperationalDistrict.objects.create(
        code="OD-16", name_km="ស", name_en="OD", province=places["16"], start=date(2020, 1, 1)
    )
    codes = ["16010101", *(f"HP-{n}" for n in range(6))]
    return [
        Facility.objects.create(
            code=made, name_km=f"ប៉ុស្តិ៍ {made}", name_en=f"Post {made}", place=places["16010101"],
            operational_district=district, start=date(2020, 1, 1),
        )
        for made in codes
    ]  # fmt: skip


def walked(system: System, address: str, **query: Any) -> list[list[str]]:
    """Follow the links from the first page to the last."""
    pages = []
    answer = system.get(address, query)
    while True:
        pages.append(ids(answer))
        following = [x["url"] for x in answer.body["link"] if x["relation"] == "next"]
        if not following:
            return pages
        answer = system.get(following[0])


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(1, 25))
def test_a_walk_meets_every_place_and_facility_once(
    size: int, records: System, facilities: list[Facility]
) -> None:
    pages = walked(records, "Location", _count=size)

    met = [one for found in pages for one in found]
    assert len(met) == len(set(met)) == 10 + len(facilities)
    assert all(len(found) == size for found in pages[:-1])
    [organizations] = [walked(records, "Organization", _count=size)]
    assert len({one for found in organizations for one in found}) == OTHERS + len(facilities)
    assert sum(map(len, organizations)) == OTHERS + len(facilities)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(1, 9))
def test_a_walk_meets_every_person_once_by_the_search_it_began_with(
    size: int, records: System, people: int
) -> None:
    pages = walked(records, "Patient", _count=size, name="Sok")

    met = [one for found in pages for one in found]
    assert len(met) == len(set(met)) == people


@pytest.fixture
def people(household: Callable[..., Person], family: Household) -> int:
    for _ in range(4):
        household("16010102")
    household("16010102", family_name_latin="Chea", family_name_km="ជា")
    return 6


@given(sizes=st.lists(st.integers(0, 7), max_size=4), limit=st.integers(1, 9))
def test_parts_are_read_one_after_another(sizes: list[int], limit: int) -> None:
    found = [Few([(part, n) for n in range(size)]) for part, size in enumerate(sizes)]

    met: list[Any] = []
    after, first = "", True
    while after or first:
        rows, after = page(found, after, limit)
        met, first = met + rows, False

    assert met == [row for part in found for row in part.rows]


def test_the_link_to_the_next_page_holds_no_name_and_no_number(
    records: System, people: int
) -> None:
    answer = records.find("Patient", name="Sok", _count="2")

    [following] = [x["url"] for x in answer.body["link"] if x["relation"] == "next"]
    assert "Sok" not in following
    assert following.startswith("http://testserver/fhir/R4/Patient?_page=")
    assert unsealed(following.partition("_page=")[2])["search"][0] == ["name", "Sok"]
    assert "total" not in answer.body


def test_a_cursor_that_was_never_given_is_refused(records: System, people: int) -> None:
    of_locations = sealed({"type": "Location", "search": [], "after": "0:"})

    for token in ("x", "", of_locations):
        answer = records.get("Patient", {"_page": token})
        assert (answer.status_code, code(answer)) == (400, "kernel.bad_cursor")
    for after in ("9:", "x:", "-1:", "0:x"):
        with pytest.raises(BadCursor):
            page([Few([1])], after, 10)


def test_a_page_holds_at_most_a_hundred_and_by_itself_twenty(
    records: System, household: Callable[..., Person]
) -> None:
    for _ in range(21):
        household("16010101")

    assert len(ids(records.get("Patient"))) == 20
    many = records.get("Patient", {"_count": "5000"})
    assert (len(ids(many)), many.body["total"]) == (21, 21)
    assert many.body["link"][0]["url"].endswith("_count=100")
