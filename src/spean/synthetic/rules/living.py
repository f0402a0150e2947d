"""How households live, as they would answer the interview: fitting their poverty group."""

from datetime import date, timedelta

import numpy as np

from spean.kernel.policy import Scorecard
from spean.synthetic.rules.families import Floats, Ints
from spean.synthetic.rules.margins import GROUPS
from spean.synthetic.rules.people import Dates, People, Texts

TRIES = 12
ASKED_WITHIN_DAYS = 1000
# Points around which a group's answers are drawn; the nearest to its band of many draws is kept.
MIDDLES = {"poor_1": 62.0, "poor_2": 51.0, "at_risk": 39.5, "not_poor": 18.0}
SPREAD = {"poor_1": 3.0, "poor_2": 3.5, "at_risk": 2.5, "not_poor": 8.0}


def draw_answers(
    chance: np.random.Generator, group: Ints, people: People, card: Scorecard
) -> dict[str, Texts]:
    """Answer each asked question for each household, so that most score into their own group."""
    number = len(group)
    aims = chance.normal(
        np.array([MIDDLES[g] for g in GROUPS])[group], np.array([SPREAD[g] for g in GROUPS])[group]
    )
    known = _dependants_points(number, people, card)
    asked = [q for q in card.questions if not q.derived]
    most = sum(max(a.points for a in q.answers) for q in asked)
    best = np.full(number, np.inf)
    chosen = {q.code: np.zeros(number, dtype=np.int64) for q in asked}
    for _ in range(TRIES):
        drawn, points = {}, known.copy()
        lean = np.clip((aims - known) / most + chance.normal(0, 0.05, number), 0.01, 0.99)
        for question in asked:
            worth = np.array([a.points for a in question.answers], dtype=float)
            aim = lean * worth.max() + chance.normal(0, 0.3 * worth.max(), number)
            drawn[question.code] = np.abs(worth[None, :] - aim[:, None]).argmin(axis=1)
            points += worth[drawn[question.code]]
        nearer = np.abs(points - aims) < best
        best = np.where(nearer, np.abs(points - aims), best)
        for code, answer in drawn.items():
            chosen[code] = np.where(nearer, answer, chosen[code])
    return {
        q.code: np.array([a.code for a in q.answers], dtype=object)[chosen[q.code]] for q in asked
    }


def _dependants_points(number: int, people: People, card: Scorecard) -> Floats:
    """Give the points that the record itself will add (dependants for each of working age)."""
    earning = (people.age >= 15) & (people.age < 60)
    workers = np.bincount(people.home, weights=earning, minlength=number)
    others = np.bincount(people.home, weights=~earning, minlength=number)
    points = np.zeros(number)
    for question in (q for q in card.questions if q.derived):
        undecided = np.ones(number, dtype=bool)
        for answer in question.answers:
            holds = undecided & (
                others > workers * answer.above if answer.above is not None else True
            )
            points[holds] += answer.points
            undecided &= ~holds
    return points


def interview_days(chance: np.random.Generator, number: int, on: date) -> Dates:
    """Give the days of the interviews, all within the validity of a status."""
    last = np.datetime64(on - timedelta(days=1))
    return last - chance.integers(0, ASKED_WITHIN_DAYS, number).astype("timedelta64[D]")
