"""Every address of the project."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
