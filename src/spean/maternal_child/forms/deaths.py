"""A death told of, and its review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.maternal_child.actions import Review
from spean.maternal_child.forms.base import one_of, some_of
from spean.maternal_child.models import Cause, DeathPlace, Delay


class DeathForm(SpeanForm):
    """Of a mother, a newborn or a small child."""

    died_on = forms.DateField(label=_("Died on"))
    place = one_of(_("Where"), DeathPlace.choices, required=True)
    account = forms.CharField(
        label=_("What happened"), required=False, max_length=1000, widget=forms.Textarea
    )


class ReviewForm(SpeanForm):
    """What the committee found."""

    cause = one_of(_("Cause"), Cause.choices, required=True)
    delays = some_of(_("Delays"), Delay.choices)
    avoidable = one_of(
        _("Could it have been avoided?"), [("yes", _("Yes")), ("no", _("No"))], required=True
    )
    measures = forms.CharField(label=_("What is to change"), max_length=1000, widget=forms.Textarea)

    def review(self) -> Review:
        """Give what `review_death` takes."""
        said: dict[str, Any] = self.cleaned_data
        return Review(said["cause"], said["delays"], said["avoidable"] == "yes", said["measures"])
