"""Pure decisions of fieldwork: how a submission is read, and whether its clock can be right."""

from spean.fieldwork.rules.answers import Answers
from spean.fieldwork.rules.clock import ClockWrong, check_clock
from spean.fieldwork.rules.questions import Question, questions_of
from spean.fieldwork.rules.submission_xml import (
    LARGEST_XML,
    NoInstanceId,
    NotAForm,
    NotXml,
    ParsedSubmission,
    UnsafeXml,
    XmlTooLarge,
    parse_submission,
)

__all__ = [
    "LARGEST_XML",
    "Answers",
    "ClockWrong",
    "NoInstanceId",
    "NotAForm",
    "NotXml",
    "ParsedSubmission",
    "Question",
    "UnsafeXml",
    "XmlTooLarge",
    "check_clock",
    "parse_submission",
    "questions_of",
]
