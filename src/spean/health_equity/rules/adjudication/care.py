"""Whether the days, the diagnosis and the papers of the case hold together."""

from spean.health_equity.rules.adjudication.rule import Effect, Level, Rule
from spean.kernel.errors import N_

DIAGNOSES, DOCUMENTS, REFERRALS, DEADLINES = (
    f"health_equity.{name}" for name in ("diagnoses", "documents", "referrals", "deadlines")
)
CARE = (
    Rule(
        "left_before_coming", Effect.REJECT,
        N_("By the claim the patient left before coming. "
           "Withdraw it and send it again with the right days."),
        lambda t: t.left_on < t.came_on, Level.CLAIM,
    ),
    Rule(
        "outside_stay", Effect.REJECT,
        N_("The day of the service lies outside the visit."),
        lambda t: (t.on < t.came_on) | ((t.on > t.left_on) & (t.service != "funeral")),
    ),
    Rule(
        "in_future", Effect.REJECT,
        N_("The day of the service had not come when it was claimed."),
        lambda t: t.on > t.submitted_on,
    ),
    Rule(
        "late", Effect.REJECT,
        N_("It was claimed after the deadline."),
        lambda t: t.submitted_on.delta(t.left_on, unit="day") > t.deadline, Level.CLAIM, DEADLINES,
    ),
    Rule(
        "diagnosis_missing", Effect.REJECT,
        N_("The claim has no diagnosis. Withdraw it and send it again with one."),
        lambda t: t.diagnoses == 0, Level.CLAIM,
    ),
    Rule(
        "diagnosis_not_a_code", Effect.REJECT,
        N_("A diagnosis is not a code of ICD-10, such as A09 or O80.0."),
        lambda t: t.diagnoses_wrong > 0, Level.CLAIM,
    ),
    Rule(
        "diagnosis_not_for_service", Effect.REJECT,
        N_("None of the diagnoses goes with this service."),
        lambda t: (t.diagnoses > 0) & t.diagnosis_asked & ~t.diagnosis_fits, policy=DIAGNOSES,
    ),
    Rule(
        "referral_missing", Effect.REJECT,
        N_("At a facility of this level this service needs a referral."),
        lambda t: t.referral_asked & ~t.referred, policy=REFERRALS,
    ),
    Rule(
        "document_missing", Effect.HOLD,
        N_("A document that goes with this service is missing. A reviewer waits for it."),
        lambda t: ~t.documents_there, policy=DOCUMENTS,
    ),
)  # fmt: skip
