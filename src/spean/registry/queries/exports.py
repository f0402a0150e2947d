"""Households written out under the import's own columns, for the actor's area."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.db.models import Q
from openpyxl import Workbook

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.spreadsheets import csv_pieces, defuse
from spean.registry.models import (
    FunctionAssessment,
    Household,
    Identifier,
    Membership,
    Pregnancy,
)
from spean.registry.queries.households import IN_ORDER
from spean.registry.rules.import_columns import FUNCTIONS, IDENTIFIERS, header_row

AT_ONCE = 500
MOST_XLSX_ROWS = 100_000
NAMES = ("family_name_km", "given_name_km", "family_name_latin", "given_name_latin")


class TooManyForXlsx(SpeanError):
    """Refuse a workbook that no office computer opens."""

    code = "registry.export_too_many_for_xlsx"
    message = N_("These are more than %(limit)s rows. Choose CSV, or a smaller area.")
    field = "area"


def export_households(*, area: str, form: str, by: Actor, on: date) -> Iterator[bytes]:
    """Write the households of an area as a CSV or XLSX file, one row a member, piece by piece.

    The columns are the import's own; formulas are defused. The audit line, with the number of
    rows, is written before the first piece. Raises NotAllowed outside the actor's area,
    TooManyForXlsx.
    """
    access.require(by, "registry.export", area=area)
    chosen = Household.objects.filter(dissolved_on=None, village__code__startswith=area)
    count = _members(on).filter(household__in=chosen).count()
    if form == "xlsx" and count > MOST_XLSX_ROWS:
        raise TooManyForXlsx(limit=MOST_XLSX_ROWS)
    audit.read(
        by=by, action="registry.export_households", subject=("area", area or "nation"), area=area,
        rows=count, form=form,
    )  # fmt: skip
    ids = list(chosen.order_by("village__code", "id").values_list("id", flat=True))
    rows = _rows(ids, on)
    return _xlsx_pieces(rows) if form == "xlsx" else csv_pieces(rows)


def _xlsx_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Write rows as a workbook of text cells: on disk first, since it is a zip archive."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([defuse(cell) for cell in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(64 * 1024):
            yield piece


def _members(on: date) -> Any:
    return Membership.objects.filter(Q(end__isnull=True) | Q(end__gt=on), start__lte=on)


def _rows(household_ids: Sequence[UUID], on: date) -> Iterator[list[str]]:
    yield header_row()
    for first in range(0, len(household_ids), AT_ONCE):
        yield from _rows_of(household_ids[first : first + AT_ONCE], on)


def _rows_of(household_ids: Sequence[UUID], on: date) -> Iterator[list[str]]:
    members = list(
        _members(on)
        .filter(household__in=household_ids)
        .select_related("person", "household__village")
        .order_by("household__village__code", "household_id", IN_ORDER, "person_id")
    )
    people = {member.person_id for member in members}
    numbers: dict[UUID, dict[str, str]] = defaultdict(dict)
    for kept in Identifier.objects.filter(person__in=people, withdrawn=False):
        numbers[kept.person_id][kept.kind] = kept.value  # type: ignore[index]
    now = Q(end__isnull=True) | Q(end__gt=on)
    functions = {
        found.person_id: found
        for found in FunctionAssessment.objects.filter(now, person__in=people, start__lte=on)
    }
    pregnant = set(
        Pregnancy.objects.filter(now, person__in=people, start__lte=on).values_list(
            "person_id", flat=True
        )
    )
    for member in members:
        yield _row(
            member,
            numbers[member.person_id],
            functions.get(member.person_id),
            pregnant=member.person_id in pregnant,
        )


def _row(
    member: Membership,
    numbers: dict[str, str],
    functions: FunctionAssessment | None,
    *,
    pregnant: bool,
) -> list[str]:
    person, household = member.person, member.household
    cells = {
        "household_key": str(household.pk),
        "village_code": household.village.code,
        "address": household.address,
        "household_phone": household.phone,
        "relation": member.relation,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),
        "birth_date_precision": person.birth_date_precision,
        "phone": person.phone,
        "pregnant": "yes" if pregnant else "",
        **{name: getattr(person, name) for name in NAMES},
        **{kind: numbers.get(kind, "") for kind in IDENTIFIERS},
        **{name: str(getattr(functions, name, "")) for name in FUNCTIONS},
    }
    return [cells[column] for column in header_row()]
