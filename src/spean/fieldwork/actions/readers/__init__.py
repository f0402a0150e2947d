"""How each form is read."""

from collections.abc import Mapping

from spean.fieldwork.actions.parts import Reader
from spean.fieldwork.actions.readers import home_visit, household_update, poverty_interview

READERS: Mapping[str, Reader] = {
    "poverty_interview": Reader(parts=poverty_interview.parts, day=lambda answers: None),
    "home_visit": Reader(parts=home_visit.parts, day=lambda answers: answers.day("visited_on")),
    "household_update": Reader(parts=household_update.parts, day=lambda answers: None),
}
