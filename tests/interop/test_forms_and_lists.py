"""What a phone is given: its forms, their lists, only of its user's own area."""

import csv
import hashlib
import io
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from spean.fieldwork.models import FormVersion
from spean.kernel.access import Actor, Purpose
from tests.interop.conftest import Phone, message

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
LISTS = ["cases.csv", "households.csv", "people.csv", "villages.csv"]


@pytest.fixture
def with_lists(forms: dict[str, FormVersion]) -> FormVersion:
    """Give a form that reads every list."""
    form = forms["poverty_interview"]
    form.media = LISTS
    form.save(update_fields=["media"])
    return form


def children(answer: Any, tag: str) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/xml")
    root: Element = fromstring(answer.content)
    return [
        {child.tag.partition("}")[2]: child.text or "" for child in line}
        for line in root.findall(tag)
    ]


def path(url: str) -> str:
    assert url.startswith("http://testserver/")
    return url.removeprefix("http://testserver")


def test_the_list_of_forms_says_all_that_collect_reads(phone: Phone, with_lists: Any) -> None:
    listed = children(phone.get("/openrosa/formList"), f"{LIST}xform")

    assert [form["formID"] for form in listed] == ["household_update", "poverty_interview"]
    interview = listed[1]
    assert interview["name"] == "poverty_interview · poverty_interview"
    assert interview["version"] == "2026112301"
    assert interview["hash"] == f"md5:{with_lists.md5}"
    assert phone.get(path(interview["downloadUrl"])).status_code == 200
    assert phone.get(path(interview["manifestUrl"])).status_code == 200
    assert "manifestUrl" not in listed[0]


def test_one_form_can_be_asked_for(phone: Phone) -> None:
    answer = phone.get("/openrosa/formList?formID=household_update&deviceID=collect%3Ax")

    assert [f["formID"] for f in children(answer, f"{LIST}xform")] == ["household_update"]


def test_only_the_newest_version_is_listed_and_the_old_one_still_given(
    phone: Phone, forms: dict[str, FormVersion]
) -> None:
    old = forms["poverty_interview"]
    FormVersion.objects.create(
        **{
            name: getattr(old, name)
            for name in ("form_id", "title_km", "title_en", "xform", "media", "published_on")
        },
        version="2026112401",
        md5="f" * 32,
        workbook_sha256="another",
        published_by="test",
    )

    listed = children(phone.get("/openrosa/formList"), f"{LIST}xform")

    assert [form["version"] for form in listed] == ["2026112301", "2026112401"]
    assert phone.get("/openrosa/forms/poverty_interview/2026112301.xml").status_code == 200


def test_each_role_is_listed_its_own_forms(
    phone_of: Callable[..., Phone], actor: Callable[..., Actor], places: object
) -> None:
    clerk = phone_of(actor("commune_clerk", "160101", Purpose.TARGETING))

    listed = children(clerk.get("/openrosa/formList"), f"{LIST}xform")

    assert {form["formID"] for form in listed} == {"household_update", "poverty_interview"}


def test_a_form_is_sent_once_until_it_changes(phone: Phone, forms: dict[str, FormVersion]) -> None:
    where = "/openrosa/forms/poverty_interview/2026112301.xml"

    first = phone.get(where)
    again = phone.get(where, **{"If-None-Match": first["ETag"]})

    assert first.content.decode() == forms["poverty_interview"].xform
    assert again.status_code == 304
    assert again["X-OpenRosa-Version"] == "1.0"


def test_a_form_travels_small(phone: Phone, forms: dict[str, FormVersion]) -> None:
    form = forms["poverty_interview"]
    form.xform = form.xform + " " * 5000
    form.save()

    answer = phone.get(
        "/openrosa/forms/poverty_interview/2026112301.xml", **{"Accept-Encoding": "gzip"}
    )

    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 500


def test_the_manifest_gives_the_hash_of_what_is_then_given(phone: Phone, with_lists: Any) -> None:
    where = "/openrosa/forms/poverty_interview/2026112301/manifest"

    files = children(phone.get(where), f"{MANIFEST}mediaFile")

    assert [file["filename"] for file in files] == LISTS
    for file in files:
        given = phone.get(path(file["downloadUrl"]))
        assert given["Content-Type"] == "text/csv; charset=utf-8"
        assert given["Cache-Control"] == "no-store"
        assert file["hash"] == "md5:" + hashlib.md5(given.content).hexdigest()
        assert (
            phone.get(path(file["downloadUrl"]), **{"If-None-Match": given["ETag"]}).status_code
            == 304
        )


def test_the_lists_hold_the_users_own_villages(
    with_lists: Any, phone_of: Callable[..., Phone], actor: Callable[..., Actor], places: object
) -> None:
    where = "/openrosa/forms/poverty_interview/2026112301/media/villages.csv"
    found = {}

    for area in ("160101", "160102", "16020101"):
        phone = phone_of(actor("enumerator", area, Purpose.TARGETING))
        rows = csv.DictReader(io.StringIO(phone.get(where).content.decode()))
        found[area] = [row["name"] for row in rows]

    assert found == {
        "160101": ["16010101", "16010102"],
        "160102": ["16010201"],
        "16020101": ["16020101"],
    }


@pytest.mark.parametrize(
    "where",
    [
        "/openrosa/forms/poverty_interview/1999010101.xml",
        "/openrosa/forms/none/2026112301/manifest",
        "/openrosa/forms/poverty_interview/2026112301/media/people.csv",
        "/openrosa/forms/poverty_interview/2026112301/media/passwords.csv",
    ],
)
def test_what_is_not_there_is_said_so(phone: Phone, where: str) -> None:
    answer = phone.get(where)

    assert answer.status_code == 404
    assert message(answer)[0] == "error"


def test_nothing_else_is_answered(phone: Phone) -> None:
    assert phone.send("DELETE", "/openrosa/formList").status_code == 405
    assert phone.send("GET", "/openrosa/submission").status_code == 405
