"""Addresses of fieldwork's pages."""

from django.urls import path

from spean.fieldwork.pages import devices, inbox, phone, supervision

app_name = "fieldwork"
ONE = "fieldwork/inbox/<uuid:submission_id>"

urlpatterns = [
    path("fieldwork/inbox", inbox.inbox, name="inbox"),
    path(ONE, inbox.submission, name="submission"),
    path(f"{ONE}/correct", inbox.correct, name="correct"),
    path(f"{ONE}/day", inbox.say_day, name="say_day"),
    path(f"{ONE}/answer-for", inbox.answer_for, name="answer_for"),
    path(f"{ONE}/decide", inbox.decide, name="decide"),
    path(f"{ONE}/drop", inbox.drop, name="drop"),
    path(f"{ONE}/again", inbox.try_again, name="try_again"),
    path(f"{ONE}/dismiss", inbox.dismiss, name="dismiss"),
    path(f"{ONE}/record.xml", inbox.raw, name="raw"),
    path(f"{ONE}/files/<str:name>", inbox.file, name="file"),
    path("fieldwork/supervision", supervision.supervision, name="supervision"),
    path("fieldwork/samples/new", supervision.draw, name="draw"),
    path("fieldwork/samples/<uuid:sample_id>", supervision.sample, name="sample"),
    path("fieldwork/sampled/<uuid:sampled_id>", supervision.check, name="check"),
    path("field/devices", devices.devices, name="devices"),
    path("field/devices/add", devices.add_device, name="add_device"),
    path("field/devices/<uuid:device_id>/revoke", devices.revoke_device, name="revoke_device"),
    path("field/", phone.phone, name="phone"),
    path("field/sw.js", phone.service_worker, name="service_worker"),
    path("field/places.json", phone.place_names, name="place_names"),
    path("field/manifest.webmanifest", phone.manifest, name="manifest"),
    path("fieldwork/refused", inbox.refused, name="refused"),
]
