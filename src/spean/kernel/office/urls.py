"""Addresses of the administrator's and the auditor's pages."""

from django.urls import path

from spean.kernel.office import long_work, pages

urlpatterns = [
    path("office/users", pages.users, name="users"),
    path("office/users/new", pages.new_user, name="new_user"),
    path("office/users/<int:user_id>", pages.user, name="user"),
    path("office/users/<int:user_id>/grants/<int:grant_id>/end", pages.end_grant, name="end_grant"),
    path("office/systems/new", pages.new_system, name="new_system"),
    path("office/audit", pages.audit_trail, name="audit"),
    path("office/work", long_work.long_work, name="long_work"),
    path("office/work/rows", long_work.long_work_rows, name="long_work_rows"),
    path("office/work/<uuid:run_id>/cancel", long_work.cancel_work, name="cancel_work"),
    path("office/work/<uuid:run_id>/resume", long_work.resume_work, name="resume_work"),
    path("office/policy", pages.policy_values, name="policy"),
]
