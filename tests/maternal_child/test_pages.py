"""Pages and API of care: every role has its answer, and a midwife's day goes from page to page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.maternal_child import actions
from spean.maternal_child.models import Baby, Contact, Death, Dose, NutritionTreatment, Pregnancy
from spean.registry.models import Household
from tests.calls import post
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]
ClientOf = Callable[..., Client]
AREAS = {"village_health_volunteer": "16010101", "health_worker": "1601"}
RECORD = {"health_worker", "health_record_system"}
VIEW = RECORD | {"health_district_officer"}
DUE = {"health_worker", "health_district_officer", "village_health_volunteer"}
SEE_DEATHS = {"health_worker", "health_district_officer"}
NOTIFY = {"health_worker", "village_health_volunteer"}
REVIEW = {"health_district_officer"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)


@pytest.fixture
def record(members: Members, pregnancy: Pregnancy, midwife: Actor) -> dict[str, Any]:
    """Record one of everything; give the ids by the names of the addresses' parts."""
    child = members["ដារ៉ា"]
    contact = actions.record_contact(
        person_id=child.pk, kind="child", day=TODAY, place="facility", by=midwife, on=TODAY,
        measured=actions.Measured(muac_mm=112), doses=[actions.NewDose("mr", TODAY, "B7")],
    )  # fmt: skip
    death = actions.notify_death(
        person_id=members["ថ្មី"].pk, died_on=TODAY, place="home", by=midwife, on=TODAY
    )
    against = actions.record_contraindication(
        person_id=child.pk, condition="acute_illness", since=TODAY, by=midwife, on=TODAY
    )
    treatment = actions.admit(
        person_id=child.pk, kind="outpatient", day=TODAY, by=midwife, on=TODAY
    )
    return {
        "household": contact.household_id, "mother": members["ស្រីមុំ"].pk, "child": child.pk,
        "pregnancy": pregnancy.pk, "contact": contact.pk, "death": death.pk,
        "treatment": treatment.pk, "against": against.pk, "dose": Dose.objects.get().pk,
    }  # fmt: skip


PAGES: list[tuple[str, tuple[str, ...], set[str]]] = [
    ("due", (), DUE),
    ("care", ("household",), DUE),
    ("begin_pregnancy", ("mother",), RECORD),
    ("pregnancy", ("pregnancy",), VIEW),
    ("mother_contact", ("pregnancy",), RECORD),
    ("birth", ("pregnancy",), RECORD),
    ("end_pregnancy", ("pregnancy",), RECORD),
    ("child", ("child",), VIEW),
    ("child_contact", ("child",), RECORD),
    ("doses", ("child",), RECORD),
    ("admit", ("child",), RECORD),
    ("discharge", ("child", "treatment"), RECORD),
    ("contact", ("contact",), VIEW),
    ("withdraw_contact", ("contact",), RECORD),
    ("contraindication", ("child",), RECORD),
    ("end_contraindication", ("child", "against"), RECORD),
    ("card", ("child",), VIEW),
    ("card", ("mother",), VIEW),
    ("notify_death", ("child",), NOTIFY),
    ("deaths", (), SEE_DEATHS),
    ("death", ("death",), SEE_DEATHS),
    ("review_death", ("death",), REVIEW),
]
READS = [
    ("due?area=16010101", DUE),
    ("pregnancies/{pregnancy}", VIEW),
    ("contacts/{contact}", VIEW),
    ("children/{child}", VIEW),
    ("deaths", SEE_DEATHS),
    ("deaths/{death}", SEE_DEATHS),
]
WRITES: list[tuple[str, object, set[str]]] = [
    ("people/{mother}/pregnancies", {}, RECORD),
    ("pregnancies/{pregnancy}/birth",
     {"day": "2020-01-01", "place": "home", "attendant": "midwife", "mode": "normal",
      "babies": []}, RECORD),
    ("pregnancies/{pregnancy}/end", {"ending": "birth", "day": "2020-01-01"}, RECORD),
    ("contacts", {"person_id": "{child}", "kind": "x", "day": "2026-11-01", "place": "x"}, RECORD),
    ("children/{child}/doses", [{"vaccine": "luck"}], RECORD),
    ("doses/{dose}/withdraw", {"reason": ""}, RECORD),
    ("contacts/{contact}/withdraw", {"reason": ""}, RECORD),
    ("children/{child}/contraindications", {"condition": "x", "since": "2026-11-01"}, RECORD),
    ("contraindications/{against}/end", {"until": "2020-01-01"}, RECORD),
    ("contraindications/{against}/withdraw", {"reason": ""}, RECORD),
    ("children/{child}/treatments", {"kind": "x", "day": "2026-11-01"}, RECORD),
    ("treatments/{treatment}/discharge", {"outcome": "x", "day": "2026-11-01"}, RECORD),
    ("people/{mother}/death", {"died_on": "2026-11-01", "place": "x"}, NOTIFY),
    ("deaths/{death}/review", {"cause": "x", "avoidable": True, "measures": ""}, REVIEW),
]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer_on_every_page(
    role: str, record: dict[str, Any], client_of: ClientOf
) -> None:
    client = client_of(role, AREAS.get(role, "16"))

    for name, parts, allowed in PAGES:
        address = reverse(f"maternal_child:{name}", args=[record[part] for part in parts])
        assert client.get(address).status_code == (200 if role in allowed else 403), address


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer_on_every_operation(
    role: str, record: dict[str, Any], client_of: ClientOf
) -> None:
    client = client_of(role, AREAS.get(role, "16"))

    for path, allowed in READS:
        address = f"/api/v1/maternal_child/{path.format(**record)}"
        assert client.get(address).status_code == (200 if role in allowed else 403), address
    for path, body, allowed in WRITES:
        said = body | {"person_id": str(record["child"])} if path == "contacts" else body  # type: ignore[operator]
        answer = post(client, f"maternal_child/{path.format(**record)}", said)
        assert answer.status_code in ((422,) if role in allowed else (403,)), (path, answer.content)
    for name, what in (("withdraw_dose", "dose"), ("withdraw_contraindication", "against")):
        address = reverse(f"maternal_child:{name}", args=[record["child"], record[what]])
        assert client.post(address).status_code == (302 if role in RECORD else 403)


