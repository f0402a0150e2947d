"""A household and its members, as a clerk enters them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm, prepare
from spean.kernel.i18n import explain
from spean.locations.forms import VillageField
from spean.registry.actions import NewMember, Problems
from spean.registry.models import Identifier
from spean.registry.models.households import Relation
from spean.registry.models.people import BirthDatePrecision, Difficulty, Sex

REGISTER = "registry.register_household"
FUNCTIONS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
OF_A_PERSON = [kind for kind in Identifier.Kind if kind != Identifier.Kind.EQUITY_CARD]
# Where a problem with several answers at once is shown.
_SHOWN_AT = {"functioning": "seeing"}
ASKED = {
    "seeing": _("Difficulty seeing, even with glasses?"),
    "hearing": _("Difficulty hearing, even with a hearing aid?"),
    "walking": _("Difficulty walking or climbing steps?"),
    "remembering": _("Difficulty remembering or concentrating?"),
    "self_care": _("Difficulty washing or dressing?"),
    "communicating": _("Difficulty communicating in their own language?"),
}


class HouseholdForm(SpeanForm):
    """Where a household lives."""

    address = forms.CharField(label=_("House, street or landmark"), required=False, max_length=200)
    phone = forms.CharField(
        label=_("Phone of the household"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    not_duplicates = forms.BooleanField(
        label=_("I have looked at the records shown: these are other people."), required=False
    )

    def __init__(self, *args: Any, by: Actor, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"] = VillageField(by=by, permission=REGISTER, on=on)
        self.order_fields(["village"])


class MemberForm(SpeanForm):
    """One person to be recorded."""

    relation = forms.ChoiceField(label=_("Relation to the head"), choices=Relation.choices)
    family_name_km = forms.CharField(label=_("Family name in Khmer"), required=False)
    given_name_km = forms.CharField(label=_("Given name in Khmer"), required=False)
    family_name_latin = forms.CharField(label=_("Family name in Latin letters"), required=False)
    given_name_latin = forms.CharField(label=_("Given name in Latin letters"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    birth_date = forms.DateField(label=_("Date of birth"))
    birth_date_precision = forms.ChoiceField(
        label=_("How well the date of birth is known"),
        choices=BirthDatePrecision.choices,
        initial=BirthDatePrecision.EXACT,
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    pregnant = forms.BooleanField(label=_("Pregnant"), required=False)

    numbers = tuple(str(kind) for kind in OF_A_PERSON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in OF_A_PERSON:
            self.fields[kind.value] = forms.CharField(label=kind.label, required=False)
            prepare(self.fields[kind.value])
        for name in FUNCTIONS:
            self.fields[name] = forms.TypedChoiceField(
                label=ASKED[name],
                choices=[("", "—"), *Difficulty.choices],
                coerce=int,
                empty_value=None,
                required=False,
            )

    def new_member(self) -> NewMember:
        """Give what was entered as the registry takes it."""
        data = dict(self.cleaned_data)
        answers = {name: data.pop(name) for name in FUNCTIONS}
        numbers = {kind: number for kind in self.numbers if (number := data.pop(kind))}
        given = {name: answer for name, answer in answers.items() if answer is not None}
        return NewMember(**data, identifiers=numbers, functioning=given or None)

    def add_member_error(self, field: str, error: SpeanError) -> None:
        """Put a refusal beside the field that the registry names (`identifiers.national_id`)."""
        parts = [_SHOWN_AT.get(part, part) for part in field.split(".")]
        names = [part for part in parts if part in self.fields]
        self.add_error(names[-1] if names else None, explain(error))


if TYPE_CHECKING:
    MemberForms = BaseFormSet[MemberForm]
else:
    MemberForms = BaseFormSet


class Members(MemberForms):
    """The members of a household being entered, the head first; forms left empty don't count."""

    def initial_form_count(self) -> int:
        """Let every member sent be emptied again: none of them is recorded yet."""
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: MemberForm, index: int | None) -> None:
        """Begin with the head; most who follow are children."""
        super().add_fields(form, index)
        first = index == 0
        form.fields["relation"].initial = Relation.HEAD if first else Relation.CHILD

    @property
    def entered(self) -> list[MemberForm]:
        """Give the forms in which something was entered."""
        return [form for form in self.forms if form.has_changed()]

    def raw(self) -> list[dict[str, Any]]:
        """Give what was typed in each form, unjudged, to show it again with one more form."""
        return [
            {
                name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
                for name, field in form.fields.items()
            }
            for form in self.entered
        ]


MemberFormSet = formset_factory(MemberForm, formset=Members, extra=1, min_num=1, max_num=40)


def add_problems(error: Problems, household: HouseholdForm, members: Members) -> None:
    """Put each problem beside the field of the member, or of the household, that it is about."""
    for problem in error.problems:
        if problem.member is None:
            field = problem.field if problem.field in household.fields else None
            household.add_error(field, explain(problem.error))
        else:
            members.entered[problem.member].add_member_error(problem.field, problem.error)
