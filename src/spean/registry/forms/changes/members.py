"""A member joins, leaves or dies; another becomes head."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.registry.forms.changes.base import LAST, NOBODY, ChangeForm
from spean.registry.forms.people import FUNCTIONS, MemberForm
from spean.registry.models.households import Relation
from spean.registry.queries.change_lines import JOINED, LEFT


class AddMemberForm(ChangeForm, MemberForm):
    """Who joins, and why."""

    because = forms.ChoiceField(label=_("Why?"), choices=NOBODY + list(JOINED.items()))
    not_duplicates = forms.BooleanField(
        label=_("I have looked at the records shown: these are other people."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].initial = Relation.CHILD

    def field_of(self, path: str) -> str | None:
        """Show half an answer on difficulties at the first of them."""
        return super().field_of(path.replace("functioning", FUNCTIONS[0]))

    def proposal(self) -> dict[str, Any]:
        """Give the new member as the registry takes one."""
        data = self.cleaned_data
        asked = {*LAST, "because", "not_duplicates", *FUNCTIONS, *self.numbers}
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
    because = forms.ChoiceField(label=_("Why?"), choices=NOBODY + list(LEFT.items()))
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

    def own_fields(self) -> dict[str, forms.Field]:
        """Ask for each member's relation, as it is now unless told."""
        return {
            f"relation_{member.person_id}": forms.ChoiceField(
                label=str(member.facts), choices=Relation.choices, initial=member.relation
            )
            for member in self.members
        }

    def field_of(self, path: str) -> str | None:
        """Show what is wrong with the relations at the first of them."""
        if path.split(".")[0] == "relations" and self.people:
            return f"relation_{self.people[0][0]}"
        return super().field_of(path)

    def proposal(self) -> dict[str, Any]:
        """Give the relations."""
        return {
            "relations": {pid: self.cleaned_data[f"relation_{pid}"] for pid, _name in self.people}
        }
