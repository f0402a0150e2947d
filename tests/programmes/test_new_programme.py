"""A new programme of a known shape is a folder of YAML, and nothing else."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from spean.kernel.access import Actor, Purpose
from spean.kernel.policy import Policy, policy
from spean.payments import queries as payments
from spean.payments.models import Payment
from spean.programmes import actions, queries
from spean.programmes.rules import ProgrammeUnclear, Strike, codes, programmes
from spean.registry.models import Household
from tests.programmes.conftest import DAY

NAME = {"km": "ជំនួយអង្ករ", "en": "Rice support"}
HEAD = "description: {km: ក, en: A}\nchecked_on: 2022-01-01\n"


def _text(name: dict[str, str]) -> str:
    words = f"{{km: {name['km']}, en: {name['en']}}}"
    return (
        f"{HEAD}shape: text\nvalues:\n  2022-01-01: {{reference: Sub-decree 900, text: {words}}}\n"
    )


def _number(value: int) -> str:
    said = f"{{value: {value}, reference: Sub-decree 900}}"
    return f"{HEAD}unit: payments\nvalues:\n  2022-01-01: {said}\n"


def _table(unit: str, rows: str) -> str:
    return (
        f"{HEAD}shape: table\nunit: {unit}\nper: month\nvalues:\n"
        f"  2022-01-01:\n    reference: Sub-decree 900\n    rows: {rows}\n"
    )


TRANSFER = {
    "name": _text(NAME),
    "payments_a_year": _number(12),
    "rates": _table("KHR", "{rural_poor_1: {household: 7000, member: 1000}}"),
}
GRANT = {
    "name": _text(NAME),
    "payments_a_year": _number(12),
    "rates": _table("KHR", "{infant: {month: 9000}, elder: {month: 500}}"),
    "levels": _table("yes or no", "{poor_1: {eligible: 1}, poor_2: {eligible: 0}}"),
}


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Policy]]:
    """Put a folder beside the country's own; all of Spean reads it until the test ends."""
    root = tmp_path / "policy"
    shutil.copytree(policy.root, root)

    def forget() -> None:
        policy.__dict__.pop("_files", None)

    def add(folder: dict[str, str], code: str = "rice_support") -> Policy:
        (root / "programmes" / code).mkdir()
        for name, text in folder.items():
            (root / "programmes" / code / f"{name}.yaml").write_text(text)
        monkeypatch.setattr(policy, "root", root)
        forget()
        assert policy.check() == []
        return policy

    yield add
    monkeypatch.undo()
    forget()


def test_a_family_is_found_owed_enrolled_and_paid_by_it(
    added: Callable[..., Policy], family: Household, worked_out: Callable[[date], None],
    actor: Callable[..., Actor], client_of: Callable[..., Client],
) -> None:  # fmt: skip
    added(TRANSFER)
    officer = actor("programme_officer", "", Purpose.PAYMENT)
    worked_out(DAY)

    actions.find_candidates(programme="rice_support", by=officer, on=DAY)
    actions.enrol_candidates(programme="rice_support", area="", by=officer, on=DAY)
    cycle = actions.open_cycle(
        programme="rice_support", start=DAY, end=date(2023, 2, 2), by=officer, on=DAY
    )
    actions.order_cycle(
        cycle_id=cycle.pk, channel="pay_point", purpose="January", by=officer, on=DAY
    )

    assert Payment.objects.get().amount == 7000 + 2 * 1000
    client = client_of("programme_officer")
    pages = ["/programmes", "/programmes/rice_support", "/cycles", f"/cycles/{cycle.pk}"]
    pages += ["/payments", f"/payments/orders/{Payment.objects.get().order_id}"]
    for page in pages:
        assert NAME["en"] in client.get(page).content.decode(), page
    with override("km"):
        assert payments.programme_name("rice_support") == NAME["km"]


def test_it_stands_beside_the_others_at_the_counter_in_drafts_and_in_budgets(
    added: Callable[..., Policy], family: Household, actor: Callable[..., Actor],
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    added(TRANSFER)
    clerk = actor("commune_clerk", family.village.code[:6], Purpose.TARGETING)

    owed = queries.entitlements_of(family.pk, by=clerk, on=DAY)

    assert owed.amount_of("rice_support") == 9000
    assert owed.a_month > 9000
    drafted = {one.programme for one in queries.adjustable(DAY)}
    assert "rice_support" in drafted
    assert queries.frequency(DAY)["rice_support"] == 12
    assert payments.programme_name("rice_support") in NAME.values()
    budgets = client_of("budget_officer").get("/payments/budgets").content.decode()
    assert f'<option value="rice_support">{NAME["en"]}</option>' in budgets


def test_a_grant_for_members_needs_nothing_else_either(
    added: Callable[..., Policy], family: Household, actor: Callable[..., Actor]
) -> None:
    added(GRANT)
    clerk = actor("commune_clerk", family.village.code[:6], Purpose.TARGETING)

    owed = queries.entitlements_of(family.pk, by=clerk, on=DAY)

    assert owed.amount_of("rice_support") == 0
    assert owed.facts_of("rice_support")["rice_support_member"] is False
    assert owed.facts_of("rice_support")["rice_support_level"] is True


def test_it_can_be_for_places_struck_alone(added: Callable[..., Policy]) -> None:
    changed = added(TRANSFER | {"places_struck": _number(1).replace("payments", "yes or no")})

    struck = Strike(("16",))
    (made,) = [one for one in programmes(DAY, hit=[struck], rules=changed)
               if one.code == "rice_support"]  # fmt: skip

    assert getattr(made, "hit", None) == (struck,)


@pytest.mark.parametrize(
    ("folder", "code", "why"),
    [
        (TRANSFER | {"rates": _table("KHR", "{rurla_poor_1: {household: 7000}}")}, "rice", "rows"),
        ({n: t for n, t in TRANSFER.items() if n != "name"}, "rice", "missing name.yaml"),
        ({n: t for n, t in GRANT.items() if n != "levels"}, "rice", "missing levels.yaml"),
        (GRANT | {"limits": _table("times", "{infant: {most: 1, months: 1}}")}, "rice", "confirms"),
        (TRANSFER, "scholarship_plus", "begins like scholarship"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused_by_what_is_wrong(
    added: Callable[..., Policy], folder: dict[str, str], code: str, why: str
) -> None:
    changed = added(folder, code)

    with pytest.raises(ProgrammeUnclear, match=why):
        programmes(DAY, rules=changed)


def test_the_countrys_own_folders_are_whole() -> None:
    found: list[Any] = [one.code for one in programmes(date(2026, 11, 1))]

    assert {"maternal_grant", "scholarship", "shock_top_up"} <= set(found)
    assert {"base_support", "covid_cash_transfer", *found} <= set(codes())
    assert Decimal(12) == policy.value("programmes.scholarship.payments_a_year",
                                       on=date(2026, 11, 1)).value  # fmt: skip
