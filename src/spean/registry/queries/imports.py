"""Imports: one's own, what is wrong in each row, and the file of rows to correct."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.i18n import explain_stored
from spean.kernel.spreadsheets import write_csv, write_xlsx
from spean.registry.models import ImportRun
from spean.registry.rules.import_columns import COLUMNS, PROBLEMS_COLUMN, header_row

IMPORT_COLUMNS = tuple(column.name for column in COLUMNS)
# The households that came from files, with the key that the file gave each: SQL.
TAKEN_IN = """
    SELECT taken.household_key, home.id, home.village_id
    FROM registry_importedhousehold taken
    JOIN registry_household home ON home.id = taken.household_id
    WHERE home.dissolved_on IS NULL AND home.merged_into_id IS NULL
"""
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """One thing that is wrong, in the reader's language."""

    row: int
    column: str
    text: str


def import_runs(*, by: Actor) -> QuerySet[ImportRun]:
    """Give the imports that the actor started, or that lie in their area, the newest first."""
    held = access.areas(by, "registry.import")
    if not held:
        raise NotAllowed(permission="registry.import", area="")
    mine = Q(started_by=by.name)
    for area in held:
        mine |= Q(area__startswith=area)
    return (
        ImportRun.objects.filter(mine).defer("rows", "errors", "likely_duplicates").order_by("-id")
    )


def import_run(run_id: UUID, *, by: Actor) -> ImportRun:
    """Give one import. Raises NotFound; NotAllowed for another's in another area."""
    found = ImportRun.objects.filter(pk=run_id).first()
    if found is None:
        raise NotFound
    if found.started_by != by.name or not access.areas(by, "registry.import"):
        access.require(by, "registry.import", area=found.area)
    return found


def problems_of(run: ImportRun) -> list[ShownProblem]:
    """Give everything that is wrong, in the reader's language, by row."""
    return [
        ShownProblem(found["row"], found["column"], explain_stored(found)) for found in run.errors
    ]


def error_file(run: ImportRun, *, form: str, by: Actor) -> bytes:
    """Give the rows that were left out, each with what is wrong, ready to correct and import.

    A household goes in whole: its good rows stand in the file beside its bad ones.
    """
    why = _reasons(run)
    bad = {_key(cells) for number, cells in run.rows if number in why}
    rows = [header_row(more=[PROBLEMS_COLUMN])]
    for number, cells in run.rows:
        if number in why or _key(cells) in bad or run.state == ImportRun.State.TAKEN_IN:
            named = [cells.get(column.name, "") for column in COLUMNS]
            rows.append([*named, " ".join(why.get(number, ()))])
    audit.read(
        by=by, action="registry.import_error_file", subject=run, area=run.area, rows=len(rows) - 1
    )
    return WRITERS[form](rows)


def model_file(*, form: str, khmer: bool) -> bytes:
    """Give an empty file with the right first row."""
    return WRITERS[form]([header_row(khmer=khmer)])


def _key(cells: Mapping[str, str]) -> str:
    return cells.get("household_key", "")


def _reasons(run: ImportRun) -> dict[int, list[str]]:
    """Give each row's problems, in Khmer and in English."""
    why: dict[int, list[str]] = defaultdict(list)
    for language in ("km", "en"):
        with override(language):
            for found in run.errors:
                why[found["row"]].append(f"[{found['column']}] {explain_stored(found)}")
            for alike in run.likely_duplicates:
                why[alike["row"]].append(
                    gettext("Likely already recorded: %(name)s, born %(birth_date)s.") % alike
                )
    return {row: list(dict.fromkeys(texts)) for row, texts in why.items()}
