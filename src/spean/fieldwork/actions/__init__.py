"""Writes of fieldwork."""

from spean.fieldwork.actions.care_list import follow_care
from spean.fieldwork.actions.devices import (
    AddedDevice,
    RevokedAlready,
    TooManyPhones,
    add_device,
    note_seen,
    revoke_device,
)
from spean.fieldwork.actions.inbox import (
    NoSuchQuestion,
    NotWaiting,
    ReasonNeeded,
    answer_for,
    correct_answers,
    decide_part,
    dismiss,
    drop_part,
    say_day,
    try_again,
)
from spean.fieldwork.actions.publishing import (
    VersionPublished,
    WorkbookIncomplete,
    WorkbookWrong,
    publish_forms,
)
from spean.fieldwork.actions.receiving import (
    AnotherFile,
    AnotherUnderThisId,
    NewAttachment,
    UnknownForm,
    keep_refused,
    receive_submission,
)
from spean.fieldwork.actions.samples import (
    AnswersMissing,
    CheckedAlready,
    DaysTheWrongWayRound,
    HeldByThemselves,
    NothingToDraw,
    draw_sample,
    record_check,
)
from spean.fieldwork.actions.taking import take_in
from spean.fieldwork.actions.work import (
    close_care,
    close_visit,
    follow_interviews,
    follow_interviews_of,
    follow_visits,
    follow_work,
)

__all__ = [
    "AddedDevice",
    "AnotherFile",
    "AnotherUnderThisId",
    "AnswersMissing",
    "CheckedAlready",
    "DaysTheWrongWayRound",
    "HeldByThemselves",
    "NewAttachment",
    "NoSuchQuestion",
    "NotWaiting",
    "NothingToDraw",
    "ReasonNeeded",
    "RevokedAlready",
    "TooManyPhones",
    "UnknownForm",
    "VersionPublished",
    "WorkbookIncomplete",
    "WorkbookWrong",
    "add_device",
    "answer_for",
    "close_care",
    "close_visit",
    "correct_answers",
    "decide_part",
    "dismiss",
    "draw_sample",
    "drop_part",
    "follow_care",
    "follow_interviews",
    "follow_interviews_of",
    "follow_visits",
    "follow_work",
    "keep_refused",
    "note_seen",
    "publish_forms",
    "receive_submission",
    "record_check",
    "revoke_device",
    "say_day",
    "take_in",
    "try_again",
]
