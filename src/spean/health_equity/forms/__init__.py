"""Forms of the health schemes."""

from spean.health_equity.forms.visits import (
    CloseForm,
    ContractForm,
    EndForm,
    InterviewForm,
    LookUpForm,
    OpenForm,
    ServiceForm,
    SuspensionForm,
)

__all__ = [
    "CloseForm",
    "ContractForm",
    "EndForm",
    "InterviewForm",
    "LookUpForm",
    "OpenForm",
    "ServiceForm",
    "SuspensionForm",
]
