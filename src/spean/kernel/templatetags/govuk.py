"""Tags and filters that every template has: forms, words in the reader's language, page parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from spean.kernel import access, formats, navigation
from spean.kernel.fields import FieldParts
from spean.kernel.models import User

register = template.Library()

# What a state usually means to a reader; a state not named here is grey.
STATE_COLOURS = {
    **dict.fromkeys(
        ("new", "requested", "proposed", "open", "planned", "draft", "received"), "blue"
    ),
    **dict.fromkeys(
        ("waiting", "pending", "scheduled", "due", "returned", "contested", "attention", "partly"),
        "yellow",
    ),
    **dict.fromkeys(
        ("interviewed", "scored", "reviewed", "displayed", "checked", "decided"), "teal"
    ),
    **dict.fromkeys(("approved", "applied", "active", "valid", "done", "accepted"), "green"),
    **dict.fromkeys(("confirmed", "upheld", "enrolled", "paid", "cleared"), "green"),
    **dict.fromkeys(("rejected", "refused", "revoked", "overdue", "failed"), "red"),
    **dict.fromkeys(("running", "candidate", "sent", "released"), "light-blue"),
    **dict.fromkeys(("poor_1",), "purple"),
    **dict.fromkeys(("poor_2", "at_risk", "suspended"), "orange"),
}


@register.filter
def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Write a number with thousands separated: {{ count|number }}, {{ share|number:1 }}."""
    return "" if value is None or value == "" else formats.number(value, places)


@register.filter
def riel(value: Any) -> str:
    """Write an amount of riel: {{ amount|riel }}; takes Money too."""
    return "" if value is None or value == "" else formats.riel(getattr(value, "amount", value))


@register.filter
def day(value: date | None) -> str:
    """Write a date: {{ person.birth_date|day }}."""
    return formats.day(value) if value else ""


