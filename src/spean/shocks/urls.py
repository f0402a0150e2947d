"""Addresses of shocks."""

from django.urls import path

from spean.shocks import pages

app_name = "shocks"
urlpatterns = [
    path("shocks", pages.events, name="events"),
    path("shocks/new", pages.note, name="note"),
    path("shocks/<uuid:event_id>", pages.event, name="event"),
    path("shocks/<uuid:event_id>/places", pages.strike, name="strike"),
    path("shocks/<uuid:event_id>/measures", pages.measure, name="measure"),
    path("shocks/<uuid:event_id>/plans", pages.propose, name="propose"),
    path("shocks/<uuid:event_id>/end", pages.end, name="end"),
    path("shocks/plans/<uuid:plan_id>", pages.plan, name="plan"),
    path("shocks/plans/<uuid:plan_id>/decide", pages.decide, name="decide"),
    path("shocks/missed/<uuid:missed_id>/answer", pages.answer, name="answer"),
    path("households/<uuid:household_id>/missed-by-a-shock", pages.ask, name="ask"),
]
