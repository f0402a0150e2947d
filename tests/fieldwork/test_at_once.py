"""Two phones with the same new family, taken in at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from spean.fieldwork import actions
from spean.fieldwork.models import Submission
from spean.kernel.access import Actor
from spean.registry.models import Household
from tests.fieldwork.conftest import NOW, new_family, record

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_is_registered_and_the_other_waits_for_a_person(
    forms: Any, places: Any, enumerator: Actor
) -> None:
    kept = [
        actions.receive_submission(
            xml=record("poverty_interview", new_family()), by=enumerator, at=NOW
        ).pk
        for _ in range(2)
    ]
    start = Barrier(2)

    def take_in(submission_id: UUID) -> str:
        start.wait()
        try:
            return actions.take_in(submission_id=submission_id, at=NOW).state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        states = sorted(pool.map(take_in, kept))

    assert states == ["applied", "attention"]
    assert Household.objects.count() == 1
    assert Submission.objects.count() == 2


def test_one_record_sent_twice_at_once_is_one(forms: Any, places: Any, enumerator: Actor) -> None:
    xml = record("poverty_interview", new_family())
    start = Barrier(4)

    def send(_: int) -> UUID:
        start.wait()
        try:
            return actions.receive_submission(xml=xml, by=enumerator, at=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = set(pool.map(send, range(4)))

    assert len(sent) == Submission.objects.count() == 1
