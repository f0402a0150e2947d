"""Facts of a household or a person that change on a day: what held before is kept.

The current row says what holds since its day `since`; the past rows, what held before, without
gaps. A change on the very day of `since` overwrites; one before it would rewrite what a later
change built on, and is refused.
"""

from datetime import date

from spean.kernel.errors import N_, Conflict
from spean.registry.actions.journal import Journal
from spean.registry.actions.people_rows import NAMES, searchable
from spean.registry.models import Household, HouseholdPast, Person, PersonPast

PERSON_FACTS = (*NAMES, "sex", "birth_date", "birth_date_precision", "death_date", "phone")
HOUSEHOLD_FACTS = ("village_id", "address", "phone", "dissolved_on")


class LaterChangeRecorded(Conflict):
    """Refuse a change that would slip in before one already recorded."""

    code = "registry.later_change_recorded"
    message = N_(
        "A change is already recorded from %(since)s. Reverse that one first, "
        "or choose that day or a later one."
    )
    field = "effective_on"


def require_not_before(day: date, since: date | None) -> None:
    """Refuse a day before the last recorded one."""
    if since is not None and day < since:
        raise LaterChangeRecorded(since=since.isoformat())


def amend_person(journal: Journal, person: Person, day: date, **facts: object) -> None:
    """Record other facts of a person from the day on. Raises LaterChangeRecorded."""
    require_not_before(day, person.since)
    if all(getattr(person, name) == value for name, value in facts.items()):
        return
    if day > person.since:
        held = {name: getattr(person, name) for name in PERSON_FACTS}
        journal.create(PersonPast(person=person, start=person.since, end=day, **held))
    renamed = Person(**{name: facts.get(name, getattr(person, name)) for name in NAMES})
    journal.update(person, since=day, **facts, **searchable(renamed))


def amend_household(journal: Journal, household: Household, day: date, **facts: object) -> None:
    """Record other facts of a household from the day on. Raises LaterChangeRecorded."""
    require_not_before(day, household.since)
    if all(getattr(household, name) == value for name, value in facts.items()):
        return
    if day > household.since:
        held = {name: getattr(household, name) for name in HOUSEHOLD_FACTS}
        journal.create(HouseholdPast(household=household, start=household.since, end=day, **held))
    journal.update(household, since=day, **facts)
