"""A first load has the registry for itself, and leaves it with every promise that it had."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from spean.kernel.access import Actor
from spean.kernel.spreadsheets import LineUnreadable
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.actions.intake import alone, reading
from spean.registry.models import Household, Membership, PutAside
from tests.registry.large_files import DAY, GOOD, MESSY, WIFE, content, file_of, taken_in_fast

ROLE = "spean_test_counter"
ROWS = [
    GOOD, WIFE, MESSY,
    *[GOOD | {"household_key": f"H{n}", "national_id": ""} for n in range(4)],
    GOOD | {"household_key": "Z", "birth_date": "1980-02-30", "national_id": ""},
]  # fmt: skip
KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
import django
django.setup()
from spean.kernel.access import Actor
from spean.registry import actions
from spean.registry.actions.intake import reading
reading.BLOCK = 1
def step(doing, done, total):
    if (doing, done) == ("writing", 2):
        os.kill(os.getpid(), signal.SIGKILL)
actions.take_in_first(paths=[Path(sys.argv[1])], by=Actor.system("test"), on=date(2026, 11, 1),
                      writers=1, step=step)
"""

pytestmark = pytest.mark.django_db(transaction=True)


def _sql(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def _promises() -> set[Any]:
    """Give all that the database promises of the registry's tables, and who may use them."""
    return set(_sql(
        "SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
        " WHERE conrelid = ANY(%s::regclass[])"
        " UNION ALL SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid"
        " FROM pg_index WHERE indrelid = ANY(%s::regclass[])"
        " UNION ALL SELECT oid::regclass::text, unnest(relacl)::text, true FROM pg_class"
        " WHERE oid = ANY(%s::regclass[])"
        " UNION ALL SELECT oid::regclass::text, reloptions::text, true FROM pg_class"
        " WHERE oid = ANY(%s::regclass[])", *[alone.TABLES] * 4,
    ))  # fmt: skip


@pytest.fixture
def counter(db: None) -> Iterator[None]:
    """Make a role that may use every table and owns none, as the application's own."""
    _sql(f"DROP ROLE IF EXISTS {ROLE}")
    _sql(f"CREATE ROLE {ROLE}")
    _sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}")
    _sql(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")
    yield
    actions.put_back(by=Actor.system("test"))
    _sql(f"DROP OWNED BY {ROLE}")
    _sql(f"DROP ROLE {ROLE}")


@contextmanager
def _as_counter() -> Iterator[None]:
    _sql(f"SET ROLE {ROLE}")
    try:
        yield
    finally:
        _sql("RESET ROLE")


def _kill_a_load(path: Path) -> None:
    of = connection.settings_dict
    url = f"postgresql://{of['USER']}@/{of['NAME']}?host={of['HOST']}&port={of['PORT'] or 5432}"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], check=False,
        env=os.environ | {"DATABASE_URL": url, "SPEAN_VAR": str(settings.VAR),
                          "DJANGO_SETTINGS_MODULE": "spean.config.settings"},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL


def test_it_writes_what_any_intake_writes_and_every_promise_is_back(
    places: dict[str, Place], counter: None, system: Actor, tmp_path: Path
) -> None:
    path, before = file_of(tmp_path, ROWS), _promises()
    expected = taken_in_fast(path, system)

    done = actions.take_in_first(paths=[path], by=system, on=DAY)

    assert content() == expected
    assert _promises() == before
    assert not PutAside.objects.exists()
    assert [p.row for p in queries.problems_of(done[path])] == [9]
    with pytest.raises(actions.FileImportedBefore):
        actions.take_in_first(paths=[path], by=system, on=DAY)


def test_killed_it_leaves_the_registry_closed_until_all_is_back(
    places: dict[str, Place], counter: None, client_of: Callable[..., Client], system: Actor,
    tmp_path: Path,
) -> None:  # fmt: skip
    path, before, clerk = file_of(tmp_path, ROWS), _promises(), client_of("commune_clerk", "160101")

    _kill_a_load(path)

    assert 0 < Household.objects.count() < 6
    assert len(_promises()) < len(before)
    with _as_counter():
        page = clerk.post(reverse("registry:find"), {"q": "Sok Dara"})
    assert page.status_code == 503
    assert "while a large file is being taken in" in page.content.decode()

    assert actions.put_back(by=system) > 20
    assert _promises() == before
    with _as_counter():
        assert clerk.post(reverse("registry:find"), {"q": "Sok Dara"}).status_code == 200


def test_killed_and_begun_again_it_goes_on(
    places: dict[str, Place], counter: None, system: Actor, tmp_path: Path
) -> None:
    path, before = file_of(tmp_path, ROWS), _promises()
    expected = taken_in_fast(path, system)
    _kill_a_load(path)

    actions.take_in_first(paths=[path], by=system, on=DAY)

    assert content() == expected
    assert _promises() == before


def test_what_breaks_a_promise_meanwhile_keeps_the_registry_closed(
    places: dict[str, Place], counter: None, system: Actor, tmp_path: Path
) -> None:
    path, before = file_of(tmp_path, [GOOD]), _promises()

    def spoil(doing: str, done: int, total: int) -> None:
        if (doing, done) == ("writing", 1):
            one = Membership.objects.get()
            Membership.objects.create(household=one.household, person=one.person,
                                      relation="child", start=date(2026, 1, 1))  # fmt: skip

    with pytest.raises(alone.PromiseBroken) as refused:
        actions.take_in_first(paths=[path], by=system, on=DAY, step=spoil)

    assert refused.value.facts["name"] == "registry_membership_one_household_at_a_time"
    assert PutAside.objects.filter(kind=PutAside.Kind.RIGHT).exists()
    Membership.objects.filter(relation="child").delete()
    actions.put_back(by=system)
    assert _promises() == before


def test_one_load_at_a_time_and_only_by_the_owner(
    places: dict[str, Place], counter: None, system: Actor, tmp_path: Path
) -> None:
    path, before = file_of(tmp_path, [GOOD]), _promises()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_lock({alone.LOCK})")
        for work in (lambda: actions.put_back(by=system),
                     lambda: actions.take_in_first(paths=[path], by=system, on=DAY)):  # fmt: skip
            with pytest.raises(alone.LoadingAlready):
                work()
    finally:
        other.close()

    with _as_counter(), pytest.raises(alone.NotTheOwner):
        actions.take_in_first(paths=[path], by=system, on=DAY)
    assert _promises() == before
    assert not Household.objects.exists()


def test_a_file_that_is_refused_puts_everything_back(
    places: dict[str, Place], counter: None, system: Actor, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(reading, "BLOCK", 2)
    good, bad, before = file_of(tmp_path, [GOOD]), file_of(tmp_path, [WIFE], "bad.csv"), _promises()
    bad.write_text(bad.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")

    with pytest.raises(LineUnreadable):
        actions.take_in_first(paths=[good, bad], by=system, on=DAY)

    assert _promises() == before
    assert Household.objects.count() == 1
