"""The mother-and-child card: everything on it, in both languages, for who may see it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.kernel import documents
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.maternal_child import actions
from spean.maternal_child.models import Baby, Pregnancy
from spean.maternal_child.queries import care_record
from spean.maternal_child.queries.card import TEMPLATE, face
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]


@pytest.fixture
def born(pregnancy: Pregnancy, members: Members, midwife: Actor) -> Any:
    """Let the mother be seen twice and give birth; measure and vaccinate the child."""
    for days, found in ((40, {"systolic": 110, "diastolic": 70}), (10, {"haemoglobin": 104})):
        actions.record_contact(
            person_id=members["ស្រីមុំ"].pk, kind="antenatal", place="facility", by=midwife,
            day=TODAY - timedelta(days=days), on=TODAY,
            measured=actions.Measured(**found, treatments=["iron"]),
        )  # fmt: skip
    actions.record_birth(
        pregnancy_id=pregnancy.pk, others=True, by=midwife, on=TODAY,
        birth=actions.Birth(TODAY - timedelta(days=2), "health_centre", "midwife", "normal"),
        babies=[actions.NewBaby("live", "female", 3000, "ធីតា")],
    )  # fmt: skip
    child = Baby.objects.get().person
    actions.record_contact(
        person_id=child.pk, kind="newborn", place="facility", day=TODAY, by=midwife, on=TODAY,
        measured=actions.Measured(weight_kg=Decimal("2.9")),
        doses=[actions.NewDose("bcg", TODAY, "37A")],
    )  # fmt: skip
    return child


def card(person: Any, by: Actor) -> dict[str, Any]:
    return face(care_record(person.pk, by=by, on=TODAY), by=by, on=TODAY)


def test_the_mothers_page_and_the_childs_are_on_the_card_of_either(
    born: Any, members: Members, midwife: Actor
) -> None:
    of_child, of_mother = card(born, midwife), card(members["ស្រីមុំ"], midwife)

    assert of_child == of_mother
    assert of_child["mother"]["name"]["km"] == "សុខ ស្រីមុំ"
    assert "Health centre, Midwife, Normal" in of_child["mother"]["birth"]["en"]
    assert [one["day"] for one in of_child["mother"]["contacts"]] == ["14/10/2026", "13/11/2026"]
    (child,) = of_child["children"]
    assert (child["weight"], len(child["charts"])) == ("3000", 1)


def test_each_vaccine_has_its_day_and_those_to_come_when_they_are_due(
    born: Any, midwife: Actor
) -> None:
    (child,) = card(born, midwife)["children"]
    rows = {one["what"]["en"]: one for one in child["vaccines"]}

    assert (rows["BCG"]["given"], rows["BCG"]["batch"], rows["BCG"]["status"]) == (
        "23/11/2026", "37A", "done",
    )  # fmt: skip
    due = born.birth_date + timedelta(days=42)
    assert rows["Penta (DTP-HepB-Hib) 1"]["due"] == f"{due:%d/%m/%Y}"
    later = born.birth_date + timedelta(days=98)
    assert rows["Penta (DTP-HepB-Hib) 3"]["due"] == f"{later:%d/%m/%Y}"


def test_what_is_forbidden_is_named(born: Any, midwife: Actor) -> None:
    actions.record_contraindication(
        person_id=born.pk, condition="immunodeficiency", since=TODAY, by=midwife, on=TODAY
    )

    (child,) = card(born, midwife)["children"]

    assert child["against"]["en"] == "Severely weakened immune system"
    (opv,) = [one for one in child["vaccines"] if one["what"]["en"] == "OPV 1"]
    assert (opv["status"], opv["state"]["en"]) == (
        "forbidden", "Not to be given: Severely weakened immune system",
    )  # fmt: skip


def test_what_was_withdrawn_is_not_on_the_card(born: Any, midwife: Actor) -> None:
    contact = born.contacts.get()
    actions.withdraw_contact(contact_id=contact.pk, reason="x", by=midwife, on=TODAY)

    (child,) = card(born, midwife)["children"]

    assert (child["contacts"], child["charts"]) == ([], [])
    assert "23/11/2026" not in [one["given"] for one in child["vaccines"]]


def test_a_child_without_a_recorded_birth_has_a_page_alone(
    members: Members, midwife: Actor
) -> None:
    found = card(members["ដារ៉ា"], midwife)

    assert found["mother"] is None
    assert len(found["children"]) == 1


def test_it_prints_two_pages(born: Any, midwife: Actor) -> None:
    pages = documents.render_pngs(TEMPLATE, card(born, midwife), ppi=40)

    assert len(pages) == 2


def test_printing_is_linked_from_the_record_and_audited(
    born: Any, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    page = client_of("health_worker", "1601")
    address = reverse("maternal_child:card", args=[born.pk])
    shown = page.get(reverse("maternal_child:child", args=[born.pk])).content.decode()

    answer = page.get(address)

    assert address in shown
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert AuditEntry.objects.filter(action="maternal_child.card_printed").count() == 1
