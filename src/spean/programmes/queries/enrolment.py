"""Who is on the list of a programme, how they came there, and what past cycles got wrong."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.programmes.models import Correction, Cycle, Enrolment, Entitlement, Settlement
from spean.programmes.queries.cycles import VIEW as VIEW_CYCLES
from spean.programmes.queries.cycles import VIEW_SUPPORT, ready
from spean.programmes.rules import CONFIDENTIAL

VIEW, REVIEW = "programmes.view_enrolments", "programmes.review_enrolments"
FIND, ASK = "programmes.find_candidates", "programmes.ask_for"
CORRECT, DECIDE = "programmes.correct", "programmes.decide_correction"
CORRECT_ALL = "programmes.correct_cycle"


def view_right(programme: str) -> str:
    """Give the permission to see who is on a programme's list."""
    return VIEW_SUPPORT if programme in CONFIDENTIAL else VIEW


def _seen(rows: QuerySet[Enrolment], by: Actor) -> QuerySet[Enrolment]:
    """Keep what the actor may see, of the confidential programmes too."""
    support = rows.filter(programme__in=CONFIDENTIAL)
    return access.within(
        rows.exclude(programme__in=CONFIDENTIAL), by, VIEW, code="village"
    ) | access.within(support, by, VIEW_SUPPORT, code="village")


def counts(programme: str, *, by: Actor) -> Mapping[str, int]:
    """Count who stands where on one programme's list, in the actor's areas."""
    rows = _seen(Enrolment.objects.filter(programme=programme), by)
    counted = rows.values("state").annotate(n=Count("*")).order_by("state")
    return {row["state"]: row["n"] for row in counted}


def lists(*, by: Actor) -> Mapping[str, Mapping[str, int]]:
    """Count, for each programme of the last results or with a list, who stands where.

    Only the actor's areas are counted.
    """
    found: dict[str, dict[str, int]] = {code: {} for code in ready()[1]}
    rows = _seen(Enrolment.objects.all(), by)
    for row in rows.values("programme", "state").annotate(n=Count("*")).order_by("programme"):
        found.setdefault(row["programme"], {})[row["state"]] = row["n"]
    return found


def enrolments(
    programme: str, *, by: Actor, state: str = "", area: str = ""
) -> QuerySet[Enrolment]:
    """List who is on a programme's list, in a state, in an area; the reading is recorded."""
    rows = _seen(Enrolment.objects.filter(programme=programme), by)
    if state:
        rows = rows.filter(state=state)
    if area:
        rows = rows.filter(village__startswith=area)
    audit.read(by=by, action=VIEW, subject=("programme", programme), area=area, state=state)
    return rows.order_by("id")


def enrolment(programme: str, household_id: UUID, *, by: Actor) -> Enrolment:
    """Give where one household stands. Raises NotFound, NotAllowed."""
    found = enrolment_for(programme, household_id)
    access.require(by, view_right(programme), area=found.village)
    audit.read(by=by, action=VIEW, subject=found, area=found.village)
    return found


def enrolment_for(programme: str, household_id: UUID, *, lock: bool = False) -> Enrolment:
    """Give one enrolment to who checks the right, locked until the transaction ends if asked."""
    rows = Enrolment.objects.filter(programme=programme, household_id=household_id)
    return only(rows, lock=lock)


def standing(programme: str, household_id: UUID) -> Enrolment | None:
    """Give where one household stands, if it is on the list, to who has checked the right."""
    return Enrolment.objects.filter(programme=programme, household=household_id).first()


def states_of(household_id: UUID, *, by: Actor) -> Mapping[str, Enrolment]:
    """Give where a household stands in each programme, as far as the actor may see it."""
    rows = Enrolment.objects.filter(household_id=household_id)
    return {one.programme: one for one in _seen(rows, by)}


def cycles_of(found: Enrolment) -> list[tuple[Cycle, Decimal | None, Sequence[Correction]]]:
    """Give the programme's cycles, the newest first: what each owed the household, and mended."""
    owed = dict(
        Entitlement.objects.filter(
            household_id=found.household_id, cycle__programme=found.programme
        ).values_list("cycle_id", "amount")
    )
    mended: dict[UUID, list[Correction]] = defaultdict(list)
    for one in found.corrections.order_by("id").annotate(settled=Sum("settlements__amount")):
        mended[one.cycle_id].append(one)
    cycles = Cycle.objects.filter(programme=found.programme).order_by("-start")
    return [(one, owed.get(one.pk), mended[one.pk]) for one in cycles]


def owed_in(cycle: Cycle, found: Enrolment) -> Decimal:
    """Give what a cycle owed a household for its own days, with what was corrected since."""
    rows = Entitlement.objects.filter(cycle=cycle, household_id=found.household_id)
    given = rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    of_others = Settlement.objects.filter(cycle=cycle, correction__enrolment=found)
    since = Correction.objects.filter(cycle=cycle, enrolment=found)
    return (
        given
        - (of_others.aggregate(sum=Sum("amount"))["sum"] or 0)
        + (since.aggregate(sum=Sum("amount"))["sum"] or 0)
    )  # fmt: skip


def corrections(*, by: Actor, state: str = "") -> QuerySet[Correction]:
    """List what past cycles got wrong, with what was settled of it.

    Who is on a confidential list stays with who may see it.
    """
    access.require(by, VIEW_CYCLES, area="")
    rows = Correction.objects.select_related("cycle", "enrolment")
    if not access.allows(by, VIEW_SUPPORT, area=""):
        rows = rows.exclude(cycle__programme__in=CONFIDENTIAL)
    rows = rows.annotate(settled=Sum("settlements__amount"), village=F("enrolment__village"))
    return rows.filter(state=state) if state else rows


def waiting_unseen(*, by: Actor) -> Mapping[Cycle, int]:
    """Count what waits for the actor's decision in confidential cycles, which name no family."""
    if access.allows(by, VIEW_SUPPORT, area="") or not access.allows(by, DECIDE, area=""):
        return {}
    cycles = Cycle.objects.filter(programme__in=CONFIDENTIAL).order_by("start")
    counted = {one: waiting_corrections(one, by=by).count() for one in cycles}
    return {one: count for one, count in counted.items() if count}


def waiting_corrections(cycle: Cycle, *, by: Actor) -> QuerySet[Correction]:
    """List what a cycle owed too much that waits for a decision by who did not find it."""
    rows = Correction.objects.filter(cycle=cycle, state=Correction.State.WAITING)
    return rows.exclude(found_by=by.name)


def correction_for(correction_id: UUID, *, lock: bool = False) -> Correction:
    """Give one correction to who checks the right, locked until the transaction ends if asked."""
    return only(Correction.objects.filter(pk=correction_id), lock=lock)
