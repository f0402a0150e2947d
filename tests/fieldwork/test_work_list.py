"""What is to be done travels by cursor, and closes itself when it is done."""

import csv
import io
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from spean.fieldwork import actions, queries
from spean.fieldwork.models import FormVersion, WorkItem
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotFound
from spean.kernel.models import AuditEntry, RoleGrant, User
from spean.locations.models import Place
from spean.maternal_child import actions as care
from spean.maternal_child import queries as care_queries
from spean.registry import actions as registry
from spean.targeting import actions as targeting
from tests.fieldwork.conftest import NOW, POOREST

TODAY = NOW.date()


@pytest.fixture
def family_in(system: Actor) -> Callable[..., Any]:
    """Register a woman who lives alone: `family_in(village)`."""

    def make(village: Place) -> Any:
        head = registry.NewMember(
            family_name_km="សុខ",
            given_name_km="ស្រីមុំ",
            family_name_latin="Sok",
            given_name_latin="Sreymom",
            sex="female",
            birth_date=TODAY.replace(year=1984),
            relation="head",
            pregnant=True,
        )
        return registry.register_household(
            village=village,
            address="ផ្ទះលេខ ៧",
            phone="",
            members=[head],
            by=system,
            on=TODAY,
            not_duplicates=True,
        )

    return make


@pytest.fixture
def ask(family_in: Callable[..., Any], system: Actor) -> Callable[[Place], Any]:
    """Open a case for a new family of a village."""

    def opened(village: Place) -> Any:
        return targeting.request_assessment(
            household_id=family_in(village).pk, channel="village_chief", by=system, on=TODAY
        )

    return opened


def user_of(by: Actor) -> User:
    assert by.user is not None
    return by.user


def read(cursor: str | None, *, user: User, **more: int) -> queries.WorkPage:
    """Read as a phone does, once no older transaction runs (other tests run beside this one)."""
    for _ in range(600):
        with connection.cursor() as asked:
            asked.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                " > coalesce(max(changed_in), 0) FROM fieldwork_workitem"
            )
            if asked.fetchone()[0]:
                break
        time.sleep(0.1)
    return queries.work_since(cursor, user=user, **more)


