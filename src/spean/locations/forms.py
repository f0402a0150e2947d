"""Forms of the gazetteer, and the field by which other modules' forms ask for a village."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.locations import queries, rules
from spean.locations.actions import Kind
from spean.locations.models import Level, Place

KIND_LABELS = {
    Kind.OPERATIONAL_DISTRICTS: _("Operational districts"),
    Kind.FACILITIES: _("Health facilities"),
    Kind.LEVELS: _("Changes of a facility's level"),
    Kind.CATCHMENTS: _("Villages and communes that a facility serves"),
}
MOST_IN_A_LIST = 300


class SearchForm(SpeanForm):
    """What to look for, and as of which day."""

    q = forms.CharField(label=_("Code or name"), required=False, max_length=100)
    on = forms.DateField(label=_("As of the day"), required=False)


class ImportForm(SpeanForm):
    """A file, and what it holds."""

    kind = forms.ChoiceField(
        label=_("What does the file hold?"),
        choices=list(KIND_LABELS.items()),
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("File"), help_text=_("XLSX, or CSV in UTF-8. The first row names the columns.")
    )


def village_label(village: Place) -> str:
    """Write a village so that it is found by code and by both names."""
    return f"{village.code} {village.name_km} ({village.name_en})"


class VillageSearch(forms.TextInput):
    """One line for a code or a name; suggestions come while typing where JavaScript runs."""

    def __init__(self, areas: tuple[str, ...]) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false"})
        self.areas = areas

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        """Add the list of suggestions to the line."""
        asked = [("field", name), *(("area", area) for area in self.areas if area)]
        listed = f"{(attrs or {}).get('id', name)}_villages"
        suggest = {
            "list": listed,
            "hx-get": f"{reverse('locations:suggest')}?{urlencode(asked)}",
            "hx-trigger": "input changed delay:300ms",
            "hx-target": f"#{listed}",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
        line = super().render(name, value, {**(attrs or {}), **suggest}, renderer)
        return line + render_to_string("locations/parts/villages.html", {"id": listed})


class VillageField(forms.Field):
    """A village where the actor has a permission; gives the Place.

    Up to 300 villages are a list grouped by commune; beyond that a line takes a code (8 digits, in
    Khmer or Latin digits) or a name, and a name that several villages bear is answered with their
    codes. Both work without JavaScript.
    """

    def __init__(self, *, by: Actor, permission: str, on: date, **options: Any) -> None:
        self.areas = access.areas(by, permission)
        self.on = on
        found = queries.places("village", on=on, areas=self.areas).select_related("parent")
        villages = list(found[: MOST_IN_A_LIST + 1])
        self.in_list = len(villages) <= MOST_IN_A_LIST
        options.setdefault("label", _("Village"))
        if self.in_list:
            widget: forms.Widget = forms.Select(choices=_by_commune(villages))
        else:
            widget = VillageSearch(self.areas)
            options.setdefault("help_text", _("Type the 8 digits of its code, or its name."))
        super().__init__(widget=widget, validators=[], **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a place by its code, and by its names where one types."""
        if not isinstance(value, Place):
            return value
        return value.code if self.in_list else village_label(value)

    def to_python(self, value: Any) -> Place | None:
        """Read a code or a name as the village it means."""
        text = str(value or "").strip()
        if not text:
            return None
        MaxLengthValidator(200)(text)
        village = self._by_code(rules.read_code(text)) or self._by_name(text)
        if not any(village.code.startswith(area) for area in self.areas):
            raise ValidationError(
                gettext("%(village)s is outside the area of your role."),
                params={"village": village_label(village)},
            )
        return village

    def _by_code(self, code: str) -> Place | None:
        if not code:
            return None
        try:
            village = queries.place(code, self.on)
        except SpeanError as error:
            raise ValidationError(explain(error)) from error
        if village.level != Level.VILLAGE:
            raise ValidationError(
                gettext("%(place)s is not a village. A village's code has 8 digits."),
                params={"place": village_label(village)},
            )
        return village

    def _by_name(self, text: str) -> Place:
        found = queries.search_places(
            text, on=self.on, level=Level.VILLAGE, areas=self.areas, limit=6
        )
        sought = _bare(text)
        exact = [v for v in found if sought in {_bare(v.name_km), _bare(v.name_en)}]
        if len(exact) == 1:
            return exact[0]
        if not found:
            raise ValidationError(
                gettext("No village of your area is named “%(name)s”. Type its code."),
                params={"name": text},
            )
        listed = "; ".join(f"{village_label(village)}, {village.where}" for village in found)
        raise ValidationError(
            gettext("Type the code of the village you mean: %(villages)s"),
            params={"villages": listed},
        )


def _by_commune(villages: list[Place]) -> list[tuple[str, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for village in villages:
        commune = village.parent
        heading = f"{commune.name} ({commune.code})" if commune else ""
        groups.setdefault(heading, []).append((village.code, f"{village.name} ({village.code})"))
    return [("", "—"), *groups.items()]


def _bare(name: str) -> str:
    return "".join(name.split()).lower()
