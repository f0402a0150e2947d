"""Which orders, names and answers wait for whom."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.home import HomeItem
from spean.payments.models import ChannelAnswer, Order, ScreeningHit
from spean.payments.queries.money import APPROVE, RELEASE
from spean.payments.rules import FOR_A_PERSON, HitState


def waiting_for(*, by: Actor, on: date) -> Iterable[HomeItem]:
    """Say what waits for an approver and for who releases."""
    orders, answers = reverse("payments:orders"), reverse("payments:answer_files")
    if access.allows(by, APPROVE, area=""):
        prepared = Order.objects.filter(state=Order.State.PREPARED).exclude(
            Q(prepared_by=by.name) | Q(first_approved_by=by.name)
        )
        yield HomeItem(_("Orders to approve"), prepared.count(), orders, urgent=True)
        hits = ScreeningHit.objects.filter(state=HitState.WAITING).exclude(
            payment__order__state=Order.State.CANCELLED
        )
        yield HomeItem(_("Payees with a name like one listed"), hits.count(), orders, urgent=True)
        odd = ChannelAnswer.objects.filter(effect__in=FOR_A_PERSON, verdict=None)
        yield HomeItem(_("Answers that go against the books"), odd.count(), answers)
    if access.allows(by, RELEASE, area=""):
        approved = Order.objects.filter(state=Order.State.APPROVED)
        yield HomeItem(_("Orders to release"), approved.count(), orders, urgent=True)
