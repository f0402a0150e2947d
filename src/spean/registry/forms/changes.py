"""One form for each kind of change; `proposal()` gives what the kind asks for."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.registry.actions import Problems
from spean.registry.forms.people import FUNCTIONS, OF_A_PERSON, MemberForm
from spean.registry.models.households import Relation
from spean.registry.models.people import BirthDatePrecision, Difficulty, Sex
from spean.registry.queries import MemberState

NOBODY: list[tuple[str, Any]] = [("", "—")]


class ChangeForm(SpeanForm):
    """What every change has: the day it takes effect, and why."""

    person_chosen: ClassVar[bool] = False
    effective_on = forms.DateField(label=_("Since which day is it so?"))
    reason = forms.CharField(
        label=_("Reason, and how it is known"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, members: Sequence[MemberState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        self.people = [(str(m.person_id), str(m.facts)) for m in members]
        if "person" in self.fields:
            self._choices("person", self.people)
        if "new_head" in self.fields:
            self._choices("new_head", NOBODY + self.people)
        self.order_fields([n for n in self.fields if n not in {"effective_on", "reason"}])

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def proposal(self) -> dict[str, Any]:
        """Give what the change asks for."""
        hidden = {"effective_on", "reason", "person", "new_head"}
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
            super().add_refusal(error)
            return
        for path, problem in error.field_errors:
            names = [part for part in reversed(path.split(".")) if part in self.fields]
            self.add_error(names[0] if names else None, explain(problem))


class MoveForm(ChangeForm):
    """Where the household lives now."""

    village = forms.CharField(label=_("Code of the new village"), help_text=_("8 digits"))
    address = forms.CharField(label=_("House, street or landmark"), required=False, max_length=200)


class SplitForm(ChangeForm):
    """Who leaves, in which relation to the new head, and where to."""

    village = forms.CharField(label=_("Code of the village of the new household"))
    address = forms.CharField(label=_("House, street or landmark"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone of the new household"), required=False)
    new_head = forms.ChoiceField(
        label=_("New head of those who stay, if the head leaves"), required=False
    )

    def __init__(self, *args: Any, members: Sequence[MemberState], **kwargs: Any) -> None:
        super().__init__(*args, members=members, **kwargs)
        for pid, name in self.people:
            self.fields[f"leaves_{pid}"] = forms.ChoiceField(
                label=name,
                choices=[("", _("Stays")), *Relation.choices],
                required=False,
                help_text=_("If leaving: relation to the head of the new household"),
            )

    def proposal(self) -> dict[str, Any]:
        """Give those who leave with their relations, and the new head of the rest."""
        data = self.cleaned_data
        leaving = {pid: r for pid, _name in self.people if (r := data[f"leaves_{pid}"])}
        staying = {data["new_head"]: Relation.HEAD} if data["new_head"] else {}
        home = {name: data[name] for name in ("village", "address", "phone")}
        return {**home, "members": leaving, "staying": staying}


class MergeForm(ChangeForm):
    """The household that joins this one."""

    other = forms.UUIDField(
        label=_("Code of the household that joins"),
        help_text=_("It stands on that household's page."),
    )
    joining_relation = forms.ChoiceField(
        label=_("Relation of those who join to the head"),
        choices=[c for c in Relation.choices if c[0] != Relation.HEAD],
        initial=Relation.OTHER_RELATIVE,
    )

    def __init__(
        self, *args: Any, members: Sequence[MemberState], joining: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, members=members, **kwargs)
        self.joining = joining

    def proposal(self) -> dict[str, Any]:
        """Give everyone of the other household one relation; it can be corrected later."""
        relation = self.cleaned_data["joining_relation"]
        other = self.cleaned_data["other"]
        return {"other": str(other), "relations": dict.fromkeys(self.joining, relation)}


class AddMemberForm(ChangeForm, MemberForm):
    """Who joins, and why."""

    because = forms.ChoiceField(
        label=_("Why?"),
        choices=[
            ("birth", _("Born")),
            ("marriage", _("Marriage")),
            ("return", _("Came back")),
            ("forgotten", _("Forgotten before")),
            ("other", _("Another reason")),
        ],
    )
    not_duplicates = forms.BooleanField(
        label=_("This person is not yet recorded anywhere"), required=False
    )

    def proposal(self) -> dict[str, Any]:
        """Give the new member as the registry takes one."""
        data = self.cleaned_data
        asked = {"effective_on", "reason", "because", "not_duplicates", *FUNCTIONS, *self.numbers}
        member = {n: v for n, v in data.items() if n not in asked}
        member["identifiers"] = {kind: data[kind] for kind in self.numbers if data[kind]}
        functions = {n: data[n] for n in FUNCTIONS if data[n] is not None}
        member["functioning"] = functions or None
        return {
            "because": data["because"],
            "not_duplicates": data["not_duplicates"],
            "relation": data["relation"],
            "member": member,
        }


class RemoveMemberForm(ChangeForm):
    """Who leaves, and why."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Who leaves?"))
    because = forms.ChoiceField(
        label=_("Why?"),
        choices=[
            ("marriage", _("Marriage")),
            ("work", _("Work elsewhere")),
            ("separation", _("Separation")),
            ("moved", _("Moved away")),
            ("mistake", _("Recorded by mistake")),
            ("other", _("Another reason")),
        ],
    )
    new_head = forms.ChoiceField(
        label=_("New head of household, if the head leaves"), required=False
    )


