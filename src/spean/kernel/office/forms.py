"""What an administrator and an auditor fill in."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel import access
from spean.kernel.forms import SpeanForm

_KINDS = [("", _("All")), ("write", _("Changes")), ("read", _("Reads")), ("refusal", _("Refusals"))]


class UserForm(SpeanForm):
    """A new account."""

    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("Latin letters, digits, dot and dash.")
    )
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Several words are easy to keep and hard to guess."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class SystemForm(SpeanForm):
    """Another system that will call the API."""

    name = forms.CharField(
        label=_("Name of the system"), max_length=150, help_text=_("For example: moh-records")
    )


class GrantForm(SpeanForm):
    """A role for a user in an area."""

    role = forms.ChoiceField(label=_("Role"))
    area = forms.RegexField(
        label=_("Area code"),
        regex=r"^(\d{2}){0,4}$",
        required=False,
        help_text=_(
            "2 digits for a province, 4 for a district, 6 for a commune, 8 for a village; "
            "empty for the nation."
        ),
        error_messages={"invalid": _("An area code has 2, 4, 6 or 8 digits.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = [(name, gettext(r.label)) for name, r in access.roles().items()]


class AuditForm(SpeanForm):
    """Which lines of the audit trail to show."""

    actor = forms.CharField(label=_("Who"), required=False, max_length=150)
    subject = forms.CharField(
        label=_("About (identifier of the record)"), required=False, max_length=40
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_KINDS)
