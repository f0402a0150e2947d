"""What is refused of a cycle stands at the field that it is about, in the reader's language."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from spean.kernel.access import Actor, Purpose
from spean.programmes import actions
from spean.programmes.models import Cycle
from spean.registry.models import Household

PROGRAMME = "covid_cash_transfer"
START, END = date(2023, 1, 15), date(2023, 2, 15)


@pytest.fixture
def opened(
    family: Household, worked_out: Callable[[date], None], actor: Callable[..., Actor]
) -> Cycle:
    by = actor("programme_officer", "", Purpose.PAYMENT)
    worked_out(START)
    actions.find_candidates(programme=PROGRAMME, by=by, on=START)
    actions.enrol_candidates(programme=PROGRAMME, area="", by=by, on=START)
    return actions.open_cycle(programme=PROGRAMME, start=START, end=END, by=by, on=START)


@pytest.mark.parametrize(
    ("first", "last", "box", "english", "khmer"),
    [
        ("2023-01-15", "2023-03-14", "id_start_day",
         "The cycle from 15 January 2023 to 14 February 2023 pays", "វដ្តពី ១៥ មករា ២០២៣"),
        ("2023-03-01", "2023-03-31", "id_start_day",
         "under the rules of 1 March 2023", "តាមវិធាននៃថ្ងៃ ១ មីនា ២០២៣"),
        ("2023-03-31", "2023-03-01", "id_last_day_day",
         "The last day is before the first day", "ថ្ងៃចុងក្រោយនៅមុនថ្ងៃដំបូង"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_days_of_a_cycle_is_said_at_the_day(
    opened: Cycle, client_of: Callable[..., Client],
    first: str, last: str, box: str, english: str, khmer: str,
) -> None:  # fmt: skip
    client = client_of("programme_officer")
    filled = {"programme": PROGRAMME, "start": first, "last_day": last}

    for language, words in (("en", english), ("km", khmer)):
        client.cookies["spean_language"] = language
        page = client.post("/cycles/new", filled)

        assert page.status_code == 422
        (at,) = page.context["form"].errors.items()
        assert words in str(at[1])
        assert f'href="#{box}"' in page.content.decode()
        assert page.context["form"]["start"].value() == first


def test_an_order_that_reaches_nobody_is_refused_at_its_channel(
    opened: Cycle, client_of: Callable[..., Client]
) -> None:
    page = client_of("programme_officer").post(
        f"/cycles/{opened.pk}", {"channel": "wallet", "purpose": "Cash transfer"}
    )

    assert list(page.context["order_form"].errors) == ["channel"]
    assert 'value="Cash transfer"' in page.content.decode()
