"""What an analyst asks."""

from contextlib import suppress
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spean.kernel.forms import SpeanForm
from spean.results import queries
from spean.results.queries.words import (
    COUNTED_NAMES,
    DIVISION_NAMES,
    VALUE_NAMES,
    counted_name,
    period_name,
)
from spean.results.rules import BadPeriod, before, of_day, span
from spean.results.rules.periods import Kind

# How many periods of each kind a reader may choose from, the last first.
OFFERED: dict[Kind, int] = {"year": 4, "quarter": 8, "month": 13}
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


class IndicatorForm(SpeanForm):
    """Which indicators: of what period, of whom alone."""

    area = forms.CharField(widget=forms.HiddenInput, required=False)
    period = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            one
            for kind, number in OFFERED.items()
            for one in reversed(before(of_day(on, kind), number))
        ]
        with suppress(BadPeriod):  # an older one may be asked for by its address
            offered.append(span(self.data.get("period", "")))
        cast(forms.ChoiceField, self.fields["period"]).choices = [
            (code, period_name(span(code))) for code in dict.fromkeys(one.code for one in offered)
        ]
        for division in ("level", "sex"):
            self.fields[division] = forms.ChoiceField(
                label=DIVISION_NAMES[division],
                choices=[*ALL, *VALUE_NAMES[division].items()],
                required=False,
            )
