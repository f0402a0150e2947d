"""Addresses of the results."""

from django.urls import path

from spean.results.pages import answers, indicators, reports

app_name = "results"
INDICATOR, REPORT = "indicators/<str:code>", "reports/<str:facility>/<str:period>"
urlpatterns = [
    path("answers", answers.answers, name="answers"),
    path("indicators", indicators.indicators, name="indicators"),
    path(INDICATOR, indicators.indicator, name="indicator"),
    path(f"{INDICATOR}/records", indicators.records, name="records"),
    path("reports", reports.reports, name="reports"),
    path(REPORT, reports.report, name="report"),
    path(f"{REPORT}/close", reports.close, name="close_report"),
]
