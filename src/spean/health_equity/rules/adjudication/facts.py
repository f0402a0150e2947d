"""What is known of one line of a claim: the one wide row that every rule reads.

`queries.facts` works it out in one statement; a rule reads these columns and nothing else. NULL is
what isn't known. Money in riel, ages in completed years, dates as claimed unless said otherwise.
"""

from collections.abc import Mapping

FACTS: Mapping[str, str] = {
    # the claim, as it was claimed
    "claim": "uuid",
    "scheme": "string",
    "came_on": "date",
    "left_on": "date",
    "submitted_on": "date",
    "sex": "string",
    "birth_date": "date",
    "referred": "boolean",
    "diagnoses": "int64",
    "diagnoses_wrong": "int64",  # that are no code of ICD-10
    "deadline": "int64",  # days after leaving
    "claim_ceiling": "int64",
    "year_ceiling": "int64",
    # riel asked for the person in the year by earlier claims; of a remainder, what others don't pay
    "claimed_in_year": "int64",
    # the line, as it was claimed
    "place": "int64",
    "service": "string",
    "on": "date",
    "quantity": "int64",
    "asked": "int64",
    # the facility on the day of the service
    "facility_open": "boolean",
    "level": "string",
    "contracted": "boolean",
    "suspended": "boolean",
    # the service: known, and what the dated policy of the day says of it
    "service_known": "boolean",
    "inpatient": "boolean",
    "fee": "int64",  # of the scheme, at the facility's level
    "fee_elsewhere": "boolean",  # the scheme pays it at some level
    "most_quantity": "int64",
    "women_only": "boolean",
    "youngest": "int64",
    "oldest": "int64",
    "diagnosis_asked": "boolean",
    "diagnosis_fits": "boolean",
    "referral_asked": "boolean",
    "documents_there": "boolean",
    # the person, as the registry has them
    "person": "uuid",
    "registered_sex": "string",
    "registered_birth": "date",
    "birth_precision": "string",
    "death_date": "date",
    "age": "int64",  # by the registry, else as claimed; NULL before birth
    # cover by the claim's scheme on the day of the service
    "covered": "boolean",
    "ended": "boolean",  # it was covered once
    "waiting": "boolean",
    "order_own": "int64",
    "order_first": "int64",  # of the scheme that pays first
    "paid_before": "int64",  # riel that schemes before this one pay for the service of the case
    # what was claimed for the person before
    "same_day": "int64",  # the service, at this facility, on this day
    "stays": "int64",  # that overlap this one
    "service_times": "int64",
    "most_service_times": "int64",
    "kind_times": "int64",
    "most_kind_times": "int64",
}
