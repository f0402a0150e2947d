"""Addresses of the programmes."""

from django.urls import path

from spean.programmes.pages import confirmations, cycles, enrolment, entitlements

app_name = "programmes"
OWED = "households/<uuid:household_id>/entitlements"
ON_LIST = "programmes/<str:programme>/households/<uuid:household_id>"
urlpatterns = [
    path(OWED, entitlements.entitlements, name="entitlements"),
    path(f"{OWED}/<str:programme>", entitlements.ask_for, name="ask_for"),
    path("programmes", enrolment.programmes, name="programmes"),
    path("programmes/<str:programme>", enrolment.programme, name="programme"),
    path("programmes/<str:programme>/candidates", enrolment.find_candidates, name="find"),
    path("programmes/<str:programme>/review", enrolment.review, name="review"),
    path(ON_LIST, enrolment.enrolment, name="enrolment"),
    path(f"{ON_LIST}/move", enrolment.move, name="move"),
    path(f"{ON_LIST}/cycles/<uuid:cycle_id>/correct", enrolment.correct, name="correct"),
    path(f"{ON_LIST}/confirmations", confirmations.confirm, name="confirm"),
    path("confirmations", confirmations.by_card, name="confirm_by_card"),
    path("confirmations/months", confirmations.months, name="months"),
    path("confirmations/months/pupils", confirmations.pupils, name="pupils"),
    path("confirmations/<uuid:confirmation_id>/withdraw", confirmations.withdraw, name="withdraw"),
    path("corrections", enrolment.corrections, name="corrections"),
    path("corrections/<uuid:correction_id>/decide", enrolment.decide, name="decide_correction"),
    path("cycles", cycles.cycles, name="cycles"),
    path("cycles/new", cycles.open_cycle, name="open_cycle"),
    path("cycles/<uuid:cycle_id>", cycles.cycle, name="cycle"),
    path("cycles/<uuid:cycle_id>/correct", cycles.correct, name="correct_cycle"),
    path("cycles/<uuid:cycle_id>/decide", cycles.decide, name="decide_cycle"),
]
