"""What a channel says of its payments: kept as it came, taken in once, booked as one entry."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.db import connection, transaction

from spean.kernel import access, audit, bulk
from spean.kernel.access import Actor
from spean.kernel.i18n import stored
from spean.payments.actions.ledger import budget_guarded
from spean.payments.models import AnswerFile, Entry
from spean.payments.queries import RELEASE
from spean.payments.rules import EFFECTS, MOVES_MONEY, EntryKind, Unreadable, read_answers

LISTED = 200
TAKEN = "row int, reference text, outcome text, amount text, day date, theirs text, reason text"
MOVES = ", ".join(f"'{effect}'" for effect in MOVES_MONEY)
RULES = ", ".join(
    f"('{state}', '{outcome}', '{effect}')"
    for state, outcomes in EFFECTS.items()
    for outcome, effect in outcomes.items()
)
TURNS = 4
LOCK = """
SELECT count(*) FROM (
    SELECT payment.id FROM payments_payment payment
    WHERE reference IN (SELECT reference FROM payments_taken) ORDER BY payment.id FOR UPDATE
) locked
"""
# Rows about one payment are taken in their order: a turn is where one says something else than the
# one before. After some turns a file is no word to trust, and what it says waits for a person.
ORDER = f"""
CREATE TEMPORARY TABLE payments_said ON COMMIT DROP AS
SELECT *, CASE WHEN outcome = 'accepted' THEN 1
          ELSE least({TURNS} + 1, count(*) FILTER (WHERE NOT again) OVER same) END AS turn
FROM (SELECT row, reference, outcome, nullif(amount, '')::numeric AS amount, day, theirs, reason,
             coalesce(outcome = lag(outcome) OVER same AND
                      nullif(amount, '') IS NOT DISTINCT FROM lag(nullif(amount, '')) OVER same,
                      false) AS again
      FROM payments_taken
      WINDOW same AS (PARTITION BY reference, outcome = 'accepted' ORDER BY row)) taken
WINDOW same AS (PARTITION BY reference, outcome = 'accepted' ORDER BY row)
"""
# What each row of a turn does. A row without an amount is about the whole of its payment, or what
# the family holds of it. That the rest of a part came back is known; of two halves nobody can tell.
JUDGE = f"""
CREATE TEMPORARY TABLE payments_judged ON COMMIT DROP AS
SELECT told.*, CASE effect WHEN 'paid' THEN ordered WHEN 'partly' THEN amount ELSE 0 END AS holds
FROM (
    SELECT said.*, payment.id AS payment_id, payment.state, payment.order_id,
           payment.amount AS ordered, payment.held,
           CASE WHEN payment.id IS NULL THEN 'unknown'
                WHEN said.outcome <> 'accepted' AND said.again THEN 'repeated'
                WHEN said.turn > {TURNS} THEN 'contradicts'
                WHEN rule.effect IN ('noted', 'contradicts') THEN rule.effect
                WHEN rule.outcome = 'partly' AND payment.state = 'sent'
                    THEN CASE WHEN said.amount BETWEEN 1 AND payment.amount - 1 THEN 'partly'
                              ELSE 'other_amount' END
                WHEN payment.state = 'partly' AND said.amount <> payment.held
                    THEN CASE WHEN rule.outcome = 'partly' THEN 'contradicts'
                              WHEN said.amount = payment.amount - payment.held THEN 'repeated'
                              ELSE 'other_amount' END
                WHEN payment.state = 'partly' AND rule.outcome = 'returned'
                     AND said.amount = payment.amount - payment.held THEN 'contradicts'
                WHEN payment.state <> 'partly' AND said.amount <> payment.amount THEN 'other_amount'
                ELSE rule.effect END AS effect
    FROM payments_said said
    LEFT JOIN payments_payment payment USING (reference)
    LEFT JOIN (VALUES {RULES}) rule (state, outcome, effect)
           ON rule.state = payment.state
          AND rule.outcome = CASE WHEN said.outcome <> 'settled' THEN said.outcome
                                  WHEN said.amount < payment.amount THEN 'partly' ELSE 'paid' END
    WHERE said.turn = %s
) told
"""
KEEP = """
INSERT INTO payments_channelanswer (file_id, row, reference, outcome, amount, "on",
                                    their_reference, reason, effect)
