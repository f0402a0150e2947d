"""Addresses of the administrator's and the auditor's pages."""

from django.urls import path

from spean.kernel.office import pages

urlpatterns = [
    path("office/users", pages.users, name="users"),
    path("office/users/new", pages.new_user, name="new_user"),
    path("office/users/<int:user_id>", pages.user, name="user"),
    path("office/users/<int:user_id>/grants/<int:grant_id>/end", pages.end_grant, name="end_grant"),
    path("office/systems/new", pages.new_system, name="new_system"),
    path("office/audit", pages.audit_trail, name="audit"),
    path("office/policy", pages.policy_values, name="policy"),
]
