"""Addresses of money."""

from django.urls import path

from spean.payments import pages

app_name = "payments"
urlpatterns = [
    path("payments", pages.orders, name="orders"),
    path("payments/budgets", pages.budgets, name="budgets"),
    path("payments/answers", pages.answer_files, name="answer_files"),
    path("payments/answers/<uuid:file_id>", pages.answer_file, name="answer_file"),
    path("payments/orders/<uuid:order_id>", pages.order, name="order"),
    path("payments/orders/<uuid:order_id>/payments", pages.order_payments, name="order_payments"),
    path("payments/orders/<uuid:order_id>/approve", pages.approve, name="approve"),
    path("payments/orders/<uuid:order_id>/release", pages.release, name="release"),
    path("payments/orders/<uuid:order_id>/cancel", pages.cancel, name="cancel"),
    path("payments/orders/<uuid:order_id>/file", pages.order_file, name="order_file"),
    path(
        "payments/orders/<uuid:order_id>/payments/<slug:reference>/khqr",
        pages.payment_code,
        name="payment_code",
    ),
]
