"""What the FHIR server refuses; `issue` is the code of the OperationOutcome (IssueType)."""

from collections.abc import Sequence
from typing import ClassVar

from spean.kernel.errors import N_, NotAllowed, NotFound, SpeanError


class FhirError(SpeanError):
    """Refuse what FHIR itself, or our reading of it, doesn't allow."""

    code = "interop.fhir"
    status = 400
    issue: ClassVar[str] = "invalid"


class UnknownType(NotFound):
    """Say that resources of this type are not served."""

    code = "interop.fhir_unknown_type"
    message = N_(
        "Nothing is served at this address. What is served is listed at /fhir/R4/metadata."
    )
    issue = "not-supported"


class NotOffered(FhirError):
    """Refuse an interaction that a resource doesn't have."""

    code = "interop.fhir_not_offered"
    message = N_("This can't be done here. What can be done is listed at /fhir/R4/metadata.")
    status = 405
    issue = "not-supported"


class NoHistory(NotOffered):
    """Refuse to read a past version."""

    code = "interop.fhir_no_history"
    message = N_("Past versions can't be read here. Read the resource as it is now.")


class OtherFormat(FhirError):
    """Refuse to answer in another format than JSON."""

    code = "interop.fhir_other_format"
    message = N_("Answers are given in JSON only. Ask for application/fhir+json.")
    status = 406
    issue = "not-supported"


class OtherContent(FhirError):
    """Refuse a body in another format than JSON."""

    code = "interop.fhir_other_content"
    message = N_("A resource is taken in JSON only. Send it as application/fhir+json.")
    status = 415
    issue = "not-supported"


class NotJson(FhirError):
    """Refuse a body that can't be read."""

    code = "interop.fhir_not_json"
    message = N_("This is not a FHIR resource in JSON. Correct it and send it again.")
    issue = "structure"


class TooLarge(FhirError):
    """Refuse a body that is too large to be taken in at once."""

    code = "interop.fhir_too_large"
    message = N_("This is too large to be taken in at once. Send it in smaller parts.")
    status = 413
    issue = "too-long"


class NotValid(FhirError):
    """Refuse a resource that FHIR's own definition doesn't allow; `parts` are (path, what)."""

    code = "interop.fhir_not_valid"
    message = N_(
        "This is not a valid resource of FHIR R4. Correct what is named and send it again."
    )
    status = 422

    def __init__(self, parts: Sequence[tuple[str, str]] = ()) -> None:
        self.parts = tuple(parts)
        super().__init__()


class UnknownParameter(FhirError):
    """Refuse a search parameter that the resource doesn't have, where it must not be ignored."""

    code = "interop.fhir_unknown_parameter"
    message = N_("There is no search by “%(parameter)s” here. Leave it out, or see the metadata.")
    issue = "not-supported"


class ParameterIgnored(UnknownParameter):
    """Say that a search parameter was ignored."""

    code = "interop.fhir_parameter_ignored"
    message = N_("There is no search by “%(parameter)s” here: it was ignored.")


class UnknownModifier(FhirError):
    """Refuse a modifier, which no search may ignore."""

    code = "interop.fhir_unknown_modifier"
    message = N_("“%(parameter)s” has a modifier that is not known here. Leave it out.")
    issue = "not-supported"


class BadValue(FhirError):
    """Refuse a value that a search parameter can't have."""

    code = "interop.fhir_bad_value"
    message = N_("“%(value)s” is no value of “%(parameter)s”. Correct it and ask again.")
    issue = "value"


class TooCostly(FhirError):
    """Refuse to count what would take long."""

    code = "interop.fhir_too_costly"
    message = N_("Counting this takes too long. Narrow the search by one of: %(parameters)s.")
    issue = "too-costly"


class ScopeMissing(NotAllowed):
    """Refuse what the token's scopes don't cover; it is audited as any refusal."""

    code = "interop.fhir_scope_missing"
    message = N_("The access token doesn't allow this. Ask for a token with the scope %(scope)s.")


class OtherVersion(FhirError):
    """Refuse an update of a version that is no longer the newest."""

    code = "interop.fhir_other_version"
    message = N_("The resource was changed meanwhile. Read it again, then repeat your change.")
    status = 412
    issue = "conflict"


class SeveralMatch(FhirError):
    """Refuse a conditional create that more than one resource answers to."""

    code = "interop.fhir_several_match"
    message = N_("More than one resource matches If-None-Exist. Make the condition narrower.")
    status = 412
    issue = "multiple-matches"


class OtherId(FhirError):
    """Refuse an update whose resource names another id than its address."""

    code = "interop.fhir_other_id"
    message = N_("The resource's id is not that of the address. Make them the same.")


class NotABundle(FhirError):
    """Refuse what is no batch or transaction."""

    code = "interop.fhir_not_a_bundle"
    message = N_("Send a Bundle of the type batch or transaction, its entries each with a request.")
    issue = "structure"


class TooManyEntries(FhirError):
    """Refuse a Bundle with too many entries."""

    code = "interop.fhir_too_many_entries"
    message = N_("A Bundle may have %(most)s entries. Send the others in another one.")
    status = 413
    issue = "too-long"


class UnresolvedReference(FhirError):
    """Refuse a transaction whose entries refer to each other in a circle."""

    code = "interop.fhir_unresolved_reference"
    message = N_("Entries refer to each other in a circle. Send one of them without the reference.")


class TooManyRequests(FhirError):
    """Refuse who asks too often."""

    code = "interop.fhir_too_many_requests"
    message = N_("Too many requests. Wait a little, then go on.")
    status = 429
    issue = "throttled"