def test_another_areas_midwife_sees_nothing(record: dict[str, Any], client_of: ClientOf) -> None:
    client = client_of("health_worker", "1602")

    for name, parts, _ in PAGES:
        if parts and "review" not in name:
            address = reverse(f"maternal_child:{name}", args=[record[part] for part in parts])
            assert client.get(address).status_code == 403, address


def on_day(name: str, day: Any) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_a_midwifes_day(family: Household, members: Members, client_of: ClientOf) -> None:
    page = client_of("health_worker", "1601")
    mother = members["ស្រីមុំ"]
    care = reverse("maternal_child:care", args=[family.pk])
    assert "Record a pregnancy" in page.get(care).content.decode()

    begun = page.post(
        reverse("maternal_child:begin_pregnancy", args=[mother.pk]),
        on_day("last_period_on", TODAY - timedelta(weeks=38)) | {"risks": ["twins"]}, follow=True,
    ).content.decode()  # fmt: skip
    assert "The pregnancy is recorded." in begun
    assert "More than one baby" in begun
    mine = Pregnancy.objects.get()

    said = on_day("day", TODAY) | {"place": "facility", "systolic": "១៦៥", "weight_kg": "54300"}
    address = reverse("maternal_child:mother_contact", args=[mine.pk])
    wrong = page.post(address, said)
    assert wrong.status_code == 422
    assert "Write the weight in kilograms: 54.3" in wrong.content.decode()
    assert 'value="165"' in wrong.content.decode(), "what was typed is kept"
    done = page.post(address, said | {"weight_kg": "54.3"}, follow=True).content.decode()
    assert "severe hypertension, refer at once" in done
    assert "ANC.DT.17" in done

    said = on_day("day", TODAY) | {
        "place": "health_centre", "attendant": "midwife", "mode": "normal",
        "outcome_1": "live", "sex_1": "female", "weight_g_1": "3100", "name_1": "ធីតា",
        "outcome_2": "live", "sex_2": "male",
    }  # fmt: skip
    address = reverse("maternal_child:birth", args=[mine.pk])
    early = page.post(address, said | on_day("day", TODAY - timedelta(weeks=39)))
    assert "The pregnancy began on" in early.content.decode()
    born = page.post(address, said, follow=True).content.decode()
    assert "សុខ ធីតា" in born
    assert Baby.objects.count() == 2

    girl = Baby.objects.get(birth_order=1).person
    assert girl is not None
    said = on_day("day", TODAY) | {
        "place": "facility", "weight_kg": "3.1", "vaccines": ["bcg", "hepb"],
        "batches": "BCG 37A, HEPB 12",
    }  # fmt: skip
    page.post(reverse("maternal_child:child_contact", args=[girl.pk]), said, follow=True)
    assert dict(Dose.objects.values_list("vaccine", "batch")) == {"bcg": "37A", "hepb": "12"}
    seen = page.get(reverse("maternal_child:child", args=[girl.pk])).content.decode()
    assert "37A" in seen
    assert "Penta (DTP-HepB-Hib) 1" in seen


