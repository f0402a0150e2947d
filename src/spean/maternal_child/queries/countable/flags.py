"""What holds of each record that is counted: one table a kind, one column a flag.

Each table begins with COMMON: whose page the record is on (`id`), the household and village where
the person lived, their sex, the day that says in which period it counts, and `until`: it counts no
more in a period that goes on beyond the day before that one, because a later record stands for it.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from spean.kernel.policy import policy
from spean.maternal_child.queries.countable.doses import work_out_doses
from spean.maternal_child.queries.countable.growth import CONDITIONS, work_out_growth
from spean.maternal_child.rules import Programme

COMMON = ("id", "household", "village", "sex", "day", "until")
SEX = ("female", "male")
NTH = {"first": 1, "second": 2, "fourth": 4, "eighth": 8}
CONTACTS_BEFORE = (1, 4, 8)
TREATMENTS = ("iron", "tetanus", "vitamin_a", "deworming", "contraceptive")
BIRTH_PLACES = ("health_centre", "hospital", "home", "on_the_way")
ATTENDANTS = ("midwife", "doctor", "nurse", "traditional", "nobody")
SKILLED, FACILITIES = ("midwife", "doctor", "nurse"), ("health_centre", "hospital")
MODES = ("normal", "assisted", "caesarean")
CONTACT_KINDS = ("antenatal", "postnatal", "newborn", "child")
TREATED = ("inpatient", "outpatient", "supplement")
OF_DEATHS = {
    "maternal": "kind = 'maternal'",
    "newborn": "kind = 'newborn'",
    "child": "kind = 'child' AND day >= born + INTERVAL 1 YEAR",
    "infant": "kind <> 'maternal' AND day < born + INTERVAL 1 YEAR",
    "later": "kind = 'child'",
    "under_five": "kind IN ('newborn', 'child')",
    "at_home": "place = 'home'",
}  # fmt: skip


def flags(on: date) -> Mapping[str, Sequence[str]]:
    """Give what can be counted by the schedule of a day: the flags of each kind of record."""
    lines = [line.code for line in Programme.of(on).schedule.contacts]
    before = [f"antenatal_{n}" for n in CONTACTS_BEFORE]
    return {
        "births": [*BIRTH_PLACES, *ATTENDANTS, *MODES, "complicated", "skilled", "facility",
                   *before, "postnatal"],
        "babies": [*SEX, "live", "stillborn", "fresh", "macerated", "weighed", "low_weight",
                   "postnatal"],
        "contacts": [*CONTACT_KINDS, *NTH, "danger", *TREATMENTS],
        "children": [*SEX, "one", "two", "full", "zero_dose", *lines],
        "doses": [*SEX, "under_1", "older", "not_valid", *lines],
        "measures": [*SEX, *(f"{one}{kind}" for one in CONDITIONS
                             for kind in ("", "_known", "_moderate", "_severe"))],
        "admissions": [*SEX, *TREATED],
        "deaths": [*SEX, *OF_DEATHS],
    }  # fmt: skip


def work_out(db: duckdb.DuckDBPyConnection, *, since: date, on: date) -> None:
    """Make every table of `flags` from the raw ones, of records from `since` until `on`."""
    early = policy.value("maternal_child.postnatal_early", on=on).whole
    light = policy.value("maternal_child.low_birth_weight", on=on).whole
    db.execute(_births(early))
    db.execute(_babies(early, light))
    db.execute(_contacts(), {"since": since})
    work_out_doses(db, Programme.of(on), since=since, on=on)
    work_out_growth(db, since=since, on=on)
    db.execute(_plain("admissions", "raw_treatments", _any("kind", TREATED)))
    db.execute(_plain("deaths", "raw_deaths", _each(OF_DEATHS)))
    for table, names in flags(on).items():
        columns = ", ".join(f'"{name}"' for name in (*COMMON, *names))
        db.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {columns} FROM {table}")


def _any(column: str, values: Sequence[str]) -> str:
    return ", ".join(f"{column} = '{value}' AS {value}" for value in values)


def _each(conditions: Mapping[str, str]) -> str:
    return ", ".join(f"{condition} AS {name}" for name, condition in conditions.items())


def _sexes() -> str:
    return _any("sex", SEX)


def _plain(table: str, raw: str, columns: str) -> str:
    return f"""
        CREATE OR REPLACE TABLE {table} AS
        SELECT id, household, village, sex, day, NULL::DATE AS until, {_sexes()}, {columns}
        FROM {raw}"""


def _births(early: int) -> str:
    before = ", ".join(f"contacts >= {n} AS antenatal_{n}" for n in CONTACTS_BEFORE)
    return f"""
        CREATE OR REPLACE TABLE births AS
        SELECT * EXCLUDE (place, attendant, mode, started_on),
               'female' AS sex, NULL::DATE AS until,
               {_any("place", BIRTH_PLACES)}, {_any("attendant", ATTENDANTS)},
               {_any("mode", MODES)}, attendant IN {SKILLED} AS skilled,
               place IN {FACILITIES} AS facility, {before}
        FROM (
            SELECT birth.*,
                   count(contact.id) FILTER (contact.kind = 'antenatal'
                       AND contact.day BETWEEN birth.started_on AND birth.day) AS contacts,
                   count(contact.id) FILTER (contact.kind = 'postnatal'
                       AND contact.day BETWEEN birth.day AND birth.day + {early}) > 0 AS postnatal
            FROM raw_births birth LEFT JOIN raw_contacts contact USING (id) GROUP BY ALL)"""


def _babies(early: int, light: int) -> str:
    return f"""
        CREATE OR REPLACE TABLE babies AS
        SELECT id, household, village, baby.sex, day, NULL::DATE AS until, {_any("baby.sex", SEX)},
               outcome = 'live' AS live, outcome <> 'live' AS stillborn,
               outcome = 'fresh_stillbirth' AS fresh, outcome = 'macerated_stillbirth' AS macerated,
               weight_g IS NOT NULL AS weighed, coalesce(weight_g < {light}, false) AS low_weight,
               baby.person IN (
                   SELECT contact.person FROM raw_contacts contact
                   WHERE contact.kind = 'newborn' AND contact.day <= contact.born + {early}
               ) IS TRUE AS postnatal
        FROM raw_babies baby JOIN raw_births birth USING (id)"""


def _contacts() -> str:
    """Number the contacts of a pregnancy, those before the period too."""
    given = ", ".join(
        f"list_contains(string_split(treatments, ' '), '{one}') IS TRUE AS {one}"
        for one in TREATMENTS
    )
    nth = ", ".join(f"nth = {n} AS {name}" for name, n in NTH.items())
    return f"""
        CREATE OR REPLACE TABLE contacts AS
        SELECT id, household, village, sex, day, NULL::DATE AS until, danger,
               {_any("kind", CONTACT_KINDS)}, {nth}, {given}
        FROM (SELECT *, row_number() OVER (PARTITION BY id, kind ORDER BY day) AS nth
              FROM raw_contacts)
        WHERE here AND day >= $since"""