@register.filter
def month(value: date | None) -> str:
    """Write the month of a date: {{ statement.month|month }}."""
    return formats.month(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Write a date and time: {{ entry.at|moment }}."""
    return formats.moment(value) if value else ""


@register.filter
def who(username: str) -> str:
    """Give the full name of who signed something; an unknown one's as it stands."""
    if username and username.startswith(access.OF_SYSTEM):
        return gettext("Spean, by itself")
    user = User.objects.filter(username=username).first() if username else None
    return str(user or username)


@register.filter
def khmer_digits(value: object) -> str:
    """Write the digits of any text in the reader's script: {{ code|khmer_digits }}."""
    return "" if value is None else formats.digits(value)


@register.filter
def tel(value: str) -> SafeString:
    """Write a telephone number as a link that a phone dials: {{ household.phone|tel }}."""
    if not value:
        return SafeString("")
    return format_html(
        '<a class="govuk-link spean-tel" href="tel:{}">{}</a>',
        formats.tel_link(value),
        formats.tel(value),
    )


def _choose(thing: Any, name: str) -> str:
    km = getattr(thing, f"{name}_km", "") or ""
    other = getattr(thing, f"{name}_en", None) or getattr(thing, f"{name}_latin", "") or ""
    return (km or other) if formats.language() == "km" else (other or km)


@register.simple_tag(name="in_language")
def in_language_tag(thing: Any, name: str = "name") -> str:
    """Choose name_km or name_en (or name_latin): {% in_language place "name" %}."""
    return _choose(thing, name)


@register.filter(name="in_language")
def in_language_filter(thing: Any, name: str = "name") -> str:
    """Choose name_km or name_en: {{ place|in_language }}, {{ person|in_language:"given_name" }}."""
    return _choose(thing, name)


@register.filter
def translated(text: str) -> str:
    """Translate a msgid that Python marked with N_: {{ item.title|translated }}."""
    return gettext(text) if text else ""


@register.simple_tag
def govuk_field(field: BoundField, **options: Any) -> SafeString:
    """Render one field: {% govuk_field form.phone width=10 %} (label, hint, inline, optional)."""
    parts = FieldParts(field, options)
    return mark_safe(render_to_string(parts.template, parts.context()))  # noqa: S308


@register.simple_tag
def govuk_form(form: BaseForm, **options: Any) -> SafeString:
    """Render the hidden and the visible fields of a form, in order."""
    hidden = [field.as_widget() for field in form.hidden_fields()]
    return SafeString(
        "".join([*hidden, *(govuk_field(f, **options) for f in form.visible_fields())])
    )


@register.simple_tag
def govuk_button(label: str, *, variant: str = "", name: str = "", value: str = "") -> SafeString:
    """Render a button that sends a form once: {% govuk_button _("Save") variant="secondary" %}."""
    return format_html(
        '<button type="submit" class="govuk-button{}" data-module="govuk-button"'
        ' data-prevent-double-click="true"{}>{}</button>',
        f" govuk-button--{variant}" if variant else "",
        format_html(' name="{}" value="{}"', name, value) if name else "",
        label,
    )


@register.simple_tag
def error_summary(*forms: BaseForm | BaseFormSet[Any] | str | None) -> SafeString:
    """List what has to be mended in these forms, each with a link to its field."""
    problems = [problem for form in forms if form for problem in _problems(form)]
    if not problems:
        return SafeString("")
    return mark_safe(render_to_string("kernel/parts/error_summary.html", {"problems": problems}))  # noqa: S308


def _problems(form: Any) -> Iterable[tuple[str, str]]:
    if isinstance(form, BaseFormSet):
        yield from ((str(text), "") for text in form.non_form_errors())
        for one in form.forms:
            yield from _problems(one)
        return
    yield from ((str(text), "") for text in form.non_field_errors())
    for field in form:
        target = FieldParts(field, {}).target
        for text in field.errors:
            said = gettext("%(label)s: %(problem)s") % {"label": field.label, "problem": text}
            yield said, target


@register.simple_tag
def state_tag(state: str, label: str = "", *, colour: str = "") -> SafeString:
    """Render a state as a coloured tag: {% state_tag change.state change.get_state_display %}."""
    shade = colour or STATE_COLOURS.get(str(state), "grey")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', shade, label or state)


@register.inclusion_tag("kernel/parts/summary_row.html")
def summary_row(key: str, value: object, *, url: str = "", action: str = "") -> dict[str, object]:
    """Render one row of <dl class="govuk-summary-list">: {% summary_row _("Village") name %}."""
    return {"key": key, "value": value, "url": url, "action": action or gettext("Change")}


@register.inclusion_tag("kernel/parts/pagination.html", takes_context=True)
def cursor_pagination(
    context: Any, next: str | None, previous: str | None = None
) -> dict[str, Any]:
    """Render the links to the next page and back: {% cursor_pagination next_cursor %}."""
    asked = context["request"].GET.copy()
    now = asked.pop("cursor", [""])[0]

    def page(cursor: str) -> str:
        pairs = [(k, v) for k in asked for v in asked.getlist(k)]
        return "?" + urlencode([*pairs, *([("cursor", cursor)] if cursor else [])])

    return {
        "next": page(next) if next else "",
        "previous": page(previous) if previous else "",
        "first": page("") if now and not previous else "",
    }


@register.inclusion_tag("kernel/parts/navigation.html", takes_context=True)
def nav(context: Any) -> dict[str, Any]:
    """Render the links that the visitor may follow (the table is in config/navigation.py)."""
    return {"links": navigation.shown_to(context.get("request"))}


@register.simple_tag(takes_context=True)
def role_names(context: Any) -> str:
    """Name the roles of who is signed in, in their language."""
    actor = navigation.actor_of(context.get("request"))
    table = access.roles()
    names = dict.fromkeys(r for r, _ in actor.grants if r in table) if actor else ()
    return ", ".join(gettext(table[name].label) for name in names)


@register.simple_tag(takes_context=True)
def repeat_block(context: Any, name: str) -> str:
    """Render a block a second time: the title of the page is its heading too."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return str(block.render(context)).strip() if block else ""


@register.simple_tag
def html_attributes(attributes: dict[str, Any]) -> SafeString:
    """Write a dict as HTML attributes; True is a bare name, None and False are left out."""
    given = [(k, v) for k, v in attributes.items() if v is not None and v is not False]
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", k) if v is True else format_html(' {}="{}"', k, v),)
            for k, v in given
        ),
    )
