"""What officers fill in about money."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm, Words, prepare
from spean.payments.actions import GroundsMissing
from spean.payments.models import Payment
from spean.payments.queries import (
    ANSWER_COLUMNS,
    HOLDER_COLUMNS,
    funder_name,
    funders,
    programme_name,
    programmes,
)

NONE_YET = ("", "–")
ABOVE_NOTHING = _("Write an amount above 0 and no more than is listed.")


def _programmes() -> list[tuple[str, str]]:
    return [NONE_YET, *((code, programme_name(code)) for code in programmes())]


def _funders() -> list[tuple[str, str]]:
    return [NONE_YET, *((code, funder_name(code)) for code in funders())]


class RevisionForm(SpeanForm):
    """Money that a funder gives to a programme, or takes back, and the act that says so."""

    way = forms.ChoiceField(
        label=_("What the act does"), initial="gives", widget=forms.RadioSelect,
        choices=[("gives", _("The funder gives money")), ("takes", _("The funder takes it back"))],
    )  # fmt: skip

    programme = forms.ChoiceField(label=_("Programme"), choices=_programmes)
    funder = forms.ChoiceField(label=_("Funder"), choices=_funders)
    amount = forms.CharField(
        label=_("Amount in riel"), max_length=20, help_text=_("Digits only, without separators")
    )
    source = Words(label=_("The act that says so, with its number"), max_length=200)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class AnswersForm(SpeanForm):
    """A file that a channel sent."""

    file = forms.FileField(
        label=_("The channel's file"),
        help_text=format_lazy(
            _("CSV with the columns {columns}, or ISO 20022 (pain.002, camt.053, camt.054)"),
            columns=", ".join(ANSWER_COLUMNS),
        ),
    )


class HoldersForm(SpeanForm):
    """The provider's word on whose the wallets of an order are."""

    file = forms.FileField(
        label=_("The provider's answer"),
        help_text=format_lazy(
            _("CSV with the columns {columns}; no holder means that no wallet has the number"),
            columns=", ".join(HOLDER_COLUMNS),
        ),
    )


class ApprovalForm(SpeanForm):
    """The list that was looked at."""

    list_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ListForm(SpeanForm):
    """A list of names to whom nothing may be paid."""

    code = forms.SlugField(
        label=_("List"),
        max_length=40,
        help_text=_("Its code, such as un-consolidated"),
        error_messages={"invalid": _("Write Latin letters, digits and hyphens, without spaces.")},
    )
    file = forms.FileField(
        label=_("The list"),
        help_text=_("CSV with the columns reference and name, or the Consolidated List of the "
                    "United Nations as XML"),
    )  # fmt: skip


class SignedForm(SpeanForm):
    """Who paid, when, whether those who are not marked came, and what was paid in part to whom."""

    paid_by = Words(label=_("Who paid, as on the list"), max_length=60)
    paid_on = forms.DateField(label=_("Day on which they were paid"))
    others = forms.ChoiceField(
        label=_("Those who are not marked"), widget=forms.RadioSelect, initial="wait",
        choices=[("wait", _("Can still come")),
                 ("not_come", _("Did not come: their money goes back to the budget"))],
    )  # fmt: skip

    def __init__(self, *args: Any, listed: Iterable[Payment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = list(listed)
        for one in self.listed:
            field = forms.IntegerField(
                label=f"{_('Paid in part (riel)')}: {one.name or one.reference}", required=False,
                min_value=1, max_value=int(one.amount),
                error_messages=dict.fromkeys(("min_value", "max_value"), ABOVE_NOTHING),
            )  # fmt: skip
            prepare(field)
            self.fields[_part(one)] = field

    def clean(self) -> None:
        """Ask to mark whom a part was paid: an amount alone would be lost."""
        marked = self.data.getlist("signed")  # type: ignore[attr-defined]
        for one in self.listed:
            if self.cleaned_data.get(_part(one)) and one.reference not in marked:
                self.add_error(_part(one), _("Mark that the family signed, or empty the amount."))

    @property
    def signed(self) -> dict[str, Decimal | None]:
        """Who signed, with what was paid where it was a part."""
        marked = self.data.getlist("signed")  # type: ignore[attr-defined]
        parts = {one.reference: self.cleaned_data[_part(one)] for one in self.listed}
        return {
            reference: None if parts.get(reference) is None else Decimal(parts[reference])
            for reference in marked
        }

    @property
    def rows(self) -> list[tuple[Payment, bool, BoundField]]:
        """The list as the page shows it: whom, whether marked, and the part."""
        marked = self.data.getlist("signed") if self.is_bound else ()  # type: ignore[attr-defined]
        return [(one, one.reference in marked, self[_part(one)]) for one in self.listed]


def _part(one: Payment) -> str:
    return f"part_{one.reference}"


class GroundsForm(SpeanForm):
    """By what somebody tells what they decide."""

    grounds = Words(
        label=_("By what you tell"), max_length=300,
        error_messages={"required": _(GroundsMissing.message)},
    )  # fmt: skip
