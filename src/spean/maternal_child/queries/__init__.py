"""Reads about mothers and children."""

from spean.maternal_child.models import HomeVisit, Kind
from spean.maternal_child.queries.civil import birth_notices, death_notices
from spean.maternal_child.queries.due import DuePerson, child_facts, due_in, mother_facts
from spean.maternal_child.queries.records import (
    ChildRecord,
    MotherRecord,
    advice_of,
    born_lately,
    child,
    contact,
    death,
    deaths,
    home_for,
    mother,
    open_pregnancy,
    pregnancies_in,
    pregnancy,
    vaccines_due,
)
from spean.maternal_child.queries.register import Delivery, deliveries
from spean.maternal_child.queries.visits import VisitDue, visit, visits, visits_due, waiting_for
from spean.maternal_child.rules.immunisation import batches_of

__all__ = [
    "ChildRecord",
    "Delivery",
    "DuePerson",
    "HomeVisit",
    "Kind",
    "MotherRecord",
    "VisitDue",
    "advice_of",
    "batches_of",
    "birth_notices",
    "born_lately",
    "child",
    "child_facts",
    "contact",
    "death",
    "death_notices",
    "deaths",
    "deliveries",
    "due_in",
    "home_for",
    "mother",
    "mother_facts",
    "open_pregnancy",
    "pregnancies_in",
    "pregnancy",
    "vaccines_due",
    "visit",
    "visits",
    "visits_due",
    "waiting_for",
]
