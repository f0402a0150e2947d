"""A search answers with the households and people that were asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from spean.interop.models import Release, Transaction
from spean.kernel.models import AuditEntry
from tests.interop.spdci.conftest import Caller, expression, identifier, search_message


@pytest.fixture
def asking(caller: Callable[..., Caller], homes: Any) -> Caller:
    return caller()


def sizes(records: list[Any]) -> list[int]:
    return sorted(record["group_size"] for record in records)


def test_a_number_finds_the_household_of_its_holder(asking: Caller) -> None:
    records = asking.records(identifier("BRN", "1234/1988"))

    assert len(records) == 1
    group = records[0]
    assert group["@type"] == "Group"
    assert group["group_size"] == 2
    assert group["group_head_info"]["demographic_info"]["name"] == {
        "@type": "Name", "surname": "Sok", "given_name": "Dara",
    }  # fmt: skip
    assert group["member_list"][1]["related_person"][0]["relationship_type"] == "CHILD"
    assert group["geographical_location"]["@id"] == "16010101"


def test_a_number_of_another_kind_finds_nobody(asking: Caller) -> None:
    assert asking.records(identifier("UIN", "1234/1988")) == []


def test_a_member_can_be_asked_for(asking: Caller) -> None:
    records = asking.records(identifier("BRN", "1234/1988", response_entity="Member"))

    assert [r["@type"] for r in records] == ["Member"]
    assert records[0]["demographic_info"]["birth_date"] == "1988-02-01T00:00:00+07:00"
    assert records[0]["member_identifier"][0]["identifier_value"] == "1234/1988"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"group_size": {"$gte": 2}}, [2, 3]),
        ({"group_size": 1}, [1]),
        ({"$and": [{"group_size": {"$gt": 1}}, {"group_size": {"$lt": 3}}]}, [2]),
        ({"$or": [{"group_size": 1}, {"group_size": 3}]}, [1, 3]),
        ({"group_size": {"$in": [1, 2]}}, [1, 2]),
        ({"group_size": {"$nin": [1, 2]}}, [3]),
        ({"group_size": {"$ne": 1}}, [2, 3]),
        ({"$not": {"group_size": 1}}, [2, 3]),
        ({"location": {"$eq": "1601"}}, [1, 2]),
        ({"location": "16020101"}, [3]),
        ({"location": "Nhang"}, [1, 2]),
        ({"location": "ផ្លូវ"}, [3]),
        ({"location": {"$eq": "central_region"}}, []),
        ({"poverty_score": {"$lt": 5}}, []),
        ({"poverty_score": {"$not": {"$lt": 5}}}, [1, 2, 3]),
        ({"member_list.demographic_info.sex": "female"}, [1, 2, 3]),
        ({"group_head_info.demographic_info.sex": "female"}, [1]),
        ({"member_list.age": {"$lt": 5}}, [3]),
        ({"group_head_info.demographic_info.name.surname": "កែវ"}, [3]),
        ({"group_head_info.demographic_info.name.surname": "keo"}, [3]),
        ({"member_list.demographic_info.birth_date": {"$gt": "2021-01-01"}}, [3]),
    ],
)
def test_an_expression_finds_what_it_says(
    asking: Caller, query: dict[str, Any], expected: list[int]
) -> None:
    assert sizes(asking.records(expression(query))) == expected


@pytest.mark.parametrize(("condition", "expected"), [("and", [2]), ("or", [1, 2, 3]), ("not", [1])])
def test_a_predicate_joins_two_expressions(
    asking: Caller, condition: str, expected: list[int]
) -> None:
    pair = {
        "seq_num": 1,
        "expression1": {"attribute_name": "group_size", "operator": "lt", "attribute_value": 3},
        "condition": condition,
        "expression2": {"attribute_name": "group_size", "operator": "ge", "attribute_value": "2"},
    }

    assert sizes(asking.records({"query_type": "predicate", "query": [pair]})) == expected


def test_pages_are_sorted_and_say_of_how_many(asking: Caller) -> None:
    criteria = expression(
        {"group_size": {"$gt": 0}},
        sort=[{"attribute_name": "group_size", "sort_order": "desc"}],
        pagination={"page_size": 2, "page_number": 2},
    )

    answer = asking.search(criteria).json()["message"]["search_response"][0]

    assert answer["pagination"] == {"page_size": 2, "page_number": 2, "total_count": 3}
    assert sizes(answer["data"]["reg_records"]) == [1]


def test_the_locale_chooses_the_script_of_names(asking: Caller) -> None:
    message = expression({"group_size": 1})
    body = asking.search(message)
    khmer = search_message(message)
    khmer["search_request"][0]["locale"] = "khm"
    answer = asking.send("social/registry/sync/search", "search", khmer).json()

    head = answer["message"]["search_response"][0]["data"]["reg_records"][0]["group_head_info"]
    assert head["demographic_info"]["name"]["surname"] == "ចាន់"
    assert body.status_code == 200


def test_only_the_partners_area_is_searched(caller: Callable[..., Caller], homes: Any) -> None:
    asking = caller(area="1602")

    assert sizes(asking.records(expression({"group_size": {"$gt": 0}}))) == [3]


def test_fields_outside_the_purpose_are_left_out_and_cannot_be_asked_about(
    caller: Callable[..., Caller], homes: Any
) -> None:
    counting = caller(purpose="statistics")

    record = counting.records(expression({"group_size": 1}))[0]
    refused = counting.search(expression({"group_head_info.surname": "Chan"}))

    person = record["group_head_info"]["demographic_info"]
    assert set(person) == {"@type", "sex", "birth_date"}
    assert "group_identifier" not in record
    response = refused.json()["message"]["search_response"][0]
    assert response["status"] == "rjct"
    assert response["status_reason_code"] == "rjct.filter.invalid"


def test_an_agreement_narrows_what_the_purpose_gives(
    caller: Callable[..., Caller], homes: Any
) -> None:
    asking = caller(fields=("group", "place"))

    record = asking.records(expression({"group_size": 1}))[0]

    assert set(record) == {
        "@context", "@type", "group_type", "group_size", "geographical_location", "place_address",
    }  # fmt: skip


def test_each_record_given_is_on_record(asking: Caller, homes: Any) -> None:
    asking.search(expression({"group_size": {"$gt": 1}}))

    given = Release.objects.all()
    assert {row.household_id for row in given} == {homes["sok"].pk, homes["keo"].pk}
    assert {row.purpose for row in given} == {"targeting"}
    assert "name" in given[0].fields
    lines = AuditEntry.objects.filter(action="interop.exchange", kind="read")
    assert {line.subject_id for line in lines} == {str(homes["sok"].pk), str(homes["keo"].pk)}
    assert {line.purpose for line in lines} == {"targeting"}
    assert Transaction.objects.get().state == "succ"
    assert "data" not in Transaction.objects.get().answer["search_response"][0]


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        (expression({"shoe_size": 1}), "rjct.filter.invalid"),
        (expression({"$where": "1"}), "rjct.filter.invalid"),
        (expression({"group_size": {"$regex": "1"}}), "rjct.filter.invalid"),
        (expression({"group_size": "many"}), "rjct.filter.invalid"),
        (expression({"group_size": {"$in": list(range(101))}}), "rjct.filter.invalid"),
        (expression({"$or": [{"group_size": n} for n in range(21)]}), "rjct.filter.invalid"),
        (expression({"group_size": 1}, sort=[{"attribute_name": "shoe"}]), "rjct.sort.invalid"),
        (
            expression({"group_size": 1}, pagination={"page_size": 501}),
            "rjct.pagination.invalid",
        ),
        (
            expression({"group_size": 1}, reg_type="ns:org:RegistryType:Civil"),
            "rjct.search_criteria.invalid",
        ),
    ],
)
def test_what_cannot_be_answered_is_rejected_with_its_reason(
    asking: Caller, criteria: dict[str, Any], reason: str
) -> None:
    answer = asking.search(criteria)

    assert answer.status_code == 200
    body = answer.json()
    response = body["message"]["search_response"][0]
    assert (response["status"], response["status_reason_code"]) == ("rjct", reason)
    assert body["header"]["status"] == "rjct"


def test_one_rejected_request_leaves_the_others_answered(asking: Caller) -> None:
    body = asking.search(expression({"shoe": 1}), expression({"group_size": 1})).json()

    assert [one["status"] for one in body["message"]["search_response"]] == ["rjct", "succ"]
    assert body["header"]["status"] == "succ"


def test_a_reference_used_twice_is_rejected(asking: Caller) -> None:
    message = search_message(expression({"group_size": 1}), expression({"group_size": 2}))
    message["search_request"][1]["reference_id"] = "0"

    body = asking.send("social/registry/sync/search", "search", message).json()

    second = body["message"]["search_response"][1]
    assert second["status_reason_code"] == "rjct.reference_id.duplicate"


def test_a_search_that_finds_too_much_is_rejected(asking: Caller, settings: Any) -> None:
    settings.SPDCI_MOST_FOUND = 2

    body = asking.search(expression({"group_size": {"$gt": 0}}, pagination={"page_size": 1}))

    response = body.json()["message"]["search_response"][0]
    assert response["status_reason_code"] == "rjct.search.too_many_records_found"
