"""Reads of the registry."""

from spean.registry.models import Household, Identifier, Membership, Person
from spean.registry.queries.as_of import (
    HouseholdState,
    MemberState,
    NotYetRegistered,
    household_as_of,
)
from spean.registry.queries.card_document import card_face, card_pdf
from spean.registry.queries.card_keys import CardKeyMissing, published_keys
from spean.registry.queries.cards import (
    CardCheck,
    CardStatus,
    CardUnknown,
    card,
    card_outcome,
    card_status,
    cards_of,
    check_card,
    household_of_card,
    members_of,
)
from spean.registry.queries.change_lines import change_lines
from spean.registry.queries.changes import (
    change,
    changes_about,
    changes_of,
    changes_proposed,
    changes_waiting,
    history,
    registered_by,
    waiting_for,
)
from spean.registry.queries.duplicates import (
    Elsewhere,
    districts,
    duplicate_pair,
    duplicate_pairs,
    likely_duplicates,
    people_as_seen,
)
from spean.registry.queries.exchange import (
    assessments_of,
    holders,
    homes,
    is_newborn,
    numbers_of,
    recorded_people,
    residents,
)
from spean.registry.queries.exports import export_households
from spean.registry.queries.facts import household_facts
from spean.registry.queries.households import household, household_for, households, people_in
from spean.registry.queries.imports import (
    IMPORT_COLUMNS,
    TAKEN_IN,
    error_file,
    import_run,
    import_runs,
    model_file,
    problems_of,
)
from spean.registry.queries.mothers import MotherOrChild, living_in, pregnancies_and_births
from spean.registry.queries.payees import PAYEES, phones_of
from spean.registry.queries.people import (
    homes_of,
    last_home,
    lived_on,
    merged_living_in,
    person,
    person_of,
    pregnant_among,
    records_of,
    villages_of,
)
from spean.registry.queries.records import (
    holds_number,
    home,
    is_named,
    lives_in,
    note_people_read,
    people_on_record,
    person_on_record,
)
from spean.registry.queries.search import PersonHit, find_people, people_found, seen_people
from spean.registry.queries.snapshot import KEY as SNAPSHOT_KEY
from spean.registry.queries.snapshot import PREPARE as SNAPSHOT_PREPARE
from spean.registry.queries.snapshot import SNAPSHOT
from spean.registry.rules import search_keys as name_keys
from spean.registry.rules.identifiers import check_equity_card_number as card_number

__all__ = [
    "IMPORT_COLUMNS",
    "PAYEES",
    "SNAPSHOT",
    "SNAPSHOT_KEY",
    "SNAPSHOT_PREPARE",
    "TAKEN_IN",
    "CardCheck",
    "CardKeyMissing",
    "CardStatus",
    "CardUnknown",
    "Elsewhere",
    "Household",
    "HouseholdState",
    "Identifier",
    "MemberState",
    "Membership",
    "MotherOrChild",
    "NotYetRegistered",
    "Person",
    "PersonHit",
    "assessments_of",
    "card",
    "card_face",
    "card_number",
    "card_outcome",
    "card_pdf",
    "card_status",
    "cards_of",
    "change",
    "change_lines",
    "changes_about",
    "changes_of",
    "changes_proposed",
    "changes_waiting",
    "check_card",
    "districts",
    "duplicate_pair",
    "duplicate_pairs",
    "error_file",
    "export_households",
    "find_people",
    "history",
    "holders",
    "holds_number",
    "home",
    "homes",
    "homes_of",
    "household",
    "household_as_of",
    "household_facts",
    "household_for",
    "household_of_card",
    "households",
    "import_run",
    "import_runs",
    "is_named",
    "is_newborn",
    "last_home",
    "likely_duplicates",
    "lived_on",
    "lives_in",
    "living_in",
    "members_of",
    "merged_living_in",
    "model_file",
    "name_keys",
    "note_people_read",
    "numbers_of",
    "people_as_seen",
    "people_found",
    "people_in",
    "people_on_record",
    "person",
    "person_of",
    "person_on_record",
    "phones_of",
    "pregnancies_and_births",
    "pregnant_among",
    "problems_of",
    "published_keys",
    "recorded_people",
    "records_of",
    "registered_by",
    "residents",
    "seen_people",
    "villages_of",
    "waiting_for",
]
