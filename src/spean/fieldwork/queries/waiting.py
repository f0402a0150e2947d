"""What waits for whom today."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from spean.fieldwork.queries.forms import USES
from spean.fieldwork.queries.submissions import inbox
from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.home import HomeItem


def waiting_for(*, by: Actor, on: date) -> Iterator[HomeItem]:
    """Give one line for the whole inbox, under the first purpose for which the actor has one."""
    purposes = [use.purpose for use in USES.values()]
    mine = [p for p in purposes if access.areas(replace(by, purpose=p), "fieldwork.resolve_inbox")]
    if mine and by.purpose == mine[0]:
        title = _("Records from the field that need attention")
        yield HomeItem(title, inbox(by=by).count(), reverse("fieldwork:inbox"))
