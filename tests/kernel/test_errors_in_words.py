import pytest
from django.utils import translation

from spean.kernel.errors import NN_, SpeanError
from spean.kernel.i18n import explain, explain_stored, in_both_languages, stored


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


class Found(SpeanError):
    """Say how many were found."""

    code = "kernel.found"
    message, many = NN_(  # two forms that stand in a catalogue
        "%(count)s answer is missing or wrong. Correct it, then send again.",
        "%(count)s answers are missing or wrong. Correct each of them, then send again.",
    )


@pytest.mark.parametrize(
    ("count", "english", "khmer"),
    [(0, "0 answers are", "០"), (1, "1 answer is", "១"), (1200, "1200 answers are", "១២០០")],
)
def test_an_error_that_counts_says_one_and_many_as_each_language_does(
    count: int, english: str, khmer: str
) -> None:
    error = Found(count=count)

    both = in_both_languages(stored(error))

    assert str(error).startswith(english)
    assert explain(error).startswith(english)
    assert both["en"].startswith(english)
    assert khmer in both["km"]
    assert "answer" not in both["km"]


def test_what_was_kept_before_it_had_two_forms_is_still_said() -> None:
    assert explain_stored({"message": "%(count)s rows.", "facts": {"count": 1}}) == "1 rows."
