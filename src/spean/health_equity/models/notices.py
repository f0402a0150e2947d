"""Notices to facilities (`queries.notices`): which were read, and who is told by text message."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from spean.kernel.ids import new_id


class NoticeRead(models.Model):
    """A notice that a facility has read; `key` names it, once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="notices_read"
    )
    key = models.CharField(max_length=100)
    read_by = models.CharField(max_length=150)
    read_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "key"], name="health_equity_noticeread_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class TextsAsked(models.Model):
    """A facility that asked to be told by text message, at its telephone and in its language."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="texts_asked"
    )
    language = models.CharField(
        _("Language"), max_length=5, default="km", choices=settings.LANGUAGES
    )
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(ended_at=None),
                name="health_equity_textsasked_one_at_a_time",
            ),
            models.CheckConstraint(
                name="health_equity_textsasked_language",
                condition=Q(language__in=[code for code, _name in settings.LANGUAGES]),
            ),
            models.CheckConstraint(
                name="health_equity_textsasked_ended_whole",
                condition=Q(ended_by="", ended_at__isnull=True)
                | (~Q(ended_by="") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.asked_by}"


class NoticeTexted(models.Model):
    """A notice of which a facility was told by text message, once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility = models.ForeignKey(
        "locations.Facility", on_delete=models.PROTECT, related_name="notices_texted"
    )
    key = models.CharField(max_length=100)
    texted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["facility", "key"], name="health_equity_noticetexted_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key
