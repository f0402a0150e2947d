"""What people fill in while a household is assessed."""

from spean.targeting.forms.complaints import AnswerForm, ComplaintForm
from spean.targeting.forms.rounds import RoundForm
from spean.targeting.forms.steps import (
    CheckForm,
    DecisionForm,
    DisplayForm,
    InterviewForm,
    RefusalForm,
    ReinterviewForm,
    RequestForm,
    ReviewForm,
    WithdrawalForm,
)

__all__ = [
    "AnswerForm",
    "CheckForm",
    "ComplaintForm",
    "DecisionForm",
    "DisplayForm",
    "InterviewForm",
    "RefusalForm",
    "ReinterviewForm",
    "RequestForm",
    "ReviewForm",
    "RoundForm",
    "WithdrawalForm",
]
