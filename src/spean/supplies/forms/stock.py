"""The forms of stock: what comes, goes, is lost or counted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.supplies import actions
from spean.supplies.models import Destination, Item, LossReason, MovementKind

Choices = Sequence[tuple[str, Any]]
FIELDS = {
    MovementKind.RECEIPT: ("quantity", "new_batch", "expiry", "maker", "day", "note"),
    MovementKind.ISSUE: ("quantity", "to", "batch", "day", "note"),
    MovementKind.LOSS: ("batch", "quantity", "reason", "day", "note"),
    MovementKind.EXPIRED: ("batch", "quantity", "day", "note"),
    MovementKind.COUNT: ("batch", "quantity", "note", "day"),
}
FOR_STAFF = [choice for choice in Destination.choices if choice[0] != Destination.DOSE]


class EntryForm(SpeanForm):
    """What happened with an item: each kind asks for what it needs."""

    new_batch = forms.CharField(label=_("Batch, as it stands on the box"), max_length=30)
    batch = forms.ChoiceField(label=_("Batch"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=0)
    to = forms.ChoiceField(label=_("For whom"), choices=FOR_STAFF, widget=forms.RadioSelect)
    expiry = forms.DateField(label=_("Expires on"))
    maker = forms.CharField(label=_("Maker"), required=False, max_length=120)
    reason = forms.ChoiceField(
        label=_("Reason"), choices=LossReason.choices, widget=forms.RadioSelect
    )
    day = forms.DateField(label=_("Day"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, kind: str, item: Item, batches: Choices, on: date) -> None:
        super().__init__(*args, initial={"day": on})
        self.kind, self.item = kind, item
        shown = FIELDS[MovementKind(kind)]
        self.fields = {name: self.fields[name] for name in shown}
        self.fields["quantity"].help_text = item.get_measure_display()
        if kind == MovementKind.COUNT:
            self.fields["quantity"].label = _("How many you counted")
            self.fields["note"].label = _("Why they differ")
        batch = self.fields.get("batch")
        if isinstance(batch, forms.ChoiceField):
            by_expiry = [("", _("What expires first"))] if kind == MovementKind.ISSUE else []
            batch.choices = [*by_expiry, *batches]
            batch.required = not by_expiry

    def entry(self) -> actions.Entry:
        """Give what was written as an entry."""
        given = dict(self.cleaned_data)
        batch = given.pop("new_batch", "") or given.pop("batch", "")
        return actions.Entry(kind=self.kind, item=self.item.code, batch=batch, **given)


class ReasonForm(SpeanForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
