"""What the pages of the simulation show of one outcome, or of two side by side."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spean.kernel import charts, formats
from spean.kernel.policy import Rows
from spean.locations import queries as locations
from spean.programmes.queries import DRAFT, PERCENT_OF_IT, Adjustable, frequency
from spean.programmes.queries.words import programme_name
from spean.simulation import queries, rules
from spean.simulation.models import Scenario
from spean.simulation.queries.words import (
    AREAS,
    CODES,
    KINDS,
    LEVELS,
    MEASURES,
    column_name,
    measure_name,
    row_name,
    table_name,
)
from spean.simulation.rules import LINE, MEASURED_BY, MINIMUM, SIDES, Apart, Group

Shown = list[tuple[Group, bool]]


def whole(groups: Shown) -> Group | None:
    """Give the group of all families, unless there are none or too few to be shown."""
    return next((group for group, is_shown in groups[:1] if is_shown), None)


def measures(
    pair: Sequence[Scenario], wholes: Sequence[Group]
) -> Iterator[tuple[str, list[float | None], str]]:
    """Give each measure's figures and their unit: without transfers, now, then with each draft.

    Without transfers and now are those of the first. What a draft measures by a line or a minimum
    of its own follows.
    """
    first = wholes[0]
    sides = [first.now, *(one.draft for one in wholes)]
    yield _("Riel a year"), [0, *(side.cost for side in sides)], "riel"
    yield _("Families paid"), [0, *(side.households for side in sides)], "number"
    ratios = [first.measures("now"), *(one.measures("draft") for one in wholes)]
    for code, name in MEASURES.items():
        own = [n for n, one in enumerate(pair) if _is_own(code, one)]
        said = measure_name(code, "now") if own else str(name)
        yield said, [first.without.get(code), *(one[code] for one in ratios)], "percent"
        for n in own:
            yield _by_its_own(code, n, pair, wholes[n])


def _is_own(code: str, one: Scenario) -> bool:
    """Tell whether a draft measures this by a line or a minimum of its own."""
    return MEASURED_BY.get(code) in queries.yardsticks(one.changes)


def _by_its_own(
    code: str, n: int, pair: Sequence[Scenario], whole: Group
) -> tuple[str, list[float | None], str]:
    """Give a measure by a draft's own yardstick; what the other one does isn't known by it."""
    again = whole.by_draft or whole
    drafts: list[float | None] = [None] * len(pair)
    drafts[n] = again.measures("draft")[code]
    name = measure_name(code, "one" if len(pair) > 1 else "draft", pair[n].title)
    return name, [again.without.get(code), again.measures("now")[code], *drafts], "percent"


def effects(found: Scenario, whole: Group) -> Iterator[tuple[str, Apart, str]]:
    """Give apart what another line or minimum does to who is below it, and what transfers do."""
    listed = (
        (LINE, "poverty_rate", lambda side: side.poor, "number"),
        (LINE, "poverty_gap", lambda side: 100 * side.gap / whole.people, "percent"),
        (MINIMUM, "below_minimum", lambda side: side.below, "number"),
    )
    for yardstick, code, figure, unit in listed:
        if yardstick in queries.yardsticks(found.changes) and (one := rules.apart(whole, figure)):
            yield str(MEASURES[code]), one, unit


def winners(wholes: list[Group]) -> Iterator[tuple[str, list[float | None], str]]:
    """Give how many families would get more and less than now with each draft."""
    yield _("Would get more"), [None, None, *(one.winners for one in wholes)], "number"
    yield _("Would get less"), [None, None, *(one.losers for one in wholes)], "number"


def errors(found: Scenario, *, by_draft: bool = False) -> Iterator[tuple[str, list[float | None]]]:
    """Give the errors of the levels, now and with a drafted scorecard, by one poverty line."""
    moved = queries.moves(found)
    if moved and all(one.now is not None for one in queries.levels(found)):
        sides = [rules.errors(moved, side, by_draft=by_draft) for side in SIDES]
        on_level, of_poor = zip(*sides, strict=True)
        yield _("Of those on a level, not poor"), list(on_level)
        yield _("Of the poor, on no level"), list(of_poor)


def levels_of(pair: list[Scenario]) -> Iterator[tuple[str, list[float | None], str]]:
    """Give what scorecards do to levels, now and with each draft, where one draft has another.

    A draft without a scorecard of its own leaves each level as it is now.
    """
    listed = [queries.levels(one) for one in pair]
    known = next(filter(None, listed), [])
    for n, one in enumerate(known):
        drafts = [levels[n].draft if levels else one.now for levels in listed]
        name = _("Families: %(level)s") % {"level": LEVELS[one.level]}
        yield name, [None, one.now, *drafts], "number"
    found = [dict(errors(one)) for one in pair]
    for name, sides in next(filter(None, found), {}).items():
        yield (
            name,
            [None, sides[0], *(each.get(name, sides)[-1] if each else sides[0] for each in found)],
            "percent",
        )


def parts_of(pair: list[Shown], on: date) -> Iterator[dict[str, Any]]:
    """Give the groups that both drafts show: riel a year and poverty, now and with each."""
    first, second = ({(g.kind, g.code): g for g, shown in one if shown} for one in pair)
    for kind, title in KINDS.items():
        codes = [code for of_kind, code in first if of_kind == kind and (kind, code) in second]
        names, rows = _names(kind, codes, on), []
        for code in codes:
            both = [one[kind, code] for one in (first, second)]
            costs = [both[0].now.cost, *(one.draft.cost for one in both)]
            ratios = [both[0].measures("now"), *(one.measures("draft") for one in both)]
            poor = [both[0].without["poverty_rate"], *(one["poverty_rate"] for one in ratios)]
            rows.append((names[code], costs, poor, [(g.winners, g.losers) for g in both]))
        yield {"title": title, "rows": rows}


def programmes(found: Scenario) -> Iterator[dict[str, Any]]:
    """Give each programme's families and riel a year, now and in the draft."""
    each = found.outcome["programmes"]
    times = frequency(found.on)
    for code in sorted({name.removeprefix(DRAFT) for name in each}):
        sides = [each.get(name, {"households": 0, "amount": 0}) for name in (code, DRAFT + code)]
        yield {
            "name": programme_name(code),
            "sides": [(one["households"], one["amount"] * times[code]) for one in sides],
        }


