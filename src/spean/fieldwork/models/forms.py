"""A form as it was published: once, for good, so that what was filled in can always be read."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class FormVersion(models.Model):
    """One compilation of a form's workbook. `media` are the names of the lists it reads."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form_id = models.CharField(_("Form"), max_length=60)
    version = models.CharField(_("Version"), max_length=20)
    title_km = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    xform = models.TextField()
    md5 = models.CharField(max_length=32)
    workbook_sha256 = models.CharField(max_length=64)
    media = ArrayField(models.CharField(max_length=60), default=list)
    published_on = models.DateField(_("Published on"))
    published_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Form version")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["form_id", "version"], name="fieldwork_formversion_published_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.version}"
