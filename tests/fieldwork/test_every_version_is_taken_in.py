"""Records of every version ever published are taken in, by the code of today."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone

from spean.fieldwork import actions
from spean.fieldwork.models import FormVersion
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Place
from spean.maternal_child.actions import Dating, record_pregnancy
from spean.registry import actions as registry
from spean.targeting import actions as targeting
from tests.fieldwork.test_forms_submissions import SAMPLES, of
from tests.maternal_child.conftest import person
from tests.referrals.conftest import facilities  # noqa: F401

NOW = timezone.make_aware(datetime(2026, 11, 23, 18, 0))
BEFORE = date(2025, 11, 1)
# The ids that stand in the samples, by what they stand for.
HOUSEHOLD, MOTHER, GROWN, CHILD, BABY, CASE = (
    f"018f0000-0000-7000-8000-0000000000{n}" for n in ("a1", "b1", "b2", "b3", "b4", "c1")
)


@pytest.fixture
def real_ids(village: Place, system: Actor) -> dict[str, str]:
    """Register the family of the samples; give its real ids for those in the samples."""
    family = registry.register_household(
        village=village,
        address="ផ្ទះលេខ ៧ ក្បែរវត្ត",
        phone="012345678",
        members=[
            person("ស្រីមុំ", "female", date(1996, 3, 12), "head"),
            person("សុភា", "male", date(2005, 1, 1), "child"),
            person("វុទ្ធី", "male", date(2024, 9, 2), "child"),
            person("ចន្ធូ", "female", date(2025, 10, 10), "child"),
        ],
        by=system,
        on=BEFORE,
        not_duplicates=True,
    )
    case = targeting.request_assessment(
        household_id=family.pk, channel="village_chief", by=system, on=BEFORE
    )
    rows = family.memberships.order_by("person__birth_date")
    ids = [str(row.person_id) for row in rows]
    people = dict(zip((MOTHER, GROWN, CHILD, BABY), ids, strict=True))
    return {HOUSEHOLD: str(family.pk), CASE: str(case.pk), **people}


def publish_older() -> None:
    """Let the versions before those of the workbooks be published too, as they once were."""
    for form_id, version in {path.parts[-3:-1] for path in SAMPLES}:
        form = FormVersion.objects.filter(form_id=form_id).latest("version")
        if not FormVersion.objects.filter(form_id=form_id, version=version).exists():
            form.pk, form.version, form.workbook_sha256 = None, version, form_id + version
            form.save(force_insert=True)


@pytest.fixture
def senders(actor: Callable[..., Actor], places: Any) -> dict[str, Actor]:
    call_command("publish_forms", verbosity=0)
    publish_older()
    enumerator = actor("enumerator", "160101", Purpose.TARGETING)
    midwife = actor("health_worker", "160101", Purpose.CARE)
    return {
        "poverty_interview": enumerator,
        "household_update": enumerator,
        "home_visit": actor("village_health_volunteer", "160101", Purpose.CARE),
        "antenatal_contact": midwife,
        "delivery": midwife,
        "child_contact": midwife,
        "transport_request": actor("village_health_volunteer", "160101", Purpose.CARE),
    }


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 10


@of(SAMPLES)
def test_it_is_taken_in(
    path: Any,
    real_ids: dict[str, str],
    senders: dict[str, Actor],
    facilities: object,  # noqa: F811
) -> None:
    text = path.read_text()
    for stands, real in real_ids.items():
        text = text.replace(stands, real)
    text = re.sub(r"<village>\d+", "<village>16010101", text)
    if path.parts[-3] == "delivery":
        record_pregnancy(
            person_id=UUID(real_ids[MOTHER]), dating=Dating(date(2026, 3, 2)),
            by=senders["delivery"], on=NOW.date(),
        )  # fmt: skip

    kept = actions.receive_submission(
        xml=text.encode(), by=senders[path.parts[-3]], at=NOW, device="test"
    )
    done = actions.take_in(submission_id=kept.pk, at=NOW)

    waiting = [part.reasons for part in done.parts.filter(state="open")]
    assert (done.state, waiting) == ("applied", [])
