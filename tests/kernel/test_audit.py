"""The audit trail: only ever added to, and a broken chain is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from spean.kernel import audit, postgres
from spean.kernel.access import Actor


def _write(by: Actor, times: int = 1) -> None:
    for number in range(times):
        audit.write(by=by, action="test.written", subject=("thing", str(number)), note="ស្ពាន")


def _behind_its_back(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


@pytest.mark.django_db(transaction=True)
def test_an_untouched_trail_has_no_broken_links(system: Actor) -> None:
    _write(system, 3)

    assert list(audit.broken_links()) == []
    assert audit.seal().position == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE kernel_auditentry SET actor = 'nobody' WHERE subject_id = '1'", "entry changed"),
        ("DELETE FROM kernel_auditentry WHERE subject_id = '1'", "entry missing"),
        ("DELETE FROM kernel_auditlink WHERE position = 2", "link missing before"),
        (
            "INSERT INTO kernel_auditentry (at, actor, purpose, kind, action, subject_type,"
            " subject_id, area, detail) SELECT at, actor, purpose, kind, action, subject_type, '9',"
            " area, detail FROM kernel_auditentry LIMIT 1",
            "entry without a link",
        ),
    ],
)
def test_tampering_is_found(system: Actor, tampering: str, found: str) -> None:
    _write(system, 3)

    _behind_its_back(tampering)

    assert found in {what for _, what in audit.broken_links()}


@pytest.mark.django_db(transaction=True)
def test_a_trail_cut_off_at_its_end_is_found_by_the_seal(system: Actor) -> None:
    _write(system, 3)
    seal = audit.seal()

    _behind_its_back("DELETE FROM kernel_auditlink WHERE position = 3")
    _behind_its_back("DELETE FROM kernel_auditentry WHERE subject_id = '2'")

    assert list(audit.broken_links()) == []
    assert list(audit.broken_links(since=seal)) == [(3, "seal does not match")]


@pytest.mark.django_db(transaction=True)
def test_the_owner_can_neither_change_nor_delete_a_line(system: Actor) -> None:
    _write(system)

    for statement in ("UPDATE kernel_auditentry SET actor = ''", "DELETE FROM kernel_auditlink"):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_applications_role_can_add_a_line_and_nothing_else(system: Actor) -> None:
    with connection.cursor() as cursor:
        postgres.prepare_app_role(cursor, "spean_app_test", "not-a-secret")
        cursor.execute("SET ROLE spean_app_test")
        try:
            _write(system)
            for statement in (
                "UPDATE kernel_auditentry SET actor = ''",
                "DELETE FROM kernel_auditentry",
                "TRUNCATE kernel_auditentry",
                "INSERT INTO kernel_auditlink VALUES (99, 99, '')",
                "ALTER TABLE kernel_auditentry DISABLE TRIGGER ALL",
            ):
                with pytest.raises(DatabaseError, match="permission denied|must be owner"):
                    cursor.execute(statement)
        finally:
            cursor.execute("RESET ROLE")
    assert list(audit.broken_links()) == []
