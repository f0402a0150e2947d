"""Addresses of the pages of the health schemes."""

from django.urls import path, re_path

from spean.health_equity.pages import (
    claim,
    claims,
    contracts,
    counter,
    statements,
    transport,
    use,
    verification,
    visits,
)

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
    path("care/transport/<uuid:trip_id>", transport.transport, name="transport"),
    path("care/use", use.use, name="use"),
    path("care/contracts", contracts.contracts, name="contracts"),
    re_path(
        r"^care/contracts/(?P<kind>contract|suspension)/(?P<row_id>[0-9a-f-]{36})/end$",
        contracts.end,
        name="end_contract",
    ),
    path("care/samples", verification.samples, name="samples"),
    path("care/samples/<uuid:sample_id>", verification.sample, name="sample"),
    path("care/samples/<uuid:sample_id>/close", verification.close, name="close_sample"),
    path("care/samples/claims/<int:sampled_id>", verification.check, name="check_claim"),
    path("care/to_mend", verification.to_mend, name="to_mend"),
    path("care/to_mend/<uuid:action_id>", verification.mend, name="mend"),
    path("care/statements", statements.statements, name="statements"),
    path("care/statements/order", statements.order, name="order_statements"),
    path("care/statements/<uuid:statement_id>", statements.statement, name="statement"),
    path("care/quality", statements.score, name="score"),
    path("care/quality/scores", statements.scores, name="scores"),
    path("care/quality/scores/<uuid:score_id>", statements.verify_score, name="verify_score"),
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
