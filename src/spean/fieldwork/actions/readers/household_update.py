"""The household update: each field, member and event is a part that stands on its own.

What the phone showed is compared with what is recorded now, field by field; a person decides where
both sides changed one. Each part becomes a change request, which the council approves as always.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from spean.fieldwork.actions.parts import ChangedOnBothSides, Doing, Done, PartToDo, id_of
from spean.fieldwork.queries.members import new_member
from spean.fieldwork.rules import Answers
from spean.kernel.errors import N_
from spean.registry import actions as registry
from spean.registry import queries as households

PROPOSED = N_("Proposed to the commune council")
ALREADY = N_("It was recorded so already")
FIELDS = ("address", "phone")
Do = Callable[[Answers, Answers, Doing], Done]


def parts(answers: Answers) -> list[PartToDo]:
    """Give a part for each field and each repeat that was filled in."""
    what = answers.chosen("what")
    found = [PartToDo(name, partial(_correct, answers, name)) for name in FIELDS if name in what]
    for name, do in EVENTS.items():
        if name in what:
            for n, one in enumerate(answers.each(name), start=1):
                found.append(PartToDo(f"{name}[{n}]", partial(do, answers, one)))
    return found


def _correct(answers: Answers, name: str, doing: Doing) -> Done:
    household = households.household_for(id_of(answers, "household", N_("household")))
    offered, seen = answers.text(name), answers.text(f"seen_{name}")
    recorded = str(getattr(household, name))
    if recorded not in (seen, offered) and not doing.word.get("insist"):
        raise ChangedOnBothSides(seen=seen, recorded=recorded, offered=offered)
    return _propose(
        answers, doing, kind="correct_household", household=household, proposal={name: offered}
    )


def _add(answers: Answers, one: Answers, doing: Doing) -> Done:
    household = households.household_for(id_of(answers, "household", N_("household")))
    since = one.day("since") or doing.on
    proposal = {
        "because": one.text("because") or "other",
        "member": new_member(one, since),
        "not_duplicates": bool(doing.word.get("others")),
    }
    return _propose(
        answers, doing, kind="add_member", household=household, proposal=proposal, on=since
    )


def _remove(answers: Answers, one: Answers, doing: Doing) -> Done:
    proposal = {"because": one.text("because") or "other"}
    return _about(answers, one, doing, kind="remove_member", day="left_on", proposal=proposal)


def _record_death(answers: Answers, one: Answers, doing: Doing) -> Done:
    died = one.required("died_on")
    proposal = {"death_date": died}
    return _about(answers, one, doing, kind="death", day="died_on", proposal=proposal)


def _record_pregnancy(answers: Answers, one: Answers, doing: Doing) -> Done:
    proposal = {"expected_on": one.text("expected_on") or None}
    return _about(answers, one, doing, kind="record_pregnancy", day="", proposal=proposal)


EVENTS: dict[str, Do] = {
    "added": _add,
    "left": _remove,
    "died": _record_death,
    "pregnancy": _record_pregnancy,
}


def _about(
    answers: Answers, one: Answers, doing: Doing, *, kind: str, day: str, proposal: dict[str, Any]
) -> Done:
    person = households.person(id_of(one, "person", N_("person")), by=doing.by, log_read=False)
    household = households.household_for(id_of(answers, "household", N_("household")))
    return _propose(
        answers,
        doing,
        kind=kind,
        household=household if kind == "remove_member" else None,
        person=person,
        proposal=proposal,
        on=(one.day(day) if day else None) or doing.on,
    )


def _propose(answers: Answers, doing: Doing, *, on: Any = None, **what: Any) -> Done:
    try:
        change = registry.propose_change(
            reason=answers.required("reason"),
            effective_on=on or doing.on,
            by=doing.by,
            on=doing.today,
            **what,
        )
    except registry.NothingChanges:
        return Done(what.get("household") or what.get("person"), ALREADY)
    return Done(change, PROPOSED)
