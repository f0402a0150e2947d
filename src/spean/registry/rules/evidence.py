"""What a pair of records rests on, in the words in which a clerk reads it.

A model of linkage names a level of each comparison; a pair keeps those names, and words of levels
that the model no longer has stay here for the pairs that it found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from spean.kernel.errors import N_

OTHER = "different"
NOT_KNOWN = "not known"
_DIFFERENT = N_("different")
_NOT_KNOWN = N_("not known of one record, or of both")

COMPARISONS = {
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "birth": N_("Date of birth"),
    "sex": N_("Sex"),
    "household": N_("Household"),
    "national_id": N_("Identity number"),
}
_NAMES = {
    "same spelling": N_("spelt the same"),
    "same in one script": N_("spelt the same in one script, not in the other"),
    "same sound": N_("sounds alike"),
    "same sound in one script": N_("sounds alike in one script"),
    "alike": N_("nearly the same letters"),
    OTHER: _DIFFERENT,
}
LEVELS: dict[str, dict[str, str]] = {
    "given_name": _NAMES | {"exchanged with the family name": N_("exchanged with the family name")},
    "family_name": _NAMES | {"exchanged with the given name": N_("exchanged with the given name")},
    "birth": {
        "same day": N_("the same day"),
        "day and month exchanged": N_("day and month exchanged"),
        "a year off": N_("exactly one year apart"),
        "same year, the day not known": N_("the same year; the day is not known"),
        "one part differs": N_("only the day, the month or the year differs"),
        "about the same year": N_("at most two years apart; one of them is estimated"),
        OTHER: _DIFFERENT,
    },
    "sex": {"same": N_("the same"), OTHER: _DIFFERENT},
    "household": {
        "two or more shared members": N_("two or more other members of both households agree"),
        "a shared member, same province": N_(
            "another member of both households agrees, in the same province"
        ),
        "a shared member": N_("another member of both households agrees"),
        "same telephone": N_("the same telephone number"),
        "perhaps a shared member, same village": N_(
            "another member of both households perhaps agrees, in the same village"
        ),
        "perhaps a shared member, same province": N_(
            "another member of both households perhaps agrees, in the same province"
        ),
        "same village": N_("the same village"),
        "same commune": N_("the same commune"),
        "same district": N_("the same district"),
        "same province": N_("the same province"),
        OTHER: N_("another province"),
    },
    "national_id": {
        "same": N_("the same number"),
        "one digit off": N_("one digit differs"),
        OTHER: N_("another number"),
    },
}


class Outcome(StrEnum):
    """Whether a comparison speaks for one person."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_KNOWN = "not_known"


_OUTCOMES = {OTHER: Outcome.DIFFERS, NOT_KNOWN: Outcome.NOT_KNOWN}
_HEADINGS = {
    Outcome.AGREES: N_("What agrees"),
    Outcome.DIFFERS: N_("What differs"),
    Outcome.NOT_KNOWN: N_("What can't be compared"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one comparison found: the level that two records reached. Its texts are msgids."""

    comparison: str
    level: str

    @property
    def outcome(self) -> Outcome:
        """Tell whether the two agree, differ, or can't be compared."""
        return _OUTCOMES.get(self.level, Outcome.AGREES)

    @property
    def heading(self) -> str:
        """Give the words under which findings of this outcome stand."""
        return _HEADINGS[self.outcome]

    @property
    def name(self) -> str:
        """Give what is compared."""
        return COMPARISONS.get(self.comparison, self.comparison)

    @property
    def words(self) -> str:
        """Give what was found."""
        if self.level == NOT_KNOWN:
            return _NOT_KNOWN
        return LEVELS.get(self.comparison, {}).get(self.level, self.level)


def findings(evidence: Iterable[Mapping[str, str]]) -> list[Finding]:
    """Read what a pair keeps: first what agrees, then what differs, last what isn't known."""
    found = [Finding(one["comparison"], one["level"]) for one in evidence]
    return sorted(found, key=lambda one: list(Outcome).index(one.outcome))
