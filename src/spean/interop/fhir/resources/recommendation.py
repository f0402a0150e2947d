"""ImmunizationRecommendation: which vaccines come next, when, and by which line of the schedule."""

from collections.abc import Iterator

from spean.interop.fhir.care import (
    HL7,
    LOINC,
    SYSTEM,
    VIEW,
    dated,
    msgid,
    of,
    read_one,
    search_of_one,
)
from spean.interop.fhir.datatypes import concept, filled, said
from spean.interop.fhir.resource import Json, Parameter, Resource
from spean.interop.fhir.vaccines import vaccine_code
from spean.kernel.errors import N_
from spean.maternal_child.queries import CareRecord, Condition, Line, Status
from spean.maternal_child.queries.words import STATUSES as STATUSES_SAID

STATUSES = f"{HL7}/immunization-recommendation-status"
STATUS_OF = {
    Status.DUE: "due", Status.OVERDUE: "overdue", Status.FORBIDDEN: "contraindicated",
}  # fmt: skip
# What LOINC calls the days of a line.
EARLIEST, DUE, OVERDUE, LATEST = "30981-5", "30980-7", "59778-1", "59777-3"
ASKED = N_("Asked for by line %(line)s of the schedule: %(source)s")
FORBIDS = N_("Not to be given: %(because)s")
CAREFUL = N_("With care: %(because)s")


def recommendations(record: CareRecord) -> Iterator[Json]:
    """Write what comes next of each series, in one resource of the person; nothing if nothing."""
    if record.forecast:
        yield filled(
            id=str(record.person.pk),
            patient=of(record.person),
            date=record.asked_on.isoformat(),
            recommendation=[_recommended(line) for line in record.forecast],
        )


def _recommended(line: Line) -> Json:
    days = {EARLIEST: line.opens, DUE: line.due, OVERDUE: line.overdue, LATEST: line.closes}
    because = FORBIDS if line.status == Status.FORBIDDEN else CAREFUL
    return filled(
        vaccineCode=[vaccine_code(*line.vaccines)],
        forecastStatus=_status(line.status),
        forecastReason=[
            {"coding": [{"system": f"{SYSTEM}schedule-line", "code": line.code}]}
            | said(ASKED, line=line.code, source=line.source.reference),
            *(
                concept(f"{SYSTEM}contraindication", one)
                | said(because, because=msgid(Condition(one).label))
                for one in line.because
            ),
        ],
        dateCriterion=[
            {"code": concept(LOINC, code), "value": day.isoformat()}
            for code, day in days.items()
            if day is not None
        ],
        series=line.series,
        doseNumberString=line.code,
    )


def _status(status: Status) -> Json:
    """Write a status by HL7's code, where there is one, and by ours."""
    ours = concept(f"{SYSTEM}forecast-status", str(status))
    if status in STATUS_OF:
        ours["coding"].insert(0, {"system": STATUSES, "code": STATUS_OF[status]})
    return ours | said(msgid(STATUSES_SAID[status]))


RECOMMENDATION = Resource(
    type="ImmunizationRecommendation",
    about="Which vaccines come next for a child, from when, overdue after when, and what stands "
    "against them; each by its line of the national schedule. It has the id of the Patient.",
    rights={"read": VIEW, "search": VIEW},
    parameters=(
        Parameter("_id", "token", "The id of the Patient"),
        Parameter("patient", "reference", "Whose vaccines come next"),
        Parameter("date", "date", "The day on which it was worked out: today"),
    ),
    read=read_one(recommendations),
    search=search_of_one(recommendations, {"date": dated("date")}),
    to_fhir=lambda body, asking: body,
)
