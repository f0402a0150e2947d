"""Forms of import and export."""

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.kernel.forms import AreaField, SpeanForm


class ImportForm(SpeanForm):
    """The file."""

    file = forms.FileField(
        label=_("File of households"),
        help_text=_("XLSX or CSV (UTF-8), at most 10,000 rows and 10 MB."),
    )


class TakeInForm(SpeanForm):
    """What is to be taken in."""

    which = forms.ChoiceField(
        label=_("What should be taken in?"),
        choices=[
            ("good", _("The households without problems; the others go to the error file")),
            ("all", _("All or none: nothing unless every row is good")),
        ],
        widget=forms.RadioSelect,
    )
    also_likely_duplicates = forms.BooleanField(
        label=_("I looked at the likely duplicates: they are other people. Take them in too."),
        required=False,
    )


class ExportForm(SpeanForm):
    """Which households, as what."""

    area = AreaField(
        help_text=_("The code of a province, district, commune or village in your area.")
    )
    form = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("xlsx", _("XLSX (Excel)")), ("csv", _("CSV"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
