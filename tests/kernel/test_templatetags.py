"""Words, forms and parts of pages, in both languages."""

import importlib.util
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.models import User

_spec = importlib.util.spec_from_file_location("gallery", Path(__file__).with_name("gallery.py"))
assert _spec is not None
assert _spec.loader is not None
gallery = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gallery)


def _render(source: str, language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return str(engines["django"].from_string(source).render(context)).strip()


def _request(user: Any = None, path: str = "/x?a=1&cursor=c1") -> Any:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return request


class Born(SpeanForm):
    born = forms.DateField(label="Date of birth", help_text="For example 27 3 1987")
    count = forms.IntegerField(label="Count", required=False)


@pytest.mark.parametrize(
    ("source", "value", "english", "khmer"),
    [
        ("{{ v|number }}", 1234567, "1,234,567", "១,២៣៤,៥៦៧"),
        ("{{ v|number:1 }}", Decimal("2.25"), "2.2", "២.២"),
        ("{{ v|riel }}", 40000, "40,000 riel", "៤០,០០០ រៀល"),
        ("{{ v|day }}", date(2026, 11, 23), "23 November 2026", "២៣ វិច្ឆិកា ២០២៦"),
        ("{{ v|month }}", date(2026, 11, 23), "November 2026", "វិច្ឆិកា ២០២៦"),
        (
            "{{ v|moment }}",
            datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
            "23 November 2026, 14:05",
            "២៣ វិច្ឆិកា ២០២៦ ម៉ោង ១៤:០៥",
        ),
        ("{{ v|khmer_digits }}", "160101", "160101", "១៦០១០១"),
        ("{{ v|number }}{{ v|day }}{{ v|riel }}", None, "", ""),
    ],
)
def test_numbers_and_dates_are_written_as_each_reader_expects(
    source: str, value: object, english: str, khmer: str
) -> None:
    assert _render(source, "en", v=value) == english
    assert _render(source, "km", v=value) == khmer


def test_a_telephone_number_is_grouped_and_can_be_dialled() -> None:
    html = _render("{{ v|tel }}", v="+855 12345678")

    assert 'href="tel:+85512345678"' in html
    assert ">012 345 678<" in html


def test_a_name_is_chosen_by_language_and_falls_back_to_the_other() -> None:
    both = SimpleNamespace(name_km="ញ៉ាង", name_en="Nhang")
    only = SimpleNamespace(name_km="ញ៉ាង", name_en="")

    assert _render("{% in_language v %}", "km", v=both) == "ញ៉ាង"
    assert _render("{{ v|in_language }}", "en", v=both) == "Nhang"
    assert _render("{{ v|in_language }}", "en", v=only) == "ញ៉ាង"


def test_a_date_is_read_from_three_boxes_in_khmer_digits() -> None:
    form = Born({"born_day": "២៧", "born_month": "៣", "born_year": "១៩៨៧", "count": "១២"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"born": date(1987, 3, 27), "count": 12}


@pytest.mark.parametrize("typed", [("31", "2", "1987"), ("", "3", "1987"), ("a", "b", "c")])
def test_a_day_that_is_no_day_is_refused_and_shown_again_as_typed(typed: tuple[str, ...]) -> None:
    form = Born(dict(zip(("born_day", "born_month", "born_year"), typed, strict=True)))

    html = _render("{% govuk_field form.born %}", form=form)

    assert form.errors["born"] == ["Enter a real date: day, month and year, such as 27 3 1987."]
    assert all(f'value="{part}"' in html for part in typed)


def test_a_field_names_its_hint_and_its_error_to_a_screen_reader() -> None:
    html = _render("{% govuk_form form %}", form=Born({"count": "x"}))

    assert 'aria-describedby="id_born_hint id_born_error"' in html
    assert 'aria-describedby="id_count_error"' in html
    assert 'inputmode="numeric"' in html
    assert "Count (optional)" in html
    assert "Date of birth (optional)" not in html


def test_the_error_summary_leads_to_the_first_box_of_each_field() -> None:
    html = _render("{% error_summary form %}", form=Born({"count": "x"}))

    assert 'href="#id_born_day"' in html
    assert 'href="#id_count"' in html
    assert _render("{% error_summary form %}", form=Born()) == ""
    assert _render("{% error_summary form %}") == ""


def test_a_refusal_stands_beside_its_field_or_on_the_form() -> None:
    class TooEarly(SpeanError):
        code = "test.too_early"
        message = "Not before %(year)s."
        field: ClassVar[str | None] = "born"

    class Closed(SpeanError):
        code = "test.closed"
        message = "Closed."

    form = Born({"born": "1987-03-27"})
    form.full_clean()

    form.add_refusal(TooEarly(year=1990))
    form.add_refusal(Closed())

    assert form.errors == {"born": ["Not before 1990."], "__all__": ["Closed."]}


def test_what_a_person_typed_is_never_markup() -> None:
    class Named(SpeanForm):
        name = forms.CharField(label="<b>Name</b>", max_length=3)

    html = _render(
        "{% govuk_form form %}{% state_tag v %}{{ v|tel }}{% summary_row v v %}",
        form=Named({"name": "<script>"}),
        v="<script>",
    )

    assert "<script>" not in html
    assert "<b>" not in html


def test_pagination_keeps_what_was_asked_for() -> None:
    request = _request()
    source = engines["django"].from_string("{% cursor_pagination next %}")

    html = source.render({"next": "c 2"}, request)

    assert "?a=1&amp;cursor=c+2" in html
    assert 'href="?a=1"' in html


@pytest.mark.parametrize("language", ["km", "en"])
def test_the_gallery_of_all_components_keeps_to_the_content_policy(language: str) -> None:
    with translation.override(language):
        html = gallery.render(_request(), gallery.Gallery({"name": "ក"}))

    assert f'<html lang="{language}"' in html
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert html.count("<script") == html.count('<script type="module" src=') + html.count(
        "<script src="
    )
    assert html.count("<h1") == 1


def test_a_visitor_sees_the_links_of_their_roles_only(user_of: Callable[..., User]) -> None:
    from spean.kernel.navigation import shown_to

    clerk = shown_to(_request(user_of("commune_clerk", "160101"), "/"))

    assert shown_to(_request()) == []
    assert [link.label for link in clerk if link.current] == ["Today"]
    assert "Places" not in {link.label for link in clerk}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "english", "khmer"),
    [
        ("dara", "ដារ៉ា", "ដារ៉ា"),
        ("gone", "gone", "gone"),
        ("", "", ""),
        ("system:seed_demo", "Spean, by itself", "ស្ពាន ដោយស្វ័យប្រវត្តិ"),
    ],
)
def test_who_signed_is_shown_by_name(name: str, english: str, khmer: str) -> None:
    User.objects.create(username="dara", full_name="ដារ៉ា")

    shown = [_render("{{ name|who }}", language, name=name) for language in ("en", "km")]

    assert shown == [english, khmer]
