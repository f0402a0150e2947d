"""A facility has read what it was told; where it asked for it, it is told by text message too."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext, override

from spean.health_equity.models import NoticeRead, NoticeTexted, TextsAsked
from spean.health_equity.queries.notices import READ, notices_of
from spean.health_equity.queries.texts import KINDS, ToText, notices_to_text
from spean.kernel import access, audit, texting
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.texting import Text
from spean.locations import actions as facilities
from spean.locations import queries as locations

TEXTS = "health_equity.notice_texts"
# Only what there is and where to look: a text message is read by whoever holds the telephone.
SAID: Mapping[str, str] = {
    "claims_cut": N_("claims were cut or held back"),
    "statement_made": N_("a statement is ready"),
    "statement_paid": N_("a statement is paid"),
    "mend": N_("there is something to mend"),
}
TEXT = N_("%(facility)s: %(news)s. Look in Spean at “Notices to your facility”.")


class PhoneNeeded(SpeanError):
    """Ask for the telephone to which texts go."""

    code = "health_equity.phone_needed"
    message = N_("Write the telephone of the facility, such as 012 345 678.")
    field = "phone"


@transaction.atomic
def read_notices(*, facility: str, keys: Iterable[str], by: Actor, on: date) -> int:
    """Keep that notices to a facility were read, each by who read it first; give how many now.

    What was read before, or is no notice of the facility, changes nothing. Raises UnknownFacility,
    NotAllowed.
    """
    place = locations.facility(facility, on)
    access.require(by, READ, area=place.place.code)
    asked = set(keys)
    unread = [
        one.key for one in notices_of(facility, on=on) if one.key in asked and not one.is_read
    ]
    NoticeRead.objects.bulk_create(
        [NoticeRead(facility=place, key=key, read_by=by.name) for key in unread],
        ignore_conflicts=True,
    )
    audit.write(by=by, action=READ, subject=place, area=place.place.code, notices=len(unread))
    return len(unread)


@transaction.atomic
def ask_texts(
    *, facility: str, phone: str, language: str = "km", by: Actor, on: date
) -> TextsAsked:
    """Let a facility be told by text message, at this telephone of it, of what can't wait.

    Asked again, the telephone and the language given last count. Raises UnknownFacility,
    NotAllowed, PhoneNeeded, PhoneWrong.
    """
    place = locations.facility(facility, on)
    access.require(by, READ, area=place.place.code)
    if not phone.strip():
        raise PhoneNeeded
    facilities.set_facility_phone(facility=place, phone=phone, by=by, on=on)
    asked, new = TextsAsked.objects.select_for_update().get_or_create(
        facility=place, ended_at=None, defaults={"asked_by": by.name, "language": language}
    )
    if new or asked.language != language:
        asked.language = language
        asked.save(update_fields=["language"])
        audit.write(by=by, action=TEXTS, subject=place, area=place.place.code, asked=True,
                    language=language)  # fmt: skip
    return asked


@transaction.atomic
def stop_texts(*, facility: str, by: Actor, on: date) -> int:
    """Let a facility be told by text message no more; give how many wishes ended, 1 or 0.

    Raises UnknownFacility, NotAllowed.
    """
    place = locations.facility(facility, on)
    access.require(by, READ, area=place.place.code)
    open_now = TextsAsked.objects.filter(facility=place, ended_at=None)
    ended = open_now.update(ended_by=by.name, ended_at=Now())
    if ended:
        audit.write(by=by, action=TEXTS, subject=place, area=place.place.code, asked=False)
    return ended


@transaction.atomic
def text_notices(*, by: Actor, on: date) -> int:
    """Send each facility that asked for it one text of what it was told since; give how many.

    Each notice once: what a carrier didn't take is sent the next time. Raises NotAllowed, OSError.
    """
    access.require(by, READ, area="")
    due = notices_to_text(on=on)
    NoticeTexted.objects.bulk_create(
        NoticeTexted(facility_id=one.facility, key=key) for one in due for key in one.notices
    )
    audit.write(by=by, action=TEXTS, subject=("health_equity.texts", "many"), texts=len(due))
    return texting.send([_text(one) for one in due]) if due else 0


def _text(one: ToText) -> Text:
    told = set(one.notices.values())
    with override(one.language):
        news = ", ".join(gettext(SAID[kind]) for kind in KINDS if kind in told)
        return Text(one.phone, gettext(TEXT) % {"facility": one.name, "news": news})
