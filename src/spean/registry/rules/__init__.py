"""The registry's pure rules: names, identifiers, people, households, the card's code."""

from spean.kernel.periods import age_on
from spean.registry.rules.card_token import CardToken
from spean.registry.rules.facts import HouseholdFacts, MemberFacts, household_facts
from spean.registry.rules.identifiers import (
    Holder,
    IdentifierKind,
    make_equity_card_number,
    make_health_id,
)
from spean.registry.rules.khmer_script import romanise
from spean.registry.rules.names import (
    check_has_name,
    check_khmer_name,
    check_latin_name,
    fold,
    name_similarity,
    query_keys,
    search_keys,
    search_text,
    sound_key,
)
from spean.registry.rules.people import (
    BirthDatePrecision,
    Difficulty,
    Function,
    NewMember,
    Relation,
    Sex,
    check_birth_date,
    check_functioning,
    check_household,
    check_phone,
    is_disabled,
    phone_display,
)

__all__ = [
    "BirthDatePrecision",
    "CardToken",
    "Difficulty",
    "Function",
    "Holder",
    "HouseholdFacts",
    "IdentifierKind",
    "MemberFacts",
    "NewMember",
    "Relation",
    "Sex",
    "age_on",
    "check_birth_date",
    "check_functioning",
    "check_has_name",
    "check_household",
    "check_khmer_name",
    "check_latin_name",
    "check_phone",
    "fold",
    "household_facts",
    "is_disabled",
    "make_equity_card_number",
    "make_health_id",
    "name_similarity",
    "phone_display",
    "query_keys",
    "romanise",
    "search_keys",
    "search_text",
    "sound_key",
]
