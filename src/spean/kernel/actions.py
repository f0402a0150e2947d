"""What the kernel writes for other modules."""

from typing import TYPE_CHECKING

from django.db.models import Model

from spean.kernel.access import Actor
from spean.kernel.models import StoredDecision

if TYPE_CHECKING:
    from spean.kernel.decisions import Decision


def store_decision(decision: "Decision", *, subject: Model, by: Actor) -> StoredDecision:
    """Keep a decision with its facts, criteria and policy values, as it was taken."""
    return StoredDecision.objects.create(
        kind=decision.kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        outcome=decision.outcome,
        decided_on=decision.on,
        body=decision.as_json(),
        stored_by=by.name,
    )
