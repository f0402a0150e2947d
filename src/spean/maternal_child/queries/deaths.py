"""Deaths of mothers and children: those of an area, and one."""

from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.maternal_child.models import Death

DEATHS = "maternal_child.view_deaths"


def deaths(*, by: Actor) -> QuerySet[Death]:
    """Give the deaths of the actor's areas, those waiting for their review first."""
    rows = Death.objects.select_related("person", "village", "change")
    return access.within(rows, by, DEATHS).order_by("-id")


def death(death_id: UUID, *, by: Actor) -> Death:
    """Give one death; reading it is audited. Raises NotFound, NotAllowed."""
    found = only(Death.objects.select_related("person", "village", "change").filter(pk=death_id))
    access.require(by, DEATHS, area=found.village.code)
    audit.read(by=by, action="maternal_child.read_death", subject=found, area=found.village.code)
    return found
