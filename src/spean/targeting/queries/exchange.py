"""The poverty of households as columns, for queries of others about many households."""

from datetime import date

from django.db.models import OuterRef, Subquery

from spean.targeting.models import PovertyStatus


def poverty_columns(*, household: str = "pk", on: date) -> dict[str, Subquery]:
    """Give `points` and `level` of a day, to annotate rows that have a household.

    They are null where the household has no level that day. Who asks answers for the access.
    """
    held = PovertyStatus.objects.filter(
        household=OuterRef(household), start__lte=on, end__gt=on
    ).order_by("-start")
    return {
        "points": Subquery(held.values("assessment__points")[:1]),
        "level": Subquery(held.values("level")[:1]),
    }
