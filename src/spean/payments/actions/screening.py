"""Payees are compared with lists of names before money is released; a person decides each hit."""

import hashlib
import io
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from spean.kernel import access, audit, bulk
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, Conflict
from spean.payments.actions.decisions import GroundsMissing
from spean.payments.models import ListedName, NameList, Order, ScreeningHit
from spean.payments.queries import APPROVE, LISTS, hit_for, hits_of
from spean.payments.rules import HitState, read_list, sounds
from spean.registry.queries import name_keys

PAYEES = "SELECT id, name, latin_name FROM payments_payment WHERE order_id = %(order)s"


class HitsWaiting(Conflict):
    """Refuse to release an order before every hit is decided."""

    code = "payments.hits_waiting"
    message, many = NN_(
        "%(count)s payee has a name like one on a list to whom nothing may be paid. "
        "Somebody who approves payments must decide about it first.",
        "%(count)s payees have names like those on a list to whom nothing may be paid. "
        "Somebody who approves payments must decide about each first.",
    )


class SomebodyListed(Conflict):
    """Refuse to release an order with somebody who may not be paid."""

    code = "payments.somebody_listed"
    message, many = NN_(
        "%(count)s payee of this order may not be paid. Cancel it and prepare it again: the"
        " payee is left out.",
        "%(count)s payees of this order may not be paid. Cancel it and prepare it again: "
        "they are left out.",
    )


class HitDecided(Conflict):
    """Refuse a second decision."""

    code = "payments.hit_decided"
    message = N_("This was decided meanwhile. Look at it again.")


@transaction.atomic
def load_list(*, code: str, file: IO[bytes], by: Actor) -> NameList:
    """Take a list in, in place of the one of this code. All of it, or nothing.

    Orders that have not left are compared with it. Raises NotAllowed, ListBroken, NotUnicode,
    WrongHeader, RowWithoutName.
    """
    access.require(by, LISTS, area="")
    content = file.read()
    _lock("pg_advisory_xact_lock")
    found, sha256 = read_list(io.BytesIO(content)), hashlib.sha256(content).hexdigest()
    held, _new = NameList.objects.update_or_create(
        code=code, defaults={"sha256": sha256, "loaded_by": by.name}
    )
    held.names.all().delete()
    ListedName.objects.bulk_create(
        (ListedName(list=held, reference=one.reference, name=one.name,
                    sounds=sounds(one.name, name_keys)) for one in found),
        batch_size=2000,
    )  # fmt: skip
    waiting = [Order.State.PREPARED, Order.State.APPROVED]
    for order in Order.objects.filter(state__in=waiting).order_by("number"):
        screen(order)
    audit.write(by=by, action=LISTS, subject=held, names=len(found), sha256=sha256)
    return held


def screen_new(order: Order) -> None:
    """Compare the payees of an order that is being prepared; a list taken in now waits for it."""
    _lock("pg_advisory_xact_lock_shared")
    screen(order)


def _lock(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(hashtext('payments.lists'))")


def screen(order: Order) -> None:
    """Compare an order's payees with the lists.

    What a person decided about the same household and the same name listed stands.
    """
    listed: dict[str, list[ListedName]] = {}
    for one in ListedName.objects.exclude(sounds="").select_related("list"):
        listed.setdefault(one.sounds, []).append(one)
    if not listed:
        return
    keys_of = cache(name_keys)  # a nation's names are made of some thousands of words
    with TemporaryDirectory() as folder:
        path = Path(folder) / "payees.csv"
        bulk.copy_out(PAYEES, path, {"order": order.pk})
        found = {
            (payment, one)
            for payment, *names in bulk.rows(path)
            for name in names
            for one in listed.get(sounds(name, keys_of), ())
        }
    hits = [
        ScreeningHit(payment_id=int(payment), list=one.list.code, reference=one.reference,
                     name=one.name)
        for payment, one in sorted(found, key=lambda pair: (int(pair[0]), pair[1].pk))
    ]  # fmt: skip
    ScreeningHit.objects.bulk_create(hits, ignore_conflicts=True)
    _as_before(order)


def _payee(hit: ScreeningHit) -> tuple[UUID | None, int | None]:
    return hit.payment.household_id, hit.payment.facility_id


def _as_before(order: Order) -> None:
    """Take over what was decided about the same payees and names in earlier orders."""
    waiting = hits_of(order).filter(state=HitState.WAITING)
    payees = {_payee(one) for one in waiting}
    decided = ScreeningHit.objects.exclude(state=HitState.WAITING).select_related("payment")
    known = {
        (_payee(one), one.list, one.reference, one.name): one
        for one in decided.filter(
            Q(payment__household_id__in=[home for home, _ in payees])
            | Q(payment__facility_id__in=[facility for _, facility in payees])
        ).order_by("id")
    }
    for one in waiting:
        if same := known.get((_payee(one), one.list, one.reference, one.name)):
            one.state, one.decided_by, one.grounds = same.state, same.decided_by, same.grounds
            one.save(update_fields=["state", "decided_by", "grounds"])


def require_clear(order: Order) -> None:
    """Refuse an order with a hit that waits or is upheld. Raises HitsWaiting, SomebodyListed."""
    states = list(hits_of(order).values_list("state", flat=True))
    if waiting := states.count(HitState.WAITING):
        raise HitsWaiting(count=waiting)
    if upheld := states.count(HitState.UPHELD):
        raise SomebodyListed(count=upheld)


@transaction.atomic
def decide_hit(*, hit_id: int, same_person: bool, grounds: str, by: Actor) -> ScreeningHit:
    """Decide whether a payee is the person on the list, who is not paid then.

    Raises NotFound, NotAllowed, GroundsMissing, HitDecided.
    """
    access.require(by, APPROVE, area="")
    found = hit_for(hit_id, lock=True)
    if not grounds.strip():
        raise GroundsMissing
    if found.state != HitState.WAITING:
        raise HitDecided
    found.state = HitState.UPHELD if same_person else HitState.CLEARED
    found.decided_by, found.grounds = by.name, grounds.strip()[:300]
    found.save(update_fields=["state", "decided_by", "grounds"])
    audit.write(by=by, action="payments.decide_hit", subject=found, area=found.payment.village,
                state=found.state)  # fmt: skip
    return found
