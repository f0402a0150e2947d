"""The field by which forms ask for a village."""

from collections.abc import Callable
from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError

from spean.kernel.access import Actor, Purpose
from spean.kernel.forms import SpeanForm
from spean.kernel.templatetags.govuk import govuk_form
from spean.locations import forms as location_forms
from spean.locations.forms import VillageField
from spean.locations.models import Place, Succession

TODAY = date(2026, 11, 1)
PERMISSION = "registry.register_household"


@pytest.fixture
def clerk(actor: Callable[..., Actor], places: dict[str, Place]) -> Actor:
    return actor("commune_clerk", "1601", Purpose.REGISTRATION)


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one village be too many for a list."""
    monkeypatch.setattr(location_forms, "MOST_IN_A_LIST", 1)


def _field(clerk: Actor) -> VillageField:
    return VillageField(by=clerk, permission=PERMISSION, on=TODAY)


def _html(field: VillageField) -> str:
    form = SpeanForm()
    form.fields["village"] = field
    return govuk_form(form)


def test_few_villages_are_a_list_grouped_by_commune(clerk: Actor) -> None:
    html = _html(_field(clerk))

    assert '<optgroup label="Nhang (160101)">' in html
    assert '<option value="16010102">Dal (16010102)</option>' in html
    assert "16020101" not in html


@pytest.mark.usefixtures("typing")
def test_many_villages_are_a_line_with_suggestions_of_the_area(clerk: Actor) -> None:
    html = _html(_field(clerk))

    assert 'hx-get="/places/suggest?field=village&amp;area=1601"' in html
    assert '<datalist id="id_village_villages">' in html


@pytest.mark.parametrize(
    "typed", ["16010102", "១៦០១០១០២", "16010102 ដល់ (Dal)", "dal", "ដល់", " Ta  Lav "]
)
def test_a_village_is_read_from_its_code_or_name(clerk: Actor, typed: str) -> None:
    assert isinstance(_field(clerk).clean(typed), Place)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "required"),
        ("99999999", "No place has the code"),
        ("160101", "is not a village"),
        ("16020101", "outside the area of your role"),
        ("nowhere", "No village of your area is named"),
        ("ta", "Type the code of the village you mean: 16010201"),
        ("x" * 201, "at most 200"),
    ],
)
def test_what_is_no_village_of_the_area_is_refused(clerk: Actor, typed: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        _field(clerk).clean(typed)


def test_a_village_that_no_longer_exists_names_its_successor(
    clerk: Actor, places: dict[str, Place]
) -> None:
    ended = places["16010102"]
    ended.end = date(2025, 1, 1)
    ended.save()
    Succession.objects.create(
        predecessor=ended, successor=places["16010101"], day=ended.end, act="Act 1"
    )

    with pytest.raises(ValidationError, match="16010101 ញ៉ាង"):
        _field(clerk).clean("16010102")


def test_a_place_is_shown_as_it_is_typed(clerk: Actor, village: Place) -> None:
    field: forms.Field = _field(clerk)

    assert field.prepare_value(village) == "16010101"
    assert field.prepare_value("typed") == "typed"


def test_who_has_the_permission_nowhere_finds_no_village(
    actor: Callable[..., Actor], places: dict[str, Place]
) -> None:
    field = _field(actor("analyst", ""))

    with pytest.raises(ValidationError, match="outside the area"):
        field.clean("16010101")
