"""Who hears what: the one visible table of events and their listeners."""

from collections.abc import Sequence

from spean.fieldwork import handlers as fieldwork
from spean.health_equity import handlers as health_equity
from spean.interop import civil_registry
from spean.interop import events as exchange
from spean.interop.spdci import answering, notifying, sending
from spean.kernel.outbox import Deliver, Handler
from spean.maternal_child import events as care
from spean.programmes import handlers as programmes
from spean.referrals import events as transport
from spean.registry import events as registry
from spean.supplies import handlers as supplies
from spean.targeting import events as cases
from spean.targeting import handlers as targeting

HANDLERS: dict[type, Sequence[Handler]] = {
    registry.HouseholdDissolved: [targeting.close_dissolved],
    registry.HouseholdsMerged: [targeting.close_merged],
    registry.HouseholdMoved: [targeting.follow_moved, fieldwork.follow_household],
    registry.HouseholdSplit: [targeting.note_members_changed],
    registry.MemberAdded: [targeting.note_members_changed],
    registry.MemberRemoved: [targeting.note_members_changed],
    registry.ChangeReversed: [targeting.follow_reversal],
    cases.AssessmentMoved: [fieldwork.follow_case, health_equity.end_provisional_cover],
    care.HomeVisitRecorded: [fieldwork.close_visit],
    care.HomeVisitWithdrawn: [fieldwork.reopen_visit],
    care.ContactCompleted: [
        programmes.confirm_contact,
        health_equity.report_contact,
        fieldwork.close_care,
    ],
    care.BirthRecorded: [programmes.confirm_birth, health_equity.report_birth],
    care.BirthWithdrawn: [programmes.follow_birth_withdrawal, health_equity.withdraw_birth],
    care.CareWithdrawn: [programmes.follow_withdrawal],
    transport.TripCompleted: [health_equity.note_transport],
    care.DoseGiven: [supplies.take_dose],
    care.DoseWithdrawn: [supplies.put_dose_back],
}

OUTSIDE: dict[str, tuple[frozenset[type], Deliver]] = {
    "civil_registry": (
        frozenset({care.BirthRecorded, care.BirthWithdrawn, care.DeathNotified}),
        civil_registry.deliver,
    ),
    "spdci_answers": (frozenset({exchange.AnswerDue}), answering.answer_due),
    "spdci_callbacks": (frozenset({exchange.CallbackDue}), sending.deliver),
    "spdci_subscribers": (notifying.HEARD, notifying.tell),
}
