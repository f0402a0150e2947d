"""A pregnancy ends: with a birth of one baby or several, or without.

A baby born alive joins the mother's household at once: the registry's own change request is
proposed by who attended the birth and approved by the system (ADR 19), so that the child can be
vaccinated on its first day. `ends.withdraw_end` takes it back.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from spean.kernel import audit, outbox
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import (
    RECORD,
    DayToCome,
    OutOfBounds,
    Wrong,
    facility_wrong,
    lives,
    one_of,
    propose,
    refuse,
    unknown,
    where,
)
from spean.maternal_child.events import BirthRecorded
from spean.maternal_child.models import (
    Attendant,
    Baby,
    BirthPlace,
    Complication,
    Ending,
    Mode,
    Outcome,
    Pregnancy,
)
from spean.maternal_child.rules import LONGEST_DAYS
from spean.registry import actions as registry
from spean.registry import queries as people

MOST_BABIES, WEIGHT_G, NEAR = 5, (300, 7000), timedelta(days=1)
BORN = N_("Birth recorded in care")
ENDED = N_("End of the pregnancy recorded in care")
GRANDCHILD_OF = ("child", "child_in_law")
AT_A_FACILITY = (BirthPlace.HEALTH_CENTRE, BirthPlace.HOSPITAL)


class DeliveryBeforePregnancy(SpeanError):
    """Refuse an end before the beginning."""

    code = "maternal_child.delivery_before_pregnancy"
    message = N_("The pregnancy began on %(began)s. Correct the day, or its dating.")
    field = "day"


class DeliveryTooLate(SpeanError):
    """Refuse a birth of a pregnancy long over."""

    code = "maternal_child.delivery_too_late"
    message = N_(
        "The pregnancy began on %(began)s and would have lasted more than %(days)s days. "
        "Correct the day, or record the pregnancy of this birth."
    )
    field = "day"


class EndedAlready(Conflict):
    """Refuse a second end."""

    code = "maternal_child.ended_already"
    message = N_("The end of this pregnancy is recorded already: look at it before you go on.")


class BabiesImpossible(SpeanError):
    """Refuse a number of babies, or two in one place."""

    code = "maternal_child.babies_impossible"
    message = N_("Give each baby once, from 1 to %(most)s.")
    field = "babies"


class BornAlready(SpeanError):
    """Ask whether a child of the household is the one born."""

    code = "maternal_child.born_already"
    message = N_(
        "A child born on that day already lives in this household: %(names)s. "
        "Choose the child, or say that it is another one."
    )
    field = "babies"


@dataclass(frozen=True, slots=True)
class Birth:
    """How a birth went; `facility` is the code of the one where it was, if it is known."""

    day: date
    place: str
    attendant: str
    mode: str
    complications: Sequence[str] = ()
    facility: str = ""


@dataclass(frozen=True, slots=True)
class NewBaby:
    """A baby as it was born, in order; `known` is a child whom the registry holds already."""

    outcome: str
    sex: str
    weight_g: int | None = None
    given_name_km: str = ""
    known: UUID | None = None


@transaction.atomic
def record_birth(
    *,
    pregnancy_id: UUID,
    birth: Birth,
    babies: Sequence[NewBaby],
    others: bool = False,
    by: Actor,
    on: date,
) -> Pregnancy:
    """Record a birth: who was born alive joins the household; the grant and civil registry hear.

    `others` says that children of that day in the household are not these. Raises NotFound,
    NotAllowed, EndedAlready, BabiesImpossible, BornAlready, AnswersWrong.
    """
    found, home = _open(pregnancy_id, birth.day, by=by)
    refuse(_wrong(found, birth, babies, on))
    if not 1 <= len(babies) <= MOST_BABIES:
        raise BabiesImpossible(most=MOST_BABIES)
    _ask_about_known(found, home, birth.day, babies, others)
    found.place, found.attendant, found.mode = birth.place, birth.attendant, birth.mode
    found.complications = sorted(set(birth.complications))
    found.facility = where(birth.facility, birth.day)
    _end(found, Ending.BIRTH, birth.day, by=by, on=on)
    children = _bear(found, home, birth.day, babies, by=by, on=on)
    outbox.announce(
        BirthRecorded(
            pregnancy=found.pk, again=found.withdrawn_ends.count(), mother=home.person_id,
            household=home.household_id, village=home.household.village.code, children=children,
            stillborn=len(babies) - len(children), place=birth.place, day=birth.day, recorded_on=on,
        )
    )  # fmt: skip
    return found


def _bear(
    found: Pregnancy, home: people.Membership, day: date, babies: Sequence[NewBaby], *,
    by: Actor, on: date,
) -> tuple[UUID, ...]:  # fmt: skip
    """Write the babies down in their order; give the persons of those born alive."""
    children = []
    for order, baby in enumerate(babies, start=1):
        person = _person(baby, home, day, by=by, on=on)
        Baby.objects.create(
            pregnancy=found, birth_order=order, outcome=baby.outcome, sex=baby.sex,
            weight_g=baby.weight_g, person_id=person,
        )  # fmt: skip
        children += [person] if person is not None else []
    return tuple(children)


@transaction.atomic
def end_pregnancy(*, pregnancy_id: UUID, ending: str, day: date, by: Actor, on: date) -> Pregnancy:
    """Record that a pregnancy ended without a birth. Raises as `record_birth`."""
    found, _ = _open(pregnancy_id, day, by=by)
    endings = [one for one in Ending.values if one != Ending.BIRTH]
    refuse([*one_of("ending", ending, endings), *_day_wrong(found, day, on)])
    _end(found, Ending(ending), day, by=by, on=on)
    return found


def _open(pregnancy_id: UUID, day: date, *, by: Actor) -> tuple[Pregnancy, people.Membership]:
    found = only(Pregnancy.objects.filter(pk=pregnancy_id), lock=True)
    home = lives(found.person_id, permission=RECORD, by=by, day=day)
    if found.ended_on is not None:
        raise EndedAlready
    return found, home


def _day_wrong(found: Pregnancy, day: date, on: date) -> Wrong:
    began = found.started_on.isoformat()
    if day > on:
        return [("day", DayToCome())]
    if day <= found.started_on:
        return [("day", DeliveryBeforePregnancy(began=began))]
    if (day - found.started_on).days > LONGEST_DAYS:
        return [("day", DeliveryTooLate(began=began, days=LONGEST_DAYS))]
    return []


def _wrong(found: Pregnancy, birth: Birth, babies: Sequence[NewBaby], on: date) -> Wrong:
    wrong = _day_wrong(found, birth.day, on)
    wrong += one_of("place", birth.place, BirthPlace.values)
    wrong += one_of("attendant", birth.attendant, Attendant.values)
    wrong += one_of("mode", birth.mode, Mode.values)
    wrong += unknown("complications", birth.complications, Complication.values)
    wrong += facility_wrong(birth.facility, birth.day, there=birth.place in AT_A_FACILITY)
    for n, baby in enumerate(babies, start=1):
        wrong += one_of(f"outcome_{n}", baby.outcome, Outcome.values)
        wrong += one_of(f"sex_{n}", baby.sex, ("female", "male"))
        least, most = WEIGHT_G
        if baby.weight_g is not None and not least <= baby.weight_g <= most:
            wrong.append((f"weight_g_{n}", OutOfBounds(least=least, most=most)))
    return wrong


def _ask_about_known(
    found: Pregnancy, home: people.Membership, day: date, babies: Sequence[NewBaby], others: bool
) -> None:
    """Ask about children of that day who live there; refuse a known one who can't be meant."""
    near = {one.person_id: one.person for one in born_near(home.household_id, day)}
    chosen = [baby.known for baby in babies if baby.known is not None]
    if len(chosen) != len(set(chosen)) or not set(chosen) <= set(near):
        raise BabiesImpossible(most=MOST_BABIES)
    left = [str(one) for pk, one in near.items() if pk not in chosen]
    alive = [baby for baby in babies if baby.outcome == Outcome.LIVE and baby.known is None]
    if left and alive and not others:
        raise BornAlready(names=", ".join(left))


