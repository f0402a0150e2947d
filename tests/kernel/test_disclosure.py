"""What of a table of figures may be shown."""

from datetime import date

from spean.kernel.disclosure import Cell, shown
from spean.kernel.policy import policy

TERMS = policy.table("results.disclosure", on=date(2026, 11, 1))


def _people(*counts: int) -> list[int | None]:
    return shown([Cell(n, n) for n in counts], "people", TERMS)


def test_numbers_are_rounded_to_five() -> None:
    assert _people(10, 12, 13, 1_003) == [10, 10, 15, 1_005]


def test_an_empty_cell_tells_of_nobody_and_is_shown() -> None:
    assert _people(0, 40, 50) == [0, 40, 50]


def test_two_small_numbers_are_held_back() -> None:
    assert _people(3, 9, 50) == [None, None, 50]


def test_with_a_single_small_number_the_next_is_held_back_too() -> None:
    assert _people(3, 40, 50, 0) == [None, None, 50, 0]


def test_the_sum_of_few_households_is_held_back_however_large() -> None:
    cells = [Cell(9, 90_000_000), Cell(5, 50_000), Cell(10, 1_249_999)]

    assert shown(cells, "amount", TERMS) == [None, None, 1_200_000]
