"""What the standard lets us say when we refuse: a message, or one request in it.

`standard` is the code of an acknowledgement (`err.…`), `reason` the one of a header or of one
request (`rjct.…`).
"""

from typing import ClassVar

from spean.kernel.errors import N_, SpeanError


class Refused(SpeanError):
    """Refuse a whole message."""

    code = "interop.message_refused"
    message = N_("The message could not be read: %(why)s. Correct it and send it again.")
    status = 400
    standard: ClassVar[str] = "err.request.bad"
    reason: ClassVar[str] = ""


class TokenNeeded(Refused):
    """Ask for an access token."""

    code = "interop.token_needed"
    message = N_("Ask for a new access token and send the message again with it.")
    status = 401
    standard = "err.request.unauthorized"


class NotForThisPartner(Refused):
    """Refuse what a partner's agreement or token doesn't give."""

    code = "interop.not_for_this_partner"
    message = N_("Your agreement or token does not allow this. Ask the registry’s office for it.")
    status = 403
    standard = "err.request.forbidden"


class PermitMissing(Refused):
    """Refuse a question that doesn't show the consent or authorization that it needs."""

    code = "interop.permit_missing"
    message = N_("The question can’t be answered: %(why)s.")
    status = 403
    standard = "err.request.forbidden"


class NoSuchPath(Refused):
    """Say that the standard has no such path here."""

    code = "interop.no_such_path"
    message = N_("There is no such address. See the list of addresses in the documentation.")
    status = 404
    standard = "err.request.not_found"


class TooLarge(Refused):
    """Refuse a message beyond the limit of size."""

    code = "interop.message_too_large"
    message = N_("The message is larger than %(limit)s bytes. Send it in smaller parts.")
    status = 413


class TooMany(Refused):
    """Refuse a partner that sends faster than agreed."""

    code = "interop.too_many_messages"
    message = N_("Too many messages in a minute. Wait a little, then go on.")
    status = 429
    standard = "err.request.too_many_requests"


class VersionUnknown(Refused):
    """Refuse another version of the standard."""

    code = "interop.version_unknown"
    message = N_("Only version 1.0.0 of the standard is spoken here.")
    standard = "err.version.not_supported"
    reason = "rjct.version.invalid"


class SenderUnknown(Refused):
    """Refuse a sender that is not who holds the token."""

    code = "interop.sender_unknown"
    message = N_("The sender in the header is not the one that the token was given to.")
    standard = "err.sender_id.invalid"


class CallbackNotAllowed(Refused):
    """Refuse to call an address that was not registered for the sender."""

    code = "interop.callback_not_allowed"
    message = N_("Answers go only to hosts that are registered for you. Ask to add this one.")
    standard = "err.sender_uri.invalid"


class ReceiverUnknown(Refused):
    """Refuse a message that is addressed to somebody else."""

    code = "interop.receiver_unknown"
    message = N_("The message is addressed to another receiver. This one is “%(us)s”.")
    standard = "err.receiver_id.invalid"


class SignatureMissing(Refused):
    """Refuse a message without a signature."""

    code = "interop.signature_missing"
    message = N_("The message is not signed. Sign it as the documentation says.")
    status = 401
    standard = "err.signature.missing"


class SignatureWrong(Refused):
    """Refuse a message whose signature doesn't fit it."""

    code = "interop.signature_wrong"
    message = N_("The signature does not fit the message, or its key is not registered.")
    status = 401
    standard = "err.signature.invalid"


class EncryptionNotOffered(Refused):
    """Refuse an encrypted message."""

    code = "interop.encryption_not_offered"
    message = N_("Encrypted messages are not taken here; the connection itself is encrypted.")
    standard = "err.encryption.invalid"


class MessageRepeated(Refused):
    """Refuse a message id that came before."""

    code = "interop.message_repeated"
    message = N_("A message with this id was taken before. Give each message an id of its own.")
    reason = "rjct.message_id.duplicate"


class MessageTooOld(Refused):
    """Refuse a message whose time is too far from now."""

    code = "interop.message_too_old"
    message = N_("The message’s time is too far from now. Check the clock and send it again.")
    reason = "rjct.message_ts.invalid"


class ActionWrong(Refused):
    """Refuse a message whose action is not its path's."""

    code = "interop.action_wrong"
    message = N_("At this address the header’s action is “%(action)s”.")
    reason = "rjct.action.invalid"


class CountWrong(Refused):
    """Refuse a count of requests below zero."""

    code = "interop.count_wrong"
    message = N_("The header’s total count can’t be below zero.")
    reason = "rjct.total_count.invalid"


class TooManyAtOnce(Refused):
    """Refuse more requests in one message than are taken at once."""

    code = "interop.too_many_at_once"
    message = N_("At most %(limit)s requests are taken in one message.")
    reason = "rjct.total_count.limit_exceeded"


class PageWrong(Refused):
    """Refuse a page below one."""

    code = "interop.page_wrong"
    message = N_("Pages and their size count from 1.")
    reason = "rjct.pagination.invalid"


class RequestRejected(SpeanError):
    """Reject one request of a message, for the reason that the standard names."""

    code = "interop.request_rejected"
    message = N_("The request can’t be answered: %(why)s.")

    def __init__(self, reason: str, **facts: object) -> None:
        self.reason = reason
        super().__init__(**facts)
