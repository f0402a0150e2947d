"""One form for each step of an assessment."""

from typing import Any, cast

from django import forms
from django.db.models import Choices
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.kernel.policy import Scorecard
from spean.targeting.models import (
    CheckOutcome,
    Circumstance,
    Level,
    Opinion,
    RefusalReason,
    RequestChannel,
)
from spean.targeting.queries import words

ASKED = [choice for choice in RequestChannel.choices if choice[0] != RequestChannel.SYSTEM]


def one_of(label: Any, choices: Any, *, required: bool = True, **more: Any) -> forms.ChoiceField:
    """Make a question with radio buttons."""
    listed = (
        choices.choices if isinstance(choices, type) and issubclass(choices, Choices) else choices
    )
    return forms.ChoiceField(
        label=label, choices=listed, widget=forms.RadioSelect, required=required, **more
    )


def maybe(label: Any, choices: type[Choices]) -> forms.ChoiceField:
    """Make a list from which nothing need be chosen."""
    return forms.ChoiceField(label=label, choices=[("", "—"), *choices.choices], required=False)


def remark(label: Any = None, *, required: bool = False, most: int = 500) -> forms.CharField:
    """Make a field for a few lines of text."""
    return forms.CharField(
        label=label or _("Note"),
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StepForm(SpeanForm):
    """A form that remembers which version of the case its writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RequestForm(SpeanForm):
    """A household asks to be assessed."""

    channel = one_of(_("How did the household ask?"), ASKED)
    note = remark(most=300)


class InterviewForm(StepForm):
    """The questions of the scorecard in force; the derived ones are answered by the record."""

    note = remark()

    def __init__(self, *args: Any, scorecard: Scorecard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [question for question in scorecard.questions if not question.derived]
        for question in asked:
            answers = [(answer.code, words(answer.text)) for answer in question.answers]
            self.fields[question.code] = one_of(words(question.text), answers)
        self.asked = [question.code for question in asked]
        self.order_fields(["version", *self.asked, "note"])

    def cleaned_step(self) -> dict[str, Any]:
        """Give what `record_interview` takes."""
        data = self.cleaned_data
        answers = {code: data[code] for code in self.asked}
        return {"version": data["version"], "note": data["note"], "answers": answers}


class ReviewForm(StepForm):
    """What the village representatives say of the scored level."""

    opinion = one_of(_("What do the village representatives say?"), Opinion)
    proposed_level = maybe(_("Which level do they propose?"), Level)
    circumstance = maybe(_("Because of which special circumstance?"), Circumstance)
    note = remark(_("What was said at the meeting"))


class DisplayForm(StepForm):
    """Nothing but the word that the list is up."""


class DecisionForm(StepForm):
    """The commune council's decision."""

    level = one_of(_("Which level does the council decide?"), Level)
    reason = maybe(_("If it is not the scored level: because of which circumstance?"), Circumstance)
    note = remark()


class CheckForm(StepForm):
    """The district's check."""

    outcome = one_of(_("What does the district decide?"), CheckOutcome)
    note = remark(_("Note (needed to send it back)"))


class RefusalForm(StepForm):
    """Why a request is not taken up."""

    reason = one_of(_("Why is the request refused?"), RefusalReason)
    note = remark()


class WithdrawalForm(StepForm):
    """The household no longer wants to be assessed."""

    note = remark()


class ReinterviewForm(SpeanForm):
    """Why the district wants a household interviewed anew."""

    reason = remark(_("Why is a new interview needed?"), required=True)


def step_data(form: StepForm) -> dict[str, Any]:
    """Give what the form's action takes."""
    return form.cleaned_step() if isinstance(form, InterviewForm) else cast(Any, form.cleaned_data)
