"""What was recorded in error is kept with its reason, marked, and counts no longer."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.maternal_child import actions, queries
from spean.maternal_child.models import Contact, Dose, Pregnancy, WithdrawnMeasure
from tests.calls import post
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]
VILLAGE = "16010101"


@pytest.fixture
def contact(members: Members, midwife: Actor) -> Contact:
    """Record a contact of the child of two, weighed, vaccinated, its arm thin."""
    return actions.record_contact(
        person_id=members["ដារ៉ា"].pk, kind="child", day=TODAY, place="facility", by=midwife,
        on=TODAY, measured=actions.Measured(weight_kg=Decimal(12), muac_mm=112),
        doses=[actions.NewDose("mr", TODAY, "B7")],
    )  # fmt: skip


def due(who: Any, by: Actor) -> set[str]:
    rows = queries.due_in(VILLAGE, by=by, on=TODAY)
    (mine,) = [one for one in rows if one.home.person_id == who.pk]
    return {awaited.line.code for awaited in mine.awaited}


def test_a_contact_withdrawn_is_due_again_with_the_vaccines_given_at_it(
    contact: Contact, members: Members, midwife: Actor
) -> None:
    child = members["ដារ៉ា"]
    before = due(child, midwife)

    actions.withdraw_contact(contact_id=contact.pk, reason="another child", by=midwife, on=TODAY)

    again = due(child, midwife)
    assert {"mr_1", "growth_33"} & before == set()
    assert "mr_1" in again
    assert {one for one in again if one.startswith("growth")} > {
        one for one in before if one.startswith("growth")
    }
    contact.refresh_from_db()
    kept = (contact.withdrawn_on, contact.withdrawn_by, contact.reason)
    assert kept == (TODAY, midwife.name, "another child")
    assert Dose.objects.get().reason == "another child"


def test_a_withdrawn_contact_stays_on_the_record_and_out_of_the_growth(
    contact: Contact, members: Members, midwife: Actor
) -> None:
    actions.withdraw_contact(contact_id=contact.pk, reason="x", by=midwife, on=TODAY)

    found = queries.child(members["ដារ៉ា"].pk, by=midwife, on=TODAY)

    assert [one.withdrawn_on for one in found.contacts] == [TODAY]
    assert found.growth == []
    assert [(dose.withdrawn_on, said) for dose, said in found.doses] == [(TODAY, [])]


def test_the_right_contact_can_be_recorded_in_its_place(
    contact: Contact, members: Members, midwife: Actor
) -> None:
    actions.withdraw_contact(contact_id=contact.pk, reason="x", by=midwife, on=TODAY)

    actions.record_contact(
        person_id=members["ដារ៉ា"].pk, kind="child", day=TODAY, place="home", by=midwife,
        on=TODAY, measured=actions.Measured(), doses=[actions.NewDose("mr", TODAY)],
    )  # fmt: skip

    assert Contact.objects.count() == 2
    assert Dose.objects.filter(withdrawn_on=None).count() == 1


def test_one_measure_is_withdrawn_and_what_follows_is_decided_without_it(
    contact: Contact, midwife: Actor
) -> None:
    assert contact.decision.outcome != "none"

    actions.withdraw_measure(
        contact_id=contact.pk, measure="muac_mm", reason="the tape was folded", by=midwife,
        on=TODAY,
    )  # fmt: skip

    contact.refresh_from_db()
    assert (contact.muac_mm, contact.weight_g, contact.decision.outcome) == (None, 12000, "none")
    kept = WithdrawnMeasure.objects.get()
    assert (kept.name, kept.value, kept.reason) == ("muac_mm", "112", "the tape was folded")


def test_a_weight_is_withdrawn_as_it_was_typed(contact: Contact, midwife: Actor) -> None:
    actions.withdraw_measure(
        contact_id=contact.pk, measure="weight_kg", reason="x", by=midwife, on=TODAY
    )

    assert WithdrawnMeasure.objects.get().value == "12"


@pytest.mark.parametrize("measure", ["head_cm", "kind", "hiv", "danger_signs"])
def test_what_was_not_measured_is_not_withdrawn(
    measure: str, contact: Contact, midwife: Actor
) -> None:
    with pytest.raises(actions.NotMeasured):
        actions.withdraw_measure(
            contact_id=contact.pk, measure=measure, reason="x", by=midwife, on=TODAY
        )


def test_a_reason_is_asked_for_and_nothing_is_withdrawn_twice(
    contact: Contact, midwife: Actor
) -> None:
    how = {"contact_id": contact.pk, "by": midwife, "on": TODAY}
    with pytest.raises(actions.ReasonMissing):
        actions.withdraw_contact(reason=" ", **how)
    actions.withdraw_contact(reason="x", **how)

    with pytest.raises(actions.WithdrawnAlready):
        actions.withdraw_contact(reason="x", **how)
    with pytest.raises(actions.WithdrawnAlready):
        actions.withdraw_measure(measure="muac_mm", reason="x", **how)


def test_another_areas_midwife_withdraws_nothing(
    contact: Contact, actor: Callable[..., Actor]
) -> None:
    other = actor("health_worker", "1602", Purpose.CARE)

    with pytest.raises(NotAllowed):
        actions.withdraw_contact(contact_id=contact.pk, reason="x", by=other, on=TODAY)


def test_each_withdrawal_is_audited(contact: Contact, midwife: Actor) -> None:
    actions.withdraw_contact(contact_id=contact.pk, reason="x", by=midwife, on=TODAY)

    lines = AuditEntry.objects.filter(kind="write", detail__withdrawn=True)
    assert sorted(lines.values_list("subject_type", flat=True)) == [
        "maternal_child.contact", "maternal_child.dose",
    ]  # fmt: skip


def test_the_database_refuses_a_withdrawal_without_a_reason(contact: Contact) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.update(withdrawn_on=TODAY)


def test_it_says_when_it_was_changed(contact: Contact, midwife: Actor) -> None:
    before = contact.created_at

    actions.withdraw_contact(contact_id=contact.pk, reason="x", by=midwife, on=TODAY)

    contact.refresh_from_db()
    assert contact.changed_at >= before


def test_a_withdrawn_antenatal_contact_counts_for_no_line(
    pregnancy: Pregnancy, members: Members, midwife: Actor
) -> None:
    made = actions.record_contact(
        person_id=members["ស្រីមុំ"].pk, kind="antenatal", day=TODAY - timedelta(days=1),
        place="facility", by=midwife, on=TODAY, measured=actions.Measured(),
    )  # fmt: skip
    rows = {one.home.person_id for one in queries.due_in(VILLAGE, by=midwife, on=TODAY)}
    assert members["ស្រីមុំ"].pk not in rows

    actions.withdraw_contact(contact_id=made.pk, reason="x", by=midwife, on=TODAY)

    assert due(members["ស្រីមុំ"], midwife) == {"antenatal_4"}


class TestPages:
    """A midwife takes back what she recorded in error."""

    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)

    def test_a_contact_is_withdrawn_on_its_page(
        self, contact: Contact, client_of: Callable[..., Client]
    ) -> None:
        page = client_of("health_worker", "1601")
        address = reverse("maternal_child:withdraw_contact", args=[contact.pk])
        assert "Arm" not in page.get(address).content.decode()
        assert "Mid-upper arm circumference (mm): 112" in page.get(address).content.decode()

        wrong = page.post(address, {"measure": "whole"})
        assert wrong.status_code == 422
        assert "Write why it was entered in error." in wrong.content.decode()
        one = page.post(address, {"measure": "muac_mm", "reason": "folded"}, follow=True)
        assert "folded" in one.content.decode()
        done = page.post(address, {"measure": "whole", "reason": "another child"}, follow=True)
        assert "it does not count" in done.content.decode()
        assert "another child" in done.content.decode()

    def test_the_api_withdraws_a_measure_or_the_whole(
        self, contact: Contact, client_of: Callable[..., Client]
    ) -> None:
        client = client_of("health_worker", "1601")
        address = f"maternal_child/contacts/{contact.pk}/withdraw"

        one = post(client, address, {"reason": "x", "measure": "muac_mm"})
        whole = post(client, address, {"reason": "x"})
        again = post(client, address, {"reason": "x"})

        assert (one.status_code, one.json()["withdrawn_on"]) == (200, None)
        assert (whole.status_code, whole.json()["withdrawn_on"]) == (200, str(TODAY))
        assert again.status_code == 409
