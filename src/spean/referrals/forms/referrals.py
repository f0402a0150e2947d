"""A referral is asked for, goes on, and is answered."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.locations.queries import Facility
from spean.referrals.actions import Need, Told
from spean.referrals.forms.base import MomentForm, facility_choices, joined, time_of_day
from spean.referrals.models import FollowUpBy, Reason, UrgencyName, WayName
from spean.referrals.rules import NEED_A_REASON, Step

ASKED = ("urgency", "reasons", "note", "transport", "ways", "phone")
YES_NO = [("yes", _("Yes")), ("no", _("No, the patient comes on their own"))]


class NeedForm(MomentForm):
    """How soon, why, by what way if a vehicle is needed, and whom to call."""

    urgency = forms.ChoiceField(
        label=_("How urgent is it?"), choices=UrgencyName.choices, widget=forms.RadioSelect
    )
    reasons = forms.MultipleChoiceField(
        label=_("Why is the patient referred?"), choices=Reason.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(
        label=_("What the receiving facility should know"), required=False, max_length=300
    )
    to_facility = forms.ChoiceField(label=_("To which facility?"), required=False)
    transport = forms.TypedChoiceField(
        label=_("Is a vehicle needed?"), choices=YES_NO, widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes", initial="yes",
    )  # fmt: skip
    ways = forms.MultipleChoiceField(
        label=_("How can the patient be fetched today?"), choices=WayName.choices, required=False,
        widget=forms.CheckboxSelectMultiple, initial=["road"],
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone number to call"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip

    day = forms.DateField(label=_("Day of the request"))
    time = time_of_day(_("Time of the request"))
    field_order = (*ASKED[:3], "to_facility", *ASKED[3:], "day", "time")

    def __init__(self, *args: Any, facilities: Iterable[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nearest = ("", _("The facility that serves the village"))
        self.fields["to_facility"].choices = [nearest, *facility_choices(facilities)]  # type: ignore[attr-defined]

    def need(self) -> Need:
        """Give what is asked for."""
        return Need(**self.said(*ASKED))


class RequestForm(NeedForm):
    """A referral from home or a facility: when the danger was noticed, and from where."""

    from_facility = forms.ChoiceField(label=_("Where is the patient now?"), required=False)
    noticed_day = forms.DateField(label=_("Day on which the danger was noticed"), required=False)
    noticed_time = time_of_day(_("Time of that"), required=False)
    source = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, starts: Iterable[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = ("", _("At home in the village"))
        self.fields["from_facility"].choices = [home, *facility_choices(starts)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the time where the day is said."""
        given = super().clean() or {}
        if bool(given.get("noticed_day")) != bool(given.get("noticed_time")):
            self.add_error("noticed_time", _("Write both the day and the time, or neither."))
        return given

    def need(self) -> Need:
        """Give what is asked for, with when the danger was noticed."""
        given = self.cleaned_data
        noticed = (
            joined(given["noticed_day"], given["noticed_time"]) if given["noticed_day"] else None
        )
        return Need(**self.said(*ASKED), noticed_at=noticed)


class StepForm(MomentForm):
    """When a step happened; why, where it needs a reason; the km, where a trip ends with it."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    km = forms.IntegerField(
        label=_("Kilometres of the whole trip"), required=False,
        help_text=_("By the vehicle's counter; empty, it is worked out from the map."),
    )  # fmt: skip

    def __init__(self, *args: Any, step: Step, trip: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step not in NEED_A_REASON:
            del self.fields["reason"]
        if not (trip and step is Step.ARRIVED):
            del self.fields["km"]

    def step(self) -> dict[str, Any]:
        """Give what `take_step` takes."""
        return {"at": self.moment()} | self.said(*({"reason", "km"} & set(self.fields)))


class TripForm(SpeanForm):
    """The km of a trip."""

    km = forms.IntegerField(label=_("Kilometres of the whole trip"))


class FeedbackForm(SpeanForm):
    """What was found, done, and is to be done now."""

    diagnosis = forms.CharField(label=_("Diagnosis"), max_length=200)
    done = forms.CharField(label=_("What was done"), max_length=500)
    follow_up_by = forms.ChoiceField(
        label=_("Who makes the follow-up?"), choices=FollowUpBy.choices, widget=forms.RadioSelect
    )
    follow_up = forms.CharField(label=_("What is to be done now"), max_length=500, required=False)
    follow_up_on = forms.DateField(label=_("On which day?"), required=False)

    def told(self) -> Told:
        """Give what is told."""
        return Told(**self.cleaned_data)
