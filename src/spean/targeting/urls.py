"""Addresses of targeting's pages."""

from django.urls import path

from spean.targeting.pages import complaints, dashboard, letter, lists, rounds, steps

app_name = "targeting"
CASE = "assessments/<uuid:assessment_id>"
HOUSEHOLD = "households/<uuid:household_id>"

urlpatterns = [
    path("assessments", lists.assessments, name="assessments"),
    path(CASE, lists.assessment, name="assessment"),
    path(f"{CASE}/interview", steps.interview, name="interview"),
    path(f"{CASE}/refuse", steps.refuse, name="refuse"),
    path(f"{CASE}/withdraw", steps.withdraw, name="withdraw"),
    path(f"{CASE}/review", steps.review, name="review"),
    path(f"{CASE}/display", steps.display, name="display"),
    path(f"{CASE}/decision", steps.decide, name="decide"),
    path(f"{CASE}/check", steps.check, name="check"),
    path(f"{CASE}/letter.pdf", letter.letter, name="letter"),
    path(f"{HOUSEHOLD}/request", steps.request_assessment, name="request"),
    path(f"{HOUSEHOLD}/reinterview", steps.reinterview, name="reinterview"),
    path("complaints", complaints.complaints, name="complaints"),
    path("complaints/new", complaints.new_complaint, name="new_complaint"),
    path("complaints/<uuid:complaint_id>", complaints.complaint, name="complaint"),
    path("rounds", rounds.rounds, name="rounds"),
    path("rounds/new", rounds.new_round, name="new_round"),
    path("rounds/<uuid:round_id>", rounds.interview_round, name="round"),
    path("rounds/<uuid:round_id>/close", rounds.close_round, name="close_round"),
    path("dashboard", dashboard.dashboard, name="dashboard"),
]
