"""Addresses of the pages of referrals."""

from django.urls import path

from spean.referrals.pages import delays, referrals, steps, vehicles

app_name = "referrals"
ONE, VEHICLE = "referrals/<uuid:referral_id>", "vehicles/<uuid:vehicle_id>"

urlpatterns = [
    path("referrals", referrals.referrals, name="referrals"),
    path("referrals/delays", delays.delays, name="delays"),
    path("referrals/feedback", referrals.feedback_to_read, name="feedback_to_read"),
    path("referrals/feedback/<uuid:feedback_id>/read", referrals.note_read, name="note_read"),
    path("households/<uuid:household_id>/referrals", referrals.household, name="household"),
    path("referrals/people/<uuid:person_id>", referrals.ask, name="ask"),
    path(ONE, referrals.referral, name="referral"),
    path(f"{ONE}/steps/<slug:kind>", steps.step, name="step"),
    path(f"{ONE}/dispatch", steps.dispatch, name="dispatch"),
    path(f"{ONE}/trips/<uuid:trip_id>", steps.measure, name="measure"),
    path(f"{ONE}/feedback", steps.feedback, name="feedback"),
    path(f"{ONE}/onward", steps.onward, {"direction": "onward"}, name="onward"),
    path(f"{ONE}/back", steps.onward, {"direction": "back"}, name="back"),
    path("vehicles", vehicles.vehicles, name="vehicles"),
    path("vehicles/new", vehicles.register, name="register_vehicle"),
    path(VEHICLE, vehicles.vehicle, name="vehicle"),
    path(f"{VEHICLE}/report", vehicles.report, name="report_vehicle"),
    path(f"{VEHICLE}/crew", vehicles.add_crew, name="add_crew"),
    path(f"{VEHICLE}/crew/<uuid:member_id>/end", vehicles.end_crew, name="end_crew"),
]
