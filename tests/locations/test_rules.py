"""Which rows of the published list are taken."""

from collections import Counter

import pytest

from spean.locations.rules import Fault, Listed, checked, published, read_code


def _village(code: str, parent: str, name: str = "x") -> Listed:
    return Listed("village", code, parent, name, name)


ABOVE = [
    Listed("province", "16", "", "a", "a"),
    Listed("district", "1601", "16", "b", "b"),
    Listed("commune", "160101", "1601", "c", "c"),
    Listed("commune", "160102", "1601", "d", "d"),
]


def test_the_whole_list_is_taken_but_for_the_known_defects() -> None:
    levels = Counter(row.level for row in published().places)
    faults = Counter(defect.fault for defect in published().defects)

    assert levels == {"province": 25, "district": 210, "commune": 1661, "village": 14_481}
    assert faults == {
        Fault.MISPLACED: 43, Fault.SHARED_CODE: 30, Fault.NO_PARENT: 13, Fault.MALFORMED: 9,
    }  # fmt: skip


def test_codes_stay_text_with_their_leading_zero() -> None:
    assert published().places[0].code == "01"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (_village("1601010-", "160101"), Fault.MALFORMED),
        (_village("160101", "160101"), Fault.MALFORMED),
        (_village("១៦០១០១០១", "160101"), Fault.MALFORMED),
        (_village("16010301", "160103"), Fault.NO_PARENT),
        (_village("16010201", "160101"), Fault.MISPLACED),
    ],
)
def test_a_row_that_names_no_place_in_its_place_is_left_out(row: Listed, fault: Fault) -> None:
    gazetteer = checked([*ABOVE, row])

    assert [d.fault for d in gazetteer.defects] == [fault]
    assert row not in gazetteer.places


def test_rows_that_share_a_code_are_all_left_out() -> None:
    gazetteer = checked(
        [*ABOVE, _village("16010101", "160101"), _village("16010101", "160101", "y")]
    )

    assert [d.fault for d in gazetteer.defects] == [Fault.SHARED_CODE, Fault.SHARED_CODE]


def test_a_code_shared_with_a_misplaced_row_still_names_its_own_village() -> None:
    sound, misplaced = _village("16010101", "160101"), _village("16010101", "160102", "y")

    gazetteer = checked([*ABOVE, sound, misplaced])

    assert sound in gazetteer.places
    assert [(d.row, d.fault) for d in gazetteer.defects] == [(misplaced, Fault.MISPLACED)]


@pytest.mark.parametrize(
    ("text", "code"),
    [("១៦០១០១០១ ម៉ាលិក", "16010101"), (" 1601 ", "1601"), ("Malik", ""), ("ម៉ាលិក", ""), ("", "")],
)
def test_a_code_is_read_from_the_beginning_of_a_text(text: str, code: str) -> None:
    assert read_code(text) == code
