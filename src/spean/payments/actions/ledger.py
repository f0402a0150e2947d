"""Entries of the ledger: each is made once, and adds up to nothing."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.payments.models import Account, Entry, Line, Order, Payment
from spean.payments.queries import is_programme
from spean.payments.rules import AccountKind, EntryKind, account_code

FUND = "payments.fund"
NOT_ABOVE = "payments_obligation_not_paid_above"  # constraint of migration 0007
ACTIONS = {
    EntryKind.APPROPRIATION: "payments.appropriate", EntryKind.WITHDRAWAL: "payments.withdraw",
}  # fmt: skip
FUNDER = re.compile(r"[a-z][a-z0-9_-]{2,39}")


class BudgetExceeded(Conflict):
    """Refuse to spend what isn't there."""

    code = "payments.budget_exceeded"
    message = N_(
        "There is not enough money for this in the programme's budget. "
        "Ask for an appropriation first, or take fewer families into the order."
    )


class NotLeft(BudgetExceeded):
    """Refuse to give back what is committed or paid."""

    code = "payments.not_left"
    message = N_(
        "That much is not left in the programme's budget: the rest is committed to orders, or "
        "paid. Write a smaller amount."
    )
    field = "amount"


class NotAName(SpeanError):
    """Refuse a funder that isn't written as a code."""

    code = "payments.not_a_name"
    message = N_("“%(text)s” can't be used. Write small Latin letters without spaces.")
    field = "funder"


class NotAProgramme(SpeanError):
    """Refuse a programme that there isn't."""

    code = "payments.not_a_programme"
    message = N_("There is no programme “%(text)s”. Look at its code under Programmes.")
    field = "programme"


class NothingGiven(SpeanError):
    """Refuse an appropriation of nothing."""

    code = "payments.nothing_given"
    message = N_("Enter an amount above 0.")
    field = "amount"


class NeverGiven(Conflict):
    """Refuse to give back more than was given."""

    code = "payments.never_given"
    message = N_("This funder has not given that much to this programme. Look at its revisions.")
    field = "amount"


class SourceMissing(SpeanError):
    """Ask for the act that gives the money."""

    code = "payments.source_missing"
    message = N_("Name the act that gives the money, or takes it back, with its number and day.")
    field = "source"


@transaction.atomic
def appropriate(
    *, programme: str, funder: str, amount: Decimal, source: str, key: str, by: Actor, on: date
) -> Entry:
    """Put a funder's money into a programme's budget. The same `key` again changes nothing.

    Raises NotAllowed, NotAName, NotAProgramme, NothingGiven, SourceMissing.
    """
    return _revise(EntryKind.APPROPRIATION, programme, funder, amount, source, key, by, on)


@transaction.atomic
def withdraw(
    *, programme: str, funder: str, amount: Decimal, source: str, key: str, by: Actor, on: date
) -> Entry:
    """Give a funder money back that is in a programme's budget and isn't committed.

    Raises as `appropriate` does, NeverGiven, NotLeft.
    """
    try:
        return _revise(EntryKind.WITHDRAWAL, programme, funder, amount, source, key, by, on)
    except BudgetExceeded as error:
        raise NotLeft from error


def _revise(
    kind: EntryKind, programme: str, funder: str, amount: Decimal, source: str, key: str,
    by: Actor, on: date,
) -> Entry:  # fmt: skip
    access.require(by, FUND, area="")
    if not FUNDER.fullmatch(funder):
        raise NotAName(text=funder[:60])
    if not is_programme(programme):
        raise NotAProgramme(text=programme[:60])
    if amount <= 0:
        raise NothingGiven
    if not source.strip():
        raise SourceMissing
    key = f"{kind}:{key}"
    if made := Entry.objects.filter(key=key).first():
        return made
    gives = account(AccountKind.FUNDER, funder)
    gives_back = kind == EntryKind.WITHDRAWAL
    signed = -amount if gives_back else amount
    if gives_back:
        _check_given(gives, account_code(AccountKind.BUDGET, programme), amount)
    entry = post(
        kind, key, on=on, by=by, source=source.strip()[:200],
        lines={gives: -signed, account(AccountKind.BUDGET, programme): signed},
    )  # fmt: skip
    audit.write(by=by, action=ACTIONS[kind], subject=entry, amount=str(amount),
                programme=programme, funder=funder)  # fmt: skip
    return entry


def _check_given(funder: Account, budget: str, amount: Decimal) -> None:
    """Refuse to give a funder back what it never gave to this budget; its account is locked."""
    Account.objects.select_for_update().get(pk=funder.pk)
    given = Line.objects.filter(account=funder, entry__lines__account__code=budget)
    if -(given.aggregate(held=Sum("amount"))["held"] or 0) < amount:
        raise NeverGiven


def account(kind: AccountKind, *of: str) -> Account:
    """Give an account, made at its first use."""
    found, _ = Account.objects.get_or_create(code=account_code(kind, *of), kind=kind)
    return found


def post(
    kind: EntryKind, key: str, *, on: date, by: Actor, lines: Mapping[Account, Decimal],
    order: Order | None = None, source: str = "", payment: Payment | None = None,
) -> Entry:  # fmt: skip
    """Make an entry, or give the one that was made with this key. Raises BudgetExceeded.

    The line of what families hold names the payment that it is of.
    """
    entry, made = Entry.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "on": on, "order": order, "source": source, "made_by": by.name,
        },
    )  # fmt: skip
    if made:
        with budget_guarded():
            Line.objects.bulk_create(
                Line(
                    entry=entry, account=one, amount=sum_,
                    payment=payment if one.kind == AccountKind.FAMILIES else None,
                )
                for one, sum_ in lines.items()
            )  # fmt: skip
    return entry


def move(
    kind: EntryKind, key: str, order: Order, gains: Mapping[AccountKind, Decimal], *,
    on: date, by: Actor, payment: Payment | None = None,
) -> None:  # fmt: skip
    """Move an order's money, or that of one of its payments: what each kind of account gains."""
    of = {AccountKind.CHANNEL: (order.channel, order.programme)}
    lines = {account(one, *of.get(one, (order.programme,))): riel for one, riel in gains.items()}
    post(kind, key, on=on, by=by, order=order, lines=lines, payment=payment)


@contextmanager
def guarded(constraint: str, refusal: type[SpeanError]) -> Iterator[None]:
    """Say in words what the database says of a constraint that would be broken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == constraint:
            raise refusal from error
        raise


def budget_guarded() -> AbstractContextManager[None]:
    """Say in words what the database says of an account that would go below nothing."""
    return guarded("payments_account_not_below_nothing", BudgetExceeded)
