"""Changes to a household: where it lives, who belongs to it, who is its head."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.access import Actor
from spean.locations.forms import VillageField
from spean.registry import queries
from spean.registry.forms.changes.base import ChangeForm
from spean.registry.models.households import Relation


class VillageChangeForm(ChangeForm):
    """A change that leads to a village anywhere in the country."""

    def own_fields(self) -> dict[str, forms.Field]:
        """Ask for the village; whose it is decides who approves."""
        anywhere = Actor.system("village field")
        field = VillageField(
            by=anywhere, permission="registry.propose_change", on=self.state.on,
            label=_("New village"), initial=self.state.village,
        )  # fmt: skip
        return {"village": field}

    def proposal(self) -> dict[str, Any]:
        """Give the village by its code."""
        return super().proposal() | {"village": self.cleaned_data["village"].code}


class MoveForm(VillageChangeForm):
    """Where the household lives now."""

    address = forms.CharField(label=_("House, street or landmark"), required=False, max_length=200)


class SplitForm(VillageChangeForm):
    """Who leaves, in which relation to the new head, and where to."""

    address = forms.CharField(label=_("House, street or landmark"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone of the new household"), required=False)
    new_head = forms.ChoiceField(
        label=_("New head of those who stay, if the head leaves"), required=False
    )

    def own_fields(self) -> dict[str, forms.Field]:
        """Ask of each member first whether they leave, and as what."""
        leaving: dict[str, forms.Field] = {
            f"leaves_{pid}": forms.ChoiceField(
                label=name,
                choices=[("", _("Stays")), *Relation.choices],
                required=False,
                help_text=_("If leaving: relation to the head of the new household"),
            )
            for pid, name in self.people
        }
        return leaving | super().own_fields()

    def field_of(self, path: str) -> str | None:
        """Show what is wrong with those who leave at the first of them."""
        first = f"leaves_{self.people[0][0]}" if self.people else None
        if path.split(".")[0] == "staying":
            return "new_head"
        return first if path.split(".")[0] == "members" else super().field_of(path)

    def proposal(self) -> dict[str, Any]:
        """Give those who leave with their relations, and the new head of the rest."""
        data = self.cleaned_data
        leaving = {pid: r for pid, _name in self.people if (r := data[f"leaves_{pid}"])}
        staying = {data["new_head"]: Relation.HEAD} if data["new_head"] else {}
        home = {name: data[name] for name in ("address", "phone")}
        village = data["village"].code
        return {**home, "village": village, "members": leaving, "staying": staying}


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

    def proposal(self) -> dict[str, Any]:
        """Give everyone of the other household one relation; it can be corrected later.

        Raises NotFound, NotAllowed.
        """
        other = queries.household(self.cleaned_data["other"], by=self.by)
        relation = self.cleaned_data["joining_relation"]
        joining = queries.people_in([other.pk])[other.pk]
        return {
            "other": str(other.pk),
            "relations": {str(row.person_id): relation for row in joining},
        }


class CorrectHouseholdForm(ChangeForm):
    """What was recorded wrongly of the household."""

    def own_fields(self) -> dict[str, forms.Field]:
        """Begin with what is recorded."""
        return {
            "address": forms.CharField(
                label=_("House, street or landmark"), required=False, max_length=200,
                initial=self.state.address,
            ),
            "phone": forms.CharField(
                label=_("Phone of the household"), required=False, initial=self.state.phone
            ),
        }  # fmt: skip

    def proposal(self) -> dict[str, Any]:
        """Give both as they should be: an empty one is to be removed."""
        return {name: self.cleaned_data[name] for name in ("address", "phone")}
