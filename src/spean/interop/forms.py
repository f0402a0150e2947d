"""What officers fill in about the exchange: a partner's agreement, a question to a registry."""

import json
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.interop.actions import Agreement
from spean.interop.models import Basis, Partner, Signing
from spean.interop.spdci.codes import IDENTIFIERS
from spean.kernel.access import Purpose
from spean.kernel.forms import AreaField, SpeanForm

PURPOSES = {
    Purpose.REGISTRATION: _("Registration"),
    Purpose.TARGETING: _("Targeting"),
    Purpose.CARE: _("Care"),
    Purpose.PAYMENT: _("Payment"),
    Purpose.OVERSIGHT: _("Oversight"),
    Purpose.STATISTICS: _("Statistics"),
}
NAMES = {
    "social": _("Social Registry"),
    "ibr": _("Beneficiary Registry"),
    "crvs": _("Civil Registry"),
    "dr": _("Disability Registry"),
}
# What a partner may do, in words, and the standard's scopes for it.
WORKS = {
    "search": (_("Search"), ["registry/search"]),
    "subscribe": (_("Be told of events"), ["registry/subscribe"]),
    "status": (_("Ask what became of a request"), ["registry/txn-status"]),
    "enrolled": (_("Ask who is enrolled"), ["registry/enrolled"]),
    "updates": (_("Tell us of enrolments"), ["registry/enrollment-updates"]),
    "disabled": (_("Ask about disability"), ["registry/disabled"]),
    "answer": (
        _("Answer what we asked, and tell us of its events"),
        ["registry/notify", "registry/on-search", "registry/on-subscribe",
         "registry/on-unsubscribe", "registry/txn-on-status"],
    ),
}  # fmt: skip
GIVEN = {
    "identifier": _("Numbers"),
    "name": _("Name"),
    "sex": _("Sex"),
    "birth_date": _("Day of birth"),
    "death_date": _("Day of death"),
    "phone_number": _("Telephone"),
    "relationship": _("Relation to the head"),
    "disability": _("Disability"),
    "place": _("Place"),
    "poverty": _("Poverty level"),
    "group": _("Household"),
    "members": _("Members"),
    "programmes": _("Programmes"),
    "dates": _("Days of registration and change"),
}
NUMBERS = {
    "birth_certificate": _("Birth certificate"),
    "personal_code": _("Personal code"),
    "national_id": _("National identity card"),
}


class PartnerForm(SpeanForm):
    """The agreement with a partner."""

    sender_id = forms.CharField(
        label=_("Sender id"), max_length=99, help_text=_("For example: spmis.example.org")
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=list(PURPOSES.items()))
    area = AreaField(help_text=_("Where it may ask about; empty for the nation."))
    registries = forms.MultipleChoiceField(
        label=_("Registries"), choices=list(NAMES.items()), widget=forms.CheckboxSelectMultiple
    )
    works = forms.MultipleChoiceField(
        label=_("What it may do"), initial=list(WORKS), widget=forms.CheckboxSelectMultiple,
        choices=[(key, label) for key, (label, _scopes) in WORKS.items()],
    )  # fmt: skip
    fields_given = forms.MultipleChoiceField(
        label=_("What it is given"), choices=list(GIVEN.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of what its purpose gives; mark nothing to give all of that."),
    )  # fmt: skip
    basis = forms.ChoiceField(label=_("What each request must show"), choices=Basis.choices)
    signing = forms.ChoiceField(label=_("Signatures"), choices=Signing.choices)
    keys = forms.CharField(
        label=_("Public keys (JWK set)"), widget=forms.Textarea, required=False,
        help_text=_("What the partner’s jwks.json gives."),
    )  # fmt: skip
    callback_hosts = forms.CharField(
        label=_("Callback hosts"), required=False, widget=forms.Textarea,
        help_text=_("One a line; with the port unless it is the usual one. No other is called."),
    )  # fmt: skip
    address = forms.URLField(
        label=_("Address of its registry"), required=False, assume_scheme="https",
        help_text=_("Only of a registry that we ask."),
    )  # fmt: skip
    asks_registry = forms.ChoiceField(
        label=_("Which registry that is"), required=False, choices=[("", _("None")), *NAMES.items()]
    )
    token_address = forms.URLField(
        label=_("Where it gives tokens"), required=False, assume_scheme="https"
    )
    client_id = forms.CharField(label=_("Our client id there"), required=False, max_length=120)

    def clean_keys(self) -> dict[str, Any]:
        """Read the keys; what is no JWK set is the action's to refuse."""
        text = self.cleaned_data["keys"].strip()
        try:
            found = json.loads(text) if text else {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise forms.ValidationError(_("This is no JSON object. Paste it whole."))
        return found

    def clean_callback_hosts(self) -> list[str]:
        """Give the hosts, a line each."""
        return cast(str, self.cleaned_data["callback_hosts"]).lower().split()

    def agreement(self) -> Agreement:
        """Give what was filled in."""
        given = dict(self.cleaned_data)
        scopes = [scope for work in given.pop("works") for scope in WORKS[work][1]]
        return Agreement(scopes=scopes, fields=given.pop("fields_given"), **given)


class AskForm(SpeanForm):
    """A question about a number to another registry."""

    partner = forms.ModelChoiceField(label=_("Registry"), queryset=Partner.objects.none())
    kind = forms.ChoiceField(
        label=_("Kind of number"),
        choices=[(IDENTIFIERS[kind], label) for kind, label in NUMBERS.items()],
    )
    number = forms.CharField(label=_("Number"), max_length=60)
    later = forms.BooleanField(
        label=_("The answer may come later"), required=False,
        help_text=_("For a registry that can’t answer at once."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner = cast("forms.ModelChoiceField[Partner]", self.fields["partner"])
        partner.queryset = Partner.objects.filter(closed_on=None).exclude(address="")
