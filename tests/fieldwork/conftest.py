"""Forms as published, records as a phone writes them, and the people who send them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

import pytest
from django.utils import timezone

from spean.fieldwork import actions
from spean.fieldwork.models import FormVersion, Submission
from spean.kernel.access import Actor, Purpose
from tests.targeting.conftest import POOREST

VERSION = "2026112301"
NOW = timezone.make_aware(datetime(2026, 11, 23, 15, 0))
HEAD = {
    "family_name_km": "សុខ",
    "given_name_km": "ស្រីមុំ",
    "relation": "head",
    "sex": "female",
    "birth_known": "exact",
    "birth_date": "1984-03-12",
    "pregnant": "no",
    "difficulty_any": "no",
}
SON = HEAD | {
    "given_name_km": "ដារ៉ា",
    "relation": "child",
    "sex": "male",
    "birth_known": "age",
    "birth_date": "",
    "age_years": "7",
    "pregnant": "",
}
Tree = Mapping[str, Any]


def xml_of(tree: Tree) -> str:
    """Write answers as XML: a mapping is a group, a list is a repeat."""
    return "".join(
        f"<{name}>{xml_of(one) if isinstance(one, Mapping) else escape(str(one))}</{name}>"
        for name, value in tree.items()
        for one in (value if isinstance(value, list) else [value])
    )


def record(
    form_id: str,
    answers: Tree,
    *,
    instance_id: str = "",
    version: str = VERSION,
    ended_at: datetime = NOW - timedelta(hours=1),
) -> bytes:
    """Write a record as ODK Collect does."""
    held = {
        "start": (ended_at - timedelta(minutes=20)).isoformat(),
        "end": ended_at.isoformat(),
        **answers,
        "meta": {"instanceID": instance_id or f"uuid:{uuid4()}"},
    }
    body = xml_of(held)
    return f'<?xml version="1.0"?><data id="{form_id}" version="{version}">{body}</data>'.encode()


def new_family(**changes: Any) -> dict[str, Any]:
    """Answer the interview of a family met for the first time: a woman and her son."""
    return {
        "village": "16010101",
        "known": "no",
        "consent": "yes",
        "home": {"address": "ផ្ទះលេខ ៧", "phone": "012345678"},
        "member": [HEAD, SON],
        "house": POOREST,
        "gps": "13.74 107.02 120 4.5",
        **changes,
    }


@pytest.fixture
def forms(db: None) -> dict[str, FormVersion]:
    """Publish an empty version of each form."""
    return {
        form_id: FormVersion.objects.create(
            form_id=form_id,
            version=VERSION,
            title_km=form_id,
            title_en=form_id,
            xform="<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:body/></h:html>",
            md5=form_id[:32],
            workbook_sha256=form_id,
            published_on=date(2026, 11, 23),
            published_by="test",
        )
        for form_id in ("poverty_interview", "household_update", "home_visit")
    }


@pytest.fixture
def enumerator(actor: Callable[..., Actor]) -> Actor:
    """Give an enumerator of the commune of Nhang."""
    return actor("enumerator", "160101", Purpose.TARGETING)


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Actor:
    """Give the clerk who looks after the commune's inbox."""
    return actor("commune_clerk", "160101", Purpose.TARGETING)


@pytest.fixture
def send(
    forms: dict[str, FormVersion], places: object, enumerator: Actor
) -> Callable[..., Submission]:
    """Send a record and take it in: `send("poverty_interview", new_family())`."""

    def sent(form_id: str, answers: Tree, *, by: Actor = enumerator, **more: Any) -> Submission:
        xml = record(form_id, answers, **more)
        kept = actions.receive_submission(xml=xml, by=by, at=NOW)
        return actions.take_in(submission_id=kept.pk, at=NOW)

    return sent
