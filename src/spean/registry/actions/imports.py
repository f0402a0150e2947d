"""Many households from a file: checked without writing, then taken in, each whole or not at all."""

import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, Conflict, NotAllowed
from spean.kernel.spreadsheets import FileRefused, Readable, Row, read_rows
from spean.registry.actions.checking import Problems
from spean.registry.actions.import_checks import CheckedFile, check_households
from spean.registry.actions.registration import record_household
from spean.registry.models import ImportedHousehold, ImportRun
from spean.registry.queries.import_duplicates import likely_duplicates_of
from spean.registry.rules.import_columns import names_of_columns
from spean.registry.rules.import_households import ReadHousehold, RowProblem, read_households

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 10_000


class NothingToImport(FileRefused):
    """Refuse a file without a row below its header."""

    code = "registry.import_empty"
    message = N_("The file has no rows below the names of the columns.")


class FileImportedBefore(Conflict):
    """Refuse to take in the same file a second time."""

    code = "registry.import_file_twice"
    message = N_(
        "This very file was taken in on %(day)s by %(who)s. "
        "Import only what was corrected: the error file of that import."
    )
    field = "file"


class AlreadyTakenIn(Conflict):
    """Refuse a second taking in of one import."""

    code = "registry.import_already_taken_in"
    message = N_("This import was already taken in.")


class NotAllGood(Conflict):
    """Refuse all where all was asked for and some is wrong."""

    code = "registry.import_not_all_good"
    message, many = NN_(
        "%(count)s row is wrong, so nothing was taken in. Correct it, or take in the others.",
        "%(count)s rows are wrong, so nothing was taken in. Correct them, or take in the others.",
    )
    field = "which"


class NothingGood(Conflict):
    """Say that there is nothing to take in."""

    code = "registry.import_nothing_good"
    message = N_("No household of this file can be taken in. Correct it and import it again.")
    field = "which"


