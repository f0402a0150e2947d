"""Facilities are paid: their accounts, and a month's statements as one order of `payments`."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import transaction

from spean.health_equity.actions.contracts import MANAGE
from spean.health_equity.models import FacilityAccount
from spean.health_equity.queries.statements import obligation
from spean.kernel import access, audit, bulk
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.locations import queries as locations
from spean.payments import actions as payments
from spean.payments import queries as paid

BANK = paid.Order.Channel.BANK
OBLIGATION = obligation("statement")
# What is owed to facilities with an account on the day, and not paid or under way.
TO_PAY = f"""
SELECT {OBLIGATION}, statement.facility_id, statement.area, facility.name_km, facility.name_en,
       account.number, statement.total
FROM health_equity_statement statement
JOIN locations_facility facility ON facility.id = statement.facility_id
JOIN health_equity_facilityaccount account ON account.facility_id = statement.facility_id
 AND daterange(account.start, account."end") @> %(day)s::date
WHERE statement.scheme = %(scheme)s AND statement.month = %(month)s AND statement.total > 0
  AND NOT EXISTS ({paid.LIVE.format(obligation=OBLIGATION)})
"""


class AccountImpossible(SpeanError):
    """Refuse a number that no bank account has."""

    code = "health_equity.account_impossible"
    message = N_("An account number has 6 to 34 digits and letters, and the account has a name.")
    field = "number"


class AccountSetSince(Conflict):
    """Refuse an account from a day before the present one's."""

    code = "health_equity.account_set_since"
    message = N_("The facility's present account holds from a later day. Choose a day after it.")
    field = "start"


@transaction.atomic
def set_account(
    *, facility: str, number: str, holder: str, start: date, by: Actor, on: date
) -> FacilityAccount:
    """Pay a facility to this account from a day on, in place of the one before.

    Raises NotAllowed, UnknownFacility, AccountImpossible, AccountSetSince.
    """
    access.require(by, MANAGE, area="")
    place = locations.facility(facility, on)
    plain = "".join(number.split()).upper()
    if not (6 <= len(plain) <= 34 and plain.isascii() and plain.isalnum() and holder.strip()):
        raise AccountImpossible
    before = FacilityAccount.objects.select_for_update().filter(facility=place, end=None).first()
    if before is not None:
        if before.start >= start:
            raise AccountSetSince
        before.end = start
        before.save(update_fields=["end"])
    made = FacilityAccount.objects.create(
        facility=place, number=plain, holder=holder.strip()[:140], start=start, set_by=by.name
    )
    audit.write(by=by, action="health_equity.account_set", subject=made, area=place.place.code)
    return made


@transaction.atomic
def order_statements(*, scheme: str, month: date, by: Actor, on: date) -> UUID:
    """Prepare the payment of a month's statements to the facilities' accounts; give the order.

    Two others approve it and it is released as any order. A facility without an account is in the
    next order, once it has one. Raises NotAllowed, and what `payments.prepare_order` raises.
    """
    access.require(by, paid.PREPARE, area="")
    month = month.replace(day=1)
    key = f"statements:{scheme}:{month:%Y-%m}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "payees.csv"
        bulk.copy_out(TO_PAY, path, {"scheme": scheme, "month": month, "day": on})
        order = payments.prepare_order(
            key=f"{key}:{paid.orders_of(key) + 1}", programme=scheme,
            purpose=f"Statements {month:%Y-%m}", channel=BANK, payees=path, payee="facility",
            by=by, on=on,
        )  # fmt: skip
    audit.write(by=by, action="health_equity.order_statements", subject=order, scheme=scheme,
                month=month.isoformat())  # fmt: skip
    return order.pk
