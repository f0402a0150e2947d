"""The nation's figures of last night, for who would wait too long for those of this minute."""

from datetime import date, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter

from spean.health_equity.models import NationFigures

T = TypeVar("T")
NIGHT = timedelta(days=1)


def kept(kind: str, shape: type[T], *, on: date) -> T | None:
    """Give the nation's figures of a kind that were kept on the day, or the day before; or None."""
    rows = NationFigures.objects.filter(kind=kind, on__range=(on - NIGHT, on)).order_by("-on")
    found = rows.values_list("found", flat=True).first()
    return None if found is None else TypeAdapter(shape).validate_python(found)


def written(shape: type[T], found: T) -> Any:
    """Write figures as they are kept."""
    return TypeAdapter(shape).dump_python(found, mode="json")
