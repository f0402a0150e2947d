"""The forms: what each is for, who may fill it in, its newest version."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    "antenatal_contact": Use(Purpose.CARE, "maternal_child.record_contact"),
    "delivery": Use(Purpose.CARE, "maternal_child.record_contact"),
    "transport_request": Use(Purpose.CARE, "referrals.request"),
    "child_contact": Use(Purpose.CARE, "maternal_child.record_contact"),
}


def for_form(by: Actor, form_id: str) -> Actor:
    """Give the same actor, for the purpose for which a form's answers are used."""
    return replace(by, purpose=USES[form_id].purpose)


def areas_by_form(user: User) -> dict[str, tuple[str, ...]]:
    """Give the forms that a user may fill in, each with the areas in which; in one query."""
    by = Actor.of(user, Purpose.TARGETING)
    held = {name: access.areas(for_form(by, name), use.permission) for name, use in USES.items()}
    return {name: areas for name, areas in held.items() if areas}


def forms_for(user: User) -> list[FormVersion]:
    """Give the newest version of each form that the user may fill in somewhere."""
    newest = FormVersion.objects.filter(form_id__in=areas_by_form(user)).order_by(
        "form_id", "-version"
    )
    return list(newest.distinct("form_id"))


def form_version(form_id: str, version: str) -> FormVersion:
    """Give one version of a form; the questions are public. Raises NotFound."""
    found = FormVersion.objects.filter(form_id=form_id, version=version).first()
    if found is None:
        raise NotFound
    return found
