"""A village health volunteer asks for a boat or an ambulance from the village."""

from datetime import datetime, timedelta

from spean.fieldwork.actions.parts import WHOLE, Doing, Done, PartToDo, id_of
from spean.fieldwork.rules import Answers
from spean.fieldwork.rules.answers import AnswerNotANumber
from spean.kernel.errors import N_
from spean.referrals import actions as referrals

ASKED = N_("The referral is recorded, and a vehicle is asked for")
COMES = N_("The referral is recorded; the patient comes on their own")
NO_SIGN = "none"
MOST_HOURS = 24 * 14


def parts(answers: Answers) -> list[PartToDo]:
    """Give the request as one part."""
    return [PartToDo(WHOLE, lambda doing: _ask(answers, doing))]


def _ask(answers: Answers, doing: Doing) -> Done:
    made = referrals.request_referral(
        person_id=id_of(answers, "person", N_("person")),
        need=referrals.Need(
            urgency=answers.required("urgency"),
            reasons=[sign for sign in answers.chosen("reasons") if sign != NO_SIGN],
            note=answers.text("note"), transport=answers.is_yes("transport"),
            ways=answers.chosen("ways"), phone=answers.text("phone"),
            noticed_at=_noticed(answers, doing.at),
        ),
        at=doing.at, by=doing.by, now=doing.now,
    )  # fmt: skip
    return Done(made, ASKED if made.transport else COMES)


def _noticed(answers: Answers, asked: datetime) -> datetime | None:
    """Give when the danger was noticed: so many hours before the form was filled in."""
    hours = answers.number("hours_since")
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        raise AnswerNotANumber(answer=str(hours))
    return None if hours is None else asked - timedelta(hours=hours)