class DeathForm(ChangeForm):
    """Who has died."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Who has died?"))
    death_date = forms.DateField(label=_("Date of death"), required=False)
    new_head = forms.ChoiceField(label=_("New head of household, if the head died"), required=False)


class ChangeHeadForm(ChangeForm):
    """Everyone's relation to the new head."""

    def __init__(self, *args: Any, members: Sequence[MemberState], **kwargs: Any) -> None:
        super().__init__(*args, members=members, **kwargs)
        for member in members:
            self.fields[f"relation_{member.person_id}"] = forms.ChoiceField(
                label=str(member.facts), choices=Relation.choices, initial=member.relation
            )

    def proposal(self) -> dict[str, Any]:
        """Give the relations."""
        return {
            "relations": {pid: self.cleaned_data[f"relation_{pid}"] for pid, _name in self.people}
        }


class CorrectPersonForm(ChangeForm):
    """What was recorded wrongly; what is left empty stays."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Whose record?"))
    family_name_km = forms.CharField(label=_("Family name in Khmer"), required=False)
    given_name_km = forms.CharField(label=_("Given name in Khmer"), required=False)
    family_name_latin = forms.CharField(label=_("Family name in Latin letters"), required=False)
    given_name_latin = forms.CharField(label=_("Given name in Latin letters"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=NOBODY + Sex.choices, required=False)
    birth_date = forms.DateField(label=_("Date of birth"), required=False)
    birth_date_precision = forms.ChoiceField(
        label=_("How well the date of birth is known"),
        choices=NOBODY + BirthDatePrecision.choices,
        required=False,
    )
    phone = forms.CharField(label=_("Phone"), required=False)


class CorrectHouseholdForm(ChangeForm):
    """What was recorded wrongly of the household."""

    address = forms.CharField(label=_("House, street or landmark"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone of the household"), required=False)


class RecordIdentifierForm(ChangeForm):
    """A number that another office has given."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Whose number?"))
    number_kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in OF_A_PERSON]
    )
    number = forms.CharField(label=_("Number"), max_length=40)
    issued_on = forms.DateField(label=_("Issued on"), required=False)
    expires_on = forms.DateField(label=_("Expires on"), required=False)


class RecordPregnancyForm(ChangeForm):
    """A pregnancy, or its end."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Who?"))
    expected_on = forms.DateField(label=_("Expected date of delivery"), required=False)
    ended = forms.BooleanField(label=_("The pregnancy has ended"), required=False)


class RecordFunctioningForm(ChangeForm):
    """The six questions of the Washington Group short set."""

    person_chosen = True
    person = forms.ChoiceField(label=_("Who?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = MemberForm().fields
        for name in FUNCTIONS:
            self.fields[name] = forms.TypedChoiceField(
                label=asked[name].label, choices=Difficulty.choices, coerce=int
            )


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
