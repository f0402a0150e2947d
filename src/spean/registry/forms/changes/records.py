"""Corrections of a person's record, and dated facts added to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.registry.forms.changes.base import NOBODY, ChangeForm
from spean.registry.forms.people import ASKED, FUNCTIONS, OF_A_PERSON
from spean.registry.models.people import BirthDatePrecision, Difficulty, Sex


class CorrectPersonForm(ChangeForm):
    """What was recorded wrongly; what is left empty stays."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Whose record?"))
    family_name_km = forms.CharField(label=_("Family name in Khmer"), required=False)
    given_name_km = forms.CharField(label=_("Given name in Khmer"), required=False)
    family_name_latin = forms.CharField(label=_("Family name in Latin letters"), required=False)
    given_name_latin = forms.CharField(label=_("Given name in Latin letters"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=NOBODY + Sex.choices, required=False)
    birth_date = forms.DateField(label=_("Date of birth"), required=False)
    birth_date_precision = forms.ChoiceField(
        label=_("How well the date of birth is known"),
        choices=NOBODY + BirthDatePrecision.choices,
        required=False,
    )
    phone = forms.CharField(label=_("Phone"), required=False)


class RecordIdentifierForm(ChangeForm):
    """A number that another office has given."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Whose number?"))
    number_kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in OF_A_PERSON]
    )
    number = forms.CharField(label=_("Number"), max_length=40)
    issued_on = forms.DateField(label=_("Issued on"), required=False)
    expires_on = forms.DateField(label=_("Expires on"), required=False)

    def field_of(self, path: str) -> str:
        """Show what is wrong with a number beside it."""
        return super().field_of(path) or "number"


class RecordPregnancyForm(ChangeForm):
    """A pregnancy, or its end."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Who?"))
    expected_on = forms.DateField(label=_("Expected date of delivery"), required=False)
    ended = forms.BooleanField(label=_("The pregnancy has ended"), required=False)


class RecordFunctioningForm(ChangeForm):
    """The six questions of the Washington Group short set."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Who?"))

    def own_fields(self) -> dict[str, forms.Field]:
        """Ask all six."""
        return {
            name: forms.TypedChoiceField(
                label=ASKED[name], choices=[("", "—"), *Difficulty.choices], coerce=int
            )
            for name in FUNCTIONS
        }