def test_a_child_known_before_is_chosen_on_the_birth_form(
    members: Members, pregnancy: Pregnancy, client_of: ClientOf
) -> None:
    page, known = client_of("health_worker", "1601"), members["ថ្មី"]
    address = reverse("maternal_child:birth", args=[pregnancy.pk])
    said = on_day("day", known.birth_date) | {
        "place": "home", "attendant": "nobody", "mode": "normal", "outcome_1": "live",
        "sex_1": "male",
    }  # fmt: skip

    asked = page.post(address, said).content.decode()
    page.post(address, said | {"known_1": str(known.pk)})

    assert "A child born on that day already lives in this household: សុខ ថ្មី" in asked
    assert Baby.objects.get().person == known


def test_a_treatment_a_card_dose_and_a_death_are_written_down(
    members: Members, client_of: ClientOf
) -> None:
    page, child = client_of("health_worker", "1601"), members["ដារ៉ា"]
    made: list[tuple[str, list[Any], dict[str, Any], Any]] = [
        ("doses", [child.pk], {"vaccine": "penta"} | on_day("day", TODAY), Dose),
        ("admit", [child.pk], {"kind": "outpatient"} | on_day("day", TODAY), NutritionTreatment),
        ("notify_death", [child.pk], {"place": "home"} | on_day("died_on", TODAY), Death),
    ]
    for name, args, said, model in made:
        page.post(reverse(f"maternal_child:{name}", args=args), said)
        assert model.objects.count() == 1, name

    treatment = NutritionTreatment.objects.get()
    address = reverse("maternal_child:discharge", args=[child.pk, treatment.pk])
    page.post(address, {"outcome": "died"} | on_day("day", TODAY))
    officer = client_of("health_district_officer", "16")
    review = reverse("maternal_child:review_death", args=[Death.objects.get().pk])
    officer.post(
        review, {"cause": "pneumonia", "delays": ["seeking"], "avoidable": "yes", "measures": "m"}
    )

    treatment.refresh_from_db()
    assert treatment.outcome == "died"
    assert Death.objects.get().cause == "pneumonia"


def test_the_api_records_a_contact_once_with_its_advice(
    members: Members, client_of: ClientOf
) -> None:
    client = client_of("health_worker", "1601")
    body = {
        "person_id": str(members["ដារ៉ា"].pk), "kind": "child", "day": str(TODAY),
        "place": "outreach", "muac_mm": 112, "doses": [{"vaccine": "mr", "batch": "B"}],
    }  # fmt: skip
    address = "/api/v1/maternal_child/contacts"

    answers = [
        client.post(
            address, body, content_type="application/json", headers={"Idempotency-Key": "one"}
        )
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [201, 201]
    assert Contact.objects.count() == 1
    assert [one["row"] for one in answers[0].json()["advice"]] == ["muac_severe"]


def test_the_api_gives_a_childs_doses_and_what_comes_next(
    record: dict[str, Any], client_of: ClientOf
) -> None:
    client = client_of("health_worker", "1601")

    found = client.get(f"/api/v1/maternal_child/children/{record['child']}").json()

    assert found["doses"][0]["worth"] == [
        {"series": "mr", "line": "mr_1", "verdict": "valid", "reason": None}
    ]
    following = {one["line"]: one["status"] for one in found["forecast"]}
    assert (following["mr_2"], following["penta_1"]) == ("not_yet", "overdue")


def test_pages_are_in_khmer_too(record: dict[str, Any], client_of: ClientOf) -> None:
    page = client_of("health_worker", "1601", language="km")
    seen = page.get(reverse("maternal_child:contact", args=[record["contact"]])).content.decode()

    assert "រង្វង់ដើមដៃក្រោម ១១៥ មម" in seen
