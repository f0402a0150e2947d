"""Forms of supplies."""

from spean.supplies.forms.facility import (
    BedsForm,
    CensusForm,
    DutyForm,
    EndForm,
    EquipmentEventForm,
    EquipmentForm,
    LoggerForm,
    QuarantineForm,
    ReadingForm,
    StaffForm,
    UnitForm,
)
from spean.supplies.forms.orders import (
    Asked,
    QuantitiesForm,
    ReceiveForm,
    SendForm,
    TransferForm,
)
from spean.supplies.forms.stock import FIELDS, EntryForm, ReasonForm

__all__ = [
    "FIELDS",
    "Asked",
    "BedsForm",
    "CensusForm",
    "DutyForm",
    "EndForm",
    "EntryForm",
    "EquipmentEventForm",
    "EquipmentForm",
    "LoggerForm",
    "QuantitiesForm",
    "QuarantineForm",
    "ReadingForm",
    "ReasonForm",
    "ReceiveForm",
    "SendForm",
    "StaffForm",
    "TransferForm",
    "UnitForm",
]
