"""The registry left alone with a first load: what each row would pay for is put aside meanwhile.

Secondary indexes, exclusion constraints and foreign keys cost a large file most of its time, and a
fraction of it where they are built once over all rows. They are dropped in one transaction, which
also takes the application's role every right on these tables, so that the database itself keeps
everybody out while its promises are not there. Each is put back, and checked over every row, by
one transaction; the rights come back with the last. Killed in between, the next load goes on, and
`spean setup` (so every start) puts back what is still aside. Unique numbers, checks of a row and
keys that a row of another table may hold stay as they are all the time. Autovacuum, which would
read the growing tables over and over, keeps away too: they are analysed at the end.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import groupby

from django.db import IntegrityError, connection, transaction

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.registry.models import PutAside

TABLES = [
    f"registry_{name}"
    for name in (
        "membership", "person", "household", "identifier", "functionassessment", "pregnancy",
        "importedhousehold",
    )
]  # fmt: skip
AT_ONCE = 2
MEMORY = "512MB"
LOCK = "hashtextextended('registry.first_load', 0)"
Step = Callable[[str, int, int], None]

_FOUND = """
SELECT CASE contype WHEN 'f' THEN 2 ELSE 1 END, conrelid::regclass::text, conname,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
              pg_get_constraintdef(oid)),
       format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
FROM pg_constraint held
WHERE conrelid = ANY(%(tables)s::regclass[])
      AND (contype IN ('f', 'x') OR contype = 'p' AND NOT EXISTS (
           SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = held.conrelid))
UNION ALL
SELECT 1, indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid),
       format('DROP INDEX %%s', indexrelid::regclass)
FROM pg_index
WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisunique
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
UNION ALL
SELECT 3, held.oid::regclass::text, role.rolname,
       format('GRANT %%s ON %%s TO %%I', string_agg(privilege_type, ', '), held.oid::regclass,
              role.rolname),
       format('REVOKE ALL ON %%s FROM %%I', held.oid::regclass, role.rolname)
FROM pg_class held, aclexplode(held.relacl) granted JOIN pg_roles role ON role.oid = granted.grantee
WHERE held.oid = ANY(%(tables)s::regclass[]) AND granted.grantee <> held.relowner
GROUP BY held.oid, role.rolname
UNION ALL
SELECT 3, oid::regclass::text, 'autovacuum',
       format('ALTER TABLE %%s RESET (autovacuum_enabled)', oid::regclass),
       format('ALTER TABLE %%s SET (autovacuum_enabled = false)', oid::regclass)
FROM pg_class
WHERE oid = ANY(%(tables)s::regclass[])
      AND coalesce(reloptions::text, '') NOT LIKE '%%autovacuum_enabled%%'
"""


class NotTheOwner(Conflict):
    """Refuse a first load to a role that can't change the tables."""

    code = "registry.first_load_not_the_owner"
    message = N_(
        "Only the owner of the database can load the registry alone. "
        "Run the command with DATABASE_URL, or leave --first-load out."
    )


class LoadingAlready(Conflict):
    """Refuse a second load, or a start, beside one that is under way."""

    code = "registry.first_load_under_way"
    message = N_("The registry is being loaded by another process. Wait until it is done.")


class PromiseBroken(Conflict):
    """Say which promise the rows don't keep; the registry stays closed until they do."""

    code = "registry.first_load_promise_broken"
    message = N_(
        "The constraint %(name)s can't be put back: %(why)s "
        "Correct these rows in the database, then start again."
    )


@contextmanager
def registry_alone(*, by: Actor, step: Step) -> Iterator[None]:
    """Put the promises aside, and back at the end, whatever happens.

    Raises NotTheOwner, LoadingAlready, PromiseBroken.
    """
    with _lock():
        _put_aside(by)
        try:
            yield
        finally:
            _put_back(by, step)


def put_back(*, by: Actor) -> int:
    """Put back what a killed load has left aside; give how much that was (0 before migration).

    Raises LoadingAlready, PromiseBroken.
    """
    if PutAside._meta.db_table not in connection.introspection.table_names():
        return 0
    with _lock():
        return _put_back(by, lambda doing, done, total: None)


@contextmanager
def _lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})")
        if cursor.fetchone() != (True,):
            raise LoadingAlready
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock({LOCK})")


@transaction.atomic
def _put_aside(by: Actor) -> None:
    """Drop everything that is dear to keep for each row; what is aside already stays so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class"
            " WHERE oid = ANY(%s::regclass[])", [TABLES],
        )  # fmt: skip
        if cursor.fetchone() != (True,):
            raise NotTheOwner
        cursor.execute(_FOUND, {"tables": TABLES})
        found = cursor.fetchall()
        for *_, drop in found:
            cursor.execute(drop)
    PutAside.objects.bulk_create(
        PutAside(kind=kind, table_name=table, name=name, statement=statement)
        for kind, table, name, statement, _ in found
    )
    audit.write(by=by, action="registry.put_aside", subject=("registry", "tables"),
                put_aside=[name for _, _, name, _, _ in found])  # fmt: skip


def _put_back(by: Actor, step: Step) -> int:
    """Build and check everything, tables beside each other, then give the rights back."""
    aside = list(PutAside.objects.order_by("kind", "table_name", "id"))
    if not aside:
        return 0
    done = 0
    for kind, of_kind in groupby(aside, lambda one: one.kind):
        if kind == PutAside.Kind.RIGHT:
            continue
        tables = [list(one) for _, one in groupby(of_kind, lambda one: one.table_name)]
        tables.sort(key=lambda one: TABLES.index(one[0].table_name))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for built in as_completed([pool.submit(_build, table) for table in tables]):
                done += built.result()
                step("putting back", done, len(aside))
    _open_again(by)
    return len(aside)


def _build(of_table: Sequence[PutAside]) -> int:
    """Put back what belongs to one table; each in one transaction that forgets it too."""
    try:
        for one in of_table:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
                cursor.execute(one.statement)
                one.delete()
    except IntegrityError as error:
        raise PromiseBroken(name=one.name, why=str(error).strip()) from error
    finally:
        connection.close()
    return len(of_table)


def _open_again(by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
    with transaction.atomic(), connection.cursor() as cursor:
        rights = PutAside.objects.filter(kind=PutAside.Kind.RIGHT)
        for right in rights:
            cursor.execute(right.statement)
        rights.delete()
        audit.write(by=by, action="registry.put_back", subject=("registry", "tables"))
