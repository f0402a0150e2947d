"""Addresses of OpenRosa; phones know the first and the last by heart."""

from django.urls import path

from spean.interop.openrosa import pages

app_name = "openrosa"
FORM = "forms/<slug:form_id>/<slug:version>"

urlpatterns = [
    path("formList", pages.form_list, name="form_list"),
    path(f"{FORM}.xml", pages.form, name="form"),
    path(f"{FORM}/manifest", pages.manifest, name="manifest"),
    path(f"{FORM}/media/<str:name>", pages.media, name="media"),
    path("submission", pages.submission, name="submission"),
]
