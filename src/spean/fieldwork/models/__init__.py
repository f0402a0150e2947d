"""What fieldwork stores, and what must always be true of it."""

from spean.fieldwork.models.devices import Device
from spean.fieldwork.models.forms import FormVersion
from spean.fieldwork.models.samples import Sample, SampledInterview
from spean.fieldwork.models.submissions import (
    Attachment,
    Correction,
    Part,
    RefusedUpload,
    Submission,
)
from spean.fieldwork.models.work import WorkItem

__all__ = [
    "Attachment",
    "Correction",
    "Device",
    "FormVersion",
    "Part",
    "RefusedUpload",
    "Sample",
    "SampledInterview",
    "Submission",
    "WorkItem",
]
