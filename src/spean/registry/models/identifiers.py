"""Numbers that other offices, or we, have given to a person or a household."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id
from spean.kernel.models import Dated
from spean.registry.models.households import Household
from spean.registry.models.people import Person


class Identifier(Dated):
    """One number of one kind, held by a person or a household, from its issue to its expiry."""

    class Kind(models.TextChoices):
        """The kinds; each has its check in `rules.identifiers`."""

        NATIONAL_ID = "national_id", _("National identity card")
        PERSONAL_CODE = "personal_code", _("Personal code")
        BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
        EQUITY_CARD = "equity_card", _("Equity card")
        HEALTH_ID = "health_id", _("Health ID")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    value = models.CharField(_("Number"), max_length=40)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="identifiers"
    )
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.PROTECT, related_name="identifiers"
    )
    withdrawn = models.BooleanField(_("Entered by mistake"), default=False)

    class Meta(Dated.Meta):
        verbose_name = _("Identifier")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=Q(withdrawn=False),
                name="registry_identifier_held_once",
            ),
            models.CheckConstraint(
                name="registry_identifier_has_one_holder",
                condition=Q(kind="equity_card", household__isnull=False, person__isnull=True)
                | (~Q(kind="equity_card") & Q(person__isnull=False, household__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"
