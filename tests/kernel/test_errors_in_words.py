from django.utils import translation

from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain


class OnADay(SpeanError):
    """Say a day, a number and a code."""

    code = "kernel.on_a_day"
    message = "Day %(day)s, number %(number)s, code %(village)s."


FACTS = {"day": "2026-03-31", "number": 12, "village": "16010101"}


def test_an_error_says_days_and_numbers_as_its_reader_writes_them() -> None:
    error = OnADay(**FACTS)

    with translation.override("km"):
        khmer = explain(error)

    assert explain(error) == "Day 31 March 2026, number 12, code 16010101."
    assert "៣១ មីនា ២០២៦" in khmer
    assert "១២" in khmer
    assert "16010101" in khmer


def test_a_fact_that_only_looks_like_a_day_is_said_as_it_is() -> None:
    assert "2026-02-30" in explain(OnADay(**FACTS | {"day": "2026-02-30"}))
