"""Addresses of the pages of the health schemes."""

from django.urls import path, re_path

from spean.health_equity.pages import claim, claims, contracts, counter, visits

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
    path("claims", claims.claims, name="claims"),
    path("claims/export", claims.export, name="export_claims"),
    path("claims/build", claims.build, name="build_claims"),
    path("claims/file", claims.file, name="claim_file"),
    path("claims/file/model", claims.model, name="claim_model"),
    path("claims/judge", claims.judge, name="judge_claims"),
    path("claims/review", claims.queue, name="claims_to_review"),
    path("claims/appeals/<uuid:appeal_id>/answer", claim.answer, name="answer_appeal"),
    path("claims/<uuid:claim_id>", claim.claim, name="claim"),
    path("claims/<uuid:claim_id>/withdraw", claim.withdraw, name="withdraw_claim"),
    path("claims/<uuid:claim_id>/appeal", claim.appeal, name="appeal_claim"),
    path("claims/<uuid:claim_id>/override", claim.override, name="override_claim"),
]
