"""Drawings of ways: each span and place is there, late ones marked, ticks round, digits Khmer."""

import pytest
from django.utils.translation import override

from spean.kernel.way_charts import Span, Spot, spans, spots

ROWS = [Span("Deciding", -90, 0), Span("Reaching", 0, 175, late=True)]


def test_spans_say_their_minutes_and_mark_what_is_late() -> None:
    drawn = spans(ROWS, title="Minutes")

    for text in ("Deciding", "Reaching", ">90<", ">175 !<", 'aria-label="Minutes"'):
        assert text in drawn, text
    assert drawn.count("#b3262d") == 1
    assert "style=" not in drawn


def test_khmer_readers_get_khmer_digits() -> None:
    with override("km"):
        drawn = spans(ROWS, title="នាទី")

    assert "១៧៥" in drawn
    assert ">100<" not in drawn
    assert "១០០" in drawn


@pytest.mark.parametrize("end", [0, 1, 7, 44, 20000])
def test_a_span_of_any_length_is_drawn(end: int) -> None:
    assert spans([Span("x", 0, end)], title="x").startswith("<svg")


def test_places_stand_where_they_lie_with_their_figures() -> None:
    drawn = spots([Spot("North", 13.9, 107.0, 40), Spot("South", 13.5, 107.1, 200)], title="Map")

    assert drawn.index("North") != drawn.index("South")
    for text in ("North", "South", ">40<", ">200<"):
        assert text in drawn, text
