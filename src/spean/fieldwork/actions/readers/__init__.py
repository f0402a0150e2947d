"""How each form is read."""

from collections.abc import Mapping

from spean.fieldwork.actions.parts import Reader
from spean.fieldwork.actions.readers import (
    care,
    home_visit,
    household_update,
    poverty_interview,
    transport_request,
)

READERS: Mapping[str, Reader] = {
    "poverty_interview": Reader(parts=poverty_interview.parts, day=lambda answers: None),
    "home_visit": Reader(parts=home_visit.parts, day=lambda answers: answers.day("visited_on")),
    "antenatal_contact": Reader(parts=care.antenatal, day=lambda answers: answers.day("day")),
    "delivery": Reader(parts=care.birth, day=lambda answers: answers.day("day")),
    "child_contact": Reader(parts=care.child, day=lambda answers: answers.day("day")),
    "transport_request": Reader(parts=transport_request.parts, day=lambda answers: None),
    "household_update": Reader(parts=household_update.parts, day=lambda answers: None),
}
