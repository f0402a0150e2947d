"""What a person at the inbox writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.fieldwork.queries import ShownAnswer
from spean.kernel.formats import language
from spean.kernel.forms import AreaField, SpeanForm
from spean.kernel.policy import Scorecard
from spean.targeting.queries import words


class WhyForm(SpeanForm):
    """A reason."""

    note = forms.CharField(label=_("Why"), max_length=300)


class DayForm(SpeanForm):
    """The day on which a form was really filled in."""

    day = forms.DateField(label=_("On which day was it filled in?"))
    note = forms.CharField(label=_("How do you know?"), max_length=300)


class PeriodForm(SpeanForm):
    """From which day to which."""

    first_day = forms.DateField(label=_("From"))
    last_day = forms.DateField(label=_("Until"))


class DrawForm(PeriodForm):
    """What is drawn by lot."""

    area = AreaField(
        help_text=_("2 digits for a province, 4 for a district, 6 for a commune, 8 for a village."),
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=40,
        help_text=_("The same seed draws the same interviews, so that others can draw again."),
    )


class CheckForm(SpeanForm):
    """The questions of the scorecard in force, asked a second time."""

    def __init__(self, *args: Any, scorecard: Scorecard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in scorecard.questions:
            if not question.derived:
                self.fields[question.code] = forms.ChoiceField(
                    label=words(question.text),
                    choices=[(answer.code, words(answer.text)) for answer in question.answers],
                    widget=forms.RadioSelect,
                )


class DeviceForm(SpeanForm):
    """A phone that is to be given a key."""

    name = forms.CharField(
        label=_("Name of the phone"),
        max_length=60,
        help_text=_("So that you know it again, such as “Samsung of the commune”."),
    )


class CorrectionForm(SpeanForm):
    """Every answer of a record, as it stands, to be put right."""

    note = forms.CharField(label=_("How do you know?"), max_length=300)

    def __init__(self, *args: Any, answers: list[ShownAnswer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {f"answer-{n}": shown for n, shown in enumerate(answers)}
        self.fields = {
            **{name: _field(shown) for name, shown in self.paths.items()},
            "note": self.fields["note"],
        }

    def changed_answers(self) -> dict[str, str]:
        """Give the answers that are no longer as they stood, by path."""
        given = {shown.path: _text(self.cleaned_data[n]) for n, shown in self.paths.items()}
        return {
            shown.path: given[shown.path]
            for shown in self.paths.values()
            if given[shown.path] != shown.text.strip()
        }


def _text(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _field(shown: ShownAnswer) -> forms.Field:
    words = shown.question.get(language()) or shown.path
    label = f"{words} ({shown.repeat})" if shown.repeat else words
    if shown.choices:
        choices = [(code, said.get(language()) or code) for code, said in shown.choices.items()]
        if shown.several:
            return forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=choices,
                initial=shown.text.split(),
                widget=forms.CheckboxSelectMultiple,
            )
        return forms.ChoiceField(
            label=label, required=False, choices=[("", "–"), *choices], initial=shown.text.strip()
        )
    return forms.CharField(label=label, required=False, max_length=300, initial=shown.text.strip())