def changes(found: Scenario) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Say what the draft changes: which table, and those of its rows that are others."""
    for one in queries.adjustable(found.on):
        key = one.table.key
        if key not in found.changes:
            continue
        rows = found.changes[key]
        name = table_name(one)
        if rows is None:
            yield name, [(_("Given up"), "")]
        else:
            drafted = queries.read_changes({key: rows})[key] or {}
            yield name, list(_changed_rows(one, drafted))


def _changed_rows(one: Adjustable, rows: Rows) -> Iterator[tuple[str, str]]:
    held, drafted = one.whole(one.table.rows if one.in_force else {}), one.whole(rows)
    for row in one.rows:
        if drafted.get(row) != held.get(row):
            cells = [
                f"{column_name(column)} {formats.number(int(value))}"
                for column, value in drafted.get(row, {}).items()
                if value or column != PERCENT_OF_IT
            ]
            yield row_name(row), ", ".join(cells) or _("Given up")


def parts(listed: Shown, on: date) -> Iterator[dict[str, Any]]:
    """Give the groups of each kind; one of too few families is held back, with another."""
    for kind, title in KINDS.items():
        of_kind = [(group, is_shown) for group, is_shown in listed if group.kind == kind]
        names = _names(kind, [group.code for group, _shown in of_kind], on)
        rows = [
            (names[group.code], group if is_shown else None, _sides(group),
             _sides(group.by_draft) if group.by_draft else [])
            for group, is_shown in of_kind
        ]  # fmt: skip
        yield {"title": title, "rows": rows}


def _sides(group: Group) -> list[dict[str, float | None]]:
    return [group.without, *(group.measures(side) for side in SIDES)]


def _names(kind: str, codes: list[str], on: date) -> dict[str, str]:
    if kind == "place":
        return dict(locations.names(codes, on=on))
    known: dict[str, Any] = AREAS if kind == "area_class" else CODES[kind]
    return {code: str(known[code]) for code in codes}


def bars(found: Scenario, whole: Group) -> str:
    """Draw how many people are poor without transfers, now, and with the draft; by both lines."""
    rows = [
        (_("Without transfers"), whole.poor),
        (_("Now"), whole.now.poor),
        (_("With the draft"), whole.draft.poor),
    ]
    if whole.by_draft and LINE in queries.yardsticks(found.changes):
        rows += [
            (_("Now, by the draft's line"), whole.by_draft.now.poor),
            (_("With the draft, by its line"), whole.by_draft.draft.poor),
        ]
    return charts.bar_by_place(rows, title=_("People in poverty"))
