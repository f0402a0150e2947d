"""The nation's figures of use and cost are worked out at night, and kept for the day."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

from django.db import transaction

from spean.health_equity.models import NationFigures
from spean.health_equity.queries.costs import Costs, work_out_costs
from spean.health_equity.queries.kept import written
from spean.health_equity.queries.use import VIEW_USE, Use, work_out_use
from spean.kernel import access, audit, snapshots
from spean.kernel.access import Actor

KEPT = timedelta(days=7)
USE, COSTS = NationFigures.Kind.USE, NationFigures.Kind.COSTS


@transaction.atomic
def keep_figures(*, by: Actor, on: date) -> Sequence[str]:
    """Work out and keep what the pages of use and cost say of the nation; give the kinds kept.

    Use is left out where there is no snapshot to count people by. Raises NotAllowed.
    """
    access.require(by, VIEW_USE, area="")
    found = {str(COSTS): written(Costs, work_out_costs(on=on))}
    with suppress(snapshots.NoSnapshot):
        found[str(USE)] = written(Use, work_out_use(on=on))
    for kind, figures in found.items():
        NationFigures.objects.update_or_create(kind=kind, on=on, defaults={"found": figures})
    NationFigures.objects.filter(on__lt=on - KEPT).delete()
    audit.write(by=by, action="health_equity.keep_figures",
                subject=("health_equity.figures", on.isoformat()), kinds=list(found))  # fmt: skip
    return list(found)
