"""The audit trail: every write, every sensitive read, every refusal.

Lines are only ever added: the application's database role has no right to change or delete them,
and a trigger stops the owner too. At commit, a trigger chains each new line to the one before it by
SHA-256 (migration `kernel.0002`), so that a line changed, removed or slipped in behind the
database's back is found by `broken_links`. A seal (the chain's head, kept outside the database)
shows whether the end of the chain was cut off.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Model

from spean.kernel.models import AuditEntry

if TYPE_CHECKING:
    from spean.kernel.access import Actor

Subject = Model | tuple[str, str]


def write(*, by: "Actor", action: str, subject: Subject, area: str = "", **detail: object) -> None:
    """Record that the actor changed the subject."""
    _add("write", by, action, subject, area, detail)


def read(*, by: "Actor", action: str, subject: Subject, area: str = "", **detail: object) -> None:
    """Record that the actor read the subject's sensitive data."""
    _add("read", by, action, subject, area, detail)


def read_each(
    *, by: "Actor", action: str, subjects: Iterable[tuple[Subject, str]], **detail: object
) -> None:
    """Record that the actor read each of these subjects, given with its area, in one statement."""
    AuditEntry.objects.bulk_create(
        _line("read", by, action, subject, area, detail) for subject, area in subjects
    )


def refusal(*, by: "Actor", permission: str, area: str) -> None:
    """Record that the actor asked for what their roles don't give. Call it after the rollback."""
    _add("refusal", by, permission, ("permission", permission), area, {})


def _add(
    kind: str, by: "Actor", action: str, subject: Subject, area: str, detail: dict[str, object]
) -> None:
    _line(kind, by, action, subject, area, detail).save(force_insert=True)


def _line(
    kind: str, by: "Actor", action: str, subject: Subject, area: str, detail: dict[str, object]
) -> AuditEntry:
    subject_type, subject_id = (
        (subject._meta.label_lower, str(subject.pk)) if isinstance(subject, Model) else subject
    )
    return AuditEntry(
        kind=kind,
        actor=by.name,
        purpose=by.purpose,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        area=area,
        detail=detail,
    )


@dataclass(frozen=True, slots=True)
class Seal:
    """The head of the chain at one moment; kept outside the database by whoever audits it."""

    position: int
    hash: str


def seal() -> Seal:
    """Give the head of the chain, to be kept where the database's owner can't reach it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, encode(hash, 'hex') FROM kernel_auditlink"
            " ORDER BY position DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return Seal(*row) if row else Seal(0, "")


_BROKEN = """
WITH chain AS (
    SELECT l.position, l.hash, e.id AS entry,
           kernel_audit_hash(lag(l.hash) OVER (ORDER BY l.position), e) AS expected,
           l.position - coalesce(lag(l.position) OVER (ORDER BY l.position), 0) AS step
    FROM kernel_auditlink l LEFT JOIN kernel_auditentry e ON e.id = l.entry_id
)
SELECT position, CASE WHEN step <> 1 THEN 'link missing before'
                      WHEN entry IS NULL THEN 'entry missing'
                      ELSE 'entry changed' END
FROM chain WHERE step <> 1 OR entry IS NULL OR hash IS DISTINCT FROM expected
UNION ALL
SELECT e.id, 'entry without a link' FROM kernel_auditentry e
WHERE NOT EXISTS (SELECT FROM kernel_auditlink l WHERE l.entry_id = e.id)
ORDER BY 1
"""


def broken_links(*, since: Seal | None = None) -> Iterator[tuple[int, str]]:
    """Recompute the chain and give each place where it does not hold, with what is wrong there.

    With a seal taken before, also find that the chain was cut or rewritten below the seal.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        yield from cursor.fetchall()
        if since is None or since.position == 0:
            return
        cursor.execute(
            "SELECT encode(hash, 'hex') FROM kernel_auditlink WHERE position = %s",
            [since.position],
        )
        if cursor.fetchone() != (since.hash,):
            yield since.position, "seal does not match"
