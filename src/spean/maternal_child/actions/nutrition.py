"""Treatment of acute malnutrition, from admission to discharge."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import (
    RECORD,
    BeforeBirth,
    DayToCome,
    Wrong,
    lives,
    one_of,
    refuse,
    save_once,
)
from spean.maternal_child.models import NutritionTreatment


class TreatedAlready(Conflict):
    """Refuse a second treatment at one time."""

    code = "maternal_child.treated_already"
    message = N_("This child is in treatment already. Record its discharge first.")


class DischargedAlready(Conflict):
    """Refuse a second discharge."""

    code = "maternal_child.discharged_already"
    message = N_("The discharge is recorded already.")


class DischargeBeforeAdmission(SpeanError):
    """Refuse an end before the beginning."""

    code = "maternal_child.discharge_before_admission"
    message = N_("The treatment began on %(began)s. Correct the day.")
    field = "day"


@transaction.atomic
def admit(*, person_id: UUID, kind: str, day: date, by: Actor, on: date) -> NutritionTreatment:
    """Take a child into treatment. Raises NotFound, NotAllowed, TreatedAlready, AnswersWrong."""
    home = lives(person_id, permission=RECORD, by=by, day=day)
    wrong: Wrong = one_of("kind", kind, NutritionTreatment.Kind.values)
    born = home.person.birth_date
    if day > on:
        wrong.append(("day", DayToCome()))
    elif day < born:
        wrong.append(("day", BeforeBirth(born=born.isoformat())))
    refuse(wrong)
    made = NutritionTreatment(person=home.person, kind=kind, started_on=day, started_by=by.name)
    save_once(made, or_raise=TreatedAlready)
    area = home.household.village.code
    audit.write(by=by, action=RECORD, subject=made, area=area, treatment="begun")
    return made


@transaction.atomic
def discharge(
    *, treatment_id: UUID, outcome: str, day: date, by: Actor, on: date
) -> NutritionTreatment:
    """End a treatment with its outcome. Raises NotFound, NotAllowed, DischargedAlready."""
    found = only(NutritionTreatment.objects.filter(pk=treatment_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=day)
    if found.ended_on is not None:
        raise DischargedAlready
    refuse(one_of("outcome", outcome, NutritionTreatment.Outcome.values))
    if day > on:
        refuse([("day", DayToCome())])
    if day < found.started_on:
        raise DischargeBeforeAdmission(began=found.started_on.isoformat())
    found.ended_on, found.ended_by, found.outcome = day, by.name, outcome
    found.save(update_fields=["ended_on", "ended_by", "outcome"])
    area = home.household.village.code
    audit.write(by=by, action=RECORD, subject=found, area=area, treatment="ended")
    return found
