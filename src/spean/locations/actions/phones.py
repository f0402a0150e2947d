"""The telephone at which a facility is reached: the facility itself says it, or a file does."""

from datetime import date

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.phones import read_phone
from spean.locations.models import Facility

SET = "locations.set_phone"


class PhoneWrong(SpeanError):
    """Refuse what no telephone answers to."""

    code = "locations.phone_wrong"
    message = N_("Write the phone as 012 345 678, or with its country code, as +66 81 234 5678.")
    field = "phone"


def check_phone(text: str) -> str:
    """Give a phone with its country code; "" stays "". Raises PhoneWrong."""
    found = read_phone(text)
    if found is None:
        raise PhoneWrong
    return found


@transaction.atomic
def set_facility_phone(*, facility: Facility, phone: str, by: Actor, on: date) -> Facility:
    """Keep at which telephone a facility is reached. Raises NotAllowed, PhoneWrong."""
    access.require(by, SET, area=facility.place.code)
    found = check_phone(phone)
    if found != facility.phone:
        before, facility.phone = facility.phone, found
        facility.save(update_fields=["phone"])
        audit.write(by=by, action=SET, subject=facility, area=facility.place.code,
                    before=before, phone=found, on=on.isoformat())  # fmt: skip
    return facility
