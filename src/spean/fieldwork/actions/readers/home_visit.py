"""The home visit of a village health volunteer or a midwife."""

from spean.fieldwork.actions.parts import WHOLE, Doing, Done, PartToDo, id_of
from spean.fieldwork.rules import Answers
from spean.kernel.errors import N_
from spean.maternal_child import actions as care

RECORDED = N_("The visit is recorded")
REFER = N_("The visit is recorded. There are danger signs: make sure that they reach care today")
NOT_MET = N_("Nobody was met; the visit stays to be made")
NO_SIGN = "none"


def parts(answers: Answers) -> list[PartToDo]:
    """Give the visit as one part."""
    return [PartToDo(WHOLE, lambda doing: _record(answers, doing))]


def _record(answers: Answers, doing: Doing) -> Done:
    findings = _findings(answers) if answers.is_yes("met") else None
    visit = care.record_home_visit(
        household_id=id_of(answers, "household", N_("household")),
        person_id=id_of(answers, "person", N_("person")),
        kind=answers.required("kind"),
        visited_on=doing.on,
        findings=findings,
        pregnancy=(
            care.FoundPregnant(answers.day("expected_on"))
            if answers.is_yes("newly_pregnant")
            else None
        ),
        note=answers.text("note"),
        by=doing.by,
        on=doing.today,
    )
    if findings is None:
        return Done(visit, NOT_MET)
    return Done(visit, REFER if findings.danger_signs else RECORDED)


def _findings(answers: Answers) -> care.Findings:
    return care.Findings(
        danger_signs=[sign for sign in answers.chosen("danger_signs") if sign != NO_SIGN],
        muac_mm=answers.number("muac_mm"),
        oedema=_yes_or_no(answers, "oedema"),
        breastfed=_yes_or_no(answers, "breastfed"),
        topics=answers.chosen("advice"),
        referred=_yes_or_no(answers, "referred"),
        referred_to=answers.text("referred_to"),
    )


def _yes_or_no(answers: Answers, path: str) -> bool | None:
    return answers.is_yes(path) if answers.text(path) else None
