"""The inbox as the clerk sees it; who sees it at all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from spean.fieldwork import actions
from spean.fieldwork.actions import NewAttachment
from spean.fieldwork.models import FormVersion, Submission
from spean.fieldwork.rules import UnsafeXml
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry, User
from spean.registry.models import Household
from spean.targeting.models import Assessment
from tests.fieldwork.conftest import HEAD, NOW, new_family, record

Send = Callable[..., Submission]


@pytest.fixture
def page(clerk: Actor) -> Client:
    """Give the clerk's browser."""
    client = Client(headers={"accept-language": "en"})
    assert clerk.user is not None
    clerk.user.language = "en"
    clerk.user.save()
    client.force_login(clerk.user)
    return client


@pytest.fixture
def wrong_clock(send: Send) -> Submission:
    return send("poverty_interview", new_family(), ended_at=NOW - timedelta(days=365))


def post(page: Client, name: str, found: Submission, **data: Any) -> str:
    answer = page.post(reverse(f"fieldwork:{name}", args=[found.pk]), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_who_when_and_why(page: Client, wrong_clock: Submission) -> None:
    shown = page.get(reverse("fieldwork:inbox")).content.decode()

    assert "enumerator_160101" in shown
    assert "The phone says that this was done on 23 November 2025" in shown


def test_home_leads_to_it(page: Client, wrong_clock: Submission) -> None:
    shown = page.get("/").content.decode()

    assert shown.count("Records from the field that need attention") == 1


def test_one_record_is_shown_and_its_reading_audited(page: Client, wrong_clock: Submission) -> None:
    page.get(reverse("fieldwork:submission", args=[wrong_clock.pk]))

    line = AuditEntry.objects.get(action="fieldwork.read_submission")
    assert line.subject_id == str(wrong_clock.pk)


def test_the_day_is_said(page: Client, wrong_clock: Submission) -> None:
    shown = post(
        page, "say_day", wrong_clock, day_day="20", day_month="11", day_year="2026", note="Asked"
    )

    assert "Taken in." in shown
    assert Assessment.objects.exists()


def test_a_day_without_a_reason_is_asked_for_again(page: Client, wrong_clock: Submission) -> None:
    shown = post(page, "say_day", wrong_clock, day_day="20", day_month="11", day_year="2026")

    assert "How do you know?: This field is required." in shown
    assert not Assessment.objects.exists()


def test_the_recorded_family_is_shown_and_chosen(page: Client, send: Send) -> None:
    send("poverty_interview", new_family())
    family = Household.objects.get()
    again = send("poverty_interview", new_family())

    shown = page.get(reverse("fieldwork:submission", args=[again.pk])).content.decode()
    assert "It is this family" in shown
    assert "សុខ ស្រីមុំ" in shown

    said = {"part": "whole", "said": "family", "household": family.pk}
    assert "It still needs attention" in post(page, "decide", again, **said)
    assert "Set aside." in post(page, "dismiss", again, **{"aside-note": "Twice"})


def test_other_people_are_said(page: Client, send: Send) -> None:
    send("poverty_interview", new_family())
    again = send("poverty_interview", new_family())

    assert "Taken in." in post(page, "decide", again, part="whole", said="others")
    assert Household.objects.count() == 2


def test_both_sides_are_shown_and_one_chosen(page: Client, send: Send) -> None:
    send("poverty_interview", new_family())
    family = Household.objects.get()
    answers = {
        "village": "16010101",
        "household": family.pk,
        "what": "phone",
        "seen_phone": "+85577000000",
        "phone": "099111222",
        "reason": "New phone",
    }
    found = send("household_update", answers)

    shown = page.get(reverse("fieldwork:submission", args=[found.pk])).content.decode()

    for value in ("+85577000000", "+85512345678", "099111222"):
        assert value in shown
    dropped = {"part": "phone", "drop-note": "The old one rings"}
    assert "Taken in." in post(page, "drop", found, **dropped)


def test_answers_are_corrected_on_a_page(page: Client, send: Send, forms: Any) -> None:
    forms["poverty_interview"].xform = (
        "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'>"
        "<h:body><repeat nodeset='/data/member'><input ref='/data/member/birth_date'>"
        "<label>Born</label></input></repeat></h:body></h:html>"
    )
    forms["poverty_interview"].save()
    found = send("poverty_interview", new_family(member=[HEAD | {"birth_date": "2031-01-01"}]))
    shown = page.get(reverse("fieldwork:correct", args=[found.pk])).content.decode()
    assert "2031-01-01" in shown

    said = post(page, "correct", found, **{"answer-0": "1984-03-12", "note": "Her card"})

    assert "Taken in." in said


def test_the_record_and_its_files_are_given_as_downloads(
    page: Client, enumerator: Actor, forms: Any, places: Any
) -> None:
    xml = record("poverty_interview", new_family(member=[]))
    photo = NewAttachment("ផ្ទះ.svg", "image/svg+xml", b"<svg/>")
    kept = actions.receive_submission(xml=xml, attachments=[photo], by=enumerator, at=NOW)

    raw = page.get(reverse("fieldwork:raw", args=[kept.pk]))
    file = page.get(reverse("fieldwork:file", args=[kept.pk, "ផ្ទះ.svg"]))

    assert raw.content == xml
    assert file.content == b"<svg/>"
    for answer in (raw, file):
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"


ROLES = {
    "village_health_volunteer": ("16010101", 403),
    "village_representative": ("16010101", 403),
    "enumerator": ("160101", 403),
    "commune_clerk": ("160101", 200),
    "commune_council": ("160101", 403),
    "district_officer": ("1601", 200),
    "health_worker": ("1601", 403),
    "analyst": ("16", 403),
    "auditor": ("", 403),
    "administrator": ("", 403),
}
PAGES = ("submission", "correct", "raw")
WRITES = ("say_day", "answer_for", "decide", "drop", "try_again", "dismiss")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer(
    role: str, wrong_clock: Submission, user_of: Callable[..., User]
) -> None:
    area, expected = ROLES[role]
    client = Client()
    client.force_login(user_of(role, area))

    for name in PAGES:
        answer = client.get(reverse(f"fieldwork:{name}", args=[wrong_clock.pk]))
        assert answer.status_code == expected, name
    for name in WRITES:
        answer = client.post(reverse(f"fieldwork:{name}", args=[wrong_clock.pk]))
        assert (answer.status_code == 403) == (expected == 403), name
    wrong_clock.refresh_from_db()
    assert wrong_clock.state == ("attention")


def test_another_communes_clerk_is_refused(
    wrong_clock: Submission, user_of: Callable[..., User]
) -> None:
    client = Client()
    client.force_login(user_of("commune_clerk", "160102"))

    assert client.get(reverse("fieldwork:submission", args=[wrong_clock.pk])).status_code == 403
    assert "enumerator_160101" not in client.get(reverse("fieldwork:inbox")).content.decode()


def test_refused_uploads_are_the_administrators(
    user_of: Callable[..., User], forms: dict[str, FormVersion]
) -> None:
    actions.keep_refused(error=UnsafeXml(), username="bora", raw=b"<!", size=2, at=NOW)
    for role, (area, _) in ROLES.items():
        client = Client()
        client.force_login(user_of(role, area))
        answer = client.get(reverse("fieldwork:refused"))
        assert answer.status_code == (200 if role == "administrator" else 403), role
        assert ("bora" in answer.content.decode()) == (role == "administrator")


def test_the_inbox_asks_the_database_as_often_for_ten_as_for_one(
    page: Client, send: Send, django_assert_num_queries: Any
) -> None:
    for _ in range(10):
        send("poverty_interview", new_family(end=""))
    page.get(reverse("fieldwork:inbox"))

    with django_assert_num_queries(5):
        page.get(reverse("fieldwork:inbox"))


def test_only_who_works_in_the_field_asks_the_api(
    user_of: Callable[..., User], forms: Any, places: Any
) -> None:
    allowed = {"enumerator", "commune_clerk", "village_health_volunteer", "health_worker"}
    for role, (area, _) in ROLES.items():
        client = Client()
        client.force_login(user_of(role, area))
        for path in ("session", "work", "submissions?instance_id=uuid:1"):
            answer = client.get(f"/api/v1/fieldwork/{path}")
            assert answer.status_code == (200 if role in allowed else 403), (role, path)
