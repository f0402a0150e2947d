"""One form for each kind of change; `proposal()` gives what the kind asks for."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import SpeanForm
from spean.registry.forms.changes.base import ChangeForm
from spean.registry.forms.changes.households import (
    CorrectHouseholdForm,
    MergeForm,
    MoveForm,
    SplitForm,
)
from spean.registry.forms.changes.members import (
    AddMemberForm,
    ChangeHeadForm,
    DeathForm,
    RemoveMemberForm,
)
from spean.registry.forms.changes.records import (
    CorrectPersonForm,
    RecordFunctioningForm,
    RecordIdentifierForm,
    RecordPregnancyForm,
)

__all__ = ["FORMS", "ChangeForm", "DecideForm"]

FORMS: Mapping[str, type[ChangeForm]] = {
    "move": MoveForm,
    "add_member": AddMemberForm,
    "remove_member": RemoveMemberForm,
    "death": DeathForm,
    "change_head": ChangeHeadForm,
    "split": SplitForm,
    "merge": MergeForm,
    "correct_person": CorrectPersonForm,
    "correct_household": CorrectHouseholdForm,
    "record_identifier": RecordIdentifierForm,
    "record_pregnancy": RecordPregnancyForm,
    "record_functioning": RecordFunctioningForm,
}


class DecideForm(SpeanForm):
    """A note to a decision."""

    note = forms.CharField(
        label=_("Note (needed to reject, withdraw or reverse)"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    CALLED: ClassVar[Mapping[str, str]] = {"reason": "note"}
