"""The lists that forms read on the phone: places and facilities, and one's own cases and people.

Each is a CSV as XLSForm's `select_one_from_file` takes it: `name` is the code, `label` the words.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from spean.fieldwork.queries.forms import USES, areas_by_form
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.models import User
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.registry.queries import Household
from spean.targeting import queries as cases

Row = tuple[object, ...]
PUBLIC = ("villages.csv", "facilities.csv")
CENTRES, NATIONAL = ("health_post", "health_centre"), "national"
ABOUT_FAMILIES = ("household_update", "home_visit", "transport_request")


def entity_list(name: str, *, user: User, on: date) -> bytes:
    """Give a list as CSV, of what the user's own areas hold; reading it is audited.

    Raises NotFound for a name that is no list, or for a user who fills in no form.
    """
    mine = areas_by_form(user)
    if name not in LISTS or not mine:
        raise NotFound
    header, rows = LISTS[name]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header.split())
    found = list(rows(user, on))
    writer.writerows(found)
    if name not in PUBLIC:
        by = Actor.of(user, USES[next(iter(mine))].purpose)
        audit.read(
            by=by, action="fieldwork.read_list", subject=("list", name), rows=len(found),
        )  # fmt: skip
    return written.getvalue().encode()


def _villages(user: User, on: date) -> Iterator[Row]:
    areas = {area for held in areas_by_form(user).values() for area in held}
    for place in locations.places("village", on=on, areas=sorted(areas)):
        yield place.code, place.name_km, place.name_en


def _facilities(user: User, on: date) -> Iterator[Row]:
    """Give the facilities of the provinces where the user attends births, those near first.

    The national hospitals are there for everybody.
    """
    areas = areas_by_form(user).get("delivery", ())
    provinces, near = (tuple(area[:digits] for area in areas) for digits in (2, 4))
    found = [
        (not one.place.code.startswith(near), one.name_en, one, level)
        for one in locations.facilities(on)
        if (level := locations.level_of(one))
        and areas
        and (one.place.code.startswith(provinces) or level.kind == NATIONAL)
    ]
    for _far, _name, one, level in sorted(found, key=lambda row: row[:2]):
        yield (
            one.code, one.name_km, one.name_en,
            "health_centre" if level.kind in CENTRES else "hospital",
        )  # fmt: skip


def _cases(user: User, on: date) -> Iterator[Row]:
    use = USES["poverty_interview"]
    by = Actor.of(user, use.purpose)
    waiting = cases.assessments(by=by, state="requested")
    rows = list(access.within(waiting, by, use.permission))
    heads = cases.heads(rows)
    for case in rows:
        yield (
            case.pk, heads.get(case.household_id, ""), heads.get(case.household_id, ""),
            case.village.code, case.household_id, case.version, case.household.address,
        )  # fmt: skip


def _households(user: User, on: date) -> Iterator[Row]:
    homes = _homes(user)
    members = registry.people_in(homes)
    for home in homes.values():
        people = members.get(home.pk, [])
        if people:
            head = people[0].person
            yield (
                home.pk, head.name_km, head.name_en, home.village.code, home.address, home.phone,
                len(people),
            )  # fmt: skip


def _people(user: User, on: date) -> Iterator[Row]:
    homes = _homes(user)
    members = [one for people in registry.people_in(homes).values() for one in people]
    pregnant = registry.pregnant_among((one.person_id for one in members), on=on)
    for one in members:
        who, home = one.person, homes[one.household_id]
        yield (
            who.pk, who.name_km, who.name_en, home.pk, home.village.code, who.sex,
            who.birth_date.isoformat(), _months(who.birth_date, on),
            "yes" if who.pk in pregnant else "no",
        )  # fmt: skip


def _homes(user: User) -> Mapping[UUID, Household]:
    """Give the households of every area in which the user updates or visits families."""
    found: dict[UUID, Household] = {}
    for form_id in ABOUT_FAMILIES:
        use = USES[form_id]
        by = Actor.of(user, use.purpose)
        for home in access.within(registry.households(by=by), by, use.permission):
            found[home.pk] = home
    return found


def _months(born: date, on: date) -> int:
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


LISTS: Mapping[str, tuple[str, Callable[[User, date], Iterable[Row]]]] = {
    "villages.csv": ("name label label_en", _villages),
    "facilities.csv": ("name label label_en kind", _facilities),
    "cases.csv": ("name label label_en village household version address", _cases),
    "households.csv": ("name label label_en village address phone members", _households),
    "people.csv": (
        "name label label_en household village sex birth_date age_months pregnant",
        _people,
    ),
}
