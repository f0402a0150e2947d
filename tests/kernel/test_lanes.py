"""Work done for some items at a time: every result once, and nothing begun after an error."""

from collections.abc import Iterator
from threading import Barrier

import pytest

from spean.kernel.lanes import in_lanes


def test_each_item_is_worked_on_once() -> None:
    found = list(in_lanes(lambda item: item * item, range(50), 3))

    assert sorted(found) == [item * item for item in range(50)]


def test_results_that_are_there_at_the_same_moment_are_all_given() -> None:
    both = Barrier(2)

    def work(item: int) -> int:
        both.wait(timeout=10)
        return item

    assert sorted(in_lanes(work, range(8), 2)) == list(range(8))


def test_after_an_error_nothing_more_is_begun() -> None:
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 2:
            raise ValueError(item)
        return item

    with pytest.raises(ValueError, match="2"):
        list(in_lanes(work, range(100), 1))

    assert max(begun) < 5


def test_items_are_taken_as_lanes_get_free() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    for _first in in_lanes(lambda item: item, items(), 2):
        break

    assert len(taken) < 10
