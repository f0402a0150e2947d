"""Reads of the results: answers to an analyst's question."""

from spean.results.queries.answers import (
    COMMUNE,
    PEOPLE,
    PERMISSION,
    Answer,
    NoEntitlements,
    Question,
    QuestionRefused,
    answer,
    programmes,
    shown_households,
)

__all__ = [
    "COMMUNE",
    "PEOPLE",
    "PERMISSION",
    "Answer",
    "NoEntitlements",
    "Question",
    "QuestionRefused",
    "answer",
    "programmes",
    "shown_households",
]
