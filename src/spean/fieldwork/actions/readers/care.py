"""Care on a phone: an antenatal contact, a birth, a child's contact with its vaccines."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from spean.fieldwork.actions.parts import WHOLE, Doing, Done, PartToDo, id_of
from spean.fieldwork.rules import Answers
from spean.fieldwork.rules.answers import AnswerNotANumber
from spean.kernel.errors import N_
from spean.maternal_child import actions as care
from spean.maternal_child import queries

RECORDED = N_("The contact is recorded")
REFER = N_("The contact is recorded. Refer at once: look at what follows from it")
BEGUN = N_("The pregnancy is recorded")
BORN = N_("The birth is recorded")
NO_SIGN = "none"
NUMBERS = (
    "systolic", "diastolic", "fundal_height_cm", "fetal_heart", "haemoglobin", "protein",
    "muac_mm", "breaths",
)  # fmt: skip
DECIMALS = ("weight_kg", "length_cm", "temperature")
LYING: Mapping[str, bool | None] = {"": None, "l": True, "h": False}


def antenatal(answers: Answers) -> list[PartToDo]:
    """Give the pregnancy, where this is its first contact, and then the contact."""
    begin = [PartToDo("pregnancy", lambda doing: _begin(answers, doing))]
    contact = PartToDo(WHOLE, lambda doing: _contact(answers, doing, "antenatal"))
    return [*(begin if answers.is_yes("first") else []), contact]


def birth(answers: Answers) -> list[PartToDo]:
    """Give the birth as one part."""
    return [PartToDo(WHOLE, lambda doing: _birth(answers, doing))]


def child(answers: Answers) -> list[PartToDo]:
    """Give the contact with its vaccines as one part."""
    kind = answers.text("kind") or "child"
    return [PartToDo(WHOLE, lambda doing: _contact(answers, doing, kind))]


def _begin(answers: Answers, doing: Doing) -> Done:
    made = care.record_pregnancy(
        person_id=id_of(answers, "person", N_("person")),
        dating=care.Dating(last_period_on=answers.day("last_period_on")), by=doing.by,
        on=doing.on,
    )  # fmt: skip
    return Done(made, BEGUN)


def _contact(answers: Answers, doing: Doing, kind: str) -> Done:
    batches = queries.batches_of(answers.text("batches"))
    made = care.record_contact(
        person_id=id_of(answers, "person", N_("person")), kind=kind, day=doing.on,
        place=answers.required("place"), measured=_measured(answers),
        doses=[
            care.NewDose(vaccine, doing.on, batches.get(vaccine, ""))
            for vaccine in answers.chosen("vaccines")
        ],
        note=answers.text("note"), sure=answers.is_yes("sure"), by=doing.by, on=doing.today,
    )  # fmt: skip
    return Done(made, REFER if made.decision.outcome == "refer_now" else RECORDED)


def _measured(answers: Answers) -> care.Measured:
    numbers: dict[str, Any] = {name: answers.number(name) for name in NUMBERS}
    numbers |= {name: _decimal(answers.text(name)) for name in DECIMALS}
    return care.Measured(
        **numbers,
        lying=LYING.get(answers.text("position")),
        oedema=answers.is_yes("oedema") if answers.text("oedema") else None,
        hiv=answers.text("hiv"), syphilis=answers.text("syphilis"),
        danger_signs=[sign for sign in answers.chosen("danger_signs") if sign != NO_SIGN],
        treatments=answers.chosen("treatments"), topics=answers.chosen("advice"),
    )  # fmt: skip


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation as error:
        raise AnswerNotANumber(answer=text) from error


def _birth(answers: Answers, doing: Doing) -> Done:
    mother = id_of(answers, "person", N_("person"))
    made = care.record_birth(
        pregnancy_id=queries.open_pregnancy(mother),
        birth=care.Birth(
            doing.on, answers.required("place"), answers.required("attendant"),
            answers.required("mode"), answers.chosen("complications"), answers.text("facility"),
        ),
        babies=[
            care.NewBaby(
                one.required("outcome"), one.required("sex"), one.number("weight_g"),
                one.text("given_name_km"),
            )
            for one in answers.each("baby")
        ],
        others=answers.is_yes("others"), by=doing.by, on=doing.today,
    )  # fmt: skip
    return Done(made, BORN)
