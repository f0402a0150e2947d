import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from spean.kernel.models import User
from spean.kernel.spreadsheets import read_rows, write_csv
from spean.locations.models import Place
from spean.registry.models import Household, ImportRun
from spean.registry.rules.import_columns import COLUMNS, header_row

ROLES = {
    "commune_clerk": (True, False),
    "district_officer": (True, True),
    "commune_council": (False, False),
    "village_representative": (False, False),
    "health_worker": (False, False),
    "analyst": (False, False),
    "auditor": (False, False),
    "administrator": (False, False),
}


def content(*, sex: str = "male") -> bytes:
    cells = {
        "household_key": "1", "village_code": "16010101", "relation": "head",
        "family_name_km": "សុខ", "given_name_km": "ដារ៉ា", "sex": sex, "birth_date": "1988-02-01",
    }  # fmt: skip
    return write_csv([header_row(), [cells.get(column.name, "") for column in COLUMNS]])


@pytest.fixture
def signed_in(user_of: Callable[..., User], places: dict[str, Place]) -> Callable[..., Client]:
    def make(role: str = "district_officer", area: str = "1601") -> Client:
        client = Client()
        client.force_login(user_of(role, area))
        client.cookies["spean_language"] = "en"
        return client

    return make


def upload(client: Client, file: bytes, name: str = "h.csv") -> Any:
    return client.post("/households/imports", {"file": SimpleUploadedFile(name, file)}, follow=True)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_import_and_export_or_not(
    signed_in: Callable[..., Client], role: str
) -> None:
    client = signed_in(role)
    may_import, may_export = ROLES[role]

    answers = [
        client.get(address).status_code
        for address in (
            "/households/imports",
            "/households/imports/model.csv",
            "/api/v1/registry/imports",
            "/households/export",
            "/households/export?area=160101&form=csv",
            "/api/v1/registry/exports/households?area=160101",
        )
    ]

    assert answers == [200 if may_import else 403] * 3 + [200 if may_export else 403] * 3


def test_a_file_is_checked_looked_at_and_taken_in(signed_in: Callable[..., Client]) -> None:
    client = signed_in()

    page = upload(client, content())
    assert "Good households" in page.content.decode()
    run = ImportRun.objects.get()
    done = client.post(f"/households/imports/{run.pk}", {"which": "good"}, follow=True)

    assert "1 household was taken in." in done.content.decode()
    assert Household.objects.count() == 1


def test_problems_are_shown_and_come_as_a_file(signed_in: Callable[..., Client]) -> None:
    client = signed_in()

    page = upload(client, content(sex="?")).content.decode()

    assert "is not an answer here" in page
    run = ImportRun.objects.get()
    for form in ("csv", "xlsx"):
        file = client.get(f"/households/imports/{run.pk}/errors.{form}")
        (row,) = read_rows(io.BytesIO(file.content), f"e.{form}")
        assert "[sex]" in row.values["problems"]
    assert client.get(f"/households/imports/{run.pk}/errors.exe").status_code == 404


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (write_csv([["householdkey"], ["1"]]), "Did you mean “household_key”?"),
        (b"PK\x03\x04broken", "is not a readable CSV or XLSX file"),
        (b"", "empty"),
    ],
)
def test_a_file_that_is_refused_says_why_beside_the_field(
    signed_in: Callable[..., Client], file: bytes, words: str
) -> None:
    page = upload(signed_in(), file).content.decode()

    assert words in page
    assert "govuk-error-summary" in page


def test_an_import_is_closed_to_another_district(signed_in: Callable[..., Client]) -> None:
    upload(signed_in(), content(sex="?"))
    run = ImportRun.objects.get()
    stranger = signed_in("district_officer", "1602")

    for rest in ("", "/errors.csv"):
        assert stranger.get(f"/households/imports/{run.pk}{rest}").status_code == 403
    assert stranger.get(f"/api/v1/registry/imports/{run.pk}").status_code == 403


def test_the_model_file_has_the_right_first_row_in_either_language(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in()

    english = client.get("/households/imports/model.csv").content.decode("utf-8-sig")
    khmer = client.get("/households/imports/model.csv?header=km").content.decode("utf-8-sig")

    assert english.strip() == ",".join(header_row())
    assert khmer.strip() == ",".join(header_row(khmer=True))


def test_an_export_of_another_area_is_refused_beside_the_form(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in()

    assert (
        "attachment" in client.get("/households/export?area=1601&form=xlsx")["Content-Disposition"]
    )
    assert (
        "govuk-error-summary"
        in client.get("/households/export?area=1602&form=csv").content.decode()
    )
    assert "govuk-error-summary" in client.get("/households/export?area=&form=csv").content.decode()


def post(client: Client, path: str, body: dict[str, Any], key: str) -> Any:
    return client.post(
        f"/api/v1/registry{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key, "Accept-Language": "en"},
    )


def test_a_system_imports_over_the_api(signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    file = {"name": "h.csv", "content": base64.b64encode(content()).decode()}

    checked = post(client, "/imports", file, "a")
    run = checked.json()["id"]
    taken = post(client, f"/imports/{run}/take-in", {}, "b")

    assert (checked.status_code, checked.json()["households"]) == (201, 1)
    assert (taken.status_code, taken.json()["state"]) == (200, "taken_in")
    assert client.get("/api/v1/registry/imports").json()["items"][0]["id"] == run
    assert post(client, "/imports", file, "c").json()["code"] == "registry.import_file_twice"


def test_problems_over_the_api_are_in_the_readers_language(
    signed_in: Callable[..., Client],
) -> None:
    file = {"name": "h.csv", "content": base64.b64encode(content(sex="?")).decode()}

    problem = post(signed_in(), "/imports", file, "a").json()["problems"][0]

    assert (problem["row"], problem["column"]) == (2, "sex")
    assert problem["detail"].startswith("“?” is not an answer here.")


@pytest.mark.parametrize("sent", [{"name": "h", "content": "no base64 ?"}, {"name": "h"}, {}])
def test_a_body_that_is_no_file_is_a_problem_document(
    signed_in: Callable[..., Client], sent: dict[str, str]
) -> None:
    assert post(signed_in(), "/imports", sent, "a").status_code == 422
