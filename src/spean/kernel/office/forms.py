"""What an administrator and an auditor fill in."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel import access, runs
from spean.kernel.forms import AreaField, SpeanForm

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
    area = AreaField(
        help_text=_(
            "2 digits for a province, 4 for a district, 6 for a commune, 8 for a village; "
            "empty for the nation."
        ),
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


class WorkForm(SpeanForm):
    """A piece of long work to start."""

    kind = forms.ChoiceField(label=_("Work"))
    on = forms.DateField(
        label=_("As of which day"),
        required=False,
        help_text=_("Empty is today; for entitlements, the day of the last snapshot."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    file = forms.ChoiceField(
        label=_("File to take in"),
        required=False,
        help_text=_("The operator puts such files into the intake folder of the server."),
    )

    def __init__(self, *args: Any, files: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [(code, gettext(one.label)) for code, one in runs.kinds().items()]
        file = cast(forms.ChoiceField, self.fields["file"])
        file.choices = [("", _("None")), *((name, name) for name in files)]

    def clean(self) -> dict[str, Any]:
        """Ask for the file where the work is to take one in."""
        cleaned = super().clean() or {}
        kind = runs.kinds().get(cleaned.get("kind", ""))
        if kind is not None and kind.takes_file and not cleaned.get("file"):
            self.add_error("file", _("Choose the file to take in."))
        return cleaned

    @property
    def parameters(self) -> dict[str, Any]:
        """What the work is asked for."""
        given = self.cleaned_data
        found = {"on": given["on"].isoformat()} if given["on"] else {}
        return found | ({"file": given["file"]} if given["file"] else {})
