"""Reads of samples: what may be drawn, what is to be checked, what came of it, what stands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from spean.health_equity.models import Claim, FacilityAction, Sample, SampledClaim
from spean.health_equity.rules.verification import Candidate, Stratum
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.policy import policy
from spean.kernel.rows import only
from spean.locations import queries as locations

DRAW, CHECK_CLAIMS = "health_equity.draw_sample", "health_equity.check_claims"
SEE, MEND = "health_equity.view_samples", "health_equity.mend"
BOUNDS = "health_equity.outliers"
PAID = (Claim.State.ACCEPTED, Claim.State.REDUCED)


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """A claim that may be drawn, with the facility that claimed it."""

    pk: UUID
    number: str
    facility: str
    stratum: str
    amount: Decimal

    @property
    def candidate(self) -> Candidate:
        """The claim as the draw sees it."""
        return Candidate(self.number, self.stratum, self.amount)


def paid_claims(scheme: str, month: date) -> list[PaidClaim]:
    """Give the accepted claims of a scheme and month; none while one of them waits to be judged."""
    rows = Claim.objects.filter(scheme=scheme, month=month)
    if rows.filter(state=Claim.State.SUBMITTED).exists():
        return []
    levels = {
        one.pk: level.kind if (level := locations.level_of(one)) else "unknown"
        for one in locations.facilities(month)
    }
    found = rows.filter(state__in=PAID).values_list(
        "pk", "number", "facility_id", "facility__code", "came_on", "left_on", "amount"
    )
    return [
        PaidClaim(
            pk,
            number,
            code,
            _stratum(levels.get(facility, "unknown"), came, left),
            amount or Decimal(0),
        )
        for pk, number, facility, code, came, left, amount in found
    ]


def _stratum(level: str, came: date, left: date) -> str:
    return f"{level}:{'stay' if left > came else 'visit'}"


def strata_of(sample: Sample) -> dict[str, list[Stratum]]:
    """Give the strata of each facility of which something was drawn, by the facility's code."""
    drawn = sample.claims.values_list("claim__facility__code", "stratum").annotate(Count("pk"))
    counts: dict[str, dict[str, int]] = {}
    for code, stratum, count in drawn:
        counts.setdefault(code, {})[stratum] = count
    found: dict[str, dict[str, tuple[int, Decimal]]] = {code: {} for code in counts}
    for one in paid_claims(sample.scheme, sample.month):
        if one.facility in found:
            many, amount = found[one.facility].get(one.stratum, (0, Decimal(0)))
            found[one.facility][one.stratum] = (many + 1, amount + one.amount)
    return {
        code: [Stratum(stratum, many, amount, counts[code].get(stratum, 0))
               for stratum, (many, amount) in sorted(strata.items())]
        for code, strata in found.items()
    }  # fmt: skip


def sample_for(sample_id: UUID, *, lock: bool = False) -> Sample:
    """Give one sample to who has checked the right."""
    return only(Sample.objects.filter(pk=sample_id), lock=lock)


def sampled_for(sampled_id: int, *, lock: bool = False) -> SampledClaim:
    """Give one claim of a sample to who has checked the right."""
    return only(SampledClaim.objects.select_related("sample").filter(pk=sampled_id), lock=lock)


def action_for(action_id: UUID, *, lock: bool = False) -> FacilityAction:
    """Give one thing to mend to who has checked the right."""
    return only(FacilityAction.objects.filter(pk=action_id), lock=lock)


def checked_of(sample: Sample) -> list[SampledClaim]:
    """Give the claims of a sample with their facilities, in the order of their numbers."""
    rows = sample.claims.select_related("claim__facility").order_by("claim__number")
    return list(rows)


def samples(*, by: Actor) -> QuerySet[Sample]:
    """Give the samples, the newest first, with `to_check`: how many claims wait."""
    access.require(by, SEE, area="")
    waits = Count("claims", filter=Q(claims__checked_by=""))
    return Sample.objects.annotate(drawn=Count("claims"), to_check=waits).order_by("-id")


def sample(sample_id: UUID, *, by: Actor) -> Sample:
    """Give one sample. Raises NotFound, NotAllowed."""
    access.require(by, SEE, area="")
    return sample_for(sample_id)


def to_check(sample: Sample, *, by: Actor) -> QuerySet[SampledClaim]:
    """Give the claims of a sample: the actor's own first, then the free, then the others."""
    access.require(by, SEE, area="")
    mine = Q(taken_by=by.name)
    return sample.claims.select_related("claim__facility").annotate(mine=mine).order_by(
        F("checked_by"), "-mine", "taken_by", "claim__number"
    )  # fmt: skip


def sampled(sampled_id: int, *, by: Actor) -> SampledClaim:
    """Give one claim of a sample with its lines and patient; reading it is audited."""
    access.require(by, CHECK_CLAIMS, area="")
    rows = SampledClaim.objects.select_related(
        "sample", "claim__facility", "claim__person", "claim__visit"
    )
    found = only(rows.filter(pk=sampled_id))
    audit.read(by=by, action="health_equity.read_sampled_claim", subject=found.claim,
               area=found.claim.area)  # fmt: skip
    return found


