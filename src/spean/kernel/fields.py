"""What a form's field needs to be shown as a govuk component: label, hint, error, their ids."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext

_CLASSES = {
    "input": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
}
# Most particular first: a ClearableFileInput is also an Input.
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
)


class FieldParts:
    """One bound field, taken apart for its template under kernel/forms/."""

    def __init__(self, field: BoundField, options: dict[str, Any]) -> None:
        self.field = field
        self.options = options
        self.kind = self._kind()
        self.id = field.auto_id or field.html_name

    @property
    def template(self) -> str:
        """Give the template of this kind of field."""
        shared = {"input", "textarea", "select", "file"}
        return f"kernel/forms/{'plain' if self.kind in shared else self.kind}.html"

    @property
    def target(self) -> str:
        """Give the id that an error's link leads to: the first box or the first choice."""
        ending = {"date": "_day", "radios": "_0", "checkboxes": "_0"}.get(self.kind, "")
        return f"{self.id}{ending}"

    @property
    def hint(self) -> str:
        """Give the hint of the page, else of the form."""
        return str(self.options.get("hint", self.field.help_text) or "")

    @property
    def described_by(self) -> str | None:
        """Give the ids of hint and error, which a screen reader reads with the field."""
        ids = [f"{self.id}_hint"] * bool(self.hint) + [f"{self.id}_error"] * bool(self.field.errors)
        return " ".join(ids) or None

    def context(self) -> dict[str, Any]:
        """Give what the template shows."""
        return {
            "field": self.field,
            "id": self.id,
            "target": self.target,
            "label": self._label(),
            "hint": self.hint,
            "described_by": self.described_by,
            "inline": self.options.get("inline", False),
            "legend_size": self.options.get("legend_size", "s"),
            "hide_label": self.options.get("hide_label", False),
            "control": self._control(),
            "boxes": self._boxes(),
            "choices": self._choices(),
        }

    def _kind(self) -> str:
        widget = self.field.field.widget
        own = getattr(widget, "spean_kind", None)
        return own or next((kind for of, kind in _KINDS if isinstance(widget, of)), "input")

    def _label(self) -> str:
        label = str(self.options.get("label", self.field.label))
        wants_mark = not self.field.field.required and self.options.get("optional", True)
        if wants_mark and self.kind not in {"checkbox", "hidden"}:
            return gettext("%(label)s (optional)") % {"label": label}
        return label

    def _control(self) -> str:
        if self.kind not in {*_CLASSES, "checkbox", "hidden"}:
            return ""
        base = _CLASSES.get(self.kind, "govuk-checkboxes__input")
        classes = [base, str(self.field.field.widget.attrs.get("class", ""))]
        if self.field.errors and self.kind in _CLASSES:
            classes.append(f"{base}--error")
        if width := self.options.get("width"):
            classes.append(f"govuk-input--width-{width}")
        attributes: dict[str, Any] = {
            "class": " ".join(filter(None, classes)),
            "placeholder": False,
        }
        if self.described_by:
            attributes["aria-describedby"] = self.described_by
        if self.kind == "textarea":
            attributes["rows"] = self.options.get("rows", 4)
        return str(self.field.as_widget(attrs=attributes))

    def _boxes(self) -> list[dict[str, Any]]:
        if self.kind != "date":
            return []
        widget: Any = self.field.field.widget
        shown = widget.boxes(self.field.value())
        born = widget.attrs.get("autocomplete") == "bday"
        labels = {"day": gettext("Day"), "month": gettext("Month"), "year": gettext("Year")}
        return [
            {
                "label": label,
                "id": f"{self.id}_{part}",
                "name": f"{self.field.html_name}_{part}",
                "value": shown[part],
                "width": 4 if part == "year" else 2,
                "autocomplete": f"bday-{part}" if born else None,
            }
            for part, label in labels.items()
        ]

    def _choices(self) -> list[dict[str, Any]]:
        if self.kind not in {"radios", "checkboxes"}:
            return []
        hints = getattr(self.field.field, "choice_hints", {})
        return [
            {
                "id": option.id_for_label,
                "name": option.data["name"],
                "value": option.data["value"],
                "label": option.choice_label,
                "checked": option.data["selected"],
                "attributes": {
                    k: v for k, v in option.data["attrs"].items() if k.startswith(("hx-", "data-"))
                },
                "hint": hints.get(str(option.data["value"]), ""),
            }
            for option in self.field.subwidgets
        ]
