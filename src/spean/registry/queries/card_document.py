"""The equity card as a document to print, in Khmer and English."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import segno
from django.utils.translation import gettext, ngettext, override

from spean.kernel import access, audit, documents, formats
from spean.kernel.access import Actor
from spean.kernel.errors import N_
from spean.kernel.periods import age_on
from spean.locations import queries as locations
from spean.locations.queries import Place
from spean.registry.models import EquityCard, Membership
from spean.registry.queries.cards import members_of
from spean.registry.rules.cards import CATEGORIES, COLOURS
from spean.registry.rules.identifiers import IdentifierKind, display

TEMPLATE = Path(__file__).parents[1] / "documents" / "card.typ"
MEMBERS_SHOWN = 8
LABELS = {
    "head": N_("Head of household"),
    "level": N_("Level"),
    "village": N_("Lives in"),
    "size": N_("Members"),
    "valid": N_("Valid"),
    "issued_by": N_("Issued by"),
    "number": N_("Card number"),
    "members": N_("Members and ages"),
}
LOST = N_(
    "Lost this card? Tell the commune or the provincial department of planning: "
    "a new one is free. Found it? Bring it to the commune."
)
ACT = N_("Sub-decree on the identification of poor households")

Both = dict[str, str]


def card_pdf(card: EquityCard, *, by: Actor, on: date, sheet: bool = False) -> bytes:
    """Give the card as a PDF: two sides of an ID-1 card, or both on one A4 page to cut out.

    Raises NotAllowed; each printing is an audit line.
    """
    access.require(by, "registry.print_card", area=card.household.village.code)
    audit.read(
        by=by,
        action="registry.card_printed",
        subject=card,
        area=card.household.village.code,
        number=card.number,
    )
    return documents.render_pdf(TEMPLATE, card_face(card, on=on, sheet=sheet), on=on)


def card_face(card: EquityCard, *, on: date, sheet: bool = False) -> dict[str, object]:
    """Give everything that stands on the card, each text as {km, en}."""
    members = members_of(card.household, on=on)
    steps = locations.path(card.household.village.code, on)
    return {
        "number": display(IdentifierKind.EQUITY_CARD, card.number),
        "sheet": sheet,
        "colour": COLOURS[card.category],
        "title": _both(N_("Equity card")),
        "country": _both(N_("Kingdom of Cambodia")),
        "labels": {name: _both(label) for name, label in LABELS.items()},
        "head": _head(members),
        "level": _both(CATEGORIES[card.category]),
        "village": {"km": _path(steps, "km"), "en": _path(steps, "en")},
        "size": _counted(len(members)),
        "valid": {"km": _valid(card, "km"), "en": _valid(card, "en")},
        "issuer": _both(N_("Ministry of Planning")),
        "members": [_member(m, on) for m in members[:MEMBERS_SHOWN]],
        "more": _more(len(members) - MEMBERS_SHOWN),
        "qr": qr_svg(card.token),
        "lost": _both(LOST),
        "act": _both(ACT),
        "cut_here": _both(N_("Cut along the lines and fold or glue the two sides together.")),
    }


def qr_svg(token: str) -> str:
    """Draw the token as a QR code, with the quiet zone that readers need."""
    drawn = io.BytesIO()
    segno.make(token, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=4)
    return drawn.getvalue().decode()


def _both(text: str) -> Both:
    written = {}
    for language in ("km", "en"):
        with override(language):
            written[language] = gettext(text)
    return written


def _counted(count: int) -> Both:
    written = {}
    for language in ("km", "en"):
        with override(language):
            text = ngettext("%(count)s person", "%(count)s people", count)
            written[language] = text % {"count": formats.digits(count)}
    return written


def _more(count: int) -> Both | None:
    if count <= 0:
        return None
    written = {}
    for language in ("km", "en"):
        with override(language):
            written[language] = gettext("+%(count)s more") % {"count": formats.digits(count)}
    return written


def _head(members: Sequence[Membership]) -> Both:
    if not members:
        return {"km": "–", "en": "–"}
    person = members[0].person
    return {"km": person.name_km, "en": person.name_en}


def _member(member: Membership, on: date) -> dict[str, str]:
    person = member.person
    name = person.name_km
    if person.name_latin and person.name_latin != name:
        name = f"{name} {person.name_latin}"
    years = age_on(person.birth_date, on)
    with override("km"):
        return {"name": name, "age": f"{formats.digits(years)} · {years}"}


def _path(steps: Sequence[Place], language: str) -> str:
    """Name village, commune, district and province, from the smallest on."""
    names = [step.name_km if language == "km" else step.name_en for step in reversed(steps)]
    if language == "km" and names:
        names[0] = f"ភូមិ{names[0]}"
    return " · ".join(names)


def _valid(card: EquityCard, language: str) -> str:
    assert card.end is not None  # noqa: S101 - the database holds it
    with override(language):
        return f"{formats.day(card.start)} – {formats.day(card.end - timedelta(days=1))}"
