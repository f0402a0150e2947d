"""What the programme officer fills in."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import AreaField, SpeanForm, Words
from spean.payments.queries import TO_FAMILIES
from spean.programmes.actions import ReasonMissing
from spean.programmes.queries.words import KINDS, MOVES, STATES, programme_name
from spean.programmes.rules import CONFIRMED, DELIVERY, MONTHLY, STANDING, State

WHY: Mapping[str, Any] = {
    "label": _("Reason"), "max_length": 300,
    "error_messages": {"required": _(ReasonMissing.message)},
}  # fmt: skip


class CycleForm(SpeanForm):
    """A programme and the days that a cycle pays for."""

    programme = forms.ChoiceField(label=_("Programme"), widget=forms.RadioSelect)
    start = forms.DateField(label=_("First day"))
    last_day = forms.DateField(label=_("Last day"))
    CALLED: ClassVar[Mapping[str, str]] = {"end": "last_day"}

    def __init__(self, *args: Any, programmes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = programmes  # type: ignore[attr-defined]


class OrderForm(SpeanForm):
    """The channel, and what the payees read on their statement."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in TO_FAMILIES],
    )
    purpose = Words(label=_("What the family reads on its statement"), max_length=140, min_length=3)


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
    reason = Words(**WHY)

    def __init__(self, *args: Any, states: Sequence[State], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(state.value, MOVES[state]) for state in states]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class CardForm(SpeanForm):
    """The family that stands at the counter, and for which programme."""

    programme = forms.ChoiceField(label=_("What is confirmed"), widget=forms.RadioSelect)
    number = forms.CharField(label=_("Number of the equity card"), max_length=40)

    def __init__(self, *args: Any, programmes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, programme_name(code)) for code in programmes]
        self.fields["programme"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["programme"].initial = choices[0][0]


class ConfirmForm(SpeanForm):
    """What was seen, of whom and when; fields that the programme doesn't ask for are left out."""

    person = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("When"))
    babies = forms.IntegerField(label=_("How many babies, at a delivery"), initial=1)
    attendance = forms.DecimalField(label=_("Days attended, in percent"), decimal_places=2)

    def __init__(
        self, *args: Any, programme: str, people: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = CONFIRMED[programme]
        choices = [(kind, KINDS[kind]) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        for name, asked in (
            ("person", not set(kinds) & set(STANDING)), ("kind", len(kinds) > 1),
            ("babies", DELIVERY in kinds), ("attendance", bool(set(kinds) & set(MONTHLY))),
        ):  # fmt: skip
            if not asked:
                del self.fields[name]
        if "attendance" in self.fields:
            self.fields["on"].label = _("First day of the month of school")
        self.programme, self.initial_kind = programme, kinds[0]


class WithdrawForm(SpeanForm):
    """Why something confirmed is taken back."""

    reason = Words(**WHY)


class MonthForm(SpeanForm):
    """A school's list for a month."""

    month = forms.DateField(label=_("First day of the month of school"))
    file = forms.FileField(label=_("The list, filled in (CSV or XLSX)"))
    keep = forms.ChoiceField(
        label=_("If a row can't be taken in"), widget=forms.RadioSelect,
        choices=[("good", _("Take the others in")), ("none", _("Take none in"))],
    )  # fmt: skip


class CorrectionForm(SpeanForm):
    """Why a past cycle is worked out anew."""

    reason = Words(**WHY)


class DecisionForm(SpeanForm):
    """Why what was given too much is taken back, or is not."""

    grounds = Words(**WHY)
