"""What is said and answered, held against the standard's documents as they were published."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from jsonschema_rs import Draft4Validator

from spean.interop.spdci import codes
from spean.interop.spdci.registries import PATHS
from spean.interop.spdci.specification import document
from spean.programmes.models import Enrolment
from spean.programmes.queries.exchange import BENEFITED
from spean.registry.models import Household, Identifier
from spean.registry.models.households import Relation
from spean.registry.models.people import Difficulty, Sex
from spean.registry.rules.people import Function
from tests.interop.spdci import standard
from tests.interop.spdci.conftest import BASE, Caller, expression

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "exchange-by-sp-dci.md"
EXAMPLE = re.compile(r"### `([\w-]+)` at `([\w/-]+)`\n(?:.*?\n)??```json\n(.*?)```", re.DOTALL)
EXAMPLES = [(path, action, json.loads(text))
            for action, path, text in EXAMPLE.findall(GUIDE.read_text())]  # fmt: skip
SCHEMAS = Path(__file__).parent / "schemas"
CALLBACKS = ("on-search", "txn-on-status", "notify")


def test_every_path_has_an_example() -> None:
    shown = {path.partition("/")[2] for path, _, _ in EXAMPLES}

    assert shown == {one.path for paths in PATHS.values() for one in paths}


@pytest.mark.parametrize("path", [p for p, _, _ in EXAMPLES])
def test_each_example_of_the_guide_is_answered_as_the_standard_says(
    caller: Callable[..., Caller], homes: dict[str, Household], path: str
) -> None:
    action, message = next((a, m) for p, a, m in EXAMPLES if p == path)
    Enrolment.objects.create(
        household=homes["sok"], programme="disability_allowance", village="16010101",
        state="enrolled", since=date(2026, 11, 24), amount=1000,
    )  # fmt: skip
    asking = caller()
    more = {"status": "succ"} if action in CALLBACKS else {}
    uri = "https://spmis.example.org/dci/registry/on-search"
    body = asking.signed(asking.header(action, sender_uri=uri, **more), message)

    answer = asking.post(path, body)

    registry, _, rest = path.partition("/")
    assert answer.status_code == 200
    standard.check(registry, rest, "request", body)
    standard.check(registry, rest, "answer", answer.json())
    if rest.endswith("sync/search"):
        states = {one["status"] for one in answer.json()["message"]["search_response"]}
        assert states == {"succ"}


@pytest.mark.parametrize("path", ["social/registry/sync/search", "dr/registry/search"])
@pytest.mark.parametrize("raw", [b"{}", b"nothing"])
def test_a_refusal_is_shaped_as_the_standard_says(
    caller: Callable[..., Caller], path: str, raw: bytes
) -> None:
    answer = caller().post(path, raw)

    registry, _, rest = path.partition("/")
    standard.check(registry, rest, "refusal", answer.json())


def test_our_keys_and_places_are_shaped_as_the_standard_says(places: object) -> None:
    for name, path in (
        ("jwks_core_api_v1.0.0", "jwks"),
        ("locations_core_api_v1.0.0", "locations"),
    ):
        found = document(name)
        operation = found["paths"][f"/.well-known/{path}.json"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        for base in ("", f"{BASE}/social"):
            body = Client().get(f"{base}/.well-known/{path}.json").json()
            wrong = list(Draft4Validator({"allOf": [schema], **found}).iter_errors(body))
            assert [e.message for e in wrong] == []


# Our own lists, complete; each of the standard's codes is one of its list or named here as ours.
OURS = {"NationalID", "HealthID", "EquityCard"}
LISTS = [
    (codes.IDENTIFIERS, Identifier.Kind.values, "core/v1/code/IdentifierTypeEnum"),
    (codes.SEXES, Sex.values, "core/v1/code/SexCategoryEnum"),
    (codes.RELATIONS, Relation.values, "core/v1/code/RelationshipTypeEnum"),
    (codes.LIMITATIONS, [str(f) for f in Function], "core/v1/code/FunctionalLimitationType"),
    (codes.SEVERITIES, Difficulty.values, "core/v1/code/FunctionalSeverityEnum"),
    (codes.ENROLMENTS, [str(s) for s in BENEFITED], "extensions/ibr/v1/code/EnrollmentStatusEnum"),
]


@pytest.mark.parametrize(
    ("table", "values", "name"), LISTS, ids=lambda v: v if type(v) is str else ""
)
def test_each_code_list_is_complete_and_one_to_one(
    table: dict[Any, str], values: list[Any], name: str
) -> None:
    text = (SCHEMAS / f"{name}.jsonld").read_text(encoding="utf-8")
    known = {full.rpartition(":")[2] for full in re.findall(r'"@id":\s*"([\w:]+)"', text)}

    assert set(table) == set(values)
    assert len(set(table.values())) == len(table)
    assert set(table.values()) - OURS <= known


def test_each_name_in_a_record_is_one_of_the_standards(
    caller: Callable[..., Caller], homes: Any
) -> None:
    text = "".join(path.read_text() for path in SCHEMAS.rglob("data/*.jsonld"))
    known = set(re.findall(r'"spdci(?:core)?:(\w+)"', text))
    everything = expression({"group_size": {"$gt": 0}})
    records = caller().records(everything)

    names = set(_names(records))
    assert {"group_head_info", "demographic_info", "identifier_value"} <= names
    assert names - known - {"poverty_level"} == set()


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if not name.startswith("@"):
                yield name
            yield from _names(value)
    elif isinstance(part, list):
        for one in part:
            yield from _names(one)


FUZZED = [("social", path) for path in PATHS["social"]] + [
    (key, path)
    for key in ("ibr", "dr")
    for path in PATHS[key]
    if path.sync and path.work not in {"search", "txn-status"}
]


@pytest.mark.parametrize(("key", "path"), FUZZED, ids=lambda v: v if type(v) is str else v.path)
def test_no_message_that_the_standard_allows_or_refuses_breaks_a_path(
    caller: Callable[..., Caller], homes: Any, settings: Any, key: str, path: Any
) -> None:
    settings.SPDCI_RATE = 10**6
    asking = caller(signing="unsigned", keys={})
    operation = schemathesis.openapi.from_dict(dict(document(f"{key}_api_v1.0.0")))
    case = operation[f"/{path.path}"]["POST"].as_strategy()

    @given(case=case)
    @hypothesis_settings(
        max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    def answers(case: Any) -> None:
        if case.media_type != "application/json":
            return
        body = case.body
        if isinstance(body, dict) and isinstance(body.get("header"), dict):
            ours = {"sender_id": asking.partner.sender_id, "message_id": str(uuid4())}
            plain = {"signature": "", "header": {**body["header"], **ours, "receiver_id": ""}}
            body = {**body, **plain}
            for name in ("version", "sender_uri", "is_msg_encrypted"):
                body["header"].pop(name, None)
        answer = asking.post(f"{key}/{path.path}", body)

        assert answer.status_code < 500
        part = "answer" if answer.status_code == 200 else "refusal"
        standard.check(key, path.path, part, answer.json())

    answers()
