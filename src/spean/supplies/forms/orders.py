"""The forms of orders and shipments: a quantity for each of many lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm, prepare
from spean.supplies import actions
from spean.supplies.models import ShipmentLine

Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a form: its key, what it is called, why, and what stands in it."""

    key: str
    label: str
    hint: Any = ""
    initial: int | None = None


class LinesForm(SpeanForm):
    """A form with fields for each of many lines."""

    def ask(self, name: str, field: forms.Field) -> None:
        """Add a field."""
        prepare(field)
        self.fields[name] = field


class QuantitiesForm(LinesForm):
    """A quantity for each line; empty is none."""

    def __init__(self, *args: Any, lines: Sequence[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [line.key for line in lines]
        for line in lines:
            self.ask(f"quantity_{line.key}", forms.IntegerField(
                label=line.label, help_text=line.hint, initial=line.initial, min_value=0,
                required=False,
            ))  # fmt: skip

    def quantities(self) -> dict[str, int]:
        """Give each line's quantity by its key."""
        return {key: self.cleaned_data[f"quantity_{key}"] or 0 for key in self.keys}


class SendForm(LinesForm):
    """What is sent for an order: from a facility by what expires first, else batch by batch."""

    day = forms.DateField(label=_("Sent on"))

    def __init__(self, *args: Any, lines: Sequence[Asked], batches: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [line.key for line in lines]
        for line in lines:
            self.ask(f"quantity_{line.key}", forms.IntegerField(
                label=line.label, initial=line.initial, min_value=0, required=False
            ))  # fmt: skip
            if batches:
                self.ask(f"batch_{line.key}", forms.CharField(
                    label=_("Batch, as it stands on the box"), max_length=30, required=False
                ))  # fmt: skip
                self.ask(
                    f"expiry_{line.key}", forms.DateField(label=_("Expires on"), required=False)
                )

    def lines(self) -> list[actions.Sent]:
        """Give what is sent."""
        given = self.cleaned_data
        return [
            actions.Sent(
                key, given[f"quantity_{key}"], given.get(f"batch_{key}", ""),
                given.get(f"expiry_{key}"),
            )
            for key in self.keys if given[f"quantity_{key}"]
        ]  # fmt: skip


class TransferForm(SpeanForm):
    """An item that one facility gives to another."""

    item = forms.ChoiceField(label=_("Item"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)
    to = forms.ChoiceField(label=_("To which facility"))
    day = forms.DateField(label=_("Sent on"))

    def __init__(self, *args: Any, items: Choices, facilities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("item", items), ("to", facilities)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
            field.choices = list(choices)


class ReceiveForm(LinesForm):
    """What came of each line of a shipment."""

    day = forms.DateField(label=_("Received on"))

    def __init__(self, *args: Any, lines: Sequence[ShipmentLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [line.pk for line in lines]
        for line in lines:
            self.ask(f"quantity_{line.pk}", forms.IntegerField(
                label=f"{line.batch.item}, {line.batch.number}", initial=line.sent, min_value=0
            ))  # fmt: skip
            self.ask(f"reason_{line.pk}", forms.CharField(
                label=_("Why less came"), max_length=300, required=False
            ))  # fmt: skip

    def came(self) -> dict[int, actions.Came]:
        """Give what came of each line."""
        given = self.cleaned_data
        return {
            key: actions.Came(given[f"quantity_{key}"], given[f"reason_{key}"]) for key in self.keys
        }
