"""The pages of places and facilities: who may open them, and what they say."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from spean.config.roles import ROLES
from spean.kernel.models import User
from spean.locations.models import Facility, OperationalDistrict, Place, Succession

HEADER = "code,name_km,name_en,operational_district,place,level,act,start"
GOOD = "HC1,ញ៉ាង,Nhang,1601,160101,health_centre,Prakas 1,2020-01-01"
BAD = GOOD.replace("HC1", "HC2").replace(",160101,", ",999999,")


@pytest.fixture
def sign_in(client: Client, user_of: Callable[..., User]) -> Callable[..., Client]:
    """Sign in as a role, in English."""

    def enter(role: str, area: str = "") -> Client:
        client.force_login(user_of(role, area))
        client.cookies["spean_language"] = "en"
        return client

    return enter


def _send(client: Client, *lines: str, kind: str = "facilities", name: str = "a.csv") -> Any:
    file = SimpleUploadedFile(name, "\n".join([HEADER, *lines]).encode())
    return client.post(reverse("locations:import"), {"kind": kind, "file": file}, follow=True)


OPEN = ["places", "defects", "facilities", "suggest"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", OPEN)
def test_every_role_browses(
    sign_in: Callable[..., Client], places: dict[str, Place], role: str, page: str
) -> None:
    assert sign_in(role, "16").get(reverse(f"locations:{page}")).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_every_role_opens_a_place_and_a_facility(
    sign_in: Callable[..., Client], health_centre: Facility, role: str
) -> None:
    client = sign_in(role, "16")

    assert client.get("/places/160101").status_code == 200
    assert client.get("/facilities/160101").status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_import(
    sign_in: Callable[..., Client], places: dict[str, Place], role: str
) -> None:
    client = sign_in(role)
    expected = 200 if role == "administrator" else 403

    assert client.get(reverse("locations:import")).status_code == expected
    model = client.get(reverse("locations:import_model", args=["levels"]))
    assert model.status_code == expected
    gone = client.get(reverse("locations:imported", args=["nothing"])).status_code
    errors = client.get(reverse("locations:import_errors", args=["nothing"])).status_code
    assert {gone, errors} == {404 if role == "administrator" else 403}


@pytest.mark.parametrize(
    "path",
    ["/places", "/places/16", "/places/defects", "/places/suggest", "/facilities", "/facilities/1",
     "/facilities/import", "/facilities/import/models/levels.csv"],
)  # fmt: skip
def test_who_is_not_signed_in_is_asked_to(client: Client, db: None, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_provinces_are_listed_first(
    sign_in: Callable[..., Client], places: dict[str, Place]
) -> None:
    html = sign_in("analyst").get("/places").content.decode()

    assert "1 provinces, 2 districts, 3 communes and 4 villages" in html
    assert "/places/16" in html


def test_a_search_leads_to_places_in_khmer_too(
    sign_in: Callable[..., Client], places: dict[str, Place]
) -> None:
    client = sign_in("analyst")
    client.cookies["spean_language"] = "km"

    html = client.get("/places", {"q": "banlung"}).content.decode()

    assert "បានលុង" in html
    assert "/places/1602" in html


def test_a_search_without_an_answer_says_so(
    sign_in: Callable[..., Client], places: dict[str, Place]
) -> None:
    html = sign_in("analyst").get("/places", {"q": "<b>nowhere"}).content.decode()

    assert "like “&lt;b&gt;nowhere”" in html


def test_a_place_shows_its_children_of_the_day(
    sign_in: Callable[..., Client], places: dict[str, Place]
) -> None:
    Place.objects.filter(code="16010102").update(end=date(2025, 1, 1))
    client = sign_in("analyst")

    assert "16010102" not in client.get("/places/160101").content.decode()
    earlier = client.get("/places/160101", {"on": "2024-12-31"}).content.decode()
    assert "/places/16010102?on=2024-12-31" in earlier


def test_an_ended_place_shows_its_successor(
    sign_in: Callable[..., Client], places: dict[str, Place]
) -> None:
    ended = places["16010102"]
    ended.end = date(2025, 1, 1)
    ended.save()
    Succession.objects.create(
        predecessor=ended, successor=places["16010101"], day=ended.end, act="Sub-decree 9"
    )
    client = sign_in("analyst")

    html = client.get("/places/16010102").content.decode()

    assert "no longer exists since 1 January 2025" in html
    assert "16010101" in html
    assert "Sub-decree 9" in client.get("/places/16010101").content.decode()


def test_an_unknown_place_is_not_found(sign_in: Callable[..., Client], db: None) -> None:
    answer = sign_in("analyst").get("/places/99")

    assert answer.status_code == 404
    assert "No place has the code “99”" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "most"), [("/places", 7), ("/places/1601", 9), ("/facilities", 7), ("/places?q=x", 7)]
)
def test_lists_take_few_queries(
    sign_in: Callable[..., Client],
    health_centre: Facility,
    hospital: Facility,
    django_assert_max_num_queries: Any,
    path: str,
    most: int,
) -> None:
    client = sign_in("analyst")
    client.get(path)

    with django_assert_max_num_queries(most):
        client.get(path)


def test_suggestions_stay_in_the_areas_asked_for(
    sign_in: Callable[..., Client], places: dict[str, Place]
) -> None:
    client = sign_in("analyst")

    near = client.get("/places/suggest", {"field": "v", "v": "nhang", "area": "1601"})
    far = client.get("/places/suggest", {"field": "v", "v": "nhang", "area": "1602"})

    assert 'value="16010101 ញ៉ាង (Nhang)"' in near.content.decode()
    assert "option" not in far.content.decode()


def test_defects_are_listed_with_their_fault(sign_in: Callable[..., Client], db: None) -> None:
    html = sign_in("analyst").get("/places/defects").content.decode()

    assert "0506140-" in html
    assert "Several villages of one commune share the code." in html


def test_a_good_file_is_shown_then_taken_in(
    sign_in: Callable[..., Client], operational_district: OperationalDistrict
) -> None:
    client = sign_in("administrator")

    shown = _send(client, GOOD)
    before = Facility.objects.count()
    done = client.post(shown.redirect_chain[0][0], follow=True)

    assert "The file can be taken in" in shown.content.decode()
    assert before == 0
    assert "1 row was taken in." in done.content.decode()
    assert Facility.objects.get().code == "HC1"


def test_bad_rows_are_shown_one_by_one_and_come_back_as_a_file(
    sign_in: Callable[..., Client], operational_district: OperationalDistrict
) -> None:
    client = sign_in("administrator")

    shown = _send(client, GOOD, BAD, GOOD.replace("HC1", "=1+1").replace("=1+1", "H C"))
    address = shown.redirect_chain[0][0]
    client.post(address)
    errors = client.get(address + "/errors.csv")

    html = shown.content.decode()
    assert "No place has the code “999999”" in html
    assert not Facility.objects.exists()
    lines = errors.content.decode("utf-8-sig").splitlines()
    assert lines[0] == HEADER + ",phone,row,column,error"
    assert [line.split(",")[0] for line in lines[1:]] == ["HC2", "H C"]
    assert ",3,place," in lines[1]


def test_a_file_of_another_person_is_not_shown(
    sign_in: Callable[..., Client],
    user_of: Callable[..., User],
    operational_district: OperationalDistrict,
) -> None:
    client = sign_in("administrator")
    address = _send(client, GOOD).redirect_chain[0][0]
    client.force_login(user_of("administrator", "", name="another"))

    assert client.get(address).status_code == 404


def test_a_wrong_header_is_told_beside_the_file(sign_in: Callable[..., Client], db: None) -> None:
    html = _send(sign_in("administrator"), GOOD, kind="levels").content.decode()

    assert "Missing: facility" in html
    assert 'href="#id_file"' in html


def test_a_zip_bomb_is_told_and_not_opened(sign_in: Callable[..., Client], db: None) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    file = SimpleUploadedFile("a.xlsx", content.getvalue())
    client = sign_in("administrator")

    answer = client.post(reverse("locations:import"), {"kind": "facilities", "file": file})

    assert "would unpack to far more data" in answer.content.decode()


@pytest.mark.parametrize("kind", ["operational_districts", "facilities", "levels", "catchments"])
def test_a_model_file_has_the_columns_of_its_kind(
    sign_in: Callable[..., Client], db: None, kind: str
) -> None:
    answer = sign_in("administrator").get(reverse("locations:import_model", args=[kind]))

    assert answer.content.decode("utf-8-sig").splitlines()[0].count(",") >= 3
    assert answer["Content-Disposition"] == f'attachment; filename="{kind}.csv"'


def test_there_is_no_model_of_an_unknown_kind(sign_in: Callable[..., Client], db: None) -> None:
    address = reverse("locations:import_model", args=["people"])

    assert sign_in("administrator").get(address).status_code == 404
