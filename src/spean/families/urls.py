"""Addresses of the family's own pages."""

from django.urls import path

from spean.families import pages

app_name = "families"
urlpatterns = [
    path("family", pages.card, name="card"),
    path("family/code", pages.code, name="code"),
    path("family/record", pages.record, name="record"),
    path("family/leave", pages.leave, name="leave"),
    path("payments/orders/<uuid:order_id>/tell", pages.tell, name="tell"),
]
