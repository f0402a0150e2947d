"""What the programme officer fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import AreaField, SpeanForm
from spean.payments.queries import Order
from spean.programmes.queries.words import MOVES, STATES
from spean.programmes.rules import State


class CycleForm(SpeanForm):
    """A programme and the days that a cycle pays for."""

    programme = forms.ChoiceField(label=_("Programme"), widget=forms.RadioSelect)
    start = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))

    def __init__(self, *args: Any, programmes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = programmes  # type: ignore[attr-defined]


class OrderForm(SpeanForm):
    """The channel, and what the payees read on their statement."""

    channel = forms.ChoiceField(
        label=_("Channel"), choices=Order.Channel.choices, widget=forms.RadioSelect
    )
    purpose = forms.CharField(
        label=_("What the family reads on its statement"), max_length=140, min_length=3
    )


class ListForm(SpeanForm):
    """Which part of a programme's list is shown."""

    state = forms.ChoiceField(
        label=_("Where they stand"), required=False,
        choices=[("", _("All")), *((str(state), text) for state, text in STATES.items())],
    )  # fmt: skip
    area = AreaField(
        help_text=_("2 digits for a province, 4 for a district, 6 for a commune, 8 for a village.")
    )


class ReviewForm(SpeanForm):
    """What is done with the families of an area."""

    what = forms.ChoiceField(
        label=_("What is done"), widget=forms.RadioSelect,
        choices=[("enrol", _("Enrol all candidates")),
                 ("let_go", _("End the enrolment of who is not entitled any more"))],
    )  # fmt: skip
    area = AreaField(
        help_text=_("2 digits for a province, 4 for a district, 6 for a commune, 8 for a village; "
                    "empty for the nation.")
    )  # fmt: skip


class MoveForm(SpeanForm):
    """The next step of one family, and why."""

    to = forms.ChoiceField(label=_("What is done"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, states: Sequence[State], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(state.value, MOVES[state]) for state in states]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class CorrectionForm(SpeanForm):
    """Why a past cycle is worked out anew."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class DecisionForm(SpeanForm):
    """Why what was given too much is taken back, or is not."""

    grounds = forms.CharField(label=_("Reason"), max_length=300)