def actions_of(*, by: Actor, open_only: bool = False) -> QuerySet[FacilityAction]:
    """Give what the facilities of the actor's areas must mend, the most urgent first."""
    rows = FacilityAction.objects.select_related("facility", "sample").order_by("due_on", "id")
    if open_only:
        rows = rows.filter(answer="")
    return access.within(rows, by, MEND, code="area")


@dataclass(frozen=True, slots=True)
class Outlier:
    """A facility that stands out: why (a key of words.OUTLIERS), its figure and its peers'."""

    facility: str
    reason: str
    figure: Decimal
    peers: Decimal | None


# Each gives facility code, figure, what peers of the level have: dear services, one telephone of
# many patients, patients who were at two facilities on a day, care of the dead, busy days.
OUTLIERS: dict[str, str] = {
    "dear_services": """
WITH share AS (
    SELECT claim.facility_id, level.kind, count(*) AS n,
           avg((line.asked >= %(riel)s)::int) AS figure
    FROM health_equity_claim claim JOIN health_equity_claimline line ON line.claim_id = claim.id
    JOIN locations_facilitylevel level ON level.facility_id = claim.facility_id
     AND daterange(level.start, level."end") @> claim.month
    WHERE claim.scheme = %(scheme)s AND claim.month = %(month)s GROUP BY 1, 2),
peers AS (SELECT kind, avg(figure) AS mean, stddev_samp(figure) AS spread FROM share GROUP BY 1)
SELECT facility.code, round(100 * figure, 1), round(100 * mean, 1)
FROM share JOIN peers USING (kind) JOIN locations_facility facility ON facility.id = facility_id
WHERE n >= %(lines)s AND figure > mean + %(spreads)s * spread ORDER BY figure DESC LIMIT 50""",
    "one_telephone": """
SELECT facility.code, max(shared.patients), NULL FROM (
    SELECT claim.facility_id, coalesce(nullif(person.phone, ''), home.phone) AS phone,
           count(DISTINCT member.household_id) AS patients
    FROM health_equity_claim claim JOIN registry_person person ON person.id = claim.person_id
    JOIN registry_membership member ON member.person_id = person.id
     AND daterange(member.start, member."end") @> claim.came_on
    JOIN registry_household home ON home.id = member.household_id
    WHERE claim.scheme = %(scheme)s AND claim.month = %(month)s
    GROUP BY 1, 2) shared
JOIN locations_facility facility ON facility.id = shared.facility_id
WHERE shared.phone <> '' AND shared.patients >= %(households)s
GROUP BY 1 ORDER BY 2 DESC LIMIT 50""",
    "two_places": """
SELECT facility.code, count(DISTINCT claim.person_id), NULL
FROM health_equity_claim claim
JOIN health_equity_claim other ON other.person_id = claim.person_id
 AND other.facility_id <> claim.facility_id AND other.came_on = claim.came_on
 AND NOT other.referred AND NOT claim.referred
JOIN locations_facility facility ON facility.id = claim.facility_id
WHERE claim.scheme = %(scheme)s AND claim.month = %(month)s
GROUP BY 1 HAVING count(DISTINCT claim.person_id) >= %(patients)s ORDER BY 2 DESC LIMIT 50""",
    "after_death": """
SELECT facility.code, count(*), NULL FROM health_equity_claim claim
JOIN registry_person person ON person.id = claim.person_id AND person.death_date < claim.came_on
JOIN locations_facility facility ON facility.id = claim.facility_id
WHERE claim.scheme = %(scheme)s AND claim.month = %(month)s GROUP BY 1 ORDER BY 2 DESC LIMIT 50""",
    "busy_days": """
WITH days AS (
    SELECT facility_id, came_on, count(*) AS n FROM health_equity_claim
    WHERE scheme = %(scheme)s AND month = %(month)s GROUP BY 1, 2),
usual AS (SELECT facility_id, avg(n) AS mean, stddev_samp(n) AS spread FROM days GROUP BY 1)
SELECT facility.code, max(n), round(min(mean), 1) FROM days JOIN usual USING (facility_id)
JOIN locations_facility facility ON facility.id = facility_id
WHERE n >= %(cases)s AND n > mean + %(spreads)s * spread GROUP BY 1 ORDER BY 2 DESC LIMIT 50""",
}


def outliers(scheme: str, month: date, *, by: Actor) -> Sequence[Outlier]:
    """Give the facilities whose claims of a month stand out, each with its reason."""
    access.require(by, SEE, area="")
    month = month.replace(day=1)
    bounds = policy.table(BOUNDS, on=month).rows
    found = []
    with connection.cursor() as cursor:
        for reason, statement in OUTLIERS.items():
            cursor.execute(statement, {"scheme": scheme, "month": month, **bounds.get(reason, {})})
            found += [
                Outlier(code, reason, Decimal(figure), peers)
                for code, figure, peers in cursor.fetchall()
            ]
    return found
