"""A draft is simulated and kept; who made it may share it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import Rows, Scorecard, policy
from spean.locations import queries as locations
from spean.programmes import queries as programmes
from spean.programmes.queries import Adjustable, Terms
from spean.results.queries import COMMUNE
from spean.simulation import queries
from spean.simulation.models import Scenario
from spean.simulation.rules import Changes, Draft
from spean.targeting.queries import SCORECARD

SIMULATE = "simulation.simulate"


class TitleMissing(SpeanError):
    """Ask for a title."""

    code = "simulation.title_missing"
    message = N_("Give the simulation a title.")
    field = "title"


class PlaceUnknown(SpeanError):
    """Refuse a place that is none, or too small to name nobody."""

    code = "simulation.place_unknown"
    message = N_(
        "“%(text)s” is no province, district or commune. Write its code: 2, 4 or 6 digits."
    )
    field = "area"


class StruckUnknown(SpeanError):
    """Refuse a struck place that is none."""

    code = "simulation.struck_unknown"
    message = N_("“%(text)s” is no place of the area. Write codes of 2, 4, 6 or 8 digits.")
    field = "hit"


class NobodyStruck(SpeanError):
    """Ask which places were struck."""

    code = "simulation.nobody_struck"
    message = N_("Write the codes of the places that were struck, or count all families.")
    field = "hit"


class TableUnknown(SpeanError):
    """Refuse a change of what can't be drafted."""

    code = "simulation.table_unknown"
    message = N_("“%(text)s” is no table that can be drafted, or has no such row or column.")
    field = "changes"


class TableEmpty(SpeanError):
    """Refuse a table without any amount: that is a programme given up, which is said so."""

    code = "simulation.table_empty"
    message = N_("“%(text)s” has no amount. Fill some in, or give the programme up.")
    field = "changes"


class HalfInForce(SpeanError):
    """Refuse to bring back a part of a programme: it would pay nobody."""

    code = "simulation.half_in_force"
    message = N_("“%(text)s” is not in force on this day either. Choose “As below” for it too.")
    field = "changes"


class AmountImpossible(SpeanError):
    """Refuse a cell that can't be meant."""

    code = "simulation.amount_impossible"
    message = N_(
        "“%(cell)s”: write a whole number from %(least)s to %(most)s, in digits alone, without a "
        "thousand separator."
    )
    field = "changes"


class CellEmpty(SpeanError):
    """Refuse to leave out a line without which nothing could be measured."""

    code = "simulation.cell_empty"
    message = N_("“%(cell)s” is empty. Fill in every line of this table, or leave it as it is.")
    field = "changes"


class TableNeeded(SpeanError):
    """Refuse to give up what everything else stands on: scorecard, minimum, poverty line."""

    code = "simulation.table_needed"
    message = N_("“%(text)s” can be changed, but not given up.")
    field = "changes"


class CutOffsWrong(SpeanError):
    """Refuse cut-offs that no card could have."""

    code = "simulation.cut_offs_wrong"
    message = N_(
        "The cut-offs must fall from the poorest level on, and the first be within reach: at most "
        "%(most)s points can be had."
    )
    field = "changes"


@transaction.atomic
def simulate(*, title: str, draft: Draft, by: Actor) -> Scenario:
    """Work a draft out over the last snapshot, and keep what came of it.

    Raises NotAllowed, TitleMissing, PlaceUnknown, StruckUnknown, NobodyStruck, TableUnknown,
    TableEmpty, TableNeeded, CellEmpty, HalfInForce, AmountImpossible, CutOffsWrong, NotInForce, and
    what `snapshots.latest` raises.
    """
    access.require(by, SIMULATE, area=draft.area)
    if not title.strip():
        raise TitleMissing
    _check_places(draft)
    now, then, changes = _both_sides(draft)
    with connection.cursor() as cursor:  # one at a time: each takes all cores
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('simulation'))")
    as_of, found = queries.outcome(draft, now, then)
    made = Scenario.objects.create(
        title=title.strip()[:120], on=draft.on, area=draft.area, hit=list(draft.hit),
        only_hit=draft.only_hit, changes=_kept(changes), as_of=as_of,
        policy_version=then.policy_version, made_by=by.name, outcome=found,
        struck=draft.families_as_json,
    )  # fmt: skip
    audit.write(by=by, action="simulation.simulate", subject=made, area=draft.area)
    return made


