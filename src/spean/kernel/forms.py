"""The base of every form: Khmer digits are read, dates have three boxes, refusals find a field."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.access import AREA
from spean.kernel.digits import latin_digits
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain

NOT_A_DATE = _("Enter a real date: day, month and year, such as 27 3 1987.")

NOT_A_WHOLE_NUMBER = _("Enter a whole number in digits, without separators, such as 1200.")
NOT_A_NUMBER = _("Enter a number in digits, without separators, such as 1200 or 12.5.")


class DigitsInput(forms.TextInput):
    """A line of text in which ០-៩ are read as 0-9."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Read what was typed, digits in Latin."""
        value = super().value_from_datadict(data, files, name)
        return latin_digits(value) if isinstance(value, str) else value


class WordsInput(forms.TextInput):
    """A line of text whose digits stay as they were typed."""


class Words(forms.CharField):
    """What people write to people: a reason, a title, an act. Codes and numbers are no words."""

    widget = WordsInput


class GovukDateWidget(forms.Widget):
    """Three boxes: day, month, year. Gives "2026-11-23", or what was typed, to be judged."""

    PARTS = ("day", "month", "year")
    spean_kind = "date"

    def id_for_label(self, id_: str) -> str:
        """Send the label and the error summary to the first box."""
        return f"{id_}_day" if id_ else id_

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """Join the three boxes; None where all are empty."""
        if name in data:
            return latin_digits(str(data[name])).strip() or None
        typed = [latin_digits(data.get(f"{name}_{part}") or "").strip() for part in self.PARTS]
        return "-".join(reversed(typed)) if any(typed) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether none of the boxes was sent."""
        return name not in data and not any(f"{name}_{part}" in data for part in self.PARTS)

    def boxes(self, value: object) -> dict[str, str]:
        """Split a value into what the three boxes show."""
        if isinstance(value, date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        parts = [*str(value or "").split("-"), "", "", ""][:3]
        return dict(zip(self.PARTS, reversed(parts), strict=True))


class AreaField(forms.RegexField):
    """The code of a place, of any level; empty where the form allows it."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("An area code has 2, 4, 6 or 8 digits."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(AREA, label=_("Area code"), required=False, **kwargs)


class SpeanForm(forms.Form):
    """A form as our pages show it; render it with {% govuk_form form %}.

    A refusal stands beside the field that it names; `CALLED` says which field that is, where
    actions call it otherwise than the form does.
    """

    CALLED: ClassVar[Mapping[str, str]] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            prepare(field)

    @classmethod
    def of_row(cls, row: str, data: Mapping[str, Any] | None = None, **given: Any) -> Self:
        """Give the form of one row, on a page that has one for each: its ids are its own."""
        return cls(data, auto_id=f"{row}_%s", **given)

    def or_refused(self, refused: "SpeanForm | None") -> "SpeanForm":
        """Give the form that was refused in place of this one, if it is of the same row."""
        return refused if refused and refused.auto_id == self.auto_id else self

    def carry_out(self, act: Callable[[], object]) -> bool:
        """Do what the form asks for, if it is filled in right; tell whether it was done.

        A refusal is put on the form; what may not be, or is not there, is the page's to say, unless
        it was named in a field.
        """
        if not self.is_valid():
            return False
        try:
            act()
        except SpeanError as error:
            if error.status in (403, 404) and not self._field_of(error.field):
                raise
            self.add_refusal(error)
            return False
        return True

    def add_refusal(self, error: SpeanError) -> None:
        """Put what an action refuses beside its field, or on the whole form where it has none.

        An error whose `field_errors` name several fields is put beside each.
        """
        for name, problem in getattr(error, "field_errors", [(error.field, error)]):
            self.add_error(self._field_of(name), explain(problem))

    def _field_of(self, name: str | None) -> str | None:
        field = self.CALLED.get(name, name) if name else None
        return field if field in self.fields else None


def prepare(field: forms.Field) -> None:
    """Give a field the widget that reads Khmer digits and asks for the right keyboard."""
    widget = field.widget
    if isinstance(field, forms.DateField) and type(widget) is forms.DateInput:
        field.widget = _like(widget, GovukDateWidget(widget.attrs))
        _say_of_invalid(field, NOT_A_DATE)
    elif type(widget) in {forms.TextInput, forms.NumberInput}:
        field.widget = _like(widget, DigitsInput(widget.attrs))
    if isinstance(field, forms.IntegerField):
        decimal = isinstance(field, forms.DecimalField | forms.FloatField)
        _say_of_invalid(field, NOT_A_NUMBER if decimal else NOT_A_WHOLE_NUMBER)
        field.widget.attrs.setdefault("inputmode", "decimal" if decimal else "numeric")
        for name in ("min", "max", "step"):
            field.widget.attrs.pop(name, None)


def _say_of_invalid(field: forms.Field, words: Any) -> None:
    """Say what to do where Django would only say that it is wrong, unless the form says its own."""
    if field.error_messages["invalid"] == type(field).default_error_messages["invalid"]:
        field.error_messages["invalid"] = words


def _like(old: forms.Widget, new: forms.Widget) -> forms.Widget:
    new.is_required, new.is_localized = old.is_required, old.is_localized
    return new
