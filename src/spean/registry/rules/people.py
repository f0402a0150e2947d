"""A person as somebody tells us of them, before anything is recorded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from spean.kernel.errors import N_, SpeanError

_FROM_KHMER = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")


class PhoneWrong(SpeanError):
    """Refuse what no telephone in Cambodia, or abroad with its country code, answers to."""

    code = "registry.phone_wrong"
    message = N_("Write the phone as 012 345 678, or with its country code, as +66 81 234 5678.")
    field = "phone"


def check_phone(text: str) -> str:
    """Give a phone as its digits: 012345678, or +66812345678 from abroad; "" stays "".

    Raises PhoneWrong.
    """
    bare = re.sub(r"[\s().-]", "", text.translate(_FROM_KHMER))
    bare = re.sub(r"^(?:\+|00)855", "0", bare)
    bare = re.sub(r"^00", "+", bare)
    if bare and not re.fullmatch(r"0[1-9]\d{7,8}|\+[1-9]\d{6,13}", bare):
        raise PhoneWrong
    return bare


@dataclass(frozen=True, slots=True)
class NewMember:
    """One person to be recorded: names in one script or both, family name apart.

    `relation` is to the head of the household; `identifiers` maps a kind to a number;
    `functioning` maps the six questions of the Washington Group short set to answers 1 to 4.
    """

    family_name_km: str
    given_name_km: str
    family_name_latin: str
    given_name_latin: str
    sex: str
    birth_date: date
    relation: str
    birth_date_precision: str = "exact"
    phone: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)
    functioning: Mapping[str, int] | None = None
    pregnant: bool = False