SELECT %s, row, reference, outcome, amount, day, theirs, reason, effect FROM payments_judged
"""
SETTLE = f"""
UPDATE payments_payment payment
SET state = judged.effect, held = judged.holds, settled_on = judged.day, reason = judged.reason
FROM payments_judged judged
WHERE judged.payment_id = payment.id AND judged.effect IN ({MOVES})
"""
# One statement: the families' lines, and what they add up to on the channel's and budget's side.
BOOK = f"""
WITH moved AS (
    SELECT payment_id, orders.programme, orders.channel, judged.holds - judged.held AS to_family,
           CASE WHEN judged.state = 'sent' THEN judged.ordered ELSE 0 END AS on_its_way
    FROM payments_judged judged JOIN payments_order orders ON orders.id = judged.order_id
    WHERE judged.effect IN ({MOVES})
), lines (code, amount, payment_id) AS (
    SELECT 'families:' || programme, to_family, payment_id FROM moved
    UNION ALL
    SELECT 'channel:' || channel || ':' || programme, -sum(on_its_way), NULL
    FROM moved GROUP BY channel, programme
    UNION ALL
    SELECT 'budget:' || programme, sum(on_its_way - to_family), NULL FROM moved GROUP BY programme
)
INSERT INTO payments_line (entry_id, account_id, amount, payment_id)
SELECT %s, account.id, lines.amount, lines.payment_id
FROM lines JOIN payments_account account USING (code) WHERE lines.amount <> 0
"""


@transaction.atomic
def receive_answers(*, file: IO[bytes], name: str, by: Actor, on: date) -> AnswerFile:
    """Take a channel's file in: every row that can be read counts, the others are listed.

    CSV or ISO 20022, which its content tells. The same file again gives what came of it the first
    time. Raises NotAllowed, and FileRefused where nothing of it can be taken in.
    """
    access.require(by, RELEASE, area="")
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"answers:{digest}"])
    if known := AnswerFile.objects.filter(sha256=digest).first():
        known.was_known = True
        return known
    kept = AnswerFile(sha256=digest, name=name[:200], received_by=by.name)
    _copy(file, kept)
    kept.save()
    with connection.cursor() as cursor:
        _take_in(cursor, kept, by, on)
    kept.save()
    audit.write(by=by, action="payments.receive_answers", subject=kept, sha256=digest,
                effects=kept.effects)  # fmt: skip
    return kept


def _copy(file: IO[bytes], kept: AnswerFile) -> None:
    """Bring the rows that can be read into a table of this transaction's own."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE payments_taken ({TAKEN}) ON COMMIT DROP")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        with path.open("w", newline="") as out:
            csv.writer(out, quoting=csv.QUOTE_ALL).writerows(_readable(file, kept))
        bulk.copy_in(path, "payments_taken")


def _readable(file: IO[bytes], kept: AnswerFile) -> Iterator[tuple[Any, ...]]:
    for row, one in read_answers(file):
        kept.rows += 1
        if not isinstance(one, Unreadable):
            yield (row, one.reference, one.outcome, one.amount, one.on, one.their_reference,
                   one.reason)  # fmt: skip
        elif len(kept.unreadable) < LISTED:
            kept.unreadable.append({"row": row} | stored(one.error))


def _take_in(cursor: Any, kept: AnswerFile, by: Actor, on: date) -> None:
    """Judge the rows turn by turn, and book what they move as one entry."""
    cursor.execute(LOCK)
    cursor.execute(ORDER)
    cursor.execute("SELECT coalesce(max(turn), 0) FROM payments_said")
    (turns,) = cursor.fetchone()
    effects: Counter[str] = Counter()
    for turn in range(1, turns + 1):
        cursor.execute(JUDGE, [turn])
        cursor.execute(KEEP, [kept.pk])
        cursor.execute("SELECT effect, count(*) FROM payments_judged GROUP BY 1 ORDER BY 1")
        did = dict(cursor.fetchall())
        if did.keys() & set(MOVES_MONEY):
            _book(cursor, kept, by, on)
        effects.update(did)
        cursor.execute("DROP TABLE payments_judged")
    for table in ("payments_said", "payments_taken"):
        cursor.execute(f"DROP TABLE {table}")
    kept.effects = dict(sorted(effects.items()))


def _book(cursor: Any, kept: AnswerFile, by: Actor, on: date) -> None:
    entry, _made = Entry.objects.get_or_create(
        key=f"answers:{kept.sha256}",
        defaults={"kind": EntryKind.ANSWERS, "on": on, "made_by": by.name},
    )
    cursor.execute(SETTLE)
    with budget_guarded():
        cursor.execute(BOOK, [entry.pk])
