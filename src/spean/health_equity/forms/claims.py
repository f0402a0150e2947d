"""What is filled in about claims."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spean.health_equity.models import Claim, ClaimLine, SchemeName
from spean.health_equity.queries.claims import Asked
from spean.health_equity.rules import CLAIMED
from spean.kernel.formats import month, riel
from spean.kernel.forms import SpeanForm
from spean.kernel.periods import add_months

MONTHS = 18
SCHEMES = [(str(one), SchemeName(one).label) for one in CLAIMED]
KEEP = [("good", _("Keep the good claims, and tell me the bad rows")),
        ("none", _("Keep nothing if a row is bad"))]  # fmt: skip


def months(today: date) -> list[tuple[str, str]]:
    """Give the last months, this one first, as choices."""
    first = today.replace(day=1)
    listed = [add_months(first, -n) for n in range(MONTHS)]
    return [(one.isoformat(), month(one)) for one in listed]


class OfFacility(SpeanForm):
    """A form about a facility of the actor's areas."""

    facility = forms.ChoiceField(label=_("Health facility"))
    needed = True

    def __init__(self, *args: Any, facilities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("facility", facilities)

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Offer choices; also all of them, where none is needed."""
        field = self.fields[name]
        field.required = self.needed
        field.choices = [*([] if self.needed else [("", _("All"))]), *choices]  # type: ignore[attr-defined]


class MonthOfFacility(OfFacility):
    """A facility and a month."""

    month = forms.ChoiceField(label=_("Month"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("month", months(today))

    @property
    def day(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"])


class JudgeForm(MonthOfFacility):
    """Which claims the rules are to judge: of a facility or of all, of a month or of every one."""

    needed = False

    @property
    def asked(self) -> Asked:
        """What is asked for."""
        month = self.cleaned_data["month"]
        return Asked(self.cleaned_data["facility"], date.fromisoformat(month) if month else None)


class AskForm(MonthOfFacility):
    """Which claims are shown."""

    scheme = forms.ChoiceField(
        label=_("Scheme"), required=False, choices=[("", _("All")), *SCHEMES]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Claim.State.choices]
    )

    needed = False

    @property
    def asked(self) -> Asked:
        """What is asked for; what can't be is left out."""
        said = self.cleaned_data if self.is_valid() else {}
        month = date.fromisoformat(said["month"]) if said.get("month") else None
        return Asked(said.get("facility", ""), month, said.get("scheme", ""), said.get("state", ""))


class FileForm(OfFacility):
    """A facility's claims in a file."""

    file = forms.FileField(label=_("File (CSV or XLSX)"))
    keep = forms.ChoiceField(
        label=_("If a row is bad"), choices=KEEP, initial="good", widget=forms.RadioSelect
    )


class WithdrawClaimForm(SpeanForm):
    """Why a claim is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class AppealForm(SpeanForm):
    """Why a judgement is wrong."""

    text = forms.CharField(
        label=_("Why the judgement is wrong"), max_length=1000, widget=forms.Textarea
    )


class JudgementForm(SpeanForm):
    """A person's judgement: the riel to be paid for each line, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(
        self, *args: Any, lines: Sequence[ClaimLine], proposed: Mapping[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in lines:
            self.fields[f"line_{one.place}"] = forms.IntegerField(
                label=f"{one.place}. {one.service_name}", min_value=0, max_value=int(one.asked),
                initial=proposed.get(one.place, 0),
                help_text=_("%(amount)s asked for") % {"amount": riel(one.asked)},
            )  # fmt: skip
        self.order_fields([name for name in self.fields if name.startswith("line_")])
        self.places = [one.place for one in lines]
        for name, field in self.fields.items():
            if name.startswith("line_"):
                field.widget.attrs["inputmode"] = "numeric"

    @property
    def amounts(self) -> dict[int, int]:
        """The riel of each line by its place."""
        return {place: self.cleaned_data[f"line_{place}"] for place in self.places}


class AnswerForm(JudgementForm):
    """The answer to an appeal; where it is upheld, what is to be paid."""

    upheld = forms.ChoiceField(
        label=_("The appeal is"), widget=forms.RadioSelect,
        choices=[("yes", _("upheld: pay what stands below")), ("no", _("not upheld"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Answer"), max_length=300)