@transaction.atomic
def check_import(*, file: Readable, name: str, by: Actor, on: date) -> ImportRun:
    """Read a CSV or XLSX file of households and keep what it says and all that is wrong with it.

    Nothing enters the registry. Raises NotAllowed, FileRefused (and its kinds), UnknownColumn,
    ColumnsMissing, NothingToImport, FileImportedBefore.
    """
    areas = access.areas(by, "registry.import")
    if not areas:
        raise NotAllowed(permission="registry.import", area="")
    content = file.read(MAX_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    refuse_known(digest, areas)
    rows = read_rows(io.BytesIO(content), name, max_rows=MAX_ROWS)
    if not rows:
        raise NothingToImport
    run = _keep(rows, digest=digest, name=name, area=_common_area(areas), by=by, on=on)
    audit.write(
        by=by, action="registry.import_checked", subject=run, area=run.area,
        file=digest, rows=run.row_count, problems=len(run.errors),
    )  # fmt: skip
    return run


def take_in_import(
    *, run: ImportRun, all_or_none: bool, also_likely_duplicates: bool = False, by: Actor, on: date
) -> ImportRun:
    """Register the good households of a checked file, each in a transaction of its own.

    With `all_or_none`, all of them in one transaction, and only if no row is wrong. Interrupted,
    it goes on where it stopped when called again. Every household is checked once more: what
    another clerk entered meanwhile counts. Raises NotAllowed, AlreadyTakenIn, NotAllGood,
    NothingGood.
    """
    _require_own(run, by)
    if run.state != ImportRun.State.CHECKED:
        raise AlreadyTakenIn
    refuse_known(run.file_hash, [run.area])
    checked = _checked(_stored_rows(run), by=by, on=on)
    doubtful = _doubtful_keys(run, also_likely_duplicates)
    chosen = [household for household in checked.good if household.key not in doubtful]
    if all_or_none and (checked.problems or doubtful):
        raise NotAllGood(count=len({p.row for p in checked.problems}) + len(doubtful))
    if not chosen:
        raise NothingGood
    if all_or_none:
        with transaction.atomic():
            for household in chosen:
                _take_in(run, household, checked, by=by, on=on)
            return _close(run, checked, (), by=by)
    late = [
        problem
        for household in chosen
        for problem in take_in_household(run, household, checked, by, on)
    ]
    with transaction.atomic():
        return _close(run, checked, late, by=by)


def drop_rows_of_old_imports(*, before: date, by: Actor) -> int:
    """Forget the personal data in imports started before a day; what became of them stays."""
    old = ImportRun.objects.filter(started_at__date__lt=before).exclude(rows=[])
    count = old.update(rows=[], likely_duplicates=[])
    if count:
        audit.write(
            by=by, action="registry.import_rows_dropped", subject=("registry.importrun", "old"),
            count=count, before=str(before),
        )  # fmt: skip
    return count


def refuse_known(digest: str, areas: Iterable[str]) -> None:
    """Refuse a file that was taken in before, here or around. Raises FileImportedBefore."""
    for run in ImportRun.objects.filter(file_hash=digest, state=ImportRun.State.TAKEN_IN):
        if any(run.area.startswith(area) or area.startswith(run.area) for area in areas):
            assert run.taken_in_at is not None  # noqa: S101 - the database holds it
            raise FileImportedBefore(
                day=timezone.localtime(run.taken_in_at).date().isoformat(), who=run.taken_in_by
            )


def _common_area(areas: Sequence[str]) -> str:
    """Give the smallest place that holds all the areas."""
    first, last = min(areas), max(areas)
    shared = 0
    while first[shared : shared + 2] and first[: shared + 2] == last[: shared + 2]:
        shared += 2
    return first[:shared]


def _keep(rows: list[Row], *, digest: str, name: str, area: str, by: Actor, on: date) -> ImportRun:
    meant = names_of_columns(rows[0].values)
    named = [(r.number, {meant[c]: text for c, text in r.values.items() if text}) for r in rows]
    checked = _checked(named, by=by, on=on)
    return ImportRun.objects.create(
        file_name=name[-200:],
        file_hash=digest,
        area=area,
        rows=named,
        errors=[as_json(problem) for problem in checked.problems],
        likely_duplicates=_likely_duplicates(checked, by=by),
        row_count=len(rows),
        household_count=len(checked.good),
        started_by=by.name,
    )


def _checked(rows: Iterable[tuple[int, dict[str, str]]], *, by: Actor, on: date) -> CheckedFile:
    households, problems = read_households(rows)
    return check_households(households, problems, by=by, on=on)


def _stored_rows(run: ImportRun) -> list[tuple[int, dict[str, str]]]:
    taken = set(run.taken.values_list("household_key", flat=True))
    return [(n, cells) for n, cells in run.rows if cells.get("household_key") not in taken]


def as_json(problem: RowProblem) -> dict[str, Any]:
    """Give a problem as it is kept: its message is translated when it is shown."""
    facts = {name: str(fact) for name, fact in problem.error.facts.items()}
    return {
        "row": problem.row,
        "column": problem.column,
        "code": problem.error.code,
        "message": problem.error.message,
        "facts": facts,
    }


def _likely_duplicates(checked: CheckedFile, *, by: Actor) -> list[dict[str, Any]]:
    """Give each row of a good household that looks like somebody who is already recorded."""
    found = likely_duplicates_of(
        {row: member for h in checked.good for row, member in h.members.items()},
        communes={h.village_code[:6] for h in checked.good},
        by=by,
    )
    keys = {row: h.key for h in checked.good for row in h.rows}
    return [
        {
            "row": row,
            "key": keys[row],
            "person": str(person.pk),
            "name": person.name_km,
            "birth_date": person.birth_date.isoformat(),
        }
        for row, person in sorted(found.items())
    ]


def _doubtful_keys(run: ImportRun, also_likely_duplicates: bool) -> set[str]:
    if also_likely_duplicates:
        return set()
    return {found["key"] for found in run.likely_duplicates}


def _require_own(run: ImportRun, by: Actor) -> None:
    """Refuse an import that another person started in another area."""
    if not access.areas(by, "registry.import") or run.started_by != by.name:
        access.require(by, "registry.import", area=run.area)


def _take_in(
    run: ImportRun, household: ReadHousehold, checked: CheckedFile, *, by: Actor, on: date
) -> None:
    """Write one household, unless another process took it in meanwhile."""
    ImportRun.objects.select_for_update().get(pk=run.pk)
    earlier = ImportedHousehold.objects.filter(file_hash=run.file_hash, household_key=household.key)
    if earlier.exists():
        return
    village = checked.villages[household.village_code]
    access.require(by, "registry.import", area=village.code)
    made = record_household(
        village=village,
        home={"address": household.address, "phone": household.phone},
        members=list(household.members.values()),
        by=by,
        on=on,
        not_duplicates=True,
    )
    ImportedHousehold.objects.create(
        run=run, file_hash=run.file_hash, household_key=household.key, household=made
    )


def take_in_household(
    run: ImportRun, household: ReadHousehold, checked: CheckedFile, by: Actor, on: date
) -> list[RowProblem]:
    """Take in one household; give what only its writing showed to be wrong."""
    try:
        with transaction.atomic():
            _take_in(run, household, checked, by=by, on=on)
    except NotAllowed:
        raise
    except Problems as error:
        return [RowProblem(household.rows[0], p.field, p.error) for p in error.problems]
    return []


def _close(
    run: ImportRun, checked: CheckedFile, late: Iterable[RowProblem], *, by: Actor
) -> ImportRun:
    return close_import(run, run.rows, [*checked.problems, *late], by=by)


def close_import(
    run: ImportRun,
    rows: Iterable[tuple[int, dict[str, str]]],
    problems: Iterable[RowProblem],
    *,
    by: Actor,
) -> ImportRun:
    """Keep what became of the import, and of its rows only those that were left out."""
    rows = list(rows)
    keys = {cells.get("household_key", "") for _, cells in rows}
    taken = set(run.taken.filter(household_key__in=keys).values_list("household_key", flat=True))
    run.rows = [[n, cells] for n, cells in rows if cells.get("household_key") not in taken]
    run.errors = [as_json(problem) for problem in problems]
    run.likely_duplicates = [f for f in run.likely_duplicates if f["key"] not in taken]
    run.state, run.taken_in_by, run.taken_in_at = ImportRun.State.TAKEN_IN, by.name, Now()
    run.household_count = run.taken.count()
    run.save()
    run.refresh_from_db()
    audit.write(
        by=by, action="registry.import_taken_in", subject=run, area=run.area,
        households=run.household_count, rows_left_out=len(run.rows),
    )  # fmt: skip
    return run