class TestCursor:
    """Read as phones do; each write is committed, as only committed rows are given."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def test_what_is_open_in_ones_area_comes_once(
        self, enumerator: Actor, ask: Callable[..., Any], places: dict[str, Place]
    ) -> None:
        case = ask(places["16010101"])
        ask(places["16010201"])

        first = read(None, user=user_of(enumerator))
        second = read(first.cursor, user=user_of(enumerator))

        (entry,) = first.entries
        assert entry.title == "សុខ ស្រីមុំ"
        assert entry.form_id == "poverty_interview"
        assert entry.preset == {
            "/data/village": "16010101",
            "/data/known": "yes",
            "/data/case": str(case.pk),
        }
        assert second.entries == ()

    def test_pages_are_small_and_lose_nothing(
        self, enumerator: Actor, ask: Callable[..., Any], places: dict[str, Place]
    ) -> None:
        asked = {ask(places["16010101"]).pk for _ in range(5)}

        cursor, seen, more = None, [], True
        while more:
            page = read(cursor, user=user_of(enumerator), limit=2)
            seen += [entry.item.assessment_id for entry in page.entries]
            cursor, more = page.cursor, page.more

        assert len(seen) == 5
        assert set(seen) == asked

    def test_what_was_done_elsewhere_comes_closed(
        self, enumerator: Actor, clerk: Actor, ask: Callable[..., Any], places: dict[str, Place]
    ) -> None:
        case = ask(places["16010101"])
        cursor = read(None, user=user_of(enumerator)).cursor
        targeting.withdraw_request(assessment_id=case.pk, version=1, by=clerk, on=TODAY)

        (entry,) = read(cursor, user=user_of(enumerator)).entries

        assert (entry.item.closed_on, entry.item.closing) == (TODAY, "no_longer_due")

    def test_a_row_that_commits_late_is_not_passed_over(
        self, enumerator: Actor, ask: Callable[..., Any], places: dict[str, Place]
    ) -> None:
        late = connection.copy()
        with transaction.atomic():
            ask(places["16010101"])
            try:
                with late.cursor() as other:
                    other.execute("SELECT pg_current_xact_id()")
            finally:
                late.close()
            cursor = queries.work_since(None, user=user_of(enumerator)).cursor

        assert len(read(cursor, user=user_of(enumerator)).entries) == 1

    def test_another_area_is_read_from_the_start(
        self, enumerator: Actor, ask: Callable[..., Any], places: dict[str, Place]
    ) -> None:
        ask(places["16010201"])
        cursor = read(None, user=user_of(enumerator)).cursor
        RoleGrant.objects.create(
            user=user_of(enumerator), role="enumerator", area="160102", start=TODAY
        )

        assert len(read(cursor, user=user_of(enumerator)).entries) == 1

    @pytest.mark.parametrize("cursor", ["", "x", "9" * 40, "1.2.3"])
    def test_a_cursor_that_is_none_begins_again(
        self, cursor: str, enumerator: Actor, ask: Callable[..., Any], places: dict[str, Place]
    ) -> None:
        ask(places["16010101"])

        assert len(read(cursor, user=user_of(enumerator)).entries) == 1


def test_the_interview_closes_its_item_and_is_named_by_it(
    send: Callable[..., Any], ask: Callable[..., Any], places: dict[str, Place]
) -> None:
    case = ask(places["16010101"])
    other = ask(places["16010101"])

    done = send(
        "poverty_interview",
        {
            "village": "16010101",
            "known": "yes",
            "case": case.pk,
            "consent": "yes",
            "house": POOREST,
        },
    )

    item = WorkItem.objects.get(assessment=case)
    assert (item.closing, item.closed_by) == ("done", done)
    assert WorkItem.objects.get(assessment=other).closed_on is None


def test_sent_back_to_the_interview_it_is_to_be_done_again(
    ask: Callable[..., Any], places: dict[str, Place], system: Actor
) -> None:
    case = ask(places["16010101"])
    held = {"answers": POOREST, "by": system, "on": TODAY}
    targeting.record_interview(assessment_id=case.pk, version=case.version, **held)

    targeting.order_reinterview(household_id=case.household_id, reason="x", by=system, on=TODAY)

    assert WorkItem.objects.filter(assessment=case).count() == 2
    assert WorkItem.objects.filter(assessment=case, closed_on__isnull=True).count() == 1


def test_the_nightly_look_opens_what_was_missed(
    ask: Callable[..., Any], places: dict[str, Place]
) -> None:
    case = ask(places["16010101"])
    WorkItem.objects.all().delete()

    actions.follow_interviews(on=TODAY)
    actions.follow_interviews(on=TODAY)

    assert WorkItem.objects.get().assessment_id == case.pk


def rows_of(name: str, user: User) -> list[dict[str, str]]:
    text = queries.entity_list(name, user=user, on=TODAY).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_lists_hold_ones_own_area_only(
    enumerator: Actor, ask: Callable[..., Any], places: dict[str, Place], forms: object
) -> None:
    mine, _ = ask(places["16010101"]), ask(places["16010201"])
    user = user_of(enumerator)

    assert [v["name"] for v in rows_of("villages.csv", user)] == ["16010101", "16010102"]
    (case,) = rows_of("cases.csv", user)
    assert (case["name"], case["village"], case["version"]) == (str(mine.pk), "16010101", "1")
    (home,) = rows_of("households.csv", user)
    assert (home["label"], home["label_en"], home["members"]) == ("សុខ ស្រីមុំ", "Sok Sreymom", "1")
    (person,) = rows_of("people.csv", user)
    assert (person["sex"], person["pregnant"], person["age_months"]) == ("female", "yes", "504")


def test_reading_a_list_of_people_is_audited(
    enumerator: Actor, ask: Callable[..., Any], places: dict[str, Place]
) -> None:
    ask(places["16010101"])

    rows_of("people.csv", user_of(enumerator))

    line = AuditEntry.objects.get(action="fieldwork.read_list")
    assert (line.subject_id, line.detail, line.actor) == (
        "people.csv",
        {"rows": 1},
        enumerator.name,
    )


@pytest.mark.parametrize("role", ["analyst", "auditor", "administrator", "commune_council"])
def test_who_fills_in_no_form_gets_no_list(role: str, actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotFound):
        rows_of("people.csv", user_of(actor(role, "16")))


def test_a_name_that_is_no_list_is_not_found(enumerator: Actor) -> None:
    with pytest.raises(NotFound):
        rows_of("users.csv", user_of(enumerator))


def test_forms_are_offered_by_role(
    forms: dict[str, FormVersion], enumerator: Actor, actor: Callable[..., Actor]
) -> None:
    newer = forms["poverty_interview"]
    newer.pk, newer.version = None, "2026120101"
    newer.save(force_insert=True)

    offered = [str(form) for form in queries.forms_for(user_of(enumerator))]

    assert offered == ["household_update 2026112301", "poverty_interview 2026120101"]
    assert queries.forms_for(user_of(actor("auditor", "", Purpose.OVERSIGHT))) == []


def test_an_old_version_is_still_taken_in(
    send: Callable[..., Any], forms: dict[str, FormVersion], ask: Callable[..., Any],
    places: dict[str, Place],
) -> None:  # fmt: skip
    newer = forms["poverty_interview"]
    newer.pk, newer.version = None, "2026120101"
    newer.save(force_insert=True)
    case = ask(places["16010101"])
    answers = {"village": "16010101", "known": "yes", "case": case.pk, "house": POOREST}

    assert send("poverty_interview", answers, version="2026112301").state == "applied"


class TestDueForCare:
    """Mothers and children who are due stand in the lists of those who look after them."""

    @pytest.fixture
    def child(self, places: dict[str, Place], system: Actor) -> Any:
        born = TODAY - timedelta(days=100)
        head = registry.NewMember(
            family_name_km="សុខ", given_name_km="ដារ៉ា", family_name_latin="Sok",
            given_name_latin="Dara", sex="male", birth_date=born, relation="head",
        )  # fmt: skip
        made = registry.register_household(
            village=places["16010101"], address="", phone="", members=[head], by=system,
            on=TODAY, not_duplicates=True,
        )  # fmt: skip
        return made.memberships.get().person

    def test_a_child_is_listed_once_with_what_is_due(self, child: Any) -> None:
        actions.follow_care(on=TODAY)
        actions.follow_care(on=TODAY)

        item = WorkItem.objects.get(kind="care")
        assert (item.person, item.visit_kind, item.village.code) == (child, "child", "16010101")
        assert "immunisation.schedule:penta_1" in item.lines

    def test_it_follows_what_is_recorded(self, child: Any, system: Actor) -> None:
        actions.follow_care(on=TODAY)
        care.record_doses(
            person_id=child.pk, doses=[care.NewDose("penta", TODAY)], by=system, on=TODAY
        )

        actions.follow_care(on=TODAY)

        assert "immunisation.schedule:penta_1" not in WorkItem.objects.get(kind="care").lines

    def test_a_contact_closes_it_and_what_is_due_still_comes_back(
        self, child: Any, system: Actor
    ) -> None:
        actions.follow_care(on=TODAY)
        care.record_contact(
            person_id=child.pk, kind="child", day=TODAY, place="home", by=system, on=TODAY,
            measured=care.Measured(),
        )  # fmt: skip
        assert WorkItem.objects.get(kind="care").closing == "done"

        actions.follow_care(on=TODAY)

        assert WorkItem.objects.filter(kind="care", closed_on=None).count() == 1

    def test_everybody_stands_there_as_the_plain_rules_say(
        self, places: dict[str, Place], system: Actor
    ) -> None:
        ages = [32 * 365, 31 * 365, 30 * 365, 14 * 365, 800, 400, 50, 10]
        members = [
            registry.NewMember(
                family_name_km="សុខ", given_name_km="ដារ៉ា", family_name_latin="Sok",
                given_name_latin="", sex="female", birth_date=TODAY - timedelta(days=age),
                relation="child" if n else "head",
            )
            for n, age in enumerate(ages)
        ]  # fmt: skip
        made = registry.register_household(
            village=places["16010101"], address="", phone="", members=members, by=system,
            on=TODAY, not_duplicates=True,
        )  # fmt: skip
        for one, weeks in zip(
            made.memberships.order_by("person__birth_date"), (8, 38, 39, 20), strict=False
        ):
            pregnancy = care.record_pregnancy(
                person_id=one.person_id, by=system, on=TODAY,
                dating=care.Dating(last_period_on=TODAY - timedelta(weeks=weeks)),
            )  # fmt: skip
            if weeks == 39:
                care.end_pregnancy(pregnancy_id=pregnancy.pk, ending="miscarriage", day=TODAY,
                                   by=system, on=TODAY)  # fmt: skip

        actions.follow_care(on=TODAY)

        due = {one.home.person_id: one for one in care_queries.due_in("", by=system, on=TODAY)}
        items = WorkItem.objects.filter(kind="care", closed_on=None)
        assert {one.person_id: (one.visit_kind, one.lines, one.due_on) for one in items} == {
            person: (
                care_queries.visit_kind_of(one, on=TODAY),
                [f"{line.care}:{line.line.code}" for line in one.awaited],
                one.awaited[0].line.overdue if one.overdue_since else one.awaited[0].line.due,
            )
            for person, one in due.items()
        }
        assert {one.visit_kind for one in items} == {"pregnancy", "newborn", "child"}

    def test_who_is_cared_for_while_the_list_is_made_is_not_put_back(self, child: Any) -> None:
        actions.follow_care(on=TODAY)
        WorkItem.objects.update(closed_on=TODAY, closing="done")
        with connection.cursor() as cursor:  # by a transaction that began after this one
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE fieldwork_workitem SET changed_in = changed_in + 1")
            cursor.execute("SET LOCAL session_replication_role = origin")

        actions.follow_care(on=TODAY)

        assert not WorkItem.objects.filter(closed_on=None).exists()

    def test_who_died_is_listed_no_more(self, child: Any) -> None:
        actions.follow_care(on=TODAY)
        child.death_date = TODAY
        child.save()

        actions.follow_care(on=TODAY)

        assert WorkItem.objects.get(kind="care").closing == "no_longer_due"

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize(
        ("role", "area", "form"),
        [
            ("village_health_volunteer", "16010101", "home_visit"),
            ("health_worker", "1601", "child_contact"),
            ("village_health_volunteer", "16010102", None),
            ("enumerator", "16010101", None),
        ],
    )
    def test_each_reader_gets_the_form_that_they_may_fill_in(
        self, role: str, area: str, form: str | None, child: Any, user_of: Callable[..., User]
    ) -> None:
        actions.follow_care(on=TODAY)

        found = read(None, user=user_of(role, area)).entries

        assert [entry.form_id for entry in found if entry.item.kind == "care"] == (
            [form] if form else []
        )
        for entry in found if form else ():
            assert entry.preset["/data/person"] == str(child.pk)
            assert entry.preset["/data/kind"] == "child"
            assert "Penta (DTP-HepB-Hib) 1" in entry.detail["en"]
            assert "ត្រូវ" in entry.detail["km"]
