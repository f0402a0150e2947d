"""A page with each component in each state, for tests and for the eye."""

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.template import engines

from spean.kernel.forms import SpeanForm

TEMPLATE = Path(__file__).with_name("gallery.html")


class Gallery(SpeanForm):
    """One field of each kind."""

    name = forms.CharField(label="ឈ្មោះមេគ្រួសារ", help_text="ដូចក្នុងអត្តសញ្ញាណប័ណ្ណ")
    rooms = forms.IntegerField(label="ចំនួនបន្ទប់")
    born = forms.DateField(
        label="ថ្ងៃខែឆ្នាំកំណើត",
        help_text="ឧទាហរណ៍ ២៧ ៣ ១៩៨៧",
        widget=forms.DateInput(attrs={"autocomplete": "bday"}),
    )
    note = forms.CharField(label="មូលហេតុ", widget=forms.Textarea, required=False)
    sex = forms.ChoiceField(
        label="ភេទ", choices=[("f", "ស្រី"), ("m", "ប្រុស")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="ការលំបាក",
        choices=[("see", "មើល"), ("hear", "ស្ដាប់")],
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(label="ប្រភេទ", choices=[("", "—"), ("a", "លំនៅឋាន")])
    proof = forms.FileField(label="ឯកសារ", required=False)
    agrees = forms.BooleanField(label="គ្រួសារយល់ព្រម")


def context(form: SpeanForm) -> dict[str, Any]:
    """Give what the gallery shows."""
    place = SimpleNamespace(name_km="ភូមិញ៉ាង", name_en="Nhang village")
    return {
        "form": form,
        "number": 1234567,
        "today": date(2026, 11, 23),
        "now": datetime(2026, 11, 23, 14, 5, tzinfo=ZoneInfo("Asia/Phnom_Penh")),
        "phone": "012345678",
        "place": place,
        "states": ["requested", "waiting", "scored", "approved", "revoked", "poor_1", "other"],
        "rows": [
            {"name": "ស្រែអង្គ្រងក្រោម", "state": "approved", "count": 1204},
            {"name": "ញ៉ាង", "state": "waiting", "count": 7},
        ],
        "back_url": "/",
    }


def render(request: Any, form: SpeanForm, **more: Any) -> str:
    """Render the gallery for a request."""
    template = engines["django"].from_string(TEMPLATE.read_text())
    return template.render(context(form) | more, request)
