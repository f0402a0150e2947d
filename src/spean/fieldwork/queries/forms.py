"""The forms: what each is for, who may fill it in, its newest version."""

from collections.abc import Mapping
from dataclasses import dataclass

from spean.fieldwork.models import FormVersion
from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotFound
from spean.kernel.models import User


@dataclass(frozen=True, slots=True)
class Use:
    """For what a form's answers are used, and the permission without which nobody gets it."""

    purpose: Purpose
    permission: str


USES: Mapping[str, Use] = {
    "poverty_interview": Use(Purpose.TARGETING, "targeting.interview"),
    "household_update": Use(Purpose.REGISTRATION, "registry.propose_change"),
    "home_visit": Use(Purpose.CARE, "maternal_child.record_visit"),
}


def areas_of(user: User, form_id: str) -> tuple[str, ...]:
    """Give the areas in which a user may fill a form in; () for none."""
    use = USES[form_id]
    return access.areas(Actor.of(user, use.purpose), use.permission)


def forms_for(user: User) -> list[FormVersion]:
    """Give the newest version of each form that the user may fill in somewhere."""
    mine = [form_id for form_id in USES if areas_of(user, form_id)]
    newest = FormVersion.objects.filter(form_id__in=mine).order_by("form_id", "-version")
    return list(newest.distinct("form_id"))


def form_version(form_id: str, version: str) -> FormVersion:
    """Give one version of a form; the questions are public. Raises NotFound."""
    found = FormVersion.objects.filter(form_id=form_id, version=version).first()
    if found is None:
        raise NotFound
    return found
