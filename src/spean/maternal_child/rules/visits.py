"""When home visits are due, and what follows from what a visit finds. No advice acts by itself."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from spean.kernel.decisions import Criterion, Decision
from spean.kernel.policy import Contact, Policy, PolicyValue, policy

TERM_DAYS = 280  # Naegele: from the last period to the expected day of birth
VISITS = "maternal_child.home_visits"
SEVERE, MODERATE = "maternal_child.muac_severe", "maternal_child.muac_moderate"


class VisitKind(StrEnum):
    """Whom a visit is about."""

    PREGNANCY = "pregnancy"
    AFTER_BIRTH = "after_birth"
    NEWBORN = "newborn"
    CHILD = "child"


class Advice(StrEnum):
    """What follows from a visit, the most urgent first."""

    REFER_NOW = "refer_now"
    TREAT_MALNUTRITION = "treat_malnutrition"
    FEEDING = "feeding"
    NONE = "none"


SIGNS: dict[VisitKind, tuple[str, ...]] = {
    VisitKind.PREGNANCY: (
        "bleeding", "convulsions", "severe_headache", "fever", "severe_abdominal_pain",
        "difficult_breathing", "reduced_movements", "swelling",
    ),
    VisitKind.AFTER_BIRTH: (
        "bleeding", "convulsions", "severe_headache", "fever", "severe_abdominal_pain",
        "difficult_breathing", "swelling",
    ),
    VisitKind.NEWBORN: (
        "not_feeding", "convulsions", "fast_breathing", "chest_indrawing", "fever",
        "low_temperature", "no_movement", "yellow_skin", "red_umbilicus",
    ),
    VisitKind.CHILD: (
        "cannot_drink", "vomits_everything", "convulsions", "lethargic", "chest_indrawing",
        "blood_in_stool", "fever",
    ),
}  # fmt: skip


# What follows from each criterion that holds, the most urgent first.
FOLLOWS = {
    "danger_sign": Advice.REFER_NOW,
    "oedema": Advice.TREAT_MALNUTRITION,
    "muac_severe": Advice.TREAT_MALNUTRITION,
    "muac_moderate": Advice.FEEDING,
}


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit to make: the line of the schedule that asks for it, and its days."""

    kind: VisitKind
    line: str
    due: date
    earliest: date
    latest: date | None


def advice(
    *,
    signs: Collection[str],
    muac_mm: int | None,
    oedema: bool | None,
    on: date,
    rules: Policy = policy,
) -> Decision:
    """Say what follows from a visit, and why. Raises NotInForce.

    Any danger sign asks for referral at once (WHO PCPNC; IMCI general danger signs). An arm under
    the severe bound, or swelling of both feet, is severe acute malnutrition; under the moderate
    one, moderate (WHO 2013).
    """
    severe, moderate = (rules.value(key, on=on) for key in (SEVERE, MODERATE))
    criteria = (
        Criterion("danger_sign", bool(signs), " ".join(sorted(signs)) or None),
        Criterion("oedema", bool(oedema), oedema),
        *(_thin(muac_mm, bound) for bound in (severe, moderate)),
    )
    held = {criterion.name for criterion in criteria if criterion.held}
    return Decision(
        kind="maternal_child.home_visit",
        outcome=next((FOLLOWS[name] for name in FOLLOWS if name in held), Advice.NONE),
        on=on,
        criteria=criteria,
        facts={"signs": sorted(signs), "muac_mm": muac_mm, "oedema": oedema},
        policies=(severe.ref, moderate.ref),
    )


def _thin(muac_mm: int | None, bound: PolicyValue) -> Criterion:
    name = bound.key.rpartition(".")[2]
    held = muac_mm is not None and muac_mm < bound.whole
    return Criterion(name, held, muac_mm, bound.whole, bound.key)


def visits_to(
    kind: VisitKind, *, since: date, done: Collection[date], on: date, rules: Policy = policy
) -> Iterator[DueVisit]:
    """Give the visits of a kind that may be made on a day and were not, the first first.

    `since` is the birth, or the first day of the pregnancy (280 days before the expected birth).
    `done` are the days of the visits made; each counts for one line. Raises NotInForce.
    """
    made = sorted(done)
    for contact in rules.schedule(VISITS, on=on).contacts:
        if not contact.code.startswith(f"{kind}_"):
            continue
        visit = _dated(contact, kind, since)
        counted = next((day for day in made if _counts(day, visit)), None)
        if counted is not None:
            made.remove(counted)
        elif visit.earliest <= on and (visit.latest is None or on <= visit.latest):
            yield visit


def _counts(day: date, visit: DueVisit) -> bool:
    return visit.earliest <= day and (visit.latest is None or day <= visit.latest)


def _dated(contact: Contact, kind: VisitKind, since: date) -> DueVisit:
    def after(days: int) -> date:
        return since + timedelta(days=days)

    return DueVisit(
        kind=kind,
        line=contact.code,
        due=after(contact.due),
        earliest=after(contact.earliest),
        latest=None if contact.latest is None else after(contact.latest),
    )
