"""What a phone sends arrives once; what can't be taken is refused with a word, and kept."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.utils import timezone

from spean.fieldwork import actions, queries
from spean.fieldwork.models import Attachment, RefusedUpload, Submission
from spean.interop.openrosa import uploads
from spean.interop.openrosa.uploads import CutShort, Upload, read_upload
from spean.kernel.access import Actor, Purpose
from tests.interop.conftest import (
    PHOTO,
    SUBMISSION,
    Part,
    Phone,
    message,
    multipart,
    new_family,
    photo_part,
    record,
    xml_part,
)

KIND = "multipart/form-data; boundary=collect-boundary"
INCOMPLETE: Part = ("*isIncomplete*", "", "", b"yes")
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><data id="poverty_interview" version="2026112301">&j;</data>'
)
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<data id="poverty_interview" version="2026112301"><note>&x;</note></data>'
)


def interview(**more: Any) -> bytes:
    return record("poverty_interview", new_family(), **more)


@pytest.fixture
def small(settings: Any) -> int:
    """Lower the limit, so that too much is soon sent."""
    settings.OPENROSA_LARGEST_BODY = 2 * 1024 * 1024
    return 2 * 1024 * 1024


def test_before_sending_a_phone_hears_where_and_how_much(phone: Phone) -> None:
    answer = phone.head(f"{SUBMISSION}?deviceID=collect%3Aabc")

    assert answer.status_code == 204
    assert answer["Location"] == f"http://testserver{SUBMISSION}"
    assert answer["X-OpenRosa-Accept-Content-Length"] == str(10 * 1024 * 1024)
    assert answer["X-OpenRosa-Version"] == "1.0"


def test_a_record_arrives_untouched_and_is_taken_in(
    phone: Phone, device: Any, enumerator: Actor
) -> None:
    xml = interview(ended_at=timezone.now())

    answer = phone.post(xml_part(xml), photo_part())

    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver{SUBMISSION}"
    assert message(answer) == ("submit_success", "បានទទួល។\nArrived.")
    kept = Submission.objects.get()
    assert bytes(kept.xml) == xml
    assert (kept.user, kept.device) == (enumerator.user, str(device.pk))
    assert bytes(Attachment.objects.get().content) == PHOTO
    done = actions.take_in(submission_id=kept.pk, at=timezone.now())
    assert done.state == "applied"


def test_a_repeat_is_answered_the_same_and_changes_nothing(phone: Phone) -> None:
    xml = interview()

    answers = [phone.post(xml_part(xml), photo_part()) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert Submission.objects.count() == Attachment.objects.count() == 1
    assert not RefusedUpload.objects.exists()


def test_files_may_come_in_several_requests_and_in_any_order(phone: Phone) -> None:
    xml = interview()

    answers = [
        phone.post(xml_part(xml), photo_part("b.jpg"), INCOMPLETE),
        phone.post(xml_part(xml), photo_part("a.jpg")),
        phone.post(xml_part(xml), photo_part("b.jpg"), INCOMPLETE),
    ]

    assert {answer.status_code for answer in answers} == {201}
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["a.jpg", "b.jpg"]


def test_a_record_from_the_future_waits_in_the_inbox(
    phone: Phone, actor: Callable[..., Actor]
) -> None:
    answer = phone.post(xml_part(interview(ended_at=timezone.now() + timedelta(days=365))))

    assert answer.status_code == 201
    actions.take_in(submission_id=Submission.objects.get().pk, at=timezone.now())
    clerk = actor("commune_clerk", "160101", Purpose.TARGETING)
    waiting = queries.inbox(by=clerk).get()
    assert waiting.parts.get().reasons[0]["code"] == "fieldwork.clock_wrong"


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ([xml_part(b"<data id='poverty_interview'")], 422, "fieldwork.not_xml"),
        ([xml_part(b"\x00\xff\xfe")], 422, "fieldwork.not_xml"),
        ([xml_part(b"")], 422, "fieldwork.not_xml"),
        ([xml_part(BOMB)], 422, "fieldwork.unsafe_xml"),
        ([xml_part(XXE)], 422, "fieldwork.unsafe_xml"),
        ([xml_part(b"<data/>")], 422, "fieldwork.not_a_form"),
        (
            [xml_part(b'<data id="poverty_interview" version="2026112301"/>')],
            422,
            "fieldwork.no_instance_id",
        ),
        ([xml_part(record("no_such_form", {}))], 404, "fieldwork.unknown_form"),
        ([xml_part(interview(version="1999"))], 404, "fieldwork.unknown_form"),
        ([photo_part()], 400, "interop.no_record"),
        ([xml_part(interview()), xml_part(interview())], 400, "interop.malformed_upload"),
        ([xml_part(interview()), ("photo", "", "", PHOTO)], 400, "interop.part_without_name"),
        (
            [xml_part(interview()), ("photo", "..", "image/jpeg", PHOTO)],
            400,
            "interop.part_without_name",
        ),
        (
            [xml_part(interview()), *(photo_part(f"{n}.jpg") for n in range(130))],
            413,
            "interop.too_many_parts",
        ),
        (
            [xml_part(interview()), photo_part(), photo_part(content=b"another")],
            409,
            "fieldwork.another_file",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_refused_with_a_word_and_kept(
    phone: Phone, admin: Actor, parts: list[Part], status: int, code: str
) -> None:
    answer = phone.post(*parts)

    assert answer.status_code == status
    nature, text = message(answer)
    assert nature == "error"
    assert len(text.splitlines()) == 2
    kept = queries.refused_uploads(by=admin).get()
    assert kept.reason["code"] == code
    assert kept.username == phone.username
    record_sent = next((p[3] for p in parts if p[0] == "xml_submission_file"), b"")
    assert bytes(kept.raw).startswith(record_sent or b"--collect-boundary")
    assert not Submission.objects.exists()


def test_other_content_under_the_same_number_is_refused_and_kept(phone: Phone) -> None:
    number = f"uuid:{uuid4()}"
    assert phone.post(xml_part(interview(instance_id=number))).status_code == 201
    other = record("poverty_interview", new_family(note="other"), instance_id=number)

    answer = phone.post(xml_part(other))

    assert answer.status_code == 409
    assert bytes(RefusedUpload.objects.get().raw) == other
    assert Submission.objects.count() == 1


def test_what_is_no_multipart_is_refused_and_kept(phone: Phone) -> None:
    answer = phone.send("POST", SUBMISSION, data=interview(), content_type="text/xml")

    assert answer.status_code == 415
    assert bytes(RefusedUpload.objects.get().raw).startswith(b"<?xml")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"no parts at all", "multipart/form-data; boundary=collect-boundary"),
        (multipart(xml_part(b"<data/>")), "multipart/form-data"),
        (multipart(xml_part(b"<data/>")), "multipart/form-data; boundary=another"),
        (multipart(xml_part(b"<data/>"), end=False), KIND),
        (multipart(xml_part(b"<data/>")), "multipart/form-data; boundary=" + "x" * 300),
        (multipart(xml_part(b"<data/>")), "multipart/form-data; boundary=រ"),
    ],
)  # fmt: skip
def test_malformed_multipart_is_refused_and_kept(phone: Phone, body: bytes, kind: str) -> None:
    answer = phone.send("POST", SUBMISSION, data=body, content_type=kind)

    assert answer.status_code == 400
    assert message(answer)[0] == "error"
    assert RefusedUpload.objects.get().size == len(body)


def test_fifty_megabytes_are_refused_with_their_sizes_and_only_the_record_is_kept(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml = interview()
    held = []
    let_go = uploads._Holding._let_go
    monkeypatch.setattr(
        uploads._Holding,
        "_let_go",
        lambda self: (let_go(self), held.append(sum(map(len, self._upload.parts[-1].chunks)))),
    )

    answer = phone.post(xml_part(xml), photo_part("big.jpg", b"\xff" * (50 * 1024 * 1024)))

    assert answer.status_code == 413
    text = message(answer)[1]
    assert "big.jpg" in text
    assert "51 megabytes; at most 20" in text
    kept = RefusedUpload.objects.get()
    assert bytes(kept.raw) == xml
    assert kept.size > 50 * 1024 * 1024
    assert set(held) == {0}
    assert not Submission.objects.exists()


def test_beyond_five_times_the_limit_nothing_more_is_read(phone: Phone, small: int) -> None:
    answer = phone.post(xml_part(interview()), photo_part(content=b"\xff" * (small * 6)))

    assert answer.status_code == 413
    assert RefusedUpload.objects.get().size <= small * 5 + 128 * 1024


def test_a_record_that_no_form_makes_so_large_is_refused(phone: Phone) -> None:
    xml = interview().replace(b"</data>", b"<x>" + b"a" * 1_100_000 + b"</x></data>")

    answer = phone.post(xml_part(xml))

    assert answer.status_code == 413
    assert RefusedUpload.objects.get().reason["code"] == "fieldwork.xml_too_large"


def test_a_long_text_without_a_file_name_is_refused(phone: Phone) -> None:
    answer = phone.post(xml_part(interview()), ("photo", "", "", b"a" * 6 * 1024 * 1024))

    assert answer.status_code == 413


class _Broken(BytesIO):
    def read(self, *_: Any) -> bytes:
        raise ConnectionResetError


def _request(body: BytesIO, **environ: str) -> WSGIRequest:
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": SUBMISSION,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "multipart/form-data; boundary=collect-boundary",
            "wsgi.input": body,
            **environ,
        }
    )


def test_a_chunked_body_is_read_to_its_end() -> None:
    body = BytesIO(multipart(xml_part(b"<data/>"), photo_part()))
    upload = Upload()

    read_upload(_request(body, HTTP_TRANSFER_ENCODING="chunked"), upload)

    assert upload.xml == b"<data/>"
    assert [(file.name, file.content) for file in upload.files] == [("photo.jpg", PHOTO)]


def test_a_body_without_its_end_is_sent_again_by_the_phone() -> None:
    body = multipart(xml_part(interview()), photo_part(content=PHOTO * 1000))

    with pytest.raises(CutShort):
        read_upload(_request(BytesIO(body[:9000]), CONTENT_LENGTH=str(len(body))), Upload())


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "text/xml"])
def test_a_connection_that_breaks_is_no_fault_of_ours(kind: str) -> None:
    request = _request(_Broken(), CONTENT_LENGTH="1000", CONTENT_TYPE=kind)

    with pytest.raises(CutShort):
        read_upload(request, Upload())


def test_what_a_phone_says_of_itself_does_no_harm(
    forms: Any, enumerator: Actor, client: Client
) -> None:
    assert enumerator.user is not None
    client.force_login(enumerator.user)
    body = multipart(xml_part(interview()), ("a\x00b", "p\x00.jpg", "image/\x00jpeg", PHOTO))

    answer = client.post(
        f"{SUBMISSION}?deviceID=%00collect%3A{'x' * 500}",
        body,
        content_type="multipart/form-data; boundary=collect-boundary",
        headers={"X-CSRFToken": "x"},
    )

    assert answer.status_code == 201
    assert Submission.objects.get().device.startswith("collect:x")
