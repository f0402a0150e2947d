"""Addresses of the pages of the health schemes."""

from django.urls import path, re_path

from spean.health_equity.pages import contracts, counter, visits

app_name = "health_equity"

urlpatterns = [
    path("care/cover", counter.counter, name="counter"),
    path("care/cover/visit", counter.open_visit, name="open_visit"),
    path("care/cover/interview", counter.interview, name="interview"),
    path("care/visits", visits.visits, name="visits"),
    path("care/visits/<uuid:visit_id>", visits.visit, name="visit"),
    path("care/visits/<uuid:visit_id>/end", visits.close, name="close_visit"),
    path(
        "care/visits/<uuid:visit_id>/services/<uuid:service_id>/remove",
        visits.remove_service,
        name="remove_service",
    ),
    path("care/contracts", contracts.contracts, name="contracts"),
    re_path(
        r"^care/contracts/(?P<kind>contract|suspension)/(?P<row_id>[0-9a-f-]{36})/end$",
        contracts.end,
        name="end_contract",
    ),
]