def _both_sides(draft: Draft) -> tuple[Terms, Terms, Changes]:
    """Give the terms in force and those of a draft, and its changes as they are kept."""
    changes = draft.changes or {}
    tables = list(queries.adjustable(draft.on))
    _check_tables(changes, tables)
    _check_whole(changes, tables)
    struck, rules = programmes.struck(draft.on), policy.amended(changes)
    now = programmes.terms(draft.on, hit=struck)
    then = programmes.terms(draft.on, hit=(*struck, *queries.strikes_of(draft)), rules=rules)
    _check_cut_offs(then.card)
    if SCORECARD in changes:  # kept whole, whatever was left out
        changes = {**changes, SCORECARD: then.card.rows}
    return now, then, changes


@transaction.atomic
def share(*, scenario_id: UUID, by: Actor) -> Scenario:
    """Show a simulation of one's own to all who may look at simulations. Raises NotFound."""
    found = queries.scenario(scenario_id, by=by)
    access.require(by, SIMULATE, area=found.area)
    if not found.shared and found.made_by == by.name:
        found.shared = True
        found.save(update_fields=["shared"])
        audit.write(by=by, action="simulation.share", subject=found)
    return found


def _check_places(draft: Draft) -> None:
    wrong = locations.unknown([*filter(None, [draft.area]), *draft.hit], on=draft.on)
    if draft.area in wrong or len(draft.area) > COMMUNE:
        raise PlaceUnknown(text=draft.area[:20])
    wrong += [code for code in draft.hit if not code.startswith(draft.area)]
    if wrong:
        raise StruckUnknown(text=wrong[0][:20])
    if draft.only_hit and not (draft.hit or draft.families):
        raise NobodyStruck


def _check_tables(changes: Changes, tables: Sequence[Adjustable]) -> None:
    known = {one.table.key: one for one in tables}
    for key, rows in changes.items():
        if key not in known:
            raise TableUnknown(text=key[:80])
        if rows == {}:
            raise TableEmpty(text=key)
        if rows is None and known[key].needed:
            raise TableNeeded(text=key)
        if rows is not None:
            _check_rows(known[key], rows)


def _check_rows(one: Adjustable, rows: Rows) -> None:
    key = one.table.key
    for row, column in one.left_empty(rows):
        raise CellEmpty(cell=f"{key} {row} {column}")
    for row, cells in rows.items():
        if not one.could_have(row, cells):
            raise TableUnknown(text=f"{key} {row} {', '.join(cells)}"[:80])
        for column, value in cells.items():
            if not one.could_be(value):
                cell = f"{key} {row} {column}"
                raise AmountImpossible(cell=cell, least=f"{one.least:,}", most=f"{one.most:,}")


def _check_cut_offs(card: Scorecard) -> None:
    lowest = [points for _level, points in card.levels]
    if lowest != sorted(set(lowest), reverse=True) or lowest[0] > card.most_points:
        raise CutOffsWrong(text=SCORECARD, most=card.most_points)


def _check_whole(changes: Changes, tables: Sequence[Adjustable]) -> None:
    """Refuse a draft of one table of a programme whose other one is not in force."""
    drafted = {one.programme for one in tables if changes.get(one.table.key)}
    for one in tables:
        if one.programme in drafted and not one.in_force and one.table.key not in changes:
            raise HalfInForce(text=one.table.key)


def _kept(changes: Changes) -> dict[str, dict[str, dict[str, str]] | None]:
    def text(cells: Mapping[str, Decimal]) -> dict[str, str]:
        return {column: str(int(value)) for column, value in cells.items()}

    return {
        key: None if rows is None else {row: text(cells) for row, cells in rows.items()}
        for key, rows in changes.items()
    }
