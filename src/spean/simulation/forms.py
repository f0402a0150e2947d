"""What is simulated: for whom, by the rules of which day, and which amounts are others."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm, Words, prepare
from spean.kernel.i18n import explain
from spean.kernel.policy import Rows
from spean.programmes.queries import Adjustable
from spean.simulation.queries.words import HINTS, column_name, row_name, table_name
from spean.simulation.rules import Changes, Draft

AS_IT_IS, OTHER, NONE = "as_it_is", "other", "none"


class CellField(forms.IntegerField):
    """A cell of a table: digits alone, for 10.951 may be ten or ten thousand."""

    def __init__(self, one: Adjustable, row: str, column: str, **kwargs: Any) -> None:
        super().__init__(
            label=f"{row_name(row)}: {column_name(column)}", required=False,
            min_value=one.least, max_value=one.most, **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        """Read the cell; whatever is wrong with it, say what it could hold."""
        with suppress(forms.ValidationError):
            typed = (value or "").strip()
            if not typed or typed.isdecimal():
                return super().clean(typed)
        raise forms.ValidationError(
            _("Write a whole number from %(least)s to %(most)s, in digits alone, without a "
              "thousand separator."),
            params={"least": f"{self.min_value:,}", "most": f"{self.max_value:,}"},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as the page shows it."""

    name: str
    hint: str
    source: str
    choice: BoundField
    columns: list[str]
    rows: list[tuple[str, list[BoundField]]]
    is_open: bool


class RulesForm(SpeanForm):
    """The day whose rules are shown."""

    on = forms.DateField(label=_("By the rules of"))

    @property
    def day(self) -> date:
        """The day that was asked for, else the one that is shown at first."""
        found: date = self.cleaned_data["on"] if self.is_valid() else self.initial["on"]
        return found


class DraftForm(SpeanForm):
    """A draft. Each table stays as it is, is given up, or holds other amounts."""

    title = Words(label=_("Title"), max_length=120)
    on = forms.DateField(widget=forms.HiddenInput)
    area = forms.CharField(
        label=_("Area code"), required=False, max_length=6,
        help_text=_("2 digits for a province, 4 for a district, 6 for a commune; "
                    "empty for the nation."),
    )  # fmt: skip
    hit = forms.CharField(
        label=_("Places struck by a shock"), required=False, max_length=4000,
        help_text=_("Codes of provinces, districts or communes, with spaces between them."),
    )  # fmt: skip
    only_hit = forms.BooleanField(label=_("Count only families of these places"), required=False)

    def __init__(
        self, *args: Any, tables: Sequence[Adjustable],
        drafted: Changes | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self._tables = tables
        self._add_fields(drafted or {})

    def _cells(self, one: Adjustable) -> Iterator[tuple[str, str, str]]:
        for row in one.rows:
            for column in one.columns:
                yield row, column, f"{one.table.key}|{row}|{column}"

    def _add_fields(self, drafted: Changes) -> None:
        for one in self._tables:
            key = one.table.key
            stands = _("As it is") if one.in_force else _("Not in force: stays so")
            choices = [(AS_IT_IS, stands), (OTHER, _("As below"))]
            if one.in_force and not one.needed:
                choices.append((NONE, _("Given up")))
            chosen = AS_IT_IS
            if key in drafted:
                chosen = NONE if drafted[key] is None else OTHER
            self.fields[key] = forms.ChoiceField(
                label=_("In the draft"), choices=choices, initial=chosen, widget=forms.RadioSelect
            )
            rows = one.whole(drafted.get(key) or one.table.rows)
            for row, column, name in self._cells(one):
                initial = rows.get(row, {}).get(column)
                self.fields[name] = CellField(one, row, column, initial=initial)
                prepare(self.fields[name])

    def clean(self) -> None:
        """Ask for what a table must hold, and refuse other amounts where it stays as it is."""
        for one in self._tables:
            chosen = self.cleaned_data.get(one.table.key)
            if chosen == OTHER:
                for row, column in one.left_empty(dict(self._rows(one))):
                    self._ask_for(f"{one.table.key}|{row}|{column}")
            elif chosen == AS_IT_IS and self._is_changed(one):
                self.add_error(one.table.key, _("Amounts below were changed: choose “As below”."))

    def _is_changed(self, one: Adjustable) -> bool:
        cells = {name for _row, _column, name in self._cells(one) if name in self.data}
        return bool(cells & set(self.changed_data))

    def _ask_for(self, name: str) -> None:
        if name not in self.errors:
            self.add_error(name, _("Fill in every line of this table, or leave it as it is."))

    def add_refusal(self, error: SpeanError) -> None:
        """Put what is wrong with a table beside its choice, by its name."""
        tables = {one.table.key: table_name(one) for one in self._tables}
        key = str(error.facts.get("text"))
        if error.field != "changes" or key not in tables:
            super().add_refusal(error)
            return
        self.add_error(key, explain(type(error)(**error.facts | {"text": tables[key]})))

    @property
    def sheets(self) -> list[Sheet]:
        """The tables as the page shows them."""
        return [
            Sheet(
                name=table_name(one),
                hint=str(HINTS.get(one.table.key, "")),
                source=one.table.reference,
                choice=self[one.table.key],
                columns=[column_name(column) for column in one.columns],
                rows=[
                    (row_name(row), [self[f"{one.table.key}|{row}|{c}"] for c in one.columns])
                    for row in one.rows
                ],
                is_open=self[one.table.key].value() != AS_IT_IS
                or bool(self[one.table.key].errors)
                or any(name in self.errors for _row, _column, name in self._cells(one)),
            )
            for one in self._tables
        ]  # fmt: skip

    @property
    def draft(self) -> Draft:
        """The draft as it was filled in."""
        given = self.cleaned_data
        return Draft(
            on=given["on"], area=given["area"], hit=tuple(given["hit"].replace(",", " ").split()),
            only_hit=given["only_hit"], changes=dict(self._changes()),
        )  # fmt: skip

    def _changes(self) -> Iterator[tuple[str, Rows | None]]:
        for one in self._tables:
            key, chosen = one.table.key, self.cleaned_data[one.table.key]
            if chosen == NONE:
                yield key, None
            elif chosen == OTHER:
                yield key, dict(self._rows(one))

    def _rows(self, one: Adjustable) -> Iterator[tuple[str, dict[str, Decimal]]]:
        """Give the rows that hold something: an empty one takes no part, an empty cell is 0."""
        for row in one.rows:
            typed = {c: self.cleaned_data.get(f"{one.table.key}|{row}|{c}") for c in one.columns}
            if any(value is not None for value in typed.values()):
                kept = (c for c in typed if typed[c] is not None or not one.complete)
                yield row, {column: Decimal(typed[column] or 0) for column in kept}
