"""What was recorded in error is taken back."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.access import Actor
from spean.kernel.forms import SpeanForm
from spean.maternal_child import actions
from spean.maternal_child.forms.base import one_of

WHOLE = "whole"


class WithdrawForm(SpeanForm):
    """The whole contact, or one of its measures, and why."""

    measure = one_of(_("What was wrong"), (), required=True)
    reason = forms.CharField(
        label=_("Reason"), max_length=300,
        error_messages={"required": _("Write why it was entered in error.")},
    )  # fmt: skip

    def __init__(self, *args: Any, measured: Mapping[str, tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        measures = [(name, f"{words}: {value}") for name, (words, value) in measured.items()]
        self.fields["measure"].choices = [  # type: ignore[attr-defined]
            (WHOLE, _("The whole contact, with the vaccines given at it")), *measures,
        ]  # fmt: skip

    def withdraw(self, contact_id: UUID, *, by: Actor, on: date) -> Any:
        """Carry it out."""
        said = {"contact_id": contact_id, "reason": self.cleaned_data["reason"], "by": by, "on": on}
        measure = self.cleaned_data["measure"]
        if measure == WHOLE:
            return actions.withdraw_contact(**said)
        return actions.withdraw_measure(measure=measure, **said)
