"""Every kind of change is proposed by the clerk in the browser, decided by the council, undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry, User
from spean.locations.models import Place
from spean.registry import actions
from spean.registry.forms.changes import FORMS
from spean.registry.models import ChangeRequest, DuplicatePair, Household
from tests.registry.conftest import CARD_DAY

Browser = Callable[..., Client]


@pytest.fixture
def other_family(village: Place, system: Actor, new_member: Callable[..., Any]) -> Household:
    """Register Chan Thida, alone, in the same village."""
    thida = new_member(
        family_name_km="ចាន់", given_name_km="ធីតា", family_name_latin="Chan",
        given_name_latin="Thida", sex="female",
    )  # fmt: skip
    return actions.register_household(
        village=village, address="", phone="", members=[thida], by=system, on=CARD_DAY
    )


def filled(kind: str, family: Household, other: Household) -> dict[str, Any]:
    """Give what a clerk enters for one kind of change to the family."""
    head = family.memberships.get(relation="head").person_id
    child = family.memberships.get(relation="child").person_id
    woman = other.memberships.get().person_id
    born = {"birth_date_day": "2", "birth_date_month": "10", "birth_date_year": "2026"}
    functions = ("hearing", "walking", "remembering", "self_care", "communicating")
    return {
        "move": {"village": "16010201", "address": "ផ្ទះលេខ ៩"},
        "split": {"village": "ដល់", f"leaves_{child}": "head"},
        "merge": {"other": str(other.pk), "joining_relation": "other_relative"},
        "add_member": {
            "because": "birth", "relation": "child", "family_name_km": "សុខ",
            "given_name_km": "មករា", "sex": "female", "birth_date_precision": "exact", **born,
        },
        "remove_member": {"person": child, "because": "marriage"},
        "death": {"person": head, "new_head": child},
        "change_head": {f"relation_{child}": "head", f"relation_{head}": "parent"},
        "correct_person": {"person": child, "given_name_latin": "Bopha Rath"},
        "correct_household": {"address": "ផ្ទះលេខ ៥", "phone": "012 345 678"},
        "record_identifier": {
            "person": head, "number_kind": "birth_certificate", "number": "១២/៣៤",
        },
        "record_pregnancy": {"person": woman},
        "record_functioning": {"person": head, "seeing": "3", **dict.fromkeys(functions, "1")},
    }[kind]  # fmt: skip


def propose(clerk: Client, kind: str, family: Household, **given: Any) -> Any:
    told = {"effective_on": str(CARD_DAY), "reason": "គ្រួសារបានប្រាប់"}
    return clerk.post(f"/households/{family.pk}/changes/new/{kind}", told | given)


def decide(council: Client, change: ChangeRequest, answer: str, note: str = "") -> Any:
    return council.post(f"/changes/{change.pk}", {"answer": answer, "note": note})


def state(change: ChangeRequest) -> str:
    change.refresh_from_db()
    return change.state


@pytest.mark.parametrize("kind", FORMS)
def test_each_kind_of_change_is_proposed_approved_and_reversed(
    client_of: Browser, family: Household, other_family: Household, kind: str
) -> None:
    clerk, council = client_of("commune_clerk", "160101"), client_of("commune_council", "160101")
    about = other_family if kind == "record_pregnancy" else family
    before = council.get(f"/households/{about.pk}").context["state"].members

    proposed = propose(clerk, kind, about, **filled(kind, family, other_family))

    assert proposed.status_code == 302, proposed.context["form"].errors
    change = ChangeRequest.objects.get()
    assert (change.kind, state(change)) == (kind, "proposed")
    assert decide(council, change, "approve").status_code == 302
    assert state(change) == "applied"
    reverser = client_of("district_officer", "1601")
    assert decide(reverser, change, "reverse", "ច្រឡំ").status_code == 302
    assert state(change) == "reversed"
    after = council.get(f"/households/{about.pk}").context["state"].members
    assert [(m.person_id, m.relation, str(m.facts)) for m in after] == [
        (m.person_id, m.relation, str(m.facts)) for m in before
    ]


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("kind", FORMS)
def test_an_empty_form_is_shown_again_with_what_it_needs(
    client_of: Browser, family: Household, kind: str, language: str
) -> None:
    clerk = client_of("commune_clerk", "160101", language=language)

    page = clerk.post(f"/households/{family.pk}/changes/new/{kind}", {"reason": ""})

    assert page.status_code == 200
    assert {"reason", "effective_on"} <= set(page.context["form"].errors)
    assert "govuk-error-summary" in page.content.decode()
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("kind", "given", "field", "words"),
    [
        ("move", {"village": "99999999"}, "village", "99999999"),
        ("merge", {"other": "0190d5a0-0000-7000-8000-000000000000"}, None, "Nothing was found"),
        ("merge", {"other": "12"}, "other", "UUID"),
        ("record_identifier", {"number_kind": "health_id", "number": "00000000001"}, "number", ""),
        ("death", {"new_head": ""}, None, "head"),
        ("change_head", {}, None, "head"),
    ],
)
def test_what_a_proposal_gets_wrong_is_said_and_nothing_is_proposed(
    client_of: Browser,
    family: Household,
    other_family: Household,
    kind: str,
    given: dict[str, str],
    field: str | None,
    words: str,
) -> None:
    clerk = client_of("commune_clerk", "160101")
    answers = filled(kind, family, other_family) | given
    if kind == "change_head":
        answers = dict.fromkeys(answers, "child")

    page = propose(clerk, kind, family, **answers)

    errors = page.context["form"].errors
    assert page.status_code == 200
    assert field is None or field in errors
    assert words in str(errors)
    assert not ChangeRequest.objects.exists()


def test_a_change_is_told_in_the_readers_language(
    client_of: Browser, family: Household, other_family: Household
) -> None:
    clerk = client_of("commune_clerk", "160101", language="km")
    propose(clerk, "add_member", family, **filled("add_member", family, other_family))

    page = clerk.get(f"/changes/{ChangeRequest.objects.get().pk}").content.decode()

    for words in ("២ តុលា ២០២៦", "ស្រី", "កើត", "កូន", "រង់ចាំការអនុម័ត"):
        assert words in page
    assert "birth" not in page.split("<main")[1].split("</main")[0]


def test_a_new_member_already_recorded_is_shown_before_anything_is_proposed(
    client_of: Browser, family: Household, other_family: Household
) -> None:
    clerk = client_of("commune_clerk", "160101")
    thida = {
        "because": "marriage", "relation": "spouse", "family_name_km": "ចាន់",
        "given_name_km": "ធីតា", "sex": "female", "birth_date": "1988-02-01",
        "birth_date_precision": "exact",
    }  # fmt: skip

    shown = propose(clerk, "add_member", family, **thida)
    insisted = propose(clerk, "add_member", family, not_duplicates="on", **thida)

    assert f"/households/{other_family.pk}" in shown.content.decode()
    assert insisted.status_code == 302
    assert ChangeRequest.objects.count() == 1


def test_a_reason_is_asked_for_beside_the_note(
    client_of: Browser, family: Household, other_family: Household
) -> None:
    propose(
        client_of("commune_clerk", "160101"), "correct_household", family, address="a", phone=""
    )
    change = ChangeRequest.objects.get()

    page = decide(client_of("commune_council", "160101"), change, "reject")

    assert "note" in page.context["form"].errors
    assert state(change) == "proposed"


def test_the_second_of_two_who_decide_is_told_who_was_first(
    client_of: Browser, family: Household
) -> None:
    propose(
        client_of("commune_clerk", "160101"), "correct_household", family, address="a", phone=""
    )
    change = ChangeRequest.objects.get()
    first = client_of("commune_council", "160101", name="sokha")
    second = client_of("commune_council", "160101", name="vanna")
    assert 'value="approve"' in second.get(f"/changes/{change.pk}").content.decode()

    decide(first, change, "approve")
    late = decide(second, change, "reject", "too late")

    assert "sokha" in str(late.context["form"].errors)
    assert (state(change), change.decided_by) == ("applied", "sokha")


@pytest.mark.parametrize("name", ["សុខា", ""])
def test_who_proposed_is_listed_by_name(
    client_of: Browser, user_of: Callable[..., User], family: Household, name: str
) -> None:
    clerk = user_of("commune_clerk", "160101")
    propose(
        client_of("commune_clerk", "160101"), "correct_household", family, address="a", phone=""
    )
    User.objects.filter(pk=clerk.pk).update(full_name=name)

    listed = client_of("commune_council", "160101").get("/changes").content.decode()

    assert (name or clerk.username) in listed


def test_the_proposer_may_withdraw_and_not_decide(client_of: Browser, family: Household) -> None:
    officer = client_of("district_officer", "1601")
    propose(officer, "correct_household", family, address="a", phone="")
    change = ChangeRequest.objects.get()

    assert decide(officer, change, "approve").status_code == 403
    assert state(change) == "proposed"
    assert decide(officer, change, "withdraw").status_code == 302
    assert state(change) == "withdrawn"


def test_a_clerk_of_another_commune_is_refused_and_the_refusal_kept(
    client_of: Browser, family: Household
) -> None:
    stranger = client_of("commune_clerk", "160102")

    answers = [
        stranger.get(f"/households/{family.pk}"),
        stranger.get(f"/households/{family.pk}?on={CARD_DAY}"),
        propose(stranger, "correct_household", family, address="mine", phone=""),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all("ដារ៉ា" not in answer.content.decode() for answer in answers)
    lines = AuditEntry.objects.filter(kind="refusal", actor="commune_clerk_160102")
    assert {line.area for line in lines} == {"16010101"}
    assert lines.count() == 3


def test_a_household_is_shown_as_it_was_on_a_day_of_its_record_only(
    client_of: Browser, family: Household
) -> None:
    clerk = client_of("commune_clerk", "160101", language="km")
    page = f"/households/{family.pk}"

    early = clerk.get(f"{page}?on_day=១&on_month=១&on_year=២០២០")
    later = clerk.get(f"{page}?on=2999-01-01")
    odd = clerk.get(f"{page}?on_day=31&on_month=2&on_year=2026")

    assert "២៣ វិច្ឆិកា ២០២៦" in str(early.context["day_form"].errors)
    assert later.context["day_form"].errors
    assert odd.context["day_form"].errors
    assert {answer.status_code for answer in (early, later, odd)} == {200}


def test_lists_cost_the_same_however_long_they_are(
    client_of: Browser,
    family: Household,
    actor: Callable[..., Actor],
    system: Actor,
    new_member: Callable[..., Any],
) -> None:
    clerk = actor("commune_clerk", "160101")

    def more(number: int) -> None:
        actions.propose_change(
            kind="correct_household", household=family, proposal={"address": f"house {number}"},
            reason="told", by=clerk, on=CARD_DAY,
        )  # fmt: skip
        actions.register_household(
            village=family.village, address="", phone="", by=system, on=CARD_DAY,
            members=[new_member()], not_duplicates=True,
        )  # fmt: skip

    def cost(client: Client, page: str, **post: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            answer = client.post(page, post) if post else client.get(page)
        assert answer.status_code == 200
        return len(caught)

    council, district = (
        client_of("commune_council", "160101"),
        client_of("district_officer", "1601"),
    )
    pages: tuple[tuple[Client, str, dict[str, str]], ...] = (
        (council, "/changes", {}), (district, "/duplicates", {}),
        (district, "/people", {"q": "sok"}), (council, f"/households/{family.pk}", {}),
    )  # fmt: skip
    more(1)
    few = [cost(client, page, **post) for client, page, post in pages]
    for number in range(2, 8):
        more(number)
    many = [cost(client, page, **post) for client, page, post in pages]

    assert DuplicatePair.objects.count() > 6
    assert few == many == [4, 6, 5, 12]
