"""What officers fill in about money."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm, Words
from spean.payments.actions import GroundsMissing
from spean.payments.queries import ANSWER_COLUMNS, funder_name, funders, programme_name, programmes

NONE_YET = ("", "–")


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
    """Who paid, when, and whether those who are not marked came."""

    paid_by = Words(label=_("Who paid, as on the list"), max_length=60)
    paid_on = forms.DateField(label=_("Day on which they were paid"))
    others = forms.ChoiceField(
        label=_("Those who are not marked"), widget=forms.RadioSelect, initial="wait",
        choices=[("wait", _("Can still come")),
                 ("not_come", _("Did not come: their money goes back to the budget"))],
    )  # fmt: skip


class GroundsForm(SpeanForm):
    """By what somebody tells what they decide."""

    grounds = Words(
        label=_("By what you tell"), max_length=300,
        error_messages={"required": _(GroundsMissing.message)},
    )  # fmt: skip
