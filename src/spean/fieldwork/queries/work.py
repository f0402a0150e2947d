"""The work list as phones read it: what changed since they last asked, a little at a time.

A cursor names the transaction that wrote a row last, and the row. Only rows of transactions older
than every one still running are given, so that none that commits late is passed over. The cursor
also bears the reader's areas: who gets another area reads from the start.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override

from spean.fieldwork.models import WorkItem
from spean.fieldwork.queries.forms import USES, areas_by_form
from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_
from spean.kernel.i18n import in_both_languages
from spean.kernel.models import User
from spean.maternal_child import queries as care
from spean.maternal_child.queries.words import line_said
from spean.registry import queries as registry

MOST = 200
FORMS = {WorkItem.Kind.INTERVIEW: "poverty_interview", WorkItem.Kind.HOME_VISIT: "home_visit"}
# Who is due for care is met by the first of these forms that the reader may fill in there.
CARE_FORMS = {
    "pregnancy": ("antenatal_contact", "home_visit"),
    "after_birth": ("home_visit",),
    "newborn": ("child_contact", "home_visit"),
    "child": ("child_contact", "home_visit"),
}
Areas = Mapping[str, tuple[str, ...]]  # of each form that a reader may fill in
_CURSOR = re.compile(r"(\d{1,18})\.([0-9a-f]{32})\.([0-9a-f]{12})")
_HORIZON = (
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
    " pg_current_xact_id()::text::bigint"
)

DETAILS = {
    WorkItem.Kind.INTERVIEW: N_("Interview the household of %(members)s, %(address)s"),
    WorkItem.Kind.HOME_VISIT: N_("Visit at home: %(visit)s"),
    WorkItem.Kind.CARE: N_("Due for care: %(lines)s"),
}


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """One thing to do, as a phone shows it; `preset` answers the form's first questions."""

    item: WorkItem
    form_id: str
    title: str
    detail: Mapping[str, str]
    preset: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Some entries, the cursor to ask with next, and whether more are waiting."""

    entries: tuple[WorkEntry, ...]
    cursor: str
    more: bool


def work_since(cursor: str | None, *, user: User, limit: int = 50) -> WorkPage:
    """Give what changed since the cursor was given, in the user's areas; all that is open at first.

    A cursor that this list never gave is as none. Reading is audited.
    """
    limit = max(1, min(limit, MOST))
    mine = areas_by_form(user)
    mark = hashlib.sha256(repr(sorted(mine.items())).encode()).hexdigest()[:12]
    horizon, latest = _horizon()
    since = _read(cursor, mark, latest)
    rows = _mine(mine).filter(changed_in__lt=horizon)
    if since is None:
        rows = rows.filter(closed_on__isnull=True)
    else:
        number, row = since
        rows = rows.filter(Q(changed_in__gt=number) | Q(changed_in=number, pk__gt=row))
    found = list(rows.order_by("changed_in", "pk")[: limit + 1])
    items, more = found[:limit], len(found) > limit
    last = (items[-1].changed_in, items[-1].pk) if more else (horizon - 1, UUID(int=2**128 - 1))
    if items:
        by = Actor.of(user, USES[_form_of(items[0], mine)].purpose)
        audit.read(by=by, action="fieldwork.read_work", subject=("list", "work"), rows=len(items))
    following = f"{last[0]}.{last[1].hex}.{mark}"
    return WorkPage(_entries(items, mine), following, more)


def _horizon() -> tuple[int, int]:
    """Give the oldest transaction still running, and this one."""
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        row = cursor.fetchone()
    return int(row[0]), int(row[1])


def _read(cursor: str | None, mark: str, latest: int) -> tuple[int, UUID] | None:
    """Read a cursor; None where it is none, of other areas, or of a database put back since."""
    parts = _CURSOR.fullmatch(cursor or "")
    if parts is None or parts[3] != mark or int(parts[1]) > latest:
        return None
    return int(parts[1]), UUID(parts[2])


def _mine(mine: Areas) -> QuerySet[WorkItem]:
    condition = Q(pk__in=[])
    for kind, form_id in FORMS.items():
        condition |= Q(kind=kind) & _within(mine.get(form_id, ()))
    for whom, form_ids in CARE_FORMS.items():
        for form_id in form_ids:
            due = Q(kind=WorkItem.Kind.CARE, visit_kind=whom)
            condition |= due & _within(mine.get(form_id, ()))
    return WorkItem.objects.filter(condition).select_related(
        "village", "household", "assessment", "person"
    )


def _within(areas: tuple[str, ...]) -> Q:
    there = Q(pk__in=[])
    for area in areas:
        there |= Q(village__code__startswith=area)
    return there


def _form_of(item: WorkItem, mine: Areas) -> str:
    """Give the form by which this reader does what an item asks for."""
    if item.kind != WorkItem.Kind.CARE:
        return FORMS[WorkItem.Kind(item.kind)]
    there = item.village.code
    wanted = CARE_FORMS[item.visit_kind]
    return next(one for one in wanted if any(there.startswith(area) for area in mine.get(one, ())))


def _entries(items: list[WorkItem], mine: Areas) -> tuple[WorkEntry, ...]:
    families = registry.people_in(item.household_id for item in items)
    return tuple(
        _entry(item, families.get(item.household_id, []), _form_of(item, mine)) for item in items
    )


def _entry(item: WorkItem, members: list[registry.Membership], form_id: str) -> WorkEntry:
    head = members[0].person if members else None
    who = item.person or head
    facts = {
        "members": len(members),
        "address": item.household.address or "–",
        "visit": _visit_words(item.visit_kind),
    }
    return WorkEntry(
        item=item,
        form_id=form_id,
        title=str(who or ""),
        detail=_detail(item, facts),
        preset=_preset(item, form_id),
    )


def _detail(item: WorkItem, facts: Mapping[str, object]) -> dict[str, str]:
    message = DETAILS[WorkItem.Kind(item.kind)]
    if item.kind != WorkItem.Kind.CARE:
        return in_both_languages({"message": message, "facts": facts})
    said = {}
    for language in ("km", "en"):
        with override(language):
            said[language] = gettext(message) % {"lines": ", ".join(map(line_said, item.lines))}
    return said


def _visit_words(kind: str) -> str:
    """Give a kind of visit in English, to be translated with the rest of its sentence."""
    with override("en"):
        return str(care.Kind(kind).label) if kind else ""


def _preset(item: WorkItem, form_id: str) -> dict[str, str]:
    """Answer the questions that say whom the form is about."""
    village = {"/data/village": item.village.code}
    if item.kind == WorkItem.Kind.INTERVIEW:
        return village | {"/data/known": "yes", "/data/case": str(item.assessment_id)}
    whom = {"/data/household": str(item.household_id), "/data/person": str(item.person_id)}
    kind = {} if form_id == "antenatal_contact" else {"/data/kind": item.visit_kind}
    return village | whom | kind
