"""What the exchange shows at the desk: our partners, what they were given, what we asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from spean.interop.actions import MANAGE
from spean.interop.models import Partner, Question, Release
from spean.interop.spdci.asking import ASK
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.rows import only
from spean.registry import queries as registry

RELEASES = "interop.view_releases"


@dataclass(frozen=True, slots=True)
class Told:
    """A person as another registry describes one, as far as it does."""

    name: str
    sex: str
    born: date | None
    died: date | None
    numbers: tuple[str, ...]


def partners(*, by: Actor) -> QuerySet[Partner]:
    """List our partners, the open ones first."""
    access.require(by, MANAGE, area="")
    return Partner.objects.select_related("user").order_by("-closed_on", "sender_id")


def partner(partner_id: UUID, *, by: Actor) -> Partner:
    """Give one partner. Raises NotFound."""
    access.require(by, MANAGE, area="")
    return only(Partner.objects.filter(pk=partner_id))


def releases_of(household_id: UUID, *, by: Actor) -> QuerySet[Release]:
    """List to whom a household's records, or a member's, were given, newest first.

    Raises NotFound; NotAllowed outside the actor's area.
    """
    area = registry.household_for(household_id).village.code
    access.require(by, RELEASES, area=area)
    audit.read(by=by, action=RELEASES, subject=("registry.household", str(household_id)), area=area)
    rows = Release.objects.filter(household=household_id).select_related("partner", "person")
    return rows.order_by("-id")


def questions(*, by: Actor) -> QuerySet[Question]:
    """List what the actor asked other registries, newest first."""
    rows = Question.objects.filter(asked_by=by.name, work="search").select_related("partner")
    return rows.order_by("-asked_at")


def question(question_id: UUID, *, by: Actor) -> Question:
    """Give one question to who asked it; reading the answer is recorded. Raises NotFound."""
    found = questions(by=by).filter(pk=question_id).first()
    if found is None:
        raise NotFound
    audit.read(by=by, action=ASK, subject=found)
    return found


def people_of(question: Question) -> list[Told]:
    """Give the people of an answer, whichever of the standard's records it holds."""
    answer = question.answer if isinstance(question.answer, Mapping) else {}
    records = [
        record
        for response in _list(answer.get("search_response"))
        for record in _list(_map(response.get("data")).get("reg_records"))
    ]
    return [told for record in records for told in _people(record)]


def _people(record: Mapping[str, Any]) -> Iterator[Told]:
    for member in _list(record.get("member_list")):
        yield from _people(member)
    person = _map(record.get("demographic_info")) or record
    if "name" not in person and "birth_date" not in person:
        return
    name = _map(person.get("name"))
    yield Told(
        name=" ".join(str(name[part]) for part in ("surname", "given_name") if name.get(part)),
        sex=str(person.get("sex", "")),
        born=_day(person.get("birth_date")),
        died=_day(person.get("death_date")),
        numbers=tuple(
            f"{one.get('identifier_type', '')} {one.get('identifier_value', '')}".strip()
            for one in _list(person.get("identifier"))
        ),
    )


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    several = value if isinstance(value, list) else [value]
    return [one for one in several if isinstance(one, Mapping)]


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
