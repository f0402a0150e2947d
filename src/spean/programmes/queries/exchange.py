"""Who benefits from programmes, for other systems, whose edge decides on access."""

from django.db.models import QuerySet

from spean.programmes.models import Enrolment
from spean.programmes.rules import BENEFITED, CONFIDENTIAL


def beneficiaries() -> QuerySet[Enrolment]:
    """Give who is or was enrolled, never in a confidential programme."""
    return (
        Enrolment.objects.filter(state__in=[str(state) for state in BENEFITED])
        .exclude(programme__in=CONFIDENTIAL)
        .select_related("household__village__parent__parent__parent")
    )
