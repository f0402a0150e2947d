"""A home visit, written down in the office."""

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.maternal_child.actions import Findings
from spean.maternal_child.forms.base import YES_NO, yes_or_no
from spean.maternal_child.models import Kind, Place, Sign, Topic


class VisitForm(SpeanForm):
    """Who was visited, what was found, where they were referred to."""

    person_id = forms.ChoiceField(label=_("Whom was the visit about?"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("Kind of visit"), choices=Kind.choices, widget=forms.RadioSelect
    )
    visited_on = forms.DateField(label=_("Day of the visit"))
    met = forms.TypedChoiceField(
        label=_("Was the person met?"),
        choices=YES_NO[1:],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
    )
    danger_signs = forms.MultipleChoiceField(
        label=_("Danger signs"),
        choices=Sign.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    muac_mm = forms.IntegerField(label=_("Mid-upper arm circumference (mm)"), required=False)
    oedema = yes_or_no(_("Both feet swollen"))
    breastfed = yes_or_no(_("Breastfed"))
    topics = forms.MultipleChoiceField(
        label=_("What was talked about"),
        choices=Topic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    referred = yes_or_no(_("Referred"))
    referred_to = forms.ChoiceField(
        label=_("Referred to"), choices=[("", "–"), *Place.choices], required=False
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, people: list[tuple[str, str]], on: date, **kw: Any) -> None:
        super().__init__(*args, initial={"visited_on": on}, **kw)
        self.fields["person_id"].choices = people  # type: ignore[attr-defined]

    def visit(self) -> dict[str, Any]:
        """Give what `record_home_visit` takes."""
        given = dict(self.cleaned_data)
        found = {field.name: given.pop(field.name) for field in fields(Findings)}
        met = given.pop("met")
        person = UUID(given.pop("person_id"))
        return given | {"person_id": person, "findings": Findings(**found) if met else None}
