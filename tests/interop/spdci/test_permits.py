"""Consent and authorization: enforced as the agreement says, and kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from spean.interop.models import Permit
from tests.interop.spdci.conftest import Caller, expression, now

BASES = ("consent", "authorize")


def shown(*, days: float = 1, code: str = "targeting") -> dict[str, Any]:
    return {
        "@type": "Consent",
        "ts": (now() - timedelta(days=days)).isoformat(),
        "purpose": {"code": code, "text": "To find who is eligible", "ref_uri": "https://x.kh"},
    }


def answered(asking: Caller, **criteria: Any) -> Any:
    body = asking.search(expression({"group_size": 1}, **criteria)).json()
    return body["message"]["search_response"][0]


@pytest.mark.parametrize("basis", BASES)
def test_what_the_agreement_asks_for_is_enough_and_kept(
    caller: Callable[..., Caller], homes: Any, basis: str
) -> None:
    response = answered(caller(basis=basis), **{basis: shown()})

    assert response["status"] == "succ"
    kept = Permit.objects.get()
    assert (kept.kind, kept.purpose_code, kept.reference_id) == (basis, "targeting", "0")
    assert kept.purpose_text == "To find who is eligible"


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(
    "given",
    [
        "",
        None,
        {"ts": "2026-11-27T08:00:00", "purpose": {"code": "targeting"}},
        shown(code="payment"),
        shown(days=400),
        shown(days=-1),
        {"purpose": {"code": "targeting"}},
    ],
    ids=["blank", "none", "no zone", "another purpose", "too old", "future", "no time"],
)
def test_without_it_nothing_is_told(
    caller: Callable[..., Caller], homes: Any, basis: str, given: Any
) -> None:
    criteria = {} if given is None else {basis: given}

    response = answered(caller(basis=basis), **criteria)

    assert response["status"] == "rjct"
    assert response["status_reason_code"] == "rjct.search_criteria.invalid"
    assert Permit.objects.count() == 0


@pytest.mark.parametrize(("given", "status"), [(None, 403), ("good", 200)])
def test_a_question_about_one_person_needs_it_too(
    caller: Callable[..., Caller], homes: Any, given: Any, status: int
) -> None:
    criteria: dict[str, Any] = {"query": {"person_identifier": {"eq": "1234/1988"}}}
    if given:
        criteria["consent"] = shown()
    message = {"transaction_id": "1", "enrolled_criteria": criteria}

    answer = caller(basis="consent").send("ibr/registry/sync/enrolled", "search", message)

    assert answer.status_code == status
    assert Permit.objects.count() == (status == 200)


def test_the_other_kind_does_not_do(caller: Callable[..., Caller], homes: Any) -> None:
    assert answered(caller(basis="consent"), authorize=shown())["status"] == "rjct"
