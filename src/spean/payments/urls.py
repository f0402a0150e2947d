"""Addresses of money."""

from django.urls import path

from spean.payments.pages import answers, ledger, orders, pay_lists, screening, wallets

app_name = "payments"
urlpatterns = [
    path("payments", orders.orders, name="orders"),
    path("payments/budgets", ledger.budgets, name="budgets"),
    path("payments/ledger", ledger.ledger, name="ledger"),
    path("payments/trace/<slug:reference>", ledger.trace, name="trace"),
    path("payments/lists", screening.name_lists, name="name_lists"),
    path("payments/hits/<int:hit_id>", screening.decide_hit, name="decide_hit"),
    path("payments/wallets", wallets.to_correct, name="wallets_to_correct"),
    path("payments/wallets/<int:doubt_id>", wallets.clear_wallet, name="clear_wallet"),
    path("payments/orders/<uuid:order_id>/holders", wallets.holders, name="holders"),
    path("payments/orders/<uuid:order_id>/holders/file", wallets.enquiry, name="enquiry"),
    path("payments/answers", answers.answer_files, name="answer_files"),
    path("payments/answers/rows/<int:answer_id>", answers.decide_answer, name="decide_answer"),
    path("payments/answers/<uuid:file_id>", answers.answer_file, name="answer_file"),
    path("payments/orders/<uuid:order_id>", orders.order, name="order"),
    path("payments/orders/<uuid:order_id>/payments", orders.order_payments, name="order_payments"),
    path("payments/orders/<uuid:order_id>/approve", orders.approve, name="approve"),
    path("payments/orders/<uuid:order_id>/release", orders.release, name="release"),
    path("payments/orders/<uuid:order_id>/cancel", orders.cancel, name="cancel"),
    path("payments/orders/<uuid:order_id>/lists", pay_lists.places, name="pay_places"),
    path("payments/orders/<uuid:order_id>/lists/print", pay_lists.document, name="pay_document"),
    path(
        "payments/orders/<uuid:order_id>/lists/<slug:village>", pay_lists.village, name="pay_list"
    ),
    path("payments/orders/<uuid:order_id>/file", orders.order_file, name="order_file"),
    path(
        "payments/orders/<uuid:order_id>/payments/<slug:reference>/khqr",
        orders.payment_code,
        name="payment_code",
    ),
]
