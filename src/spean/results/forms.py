"""What an analyst asks."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spean.kernel.forms import SpeanForm
from spean.results import queries
from spean.results.queries.words import COUNTED_NAMES, DIVISION_NAMES, VALUE_NAMES, counted_name

ALL = [("", pgettext_lazy("of a filter", "All"))]


class QuestionForm(SpeanForm):
    """A question: what is counted, by what, where, of whom."""

    what = forms.ChoiceField(label=_("What"))
    by = forms.ChoiceField(label=_("Divided by"))
    area = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, programmes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = cast(forms.ChoiceField, self.fields["what"])
        what.choices = [
            *COUNTED_NAMES.items(),
            *((code, counted_name(code)) for code in programmes),
        ]
        by = cast(forms.ChoiceField, self.fields["by"])
        by.choices = list(DIVISION_NAMES.items())
        for division, names in VALUE_NAMES.items():
            self.fields[division] = forms.ChoiceField(
                label=DIVISION_NAMES[division], choices=[*ALL, *names.items()], required=False
            )

    @property
    def question(self) -> queries.Question:
        """The question asked."""
        given = self.cleaned_data
        only = {name: given[name] for name in VALUE_NAMES if given[name]}
        return queries.Question(given["what"], given["by"], given["area"], only)
