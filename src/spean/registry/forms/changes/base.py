"""What the form of every change has."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm, prepare
from spean.kernel.i18n import explain
from spean.registry.actions import Problems
from spean.registry.models.households import Relation
from spean.registry.queries import HouseholdState, MemberState

NOBODY: list[tuple[str, Any]] = [("", "—")]
LAST = ("effective_on", "reason")


class ChangeForm(SpeanForm):
    """What every change has: the day it takes effect, and why. The kind's own fields come first."""

    person_chosen: ClassVar[bool] = False
    effective_on = forms.DateField(label=_("Since which day is it so?"))
    reason = forms.CharField(
        label=_("Reason, and how it is known"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, state: HouseholdState, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state, self.by = state, by
        self.members: Sequence[MemberState] = state.members
        self.people = [(str(m.person_id), str(m.facts)) for m in state.members]
        if "person" in self.fields:
            self._choices("person", NOBODY + self.people)
        if "new_head" in self.fields:
            self._choices("new_head", NOBODY + self.people)
        own = self.own_fields()
        for name, field in own.items():
            self.fields[name] = field
            prepare(field)
        self.fields["effective_on"].initial = state.on
        self.order_fields(["person", *own, *(name for name in self.fields if name not in LAST)])

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def own_fields(self) -> dict[str, forms.Field]:
        """Give the fields that depend on the household or on who asks."""
        return {}

    def proposal(self) -> dict[str, Any]:
        """Give what the change asks for."""
        hidden = {*LAST, "person", "new_head"}
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in hidden and value not in ("", None)
        }
        head = self.cleaned_data.get("new_head")
        return given | ({"relations": {head: Relation.HEAD}} if head else {})

    def add_refusal(self, error: SpeanError) -> None:
        """Put each problem beside its field."""
        if not isinstance(error, Problems):
            self.add_error(self.field_of(error.field or ""), explain(error))
            return
        for path, problem in error.field_errors:
            self.add_error(self.field_of(path), explain(problem))

    def field_of(self, path: str) -> str | None:
        """Give the field at which a problem with this part of the proposal is shown."""
        names = [part for part in reversed(path.split(".")) if part in self.fields]
        return names[0] if names else None
