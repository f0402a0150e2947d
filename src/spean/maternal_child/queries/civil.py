"""What the civil registry is told of a birth or a death; for the listener outside alone."""

from typing import Any
from uuid import UUID

from spean.maternal_child.models import Baby, Death
from spean.registry import queries as registry


def birth_notices(pregnancy_id: UUID) -> list[dict[str, Any]]:
    """Give a notice for each baby of a birth: stillbirths too, which have no person."""
    babies = Baby.objects.filter(pregnancy=pregnancy_id).select_related("person", "pregnancy")
    notices = []
    for baby in babies.order_by("birth_order"):
        birth = baby.pregnancy
        mother = registry.lived_on([birth.person_id], on=birth.ended_on)[birth.person_id]  # type: ignore[arg-type]
        notices.append(
            {
                "notice": "birth",
                "id": str(baby.pk),
                "outcome": baby.outcome,
                "order": baby.birth_order,
                "of": len(babies),
                "sex": baby.sex,
                "weight_g": baby.weight_g,
                "day": str(birth.ended_on),
                "place": birth.place,
                "attendant": birth.attendant,
                "child": _named(baby.person),
                "mother": _named(mother.person),
                "village": mother.household.village.code,
            }
        )
    return notices


def death_notices(death_id: UUID) -> list[dict[str, Any]]:
    """Give the notice of a death."""
    found = Death.objects.select_related("person", "village").get(pk=death_id)
    return [
        {
            "notice": "death",
            "id": str(found.pk),
            "kind": found.kind,
            "day": str(found.died_on),
            "place": found.place,
            "person": _named(found.person),
            "village": found.village.code,
        }
    ]


def _named(person: Any) -> dict[str, str] | None:
    if person is None:
        return None
    return {
        "id": str(person.pk),
        "name_km": person.name_km,
        "name_latin": person.name_latin,
        "sex": person.sex,
        "birth_date": str(person.birth_date),
    }
