"""How each form is read."""

from collections.abc import Mapping

from spean.fieldwork.actions.parts import Reader
from spean.fieldwork.actions.readers import household_update, poverty_interview

READERS: Mapping[str, Reader] = {
    "poverty_interview": Reader(parts=poverty_interview.parts, day=lambda answers: None),
    "household_update": Reader(parts=household_update.parts, day=lambda answers: None),
}
