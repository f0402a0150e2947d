"""What a snapshot holds of targeting: each household's poverty status and its last interview."""

from spean.kernel.policy import Scorecard, policy
from spean.kernel.snapshots import Column, Part

SCORECARD = "targeting.scorecard"
_STATUS = """targeting_povertystatus status ON status.household_id = home.household_id
                 AND status.start <= {on} AND status."end" > {on}"""


def _asked() -> list[str]:
    """Give the questions that any scorecard ever asked, in their order."""
    cards = [card for card in policy.history(SCORECARD).values() if isinstance(card, Scorecard)]
    return list(dict.fromkeys(q.code for card in cards for q in card.questions if not q.derived))


_INTERVIEW = """
    (SELECT DISTINCT ON (household_id) household_id, answers,
            coalesce(interviewed_on, requested_on) AS day
     FROM targeting_assessment
     WHERE answers <> '{{}}'::jsonb AND coalesce(interviewed_on, requested_on) <= {on}
     ORDER BY household_id, coalesce(interviewed_on, requested_on) DESC, id DESC)
    interview ON interview.household_id = home.household_id"""


def snapshot_parts() -> tuple[Part, ...]:
    """Give what targeting adds to the snapshot's households and, for counting, to their people."""
    key, asked = Column("household", "INTEGER"), _asked()
    answers = "".join(f", interview.answers->>'{code}'" for code in asked)
    of_people = Part(
        table="people",
        columns=(key, Column("status", "VARCHAR")),
        sql=f"SELECT home.key, status.level FROM snapshot_key home JOIN {_STATUS}",
    )
    of_households = Part(
        table="households",
        columns=(
            key,
            Column("status", "VARCHAR"),
            Column("status_until", "DATE"),
            Column("interviewed_on", "DATE"),
            *(Column(code, "VARCHAR") for code in asked),
        ),
        sql=f'SELECT home.key, status.level, status."end", interview.day{answers}'
        f" FROM snapshot_key home LEFT JOIN {_STATUS} LEFT JOIN {_INTERVIEW}",
    )
    return of_people, of_households
