"""What phones send is kept once, as it came."""

from collections.abc import Callable
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from spean.fieldwork import actions
from spean.fieldwork.actions import NewAttachment
from spean.fieldwork.models import Attachment, FormVersion, RefusedUpload, Submission
from spean.fieldwork.rules import (
    NoInstanceId,
    NotAForm,
    NotXml,
    UnsafeXml,
    XmlTooLarge,
)
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from tests.fieldwork.conftest import NOW, new_family, record

pytestmark = pytest.mark.usefixtures("forms", "places")
PHOTO = NewAttachment("house.jpg", "image/jpeg", b"\xff\xd8 a house")


def receive(xml: bytes, by: Actor, **more: Any) -> Submission:
    return actions.receive_submission(xml=xml, by=by, at=NOW, **more)


def test_a_record_is_kept_as_it_came_and_handed_to_the_worker(enumerator: Actor) -> None:
    xml = record("poverty_interview", new_family())

    kept = receive(xml, enumerator, device="collect:1")

    kept.refresh_from_db()
    assert bytes(kept.xml) == xml
    assert (kept.state, kept.area, kept.device) == ("received", "16010101", "collect:1")
    assert (kept.latitude, kept.longitude) == (13.74, 107.02)
    job = ProcrastinateJob.objects.get(task_name="spean.fieldwork.jobs.take_in")
    assert job.args == {"submission_id": str(kept.pk)}


def test_a_repeat_changes_nothing(enumerator: Actor) -> None:
    xml = record("poverty_interview", new_family())

    first, second = receive(xml, enumerator), receive(xml, enumerator)

    assert first.pk == second.pk
    assert Submission.objects.count() == ProcrastinateJob.objects.count() == 1


def test_files_may_come_later_and_twice(enumerator: Actor) -> None:
    xml = record("poverty_interview", new_family())
    receive(xml, enumerator)

    receive(xml, enumerator, attachments=[PHOTO])
    kept = receive(xml, enumerator, attachments=[PHOTO])

    assert [bytes(file.content) for file in kept.attachments.all()] == [PHOTO.content]


def test_another_file_under_the_same_name_is_refused(enumerator: Actor) -> None:
    xml = record("poverty_interview", new_family())
    receive(xml, enumerator, attachments=[PHOTO])

    with pytest.raises(actions.AnotherFile):
        receive(xml, enumerator, attachments=[NewAttachment(PHOTO.name, "image/jpeg", b"other")])

    assert Attachment.objects.count() == 1


def test_other_content_under_the_same_number_is_refused(enumerator: Actor) -> None:
    receive(record("poverty_interview", new_family(), instance_id="uuid:1"), enumerator)

    with pytest.raises(actions.AnotherUnderThisId):
        receive(record("poverty_interview", new_family(note="x"), instance_id="uuid:1"), enumerator)

    assert Submission.objects.count() == 1


def test_the_number_of_someone_elses_record_is_refused(
    enumerator: Actor, actor: Callable[..., Actor]
) -> None:
    xml = record("poverty_interview", new_family())
    receive(xml, enumerator)
    other = actor("enumerator", "160101", Purpose.TARGETING, name="another")

    with pytest.raises(actions.AnotherUnderThisId):
        receive(xml, other)


def test_who_works_in_no_field_cannot_send(actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        receive(record("poverty_interview", new_family()), actor("analyst", "16"))


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><data id="poverty_interview" version="1">&c;</data>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<data id="poverty_interview" version="1"><note>&x;</note></data>'
)
DEEP = "<data id='f' version='1'>" + "<a>" * 30 + "<b/>" + "</a>" * 30 + "</data>"


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", NotXml),
        (b"<data id='poverty_interview'", NotXml),
        (b"\xff\xfe\x00\x01", NotXml),
        (b'<?xml version="1.0" encoding="klingon"?><data/>', NotXml),
        (BOMB.encode(), UnsafeXml),
        (OUTSIDE.encode(), UnsafeXml),
        (DEEP.encode(), XmlTooLarge),
        (b"<data>" + b" " * 1024 * 1024 + b"</data>", XmlTooLarge),
        (b"<data><note>hello</note></data>", NotAForm),
        (b"<data id='poverty_interview' version='1'><note/></data>", NoInstanceId),
    ],
    ids=str,
)
def test_what_is_no_record_is_refused_by_name(
    raw: bytes, error: type[Exception], enumerator: Actor
) -> None:
    with pytest.raises(error):
        receive(raw, enumerator)

    assert not Submission.objects.exists()


@pytest.mark.parametrize("wrong", [{"form_id": "census"}, {"version": "1999"}])
def test_a_form_that_was_never_published_is_refused(
    wrong: dict[str, str], enumerator: Actor, forms: dict[str, FormVersion]
) -> None:
    asked = {"form_id": "poverty_interview", "answers": new_family()} | wrong

    with pytest.raises(actions.UnknownForm):
        receive(record(**asked), enumerator)


def test_what_is_refused_is_kept_once_with_its_reason() -> None:
    for _ in range(2):
        actions.keep_refused(error=UnsafeXml(), username="bora", raw=b"<!", size=2, at=NOW)

    kept = RefusedUpload.objects.get()
    assert kept.reason["code"] == "fieldwork.unsafe_xml"
    assert bytes(kept.raw) == b"<!"
