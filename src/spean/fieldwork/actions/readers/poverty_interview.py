"""The poverty interview: a family on the list, or one met for the first time."""

from uuid import UUID

from django.utils.translation import override

from spean.fieldwork.actions.parts import WHOLE, Doing, Done, PartToDo, id_of
from spean.fieldwork.queries.members import new_member
from spean.fieldwork.rules import Answers
from spean.kernel.errors import N_
from spean.locations import queries as locations
from spean.registry import actions as registry
from spean.targeting import actions as targeting
from spean.targeting import queries as cases
from spean.targeting.queries import Assessment

SCORED = N_("Score %(points)s: %(level)s")
DECLINED = N_("The family declined the interview")
CHANNEL = "home"


def parts(answers: Answers) -> list[PartToDo]:
    """Give the interview as one part: what is registered and what is scored stand together."""
    return [PartToDo(WHOLE, lambda doing: _hold(answers, doing))]


def _hold(answers: Answers, doing: Doing) -> Done:
    known = answers.is_yes("known")
    if answers.text("consent") == "no":
        return Done(_case(answers, doing) if known else None, DECLINED)
    case = _case(answers, doing) if known else _new_case(answers, doing)
    house = Answers(answers.values, answers.full("house"))
    wanted = {q.code for q in cases.scorecard(on=doing.on).questions if not q.derived}
    given = {code: value for code, value in house.inside().items() if code in wanted and value}
    done = targeting.record_interview(
        assessment_id=case.pk,
        version=case.version,
        answers=given,
        note=answers.text("note"),
        by=doing.by,
        on=doing.on,
    )
    with override("en"):
        level = str(done.get_scored_level_display())
    points = done.points or 0
    whole = int(points) if points == int(points) else f"{points:g}"
    return Done(done, SCORED, {"points": whole, "level": level})


def _case(answers: Answers, doing: Doing) -> Assessment:
    return cases.assessment(id_of(answers, "case", N_("case")), by=doing.by)


def _new_case(answers: Answers, doing: Doing) -> Assessment:
    """Register the family, or take the one that a person at the inbox said it is."""
    if family := doing.word.get("household"):
        waiting = cases.case_to_interview(UUID(family), by=doing.by)
        if waiting is not None:
            return waiting
        household_id = UUID(family)
    else:
        members = [new_member(one, doing.on) for one in answers.each("member")]
        household_id = registry.register_household(
            village=locations.place(answers.required("village"), doing.on),
            address=answers.text("home/address"),
            phone=answers.text("home/phone"),
            members=members,
            by=doing.by,
            on=doing.on,
            not_duplicates=bool(doing.word.get("others")),
        ).pk
    return targeting.request_assessment(
        household_id=household_id, channel=CHANNEL, by=doing.by, on=doing.on
    )
