"""A household is registered in the browser; what is wrong is said beside its field."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.registry.models import DuplicatePair, Household
from spean.registry.rules import identifiers

PAGE = "/households/new"
HEALTH_ID = identifiers.make_health_id(7)
WRONG_ID = HEALTH_ID[:-1] + str((int(HEALTH_ID[-1]) + 1) % 10)
TOMORROW = timezone.localdate() + timedelta(days=1)
NAMES = [("ចាន់", "ធារ៉ា"), ("គឹម", "សុភាព"), ("ចាន់", "រស្មី"), ("ចាន់", "វីរៈ")]


def household(**others: Any) -> dict[str, Any]:
    """Give the form of a family of four: head, spouse, two children; and an empty fifth member."""
    form: dict[str, Any] = {
        "village": "16010101", "address": "ផ្ទះលេខ ៥", "phone": "០១២ ៣៤៥ ៦៧៨",
        "members-TOTAL_FORMS": "5", "members-INITIAL_FORMS": "0",
        "members-4-relation": "child", "members-4-birth_date_precision": "exact",
    }  # fmt: skip
    relations = ("head", "spouse", "child", "child")
    for at, (relation, (family, given)) in enumerate(zip(relations, NAMES, strict=True)):
        form |= {
            f"members-{at}-relation": relation,
            f"members-{at}-family_name_km": family,
            f"members-{at}-given_name_km": given,
            f"members-{at}-sex": "male" if at == 0 else "female",
            f"members-{at}-birth_date_day": "១២",
            f"members-{at}-birth_date_month": "3",
            f"members-{at}-birth_date_year": str(1980 + 9 * at),
            f"members-{at}-birth_date_precision": "exact",
        }
    return form | others


def born(at: int, day: Any) -> dict[str, str]:
    return {f"members-{at}-birth_date_{part}": str(getattr(day, part))
            for part in ("day", "month", "year")}  # fmt: skip


def said_beside(page: str, field: str) -> str:
    """Give the error shown beside a field, without its markup."""
    found = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def test_the_first_member_begins_as_head_and_the_next_as_child(
    client_of: Callable[..., Client], places: object
) -> None:
    page = client_of("commune_clerk", "160101").get(PAGE)

    first, second = page.context["members"].forms
    assert (first["relation"].value(), second["relation"].value()) == ("head", "child")


def test_a_family_of_four_is_registered_and_its_page_shown(
    client_of: Callable[..., Client], places: object
) -> None:
    clerk = client_of("commune_clerk", "160101")

    answer = clerk.post(PAGE, household(**{"members-0-health_id": HEALTH_ID}), follow=True)

    made = Household.objects.get()
    assert answer.redirect_chain == [(f"/households/{made.pk}", 302)]
    assert (made.phone, made.memberships.count()) == ("+85512345678", 4)
    page = answer.content.decode()
    assert all(f"{family} {given}" in page for family, given in NAMES)
    assert HEALTH_ID in page


def test_adding_a_member_keeps_what_was_typed(
    client_of: Callable[..., Client], places: object
) -> None:
    page = client_of("commune_clerk", "160101").post(PAGE, household(add="1"))

    members = page.context["members"].forms
    assert len(members) == 5
    assert [form["given_name_km"].value() for form in members[:4]] == [g for _f, g in NAMES]
    assert [form["relation"].value() for form in members] == [
        "head", "spouse", "child", "child", "child",
    ]  # fmt: skip
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field", "english", "khmer"),
    [
        (born(1, TOMORROW), "members-1-birth_date", "in the future", "មិនទាន់មកដល់"),
        ({"members-2-health_id": WRONG_ID}, "members-2-health_id", "digit", "លេខពីរខ្ទង់ចុងក្រោយ"),
        ({"members-0-relation": "child"}, "members-0-relation", "exactly one head", "តែម្នាក់គត់"),
        ({"members-3-relation": "head"}, "members-3-relation", "exactly one head", "តែម្នាក់គត់"),
        ({"members-1-seeing": "3"}, "members-1-seeing", "all six", "ទាំងប្រាំមួយ"),
        ({"village": ""}, "village", "required", "សូមបំពេញ"),
        ({"phone": "12"}, "phone", "012 345 678", "012 345 678"),
        ({"members-3-sex": ""}, "members-3-sex", "required", "សូមបំពេញ"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_in_both_languages(
    client_of: Callable[..., Client],
    places: object,
    wrong: dict[str, str],
    field: str,
    english: str,
    khmer: str,
) -> None:
    for language, words in (("en", english), ("km", khmer)):
        clerk = client_of("commune_clerk", "160101", language=language)
        page = clerk.post(PAGE, household(**wrong)).content.decode()

        assert words in said_beside(page, field)
        assert "govuk-error-summary" in page
    assert not Household.objects.exists()


def test_a_number_taken_is_said_with_its_holder_only_where_the_clerk_may_see_them(
    client_of: Callable[..., Client], places: object
) -> None:
    near, far = client_of("commune_clerk", "160101"), client_of("commune_clerk", "160102")
    near.post(PAGE, household(**{"members-0-health_id": HEALTH_ID}))
    asked = {"members-2-health_id": HEALTH_ID}

    here = near.post(PAGE, household(**asked)).content.decode()
    there = far.post(PAGE, household(village="16010201", **asked)).content.decode()

    assert "ចាន់ ធារ៉ា" in said_beside(here, "members-2-health_id")
    assert "another person" in said_beside(there, "members-2-health_id")
    assert "ចាន់ ធារ៉ា" not in said_beside(there, "members-2-health_id")
    assert Household.objects.count() == 1


def test_likely_duplicates_are_shown_first_and_kept_when_called_others(
    client_of: Callable[..., Client], family: Household
) -> None:
    clerk = client_of("commune_clerk", "160101")
    again = {
        "members-0-family_name_km": "សុខ", "members-0-given_name_km": "ដារ៉ា",
        "members-0-birth_date_day": "1", "members-0-birth_date_month": "2",
        "members-0-birth_date_year": "1988",
    }  # fmt: skip

    shown = clerk.post(PAGE, household(**again))
    kept = clerk.post(PAGE, household(not_duplicates="on", **again))

    assert f"/households/{family.pk}" in shown.content.decode()
    assert kept.status_code == 302
    assert DuplicatePair.objects.count() == 1


def test_a_likely_duplicate_elsewhere_tells_the_district_and_no_name(
    client_of: Callable[..., Client], family: Household
) -> None:
    again = {
        "village": "16020101", "members-0-family_name_latin": "Sok",
        "members-0-given_name_latin": "Dara", "members-0-family_name_km": "",
        "members-0-given_name_km": "", "members-0-birth_date_day": "1",
        "members-0-birth_date_month": "2", "members-0-birth_date_year": "1988",
    }  # fmt: skip

    page = client_of("commune_clerk", "160201").post(PAGE, household(**again)).content.decode()

    assert "Andoung Meas" in page
    assert str(family.pk) not in page
    assert "ដារ៉ា" not in page


def test_a_village_of_another_commune_is_refused_beside_its_field(
    client_of: Callable[..., Client], places: object
) -> None:
    clerk = client_of("commune_clerk", "160101")

    page = clerk.post(PAGE, household(village="16010201")).content.decode()

    assert "outside the area" in said_beside(page, "village")
    assert not Household.objects.exists()
