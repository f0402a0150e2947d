"""A change in lines that a person can read: what it is about, before, after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel import formats
from spean.locations.queries import Place
from spean.registry.models import ChangeRequest, Identifier, Person
from spean.registry.models.households import Relation
from spean.registry.models.people import BirthDatePrecision, Difficulty, Sex

LABELS = {
    "village": _("Village"),
    "address": _("House, street or landmark"),
    "phone": _("Phone"),
    "members": _("Leaves"),
    "staying": _("Stays"),
    "relations": _("Relation to the head"),
    "other": _("The household that joins"),
    "because": _("Why?"),
    "known": _("Person recorded before"),
    "relation": _("Relation to the head"),
    "pregnant": _("Pregnant"),
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
FUNCTIONS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
DAYS = ("birth_date", "death_date", "issued_on", "expires_on", "expected_on")
JOINED: Mapping[str, Any] = {
    "birth": _("Born"),
    "marriage": _("Marriage"),
    "return": _("Came back"),
    "forgotten": _("Forgotten before"),
    "other": _("Another reason"),
}
LEFT: Mapping[str, Any] = {
    "marriage": _("Marriage"),
    "work": _("Work elsewhere"),
    "separation": _("Separation"),
    "moved": _("Moved away"),
    "mistake": _("Recorded by mistake"),
    "other": _("Another reason"),
}
STANDS: Mapping[str, Any] = {
    "keep": _("Those of the record that stays"),
    "drop": _("Those of the record that ceases"),
}
WORDS: Mapping[str, Mapping[Any, Any]] = {
    "relation": dict(Relation.choices),
    "sex": dict(Sex.choices),
    "birth_date_precision": dict(BirthDatePrecision.choices),
    "number_kind": dict(Identifier.Kind.choices),
    "because": {**JOINED, **LEFT},
    "stands": STANDS,
    **{name: dict(Difficulty.choices) for name in FUNCTIONS},
}
NOTHING: tuple[Any, ...] = ("", None, {}, [])


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the change is about."""

    label: str
    before: str
    after: str


def change_lines(change: ChangeRequest) -> list[Line]:
    """Give what a change asks for, line by line, beside what its proposer saw. Three queries."""
    return list(_Reader(change).lines())


class _Reader:
    """Reads one change, having looked up the people, households and places that it names."""

    def __init__(self, change: ChangeRequest) -> None:
        self.proposal, self.seen = change.proposal, change.seen
        texts = set(_texts([self.proposal, self.seen]))
        ids = {text for text in texts if _is_id(text)}
        self.names = {str(person.pk): str(person) for person in Person.objects.filter(pk__in=ids)}
        codes = {self.proposal.get("village"), self.seen.get("village")} - {None}
        villages = Place.objects.filter(code__in=codes).order_by("start") if codes else ()
        self.villages = {place.code: f"{place.name} ({place.code})" for place in villages}

    def lines(self) -> Iterator[Line]:
        """Give each answer; relations one line a member, a new member one line a fact."""
        for key, value in self.proposal.items():
            if key in UNSAID or (value in NOTHING and self.seen.get(key) in NOTHING):
                continue
            if key in {"members", "staying", "relations"}:
                yield from self._relations(key, value)
            elif key == "member":
                yield from self._facts(value)
            else:
                before = self.seen.get(key)
                yield Line(_label(key), self._said(key, before), self._said(key, value))

    def _facts(self, member: Mapping[str, Any]) -> Iterator[Line]:
        facts = {name: member.get(name) for name in LABELS if name != "relation"}
        facts |= member.get("functioning") or {}
        for name, value in facts.items():
            if value not in NOTHING and value is not False:
                yield Line(_label(name), "", self._said(name, value))
        for kind, number in (member.get("identifiers") or {}).items():
            yield Line(self._said("number_kind", kind), "", number)

    def _relations(self, key: str, relations: Mapping[str, str]) -> Iterator[Line]:
        for pid, relation in relations.items():
            label = gettext("%(what)s: %(who)s") % {
                "what": _label(key), "who": self.names.get(pid, pid),
            }  # fmt: skip
            before = self.seen.get(f"member.{pid}")
            yield Line(label, self._said("relation", before), self._said("relation", relation))

    def _said(self, key: str, value: Any) -> str:
        """Say one value in the reader's words."""
        if value in NOTHING:
            return ""
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if key in DAYS:
            return formats.day(date.fromisoformat(value))
        if key == "phone":
            return formats.tel(value)
        words = WORDS.get(key, {}) if key != "village" else self.villages
        return str(words.get(value, self.names.get(str(value), value)))


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
