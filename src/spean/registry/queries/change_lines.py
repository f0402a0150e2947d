"""A change in lines that a person can read: what it is about, before, after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.registry.models import ChangeRequest, Person
from spean.registry.models.households import Relation

LABELS = {
    "village": _("Village"),
    "address": _("House, street or landmark"),
    "phone": _("Phone"),
    "members": _("Who leaves"),
    "staying": _("Who stays"),
    "relations": _("Relation to the head"),
    "other": _("The household that joins"),
    "because": _("Why?"),
    "member": _("New member"),
    "known": _("Person recorded before"),
    "relation": _("Relation to the head"),
    "death_date": _("Date of death"),
    "drop": _("Record that ceases"),
    "stands": _("Whose memberships hold"),
    "number_kind": _("Kind"),
    "number": _("Number"),
    "issued_on": _("Issued on"),
    "expires_on": _("Expires on"),
    "expected_on": _("Expected date of delivery"),
    "ended": _("The pregnancy has ended"),
    "family_name_km": _("Family name in Khmer"),
    "given_name_km": _("Given name in Khmer"),
    "family_name_latin": _("Family name in Latin letters"),
    "given_name_latin": _("Given name in Latin letters"),
    "sex": _("Sex"),
    "birth_date": _("Date of birth"),
    "birth_date_precision": _("How well the date of birth is known"),
    "seeing": _("Seeing"),
    "hearing": _("Hearing"),
    "walking": _("Walking"),
    "remembering": _("Remembering"),
    "self_care": _("Self-care"),
    "communicating": _("Communicating"),
}
UNSAID = {"new_household", "not_duplicates", "identifiers", "functioning", "mistaken"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the change is about."""

    label: str
    before: str
    after: str


def change_lines(change: ChangeRequest) -> list[Line]:
    """Give what a change asks for, line by line, beside what its proposer saw. One query."""
    ids = {text for text in _texts([change.proposal, change.seen]) if _is_id(text)}
    names = {str(person.pk): str(person) for person in Person.objects.filter(pk__in=ids)}
    return [
        Line(_label(key), _said(change.seen.get(key, ""), names), _said(value, names))
        for key, value in change.proposal.items()
        if key not in UNSAID and value not in ("", None, {}, [])
    ]


def _label(key: str) -> str:
    return str(LABELS.get(key, key))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (key for key in value if isinstance(key, str))
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _said(value: Any, names: dict[str, str]) -> str:
    if isinstance(value, dict):
        parts = [
            f"{names.get(key, _label(key))}: {_said(part, names)}"
            for key, part in value.items()
            if key not in UNSAID and part not in ("", None, {}, [])
        ]
        return ", ".join(parts)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    relations = {choice.value: str(choice.label) for choice in Relation}
    return names.get(str(value), relations.get(str(value), str(value)))
