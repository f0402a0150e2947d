"""What the forms of care share: yes or no, one or some of several answers, numbers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = Sequence[tuple[str, str]]
YES_NO = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]


def yes_or_no(label: Any) -> forms.TypedChoiceField:
    """Give a question that may stay open."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        required=False,
        coerce=lambda answer: answer == "yes",
        empty_value=None,
    )


def number(label: Any, hint: Any = "") -> forms.IntegerField:
    """Give a question for a whole number that may stay open."""
    return forms.IntegerField(label=label, help_text=hint, required=False)


def decimal(label: Any, hint: Any = "") -> forms.DecimalField:
    """Give a question for a measure that may stay open."""
    return forms.DecimalField(label=label, help_text=hint, required=False, decimal_places=3)


def one_of(
    label: Any, choices: Any, *, required: bool = False, hint: Any = ""
) -> forms.ChoiceField:
    """Give a question with one answer."""
    given = list(choices) if required else [("", "–"), *choices]
    return forms.ChoiceField(
        label=label,
        choices=given,
        required=required,
        help_text=hint,
        widget=forms.RadioSelect if required else forms.Select,
    )


def some_of(label: Any, choices: Any) -> forms.MultipleChoiceField:
    """Give a question with several answers, or none."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Offer answers that are known only now to a question that may stay open."""
    form.fields[name].choices = [("", "–"), *choices]  # type: ignore[attr-defined]
