"""Reads of claims: a facility's by month, one of them, and what waits for a reviewer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from spean.health_equity.models import Adjudication, Appeal, Claim, ClaimLine
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.policy import policy
from spean.kernel.rows import only

VIEW, SUBMIT = "health_equity.view_claims", "health_equity.submit_claims"
JUDGE, REVIEW = "health_equity.adjudicate", "health_equity.review_claims"
DEADLINES = "health_equity.deadlines"
EXPORTED = ("number", "facility", "external", "scheme", "month", "came_on", "left_on", "state",
            "asked", "amount", "codes")  # fmt: skip
# Of the last judgement of each claim, how often each rule fired.
CUT = """
SELECT code, count(*) FROM (
    SELECT DISTINCT ON (claim_id) claim_id, codes FROM health_equity_adjudication
    WHERE claim_id = ANY(%s) ORDER BY claim_id, sequence DESC
) last, unnest(last.codes) code GROUP BY code ORDER BY count(*) DESC, code
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which claims are asked for; what is left empty doesn't matter."""

    facility: str = ""
    month: date | None = None
    scheme: str = ""
    state: str = ""

    def among(self, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        """Keep those of some claims that are asked for."""
        given = {
            "facility__code": self.facility, "month": self.month and self.month.replace(day=1),
            "scheme": self.scheme, "state": self.state,
        }  # fmt: skip
        return rows.filter(**{name: value for name, value in given.items() if value})


ALL = Asked()


@dataclass(frozen=True, slots=True)
class Month:
    """What became of a facility's claims of a month: by state (claims, asked, paid), and why."""

    states: Sequence[tuple[str, int, Decimal, Decimal]]
    codes: Sequence[tuple[str, int]]


def claims(asked: Asked, *, by: Actor) -> QuerySet[Claim]:
    """Give the claims of the actor's areas that are asked for, with their facility."""
    found = access.within(Claim.objects.select_related("facility"), by, VIEW, code="area")
    return asked.among(found)


def month_of(asked: Asked, *, by: Actor) -> Month:
    """Add up what is asked for. Two queries."""
    found = claims(asked, by=by)
    states = found.values("state").annotate(
        claims=Count("pk"), sum_asked=Sum("asked"), paid=Sum("amount")
    )
    rows = [(one["state"], one["claims"], one["sum_asked"], one["paid"] or Decimal(0))
            for one in states.order_by("state")]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CUT, [list(found.values_list("pk", flat=True))])
        return Month(rows, cursor.fetchall())


def exported(asked: Asked, *, by: Actor) -> Iterator[Sequence[object]]:
    """Give the claims that are asked for as rows of a table, the first its header."""
    found = claims(asked, by=by).order_by("number")
    audit.read(by=by, action="health_equity.export_claims", subject=("health_equity.claim", "many"),
               area=",".join(access.areas(by, VIEW)), claims=found.count())  # fmt: skip
    codes = Adjudication.objects.filter(claim=OuterRef("pk")).order_by("-sequence").values("codes")
    yield EXPORTED
    for one in found.annotate(codes=codes[:1]).iterator(chunk_size=2000):
        row = (one.number, one.facility.code, one.external, one.scheme, one.month, one.came_on,
               one.left_on, one.state, one.asked, one.amount)  # fmt: skip
        yield *row, " ".join(one.codes or ())


def claim(claim_id: UUID, *, by: Actor) -> Claim:
    """Give one claim with its lines, judgements (newest first) and appeals; the read is audited.

    Raises NotFound, NotAllowed.
    """
    rows = _whole(Claim.objects.select_related("facility__place", "person", "visit"))
    rows = rows.prefetch_related(
        Prefetch("appeals", Appeal.objects.order_by("-made_on", "-id"), "objections")
    )
    found = only(rows.filter(pk=claim_id))
    access.require(by, VIEW, area=found.area)
    audit.read(by=by, action="health_equity.read_claim", subject=found, area=found.area)
    return found


def claims_on_record(*, by: Actor) -> QuerySet[Claim]:
    """Give the claims of the actor's areas with their lines, and judgements (the last first).

    Who shows one calls `note_claims_read`.
    """
    return _whole(claims(ALL, by=by))


def _whole(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Give the claims with all that is said of them, and of the others of their case."""
    rest = Claim.objects.exclude(state=Claim.State.WITHDRAWN).order_by("number")
    after: list[Any] = [Prefetch("remainders", rest.prefetch_related(*_parts()), "later")]
    first = Claim.objects.prefetch_related(*_parts(), *after)
    return rows.prefetch_related(*_parts(), Prefetch("remainder_of", first))


def _parts() -> list[Any]:
    return [
        Prefetch("lines", ClaimLine.objects.order_by("place"), "in_order"),
        Prefetch("adjudications", Adjudication.objects.order_by("-sequence"), "judged"),
    ]


def note_claims_read(shown: Iterable[Claim], *, by: Actor) -> None:
    """Leave an audit line for each of the claims that the actor was shown."""
    audit.read_each(by=by, action="health_equity.read_claim",
                    subjects=[(one, one.area) for one in shown])  # fmt: skip


def to_review(*, by: Actor) -> QuerySet[Claim]:
    """Give the claims of the actor's areas that are held, or appealed without an answer yet."""
    appealed = Exists(Appeal.objects.filter(claim=OuterRef("pk"), answer=""))
    rows = Claim.objects.select_related("facility").annotate(appealed=appealed)
    mine = access.within(rows, by, REVIEW, code="area")
    return mine.filter(Q(state=Claim.State.HELD) | appealed)


def waiting_claims(*, asked: Asked = ALL, below: str = "") -> QuerySet[Claim]:
    """Give the claims to be judged, in the order of their numbers, to who has checked the right."""
    found = asked.among(Claim.objects.filter(state=Claim.State.SUBMITTED)).order_by("number")
    return found.filter(number__lt=below) if below else found


def claim_for(claim_id: UUID, *, lock: bool = False) -> Claim:
    """Give one claim to who has checked the right, locked until the transaction ends if asked."""
    return only(Claim.objects.filter(pk=claim_id), lock=lock)


def appeal_for(appeal_id: UUID, *, lock: bool = False) -> Appeal:
    """Give one appeal to who has checked the right, locked until the transaction ends if asked."""
    return only(Appeal.objects.select_related("against").filter(pk=appeal_id), lock=lock)


def open_appeal(found: Claim) -> Appeal | None:
    """Give the appeal about a claim that has no answer yet."""
    return found.appeals.filter(answer="").select_related("against").first()


def last_day_of_appeal(judgement: Adjudication) -> date:
    """Give the last day on which a facility may object to a judgement. Raises NotInForce."""
    days = policy.table(DEADLINES, on=judgement.judged_on).cell("appeal", "days")
    return judgement.judged_on + timedelta(days=int(days))


def objectionable(found: Claim) -> Adjudication | None:
    """Give the judgement of a claim to which nobody has objected, if it cut something."""
    last = last_judgement(found)
    cut = found.state in (Claim.State.REJECTED, Claim.State.REDUCED)
    return last if last and cut and not Appeal.objects.filter(against=last).exists() else None


def last_judgement(found: Claim) -> Adjudication | None:
    """Give the judgement of a claim that counts."""
    return found.adjudications.order_by(F("sequence").desc()).first()