def born_near(household_id: UUID, day: date) -> list[people.Membership]:
    """Give the children of a household born within a day of another, of no recorded birth."""
    members = people.people_in([household_id]).get(household_id, [])
    near = [one for one in members if day - NEAR <= one.person.birth_date <= day + NEAR]
    taken = set(
        Baby.objects.filter(person__in=[one.person_id for one in near]).values_list(
            "person_id", flat=True
        )
    )
    return [one for one in near if one.person_id not in taken]


def _end(found: Pregnancy, ending: Ending, day: date, *, by: Actor, on: date) -> None:
    found.ending, found.ended_on, found.ended_by = ending, day, by.name
    found.changed_at = Now()
    found.save()
    home = lives(found.person_id, permission=RECORD, by=by, day=day)
    village = home.household.village.code
    audit.write(by=by, action=RECORD, subject=found, area=village, pregnancy="ended")
    if people.pregnant_among([home.person_id], on=on):
        _tell_registry(home, by=by, on=on)


def _tell_registry(home: people.Membership, *, by: Actor, on: date) -> None:
    with suppress(registry.NotPregnant):  # known only since today: the registry has no shorter one
        registry.propose_change(
            kind="record_pregnancy", reason=ENDED, proposal={"ended": True}, effective_on=on,
            person=people.person(home.person_id, by=by, log_read=False), by=by, on=on,
        )  # fmt: skip


def _person(
    baby: NewBaby, home: people.Membership, day: date, *, by: Actor, on: date
) -> UUID | None:
    """Give the person of the registry that a baby born alive is, made if it isn't known."""
    if baby.outcome != Outcome.LIVE:
        return None
    if baby.known is not None:
        return baby.known
    mother = home.person
    member = registry.NewMember(
        family_name_km=mother.family_name_km, family_name_latin=mother.family_name_latin,
        given_name_km=baby.given_name_km.strip() or f"កូន{mother.given_name_km}",
        given_name_latin="", sex=baby.sex, birth_date=day,
        relation=_relation(home.relation),
    )  # fmt: skip
    change = propose(
        kind="add_member", household=people.household_for(home.household_id), reason=BORN,
        proposal={"because": "birth", "member": member, "not_duplicates": True},
        day=day, by=by, on=on,
    )  # fmt: skip
    system = Actor.system("births", purpose=Purpose.CARE)
    applied = registry.approve_change(change=change, note=BORN, by=system, on=on)
    return _made(applied.effects)


def _made(effects: Collection[dict[str, object]]) -> UUID:
    """Give the person whom an applied change made."""
    rows = [one["after"] for one in effects if one["model"] == "registry.person"]
    return UUID(str(rows[0]["id"]))  # type: ignore[index]


def _relation(of_mother: str) -> str:
    """Give what a child is to the head of the household, from what its mother is."""
    if of_mother in ("head", "spouse"):
        return "child"
    return "grandchild" if of_mother in GRANDCHILD_OF else "other_relative"
