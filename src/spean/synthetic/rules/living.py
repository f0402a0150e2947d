"""How households live, as they would answer the interview: fitting their poverty group."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from spean.kernel.policy import Question, Scorecard
from spean.synthetic.rules.families import Floats, Ints
from spean.synthetic.rules.margins import GROUPS
from spean.synthetic.rules.people import Dates, People

TRIES = 12
ASKED_WITHIN_DAYS = 1000
NEAR_ENOUGH = 1.5  # points
# Points are drawn around the middle of a group's band, this far as a share of its breadth.
SPREAD, SPREAD_OF_LAST = 0.25, 0.23
ABOVE_LAST = 3.0  # points above the highest cut-off around which the poorest are drawn


def draw_answers(
    chance: np.random.Generator, group: Ints, people: People, card: Scorecard
) -> dict[str, Ints]:
    """Answer each asked question for each household, so that most score into their own group.

    Gives the place of the answer in the question. Answers are drawn anew until their points are
    near those aimed at, leaning further each time; after some tries, the nearest are kept.
    """
    number = len(group)
    middle, spread = _aims(card)
    aim = chance.normal(middle[group], spread[group]) - _dependants_points(number, people, card)
    reach = aim.copy()
    asked = [q for q in card.questions if not q.derived]
    off = np.full(number, np.inf)
    chosen = {q.code: np.zeros(number, dtype=np.int8) for q in asked}
    for _ in range(TRIES):
        again = np.flatnonzero(off > NEAR_ENOUGH)
        drawn, points = _try(chance, asked, reach[again])
        reach[again] += (aim[again] - points) / 2
        missed = np.abs(points - aim[again])
        nearer = missed < off[again]
        off[again[nearer]] = missed[nearer]
        for code, answer in drawn.items():
            chosen[code][again[nearer]] = answer[nearer]
    return {code: answer.astype(np.int64) for code, answer in chosen.items()}


def _aims(card: Scorecard) -> tuple[Floats, Floats]:
    """Give, for each group, the points around which its answers are drawn, and how far off."""
    lowest: Mapping[str, int] = card.cut_offs
    middles, spreads, above = [], [], None
    for name in GROUPS:
        least = lowest.get(name, 0)
        if above is None:
            middles.append(least + ABOVE_LAST)
            spreads.append(ABOVE_LAST * 0.75)
        else:
            middles.append((least + above - 1) / 2)
            spreads.append((above - least) * (SPREAD if least else SPREAD_OF_LAST))
        above = least if name in lowest else above
    return np.array(middles), np.array(spreads)


def _try(
    chance: np.random.Generator, asked: Sequence[Question], aim: Floats
) -> tuple[dict[str, Ints], Floats]:
    """Draw answers that lean towards the points aimed at, and add up their points."""
    number, points, drawn = len(aim), np.zeros(len(aim)), {}
    most = sum(max(a.points for a in q.answers) for q in asked)
    lean = aim / most + chance.normal(0, 0.05, number)
    for question in asked:
        worth = np.array([a.points for a in question.answers], dtype=float)
        order = np.argsort(worth, kind="stable")
        between = (worth[order][1:] + worth[order][:-1]) / 2
        wanted = lean * worth.max() + chance.normal(0, 0.3 * worth.max(), number)
        drawn[question.code] = order[np.searchsorted(between, wanted)]
        points += worth[drawn[question.code]]
    return drawn, points


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
