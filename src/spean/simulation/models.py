"""A draft that was simulated, kept with what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class Scenario(models.Model):
    """A draft and its outcome. Neither changes: another draft is another scenario."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(_("Title"), max_length=120)
    on = models.DateField(_("By the rules of"))
    area = models.CharField(_("Area"), max_length=8, blank=True)
    hit = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    only_hit = models.BooleanField(default=False)
    struck = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    as_of = models.DateField(_("Registry as of"))
    policy_version = models.CharField(max_length=64)
    outcome = models.JSONField()
    shared = models.BooleanField(_("Shared"), default=False)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Simulation")

    def __str__(self) -> str:
        return self.title
