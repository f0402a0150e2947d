"""Addresses of shocks."""

from django.urls import path

from spean.shocks.pages import drawing, events, missed, plans

app_name = "shocks"
urlpatterns = [
    path("shocks", events.events, name="events"),
    path("shocks/new", events.note, name="note"),
    path("shocks/<uuid:event_id>", events.event, name="event"),
    path("shocks/<uuid:event_id>/places", events.strike, name="strike"),
    path("shocks/<uuid:event_id>/draw", drawing.draw, name="draw"),
    path("shocks/<uuid:event_id>/draw/count", drawing.count, name="count"),
    path("shocks/<uuid:event_id>/measures", events.measure, name="measure"),
    path("shocks/<uuid:event_id>/families", events.name_family, name="name_family"),
    path("shocks/families/<uuid:named_id>/forget", events.forget_family, name="forget_family"),
    path("shocks/<uuid:event_id>/plans", events.propose, name="propose"),
    path("shocks/<uuid:event_id>/end", events.end, name="end"),
    path("shocks/plans/<uuid:plan_id>", plans.plan, name="plan"),
    path("shocks/plans/<uuid:plan_id>/decide", plans.decide, name="decide"),
    path("shocks/plans/<uuid:plan_id>/add", plans.add, name="add"),
    path("shocks/missed/<uuid:missed_id>/answer", missed.answer, name="answer"),
    path("households/<uuid:household_id>/missed-by-a-shock", missed.ask, name="ask"),
]
