"""Reads of fieldwork."""

from spean.fieldwork.models import Device, FormVersion, Part, SampledInterview, Submission
from spean.fieldwork.queries.candidates import Family, likely_families
from spean.fieldwork.queries.devices import REALM, device, devices, devices_called, ha1
from spean.fieldwork.queries.entity_lists import entity_list
from spean.fieldwork.queries.forms import USES, form_version, forms_for
from spean.fieldwork.queries.submissions import (
    WAITING,
    ShownAnswer,
    SubmissionState,
    attachment,
    inbox,
    refused_uploads,
    shown_answers,
    submission,
    submission_states,
    submissions,
)
from spean.fieldwork.queries.supervision import (
    Supervision,
    compared,
    household_of,
    sample,
    sampled_interview,
    samples,
    supervision,
)
from spean.fieldwork.queries.waiting import waiting_for
from spean.fieldwork.queries.work import WorkEntry, WorkPage, work_since

__all__ = [
    "REALM",
    "USES",
    "WAITING",
    "Device",
    "Family",
    "FormVersion",
    "Part",
    "SampledInterview",
    "ShownAnswer",
    "Submission",
    "SubmissionState",
    "Supervision",
    "WorkEntry",
    "WorkPage",
    "attachment",
    "compared",
    "device",
    "devices",
    "devices_called",
    "entity_list",
    "form_version",
    "forms_for",
    "ha1",
    "household_of",
    "inbox",
    "likely_families",
    "refused_uploads",
    "sample",
    "sampled_interview",
    "samples",
    "shown_answers",
    "submission",
    "submission_states",
    "submissions",
    "supervision",
    "waiting_for",
    "work_since",
]
